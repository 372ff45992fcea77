import type { z } from 'zod';
import { faultOfLine, faultOfText, showsSomething, tidyLine, tidyText } from '../../platform/text.js';
import { emailAddress, phoneNumber, webAddress } from '../../platform/validate.js';
import { fold, postcodeOf } from '../../schools/index.js';
import type { Category, Delivery, EcmOutcome, ProviderKind, SupportPhase } from '../vocabulary.js';
import type { Areas, Gazetteer } from './areas.js';
import { type Column, columnNames, type Row } from './columns.js';
import { type Price, readPrice } from './price.js';
import { readCategory, readDelivery, readEcmOutcome, readKind, readPhase } from './words.js';

/** Why a row cannot be used, in words that go after its line number. */
export class Unusable extends Error {}

/** What a row says of its provider, under the names of the table's columns. What it does not say is left out. */
export interface ProviderSaid {
  name: string;
  kind?: ProviderKind;
  summary?: string;
  website?: string;
  contact_name?: string;
  contact_email?: string;
  contact_phone?: string;
  base_postcode?: string;
  assuring_la?: string;
}

/** What a row says of something that the provider offers. */
export interface OfferSaid {
  /** Empty: it has no title of its own. */
  title: string;
  summary?: string;
  price?: Price;
  delivery: Delivery[];
  phases: SupportPhase[];
  subjects: string[];
  categories: Category[];
  ecmOutcomes: EcmOutcome[];
  keywords: string[];
  areas: Areas;
  /** Whether every place that the row names is known. */
  allAreasKnown: boolean;
}

export interface SpreadsheetRow {
  line: number;
  /** The same for all spellings of one provider's name. */
  key: string;
  provider: ProviderSaid;
  offer: OfferSaid | null;
}

/** Told what a row says that cannot be used although the rest of it can. */
export interface Complaints {
  leftOut(line: number, what: string): void;
  unmatched(line: number, area: string): void;
}

/** Kinds that only somebody registers who may speak for them, and what is said of a row that has one. */
const SPOKEN_FOR: Partial<Record<ProviderKind, string>> = {
  SCHOOL: 'a school is not imported as a provider: one of its leads registers it, with its URN',
  COUNCIL_SERVICE: 'a council’s service is not imported: one of the council’s officers registers it',
  NATIONAL_PROGRAMME: 'a national programme is not imported: a system administrator registers it',
};

/** `The Reading Tree Ltd.` and `Reading Tree Limited` are `reading tree`. */
export const providerKey = (name: string) => fold(name).replace(/^the (?=.)/, '').replace(/(?<=.) (?:ltd|limited|plc|llp|cic)$/, '');

/** @throws Unusable when it cannot be told whose row it is, or what is offered */
export function readRow(line: number, typed: Row, gazetteer: Gazetteer, complaints: Complaints): SpreadsheetRow {
  const row = { ...typed, provider: lineIn(typed.provider, 'the provider’s name'), listing: lineIn(typed.listing, 'the title of the listing') };
  if (row.provider === '') throw new Unusable('it names no provider');
  const key = providerKey(row.provider);
  if (key === '') throw new Unusable(`“${row.provider}” is not a name`);
  if (row.provider.length > 200) throw new Unusable('the provider’s name is longer than 200 characters');
  const kind = row.kind === '' ? null : readKind(row.kind)?.[0];
  if (kind && kind in SPOKEN_FOR) throw new Unusable(SPOKEN_FOR[kind]!);

  const optional = cellReader(line, row, complaints);
  if (kind === undefined) complaints.leftOut(line, `Kind “${row.kind}” is none that there is`);
  const provider: ProviderSaid = {
    name: row.provider,
    kind: kind ?? undefined,
    summary: optional('summary', textUpTo(300), 'is longer than 300 characters, or has one that turns the direction of writing'),
    website: optional('website', (typed) => parsed(website, /^https?:/i.test(typed) ? typed : `https://${typed}`), 'is no web address'),
    contact_name: optional('contactName', nameUpTo(200), 'is no name of up to 200 characters'),
    contact_email: optional('contactEmail', (typed) => parsed(emailAddress, addressIn(typed)), 'is no e-mail address'),
    contact_phone: optional('contactPhone', phoneIn, 'is no phone number that can be dialled: it has lost its first 0, or is not one number'),
    base_postcode: optional('postcode', postcodeOf, 'is no full postcode'),
    assuring_la: optional('assuringLa', (typed) => gazetteer.authority(typed) ?? undefined, 'matches no local authority'),
  };
  return { line, key, provider, offer: readOffer(line, row, gazetteer, complaints) };
}

