import { Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Seen } from '../platform/access.js';

/** The phases of GIAS and the labels that people read. */
export const schoolPhases = {
  NURSERY: 'Nursery',
  PRIMARY: 'Primary',
  MIDDLE_DEEMED_PRIMARY: 'Middle (deemed primary)',
  MIDDLE_DEEMED_SECONDARY: 'Middle (deemed secondary)',
  SECONDARY: 'Secondary',
  SIXTEEN_PLUS: '16 plus',
  ALL_THROUGH: 'All-through',
};
export type SchoolPhase = keyof typeof schoolPhases;

export const schoolStatuses = { OPEN: 'Open', PROPOSED_TO_OPEN: 'Proposed to open', CLOSED: 'Closed' };
export type SchoolStatus = keyof typeof schoolStatuses;

const names = <Value extends string>(labels: Record<Value, string>) =>
  Object.fromEntries(Object.keys(labels).map((value) => [value, value])) as { [V in Value]: V };
const described = (labels: Record<string, string>) =>
  Object.fromEntries(Object.entries(labels).map(([value, description]) => [value, { description }]));

export const SchoolPhase = names(schoolPhases);
registerEnumType(SchoolPhase, {
  name: 'SchoolPhase',
  description: 'The pupils that a school has. Where GIAS states no phase it comes from the ages, else from type and name.',
  valuesConfig: described(schoolPhases) as never,
});
export const SchoolStatus = names(schoolStatuses);
registerEnumType(SchoolStatus, {
  name: 'SchoolStatus',
  description: 'Whether a school has pupils now. One that is open but proposed to close is open.',
  valuesConfig: described(schoolStatuses) as never,
});

@ObjectType({ description: 'A local authority of England with responsibility for education.' })
export class LocalAuthority {
  @Seen('public', () => String, { description: 'Its code of three digits, such as `855`.' })
  code: string;

  @Seen('public', () => String, { description: 'Its name as GIAS has it.' })
  name: string;

  @Seen('public', () => String, { nullable: true, description: 'The region of England that it lies in.' })
  region: string | null;
}

@ObjectType({ description: 'A trust that runs academies, or supports schools.' })
export class Trust {
  @Seen('public', () => String, { description: 'Its code in GIAS.' })
  id: string;

  @Seen('public', () => String, { description: 'Its name.' })
  name: string;
}

@ObjectType({ description: 'A federation: schools under one governing body.' })
export class Federation {
  @Seen('public', () => String, { description: 'Its code in GIAS.' })
  id: string;

  @Seen('public', () => String, { description: 'Its name.' })
  name: string;
}

@ObjectType({ description: 'A school of England, as the register of schools (GIAS) has it.' })
export class School {
  @Seen('public', () => Int, { description: 'Its unique reference number in GIAS, six digits.' })
  urn: number;

  @Seen('public', () => Int, { nullable: true, description: 'Its number in the UK register of learning providers, eight digits.' })
  ukprn: number | null;

  @Seen('public', () => String, { description: 'Its name.' })
  name: string;

  @Seen('public', () => String, { nullable: true, description: 'Who sponsors it, an academy, as GIAS has it.' })
  sponsor: string | null;

  @Seen('public', () => String, { nullable: true, description: 'Its type in the words of GIAS, such as `Community school`.' })
  type: string | null;

  @Seen('public', () => SchoolPhase, { description: 'The pupils that it has.' })
  phase: SchoolPhase;

  @Seen('public', () => SchoolStatus, { description: 'Whether it is open.' })
  status: SchoolStatus;

  @Seen('public', () => Boolean, { description: 'Whether it is an academy: free schools, UTCs and studio schools are.' })
  academy: boolean;

  @Seen('public', () => Int, { nullable: true, description: 'Age of its youngest pupils.' })
  lowAge: number | null;

  @Seen('public', () => Int, { nullable: true, description: 'Age at which its oldest pupils leave.' })
  highAge: number | null;

  @Seen('public', () => String, { nullable: true, description: '`Mixed`, `Boys` or `Girls`.' })
  gender: string | null;

  @Seen('public', () => String, { nullable: true, description: 'Its religious character; null where it has none.' })
  religiousCharacter: string | null;

  @Seen('public', () => String, { nullable: true, description: 'Street and number.' })
  street: string | null;

  @Seen('public', () => String, { nullable: true, description: 'Village or part of the town.' })
  locality: string | null;

  @Seen('public', () => String, { nullable: true, description: 'A further line of the address, between locality and town.' })
  address3: string | null;

  @Seen('public', () => String, { nullable: true, description: 'Post town.' })
  town: string | null;

  @Seen('public', () => String, { nullable: true, description: 'County.' })
  county: string | null;

  @Seen('public', () => String, { nullable: true, description: 'Postcode.' })
  postcode: string | null;

  @Seen('public', () => String, { nullable: true, description: 'Address of its website, with http or https.' })
  website: string | null;

  @Seen('public', () => Float, { nullable: true, description: 'Degrees north (WGS 84), to about 5 metres.' })
  latitude: number | null;

  @Seen('public', () => Float, { nullable: true, description: 'Degrees east (WGS 84), to about 5 metres.' })
  longitude: number | null;

  @Seen('public', () => LocalAuthority, { description: 'The local authority that it lies in.' })
  localAuthority: LocalAuthority;

  @Seen('public', () => Trust, { nullable: true, description: 'The trust that runs or supports it, where that is known.' })
  trust: Trust | null;

  @Seen('public', () => Federation, { nullable: true, description: 'The federation that it belongs to.' })
  federation: Federation | null;

  @Seen('public', () => Float, { nullable: true, description: 'Kilometres from the place that the search named; null where it named none.' })
  distanceKm: number | null;
}
