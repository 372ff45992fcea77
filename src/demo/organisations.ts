import { governingBodyOf, placeOf, searchText } from '../schools/index.js';
import { dayOf, daysBefore } from './calendar.js';
import type { SchoolContent } from './content/shapes.js';
import type { Row, Rows } from './rows.js';
import { addressIn, type KnownAuthority, type World } from './world.js';

const DAYS_OPEN = 30 * 365;
/** How long ago the demo's people were entered. */
export const PEOPLE_SINCE = 1500;

export function addAuthority(world: World, rows: Rows, authority: KnownAuthority, region: string): void {
  rows.add('local_authority', { code: authority.code, name: authority.name, region });
  world.authorities.set(authority.code, authority);
}

export function addSchool(world: World, rows: Rows, school: SchoolContent): void {
  const { urn, name, phase, town, trust = null, federation = null } = school;
  const chance = world.chance(`school ${urn}`);
  const { la } = world.town(town);
  const { name: laName, checks } = world.authority(la);
  const { postcode, easting, northing } = addressIn(world.town(town), chance);
  const { latitude, longitude } = placeOf(String(easting), String(northing))!;
  const academy = /^(Academy|Free Schools|University Technical College)/.test(school.type);
  const open = school.closedInto === undefined;
  const closedOn = open ? null : dayOf(daysBefore(world.now, 2 * 365, chance));
  rows.add('school', {
    urn,
    la_code: la,
    establishment_number: 1000 + (urn % 9000),
    name,
    type: school.type,
    status: open ? 'OPEN' : 'CLOSED',
    phase,
    academy,
    low_age: school.ages[0],
    high_age: school.ages[1],
    gender: school.gender ?? 'Mixed',
    religious_character: school.religion ?? null,
    street: school.street,
    town,
    postcode,
    website: `https://${school.mail}.example`,
    easting,
    northing,
    latitude,
    longitude,
    trust_id: trust,
    federation_id: federation,
    opened_on: dayOf(daysBefore(world.now, chance.between(1000, DAYS_OPEN), chance)),
    closed_on: closedOn,
    search_text: searchText({ name, town, locality: null, laName, postcode, phase, religiousCharacter: school.religion ?? null }),
    imported_at: daysBefore(world.now, 20, chance),
  });
  if (!open) {
    rows.add('school_link', { urn, other_urn: school.closedInto, kind: 'SUCCESSOR', since: closedOn, said_at: world.now });
    rows.add('school_successor', { urn, successor_urn: school.closedInto, since: closedOn });
  }

  const head = `head@${school.mail}.example`;
  world.schools.set(urn, {
    urn,
    name,
    la,
    open,
    governingBody: governingBodyOf({ urn, trustId: trust, federationId: federation }),
    trustUnknown: academy && trust === null,
    head,
    postcode,
    easting,
    northing,
  });
  if (!open) return;
  addMember(world, rows, { email: head, name: school.head, role: 'SCHOOL_LEAD', title: 'Headteacher', school_urn: urn, confirmedBy: checks });
}

export interface Member {
  email: string;
  name: string;
  role: string;
  title: string;
  school_urn?: number;
  trust_id?: string;
  la_code?: string;
  provider_id?: string;
  /** E-mail address of who confirmed it; null: it waits for somebody to do so. */
  confirmedBy: string | null;
  since?: Date;
}

/** Adds a role, and the person with it. */
export function addMember(world: World, rows: Rows, { email, name, role, title, confirmedBy, since, ...scope }: Member): void {
  const at = since ?? daysBefore(world.now, confirmedBy === null ? 2 : PEOPLE_SINCE, world.chance(`person ${email}`));
  const held: Row = { school_urn: null, trust_id: null, la_code: null, provider_id: null, ...scope };
  rows.add('membership', {
    id: world.id('membership', `${email} ${role} ${Object.values(scope).join()}`),
    person_id: world.person(rows, email, name, at),
    role,
    ...held,
    title,
    created_at: at,
    confirmed_at: confirmedBy === null ? null : at,
    confirmed_by: confirmedBy === null ? null : world.personId(confirmedBy),
  });
}
