import { fold } from '../../schools/index.js';
import { phasesOfStages } from './stages.js';
import {
  type Category,
  categories,
  deliveries,
  type Delivery,
  type EcmOutcome,
  ecmOutcomes,
  type PriceUnit,
  priceUnits,
  type ProviderKind,
  providerKinds,
  type SupportPhase,
  supportPhases,
  type Vat,
  vatTreatments,
  type Words,
} from '../vocabulary.js';

/** Reads what somebody typed as values of a closed list, in the order of the list; null where it is none of them. */
type Reader<Value extends string> = (typed: string) => Value[] | null;

/**
 * A value is known by its label, its code, either side of an `and` in its label (`Attendance`), and what else people
 * call it; several may be joined by `and`.
 */
function reader<Value extends string>(words: Words<Value>, otherNames: Record<string, Value | Value[]>): Reader<Value> {
  const known = new Map<string, Value[]>();
  const values = Object.keys(words) as Value[];
  const add = (name: string, value: Value[]) => void (known.has(fold(name)) || known.set(fold(name), value));
  for (const [name, value] of Object.entries(otherNames)) add(name, [value].flat() as Value[]);
  for (const value of values) add(value, [value]);
  for (const value of values) for (const name of [words[value], ...words[value].split(' and ')]) add(name, [value]);

  return (typed) => {
    const parts = known.has(fold(typed)) ? [fold(typed)] : fold(typed).split(' and ');
    const meant = parts.flatMap((part) => known.get(part) ?? [null]);
    return meant.includes(null) ? null : values.filter((value) => meant.includes(value));
  };
}

const deliveryOf = reader<Delivery>(deliveries, {
  'face to face': 'IN_SCHOOL',
  'in person': 'IN_SCHOOL',
  'in schools': 'IN_SCHOOL',
  f2f: 'IN_SCHOOL',
  'on site': 'IN_SCHOOL',
  onsite: 'IN_SCHOOL',
  'at school': 'IN_SCHOOL',
  'at the school': 'IN_SCHOOL',
  'at your school': 'IN_SCHOOL',
  'school based': 'IN_SCHOOL',
  'on line': 'ONLINE',
  remotely: 'ONLINE',
  virtually: 'ONLINE',
  webinar: 'ONLINE',
  webinars: 'ONLINE',
  zoom: 'ONLINE',
  teams: 'ONLINE',
  both: ['IN_SCHOOL', 'ONLINE'],
  remote: 'ONLINE',
  virtual: 'ONLINE',
  'off site': 'AT_PROVIDER',
  hybrid: 'BLENDED',
});

/** Also with where or by what in brackets, as in `Virtual (Zoom)`, and with `or`. */
export const readDelivery: Reader<Delivery> = (typed) => deliveryOf(typed) ?? deliveryOf(typed.replace(/\s*\([^()]*\)/g, '').replace(/\s+or\s+/gi, ' and '));

const phaseOf = reader<SupportPhase>(supportPhases, {
  eyfs: 'NURSERY',
  'early year': 'NURSERY',
  reception: ['NURSERY', 'PRIMARY'],
  infants: 'PRIMARY',
  juniors: 'PRIMARY',
  'first school': 'PRIMARY',
  'middle deemed primary': 'PRIMARY',
  'middle deemed secondary': 'SECONDARY',
  middle: ['PRIMARY', 'SECONDARY'],
  'all through': ['PRIMARY', 'SECONDARY'],
  fe: 'SIXTEEN_PLUS',
  'further education': 'SIXTEEN_PLUS',
  'all ages': ['NURSERY', 'PRIMARY', 'SECONDARY', 'SIXTEEN_PLUS'],
  infant: 'PRIMARY',
  junior: 'PRIMARY',
  ks1: 'PRIMARY',
  ks2: 'PRIMARY',
  'key stage 1': 'PRIMARY',
  'key stage 2': 'PRIMARY',
  ks3: 'SECONDARY',
  ks4: 'SECONDARY',
  'key stage 3': 'SECONDARY',
  'key stage 4': 'SECONDARY',
  ks5: 'SIXTEEN_PLUS',
  'key stage 5': 'SIXTEEN_PLUS',
  'post 16': 'SIXTEEN_PLUS',
  '16+': 'SIXTEEN_PLUS',
  'sixth form': 'SIXTEEN_PLUS',
  all: ['NURSERY', 'PRIMARY', 'SECONDARY', 'SIXTEEN_PLUS'],
  'all phases': ['NURSERY', 'PRIMARY', 'SECONDARY', 'SIXTEEN_PLUS'],
});

/** Also with who is meant, as in `primary schools`, and by key stages, years and ages. */
export const readPhase: Reader<SupportPhase> = (typed) =>
  phaseOf(typed) ?? phaseOf(typed.replace(/\s+(?:schools?|pupils?|children|students|phases?)\b/gi, '')) ?? phasesOfStages(typed);

export const readCategory = reader<Category>(categories, { sen: 'SEND_AND_INCLUSION', 'mental health': 'SAFEGUARDING_AND_WELLBEING', governors: 'GOVERNANCE' });

export const readEcmOutcome = reader<EcmOutcome>(ecmOutcomes, { 'economic wellbeing': 'ECONOMIC_WELLBEING' });

export const readKind = reader<ProviderKind>(providerKinds, {
  individual: 'SOLE_TRADER',
  consultant: 'SOLE_TRADER',
  'self employed': 'SOLE_TRADER',
  business: 'COMPANY',
  'limited company': 'COMPANY',
  ltd: 'COMPANY',
  'registered charity': 'CHARITY',
  council: 'COUNCIL_SERVICE',
  'local authority': 'COUNCIL_SERVICE',
});

export const readUnit = reader<PriceUnit>(priceUnits, {
  hourly: 'HOUR',
  ph: 'HOUR',
  'p h': 'HOUR',
  'an hour': 'HOUR',
  pd: 'DAY',
  'p d': 'DAY',
  pa: 'YEAR',
  'p a': 'YEAR',
  hr: 'HOUR',
  hour: 'HOUR',
  'half day': 'HALF_DAY',
  day: 'DAY',
  daily: 'DAY',
  session: 'SESSION',
  pupil: 'PUPIL',
  'pupil hour': 'PUPIL_HOUR',
  'pupil per hour': 'PUPIL_HOUR',
  'hour per pupil': 'PUPIL_HOUR',
  course: 'COURSE',
  programme: 'COURSE',
  term: 'TERM',
  year: 'YEAR',
  annum: 'YEAR',
  'one off': 'ONE_OFF',
  total: 'ONE_OFF',
  fixed: 'ONE_OFF',
});

export const readVat = reader<Vat>(vatTreatments, {
  included: 'INCLUDED',
  inc: 'INCLUDED',
  incl: 'INCLUDED',
  'inc vat': 'INCLUDED',
  'incl vat': 'INCLUDED',
  'including vat': 'INCLUDED',
  added: 'ADDED',
  plus: 'ADDED',
  excluded: 'ADDED',
  ex: 'ADDED',
  exc: 'ADDED',
  'ex vat': 'ADDED',
  'exc vat': 'ADDED',
  'excluding vat': 'ADDED',
  vat: 'ADDED', // as in “+ VAT”
  none: 'NOT_CHARGED',
  exempt: 'NOT_CHARGED',
  'vat exempt': 'NOT_CHARGED',
  'not charged': 'NOT_CHARGED',
});