function readOffer(line: number, row: Row, gazetteer: Gazetteer, complaints: Complaints): OfferSaid | null {
  if (`${row.listing}${row.delivery}${row.phase}${row.subject}` === '') return null;
  if (row.listing.length > 150) throw new Unusable('the title of the listing is longer than 150 characters');
  const { areas, unmatched } = gazetteer.read(row.coverage);
  for (const area of unmatched) complaints.unmatched(line, area);
  const price = readPrice(row);
  if (typeof price === 'string') complaints.leftOut(line, price.replace(/\.$/, ''));
  const each = <Value>(column: Column, read: (typed: string) => Value[] | null, wrong = 'is none that there is') =>
    partsOf(row[column]).flatMap((part) => {
      const values = read(part);
      if (!values) complaints.leftOut(line, `${columnNames[column][0]} “${short(part)}” ${wrong}`);
      return values ?? [];
    });
  const keyword = (typed: string) => {
    const tidy = nameUpTo(50)(typed);
    return tidy && fold(tidy) !== '' ? [tidy] : null;
  };
  return {
    title: row.listing,
    summary: cellReader(line, row, complaints)('listingSummary', textUpTo(300), 'is longer than 300 characters, or has one that turns the direction of writing'),
    price: typeof price === 'string' ? undefined : price,
    delivery: decisive('Delivery', row.delivery, readDelivery),
    phases: decisive('Phase', row.phase, readPhase),
    subjects: each('subject', keyword, 'is not one of up to 50 characters'),
    categories: each('categories', readCategory),
    ecmOutcomes: each('ecmOutcomes', readEcmOutcome),
    keywords: each('keywords', keyword, 'is not one of up to 50 characters'),
    areas,
    allAreasKnown: unmatched.length === 0,
  };
}

/** How and for whom: a row that says it in unknown words might land in the wrong listing, so it is not used at all. */
function decisive<Value>(column: string, cell: string, read: (typed: string) => Value[] | null): Value[] {
  return read(cell) ?? cell.split(/[;,|/\n]/).map((part) => part.trim()).filter((part) => part !== '').flatMap((part) => {
    return read(part) ?? unusable(`${column} “${part}” is none that there is`);
  });
}

/** Reads the optional cells of a row: empty is not said, and what cannot be read is left out with a complaint. */
const cellReader =
  (line: number, row: Row, complaints: Complaints) =>
  (column: Column, read: (typed: string) => string | undefined, wrong: string): string | undefined => {
    if (row[column] === '') return undefined;
    const value = read(row[column]);
    if (value === undefined) complaints.leftOut(line, `${columnNames[column][0]} “${short(row[column])}” ${wrong}`);
    return value;
  };

const website = webAddress('The website');

/** An address as people copy it: `mailto:ada@example.org`, `Ada <ada@example.org>.` */
function addressIn(typed: string): string {
  const within = /<([^<>]+)>\s*$/.exec(typed)?.[1] ?? typed;
  return within.replace(/^mailto:\s*/i, '').replace(/[.,;]+$/, '').replace(/[’‘]/g, "'");
}

/** A number that begins as one does here or abroad: a spreadsheet takes the first 0 away, which leaves somebody else’s. */
function phoneIn(typed: string): string | undefined {
  const number = typed.replace(/^(?:tel|telephone|phone|t|m)\s*[.:]\s*/i, '').replace(/^([+()\d\s-]+)\.0+$/, '$1');
  return /^\s*\(?(?:\+|0)/.test(number) && number.replace(/\D/g, '').length <= LONGEST_PHONE ? parsed(phoneNumber, number) : undefined;
}
const LONGEST_PHONE = 15;

function parsed(schema: z.ZodType<string | null>, typed: string): string | undefined {
  return schema.safeParse(typed).data ?? undefined;
}

function unusable(reason: string): never {
  throw new Unusable(reason);
}

/** A name as it is kept, by the rules for whoever types one. @throws Unusable */
function lineIn(typed: string, what: string): string {
  const line = tidyLine(typed);
  const fault = faultOfLine(line);
  return fault ? unusable(`${what} ${fault.replace(/\..*$/, '')}`) : line;
}

const nameUpTo = (most: number) => (typed: string) => {
  const line = tidyLine(typed);
  return line !== '' && line.length <= most && !faultOfLine(line) ? line : undefined;
};

const textUpTo = (most: number) => (typed: string) => {
  const text = tidyText(typed);
  return showsSomething(text) && text.length <= most && !faultOfText(text) ? text : undefined;
};

const partsOf = (cell: string) => cell.split(/[;,|\n]/).map((part) => part.trim()).filter((part) => part !== '');
const short = (typed: string) => (typed.length <= 60 ? typed : `${typed.slice(0, 60)}…`);
