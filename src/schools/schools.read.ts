import { LRUCache } from 'lru-cache';
import { type Columns, readingById } from '../platform/columns.js';
import type { Database, Queryable } from '../platform/database/index.js';
import { groupsInOrder, type LoaderDefinition } from '../platform/request.js';
import type { LocalAuthority, School } from './school.type.js';

/** A school as it is read: what GraphQL shows of it, and what other rooms decide by. */
export interface SchoolRow extends School {
  trustId: string | null;
  federationId: string | null;
  /** Metres on the British National Grid. */
  easting: number | null;
  northing: number | null;
}

/** What is read of `school s`. */
export const schoolColumns: Columns = {
  type: 'School',
  sql: {
    urn: 's.urn',
    name: 's.name',
    type: 's.type',
    phase: 's.phase',
    status: 's.status',
    academy: 's.academy',
    lowAge: 's.low_age',
    highAge: 's.high_age',
    gender: 's.gender',
    religiousCharacter: 's.religious_character',
    street: 's.street',
    locality: 's.locality',
    address3: 's.address3',
    town: 's.town',
    county: 's.county',
    postcode: 's.postcode',
    website: 's.website',
    ukprn: 's.ukprn',
    sponsor: 's.sponsor',
    easting: 's.easting',
    northing: 's.northing',
    latitude: 's.latitude',
    longitude: 's.longitude',
    trustId: 's.trust_id',
    federationId: 's.federation_id',
    localAuthority: `(SELECT json_build_object('code', la.code, 'name', la.name, 'region', la.region) FROM local_authority la WHERE la.code = s.la_code)`,
    trust: `(SELECT json_build_object('id', t.id, 'name', t.name) FROM trust t WHERE t.id = s.trust_id)`,
    federation: `(SELECT json_build_object('id', f.id, 'name', f.name) FROM federation f WHERE f.id = s.federation_id)`,
    distanceKm: 'NULL::float8',
  },
  always: ['urn'],
  cursor: [],
  needs: { successors: [] },
};

/** Select list that makes a SchoolRow of `school s`; `distance` is the SQL of its distance in kilometres. */
export const selectSchools = (distance = 'NULL::float8') =>
  `SELECT ${Object.entries({ ...schoolColumns.sql, distanceKm: distance }).map(([name, sql]) => `${sql} AS "${name}"`).join(', ')}`;

const byUrn = readingById<number, SchoolRow>(schoolColumns, 'schools by urn', (select) => `SELECT ${select} FROM school s WHERE s.urn = ANY($1)`);

/** Schools by URN, open or not, with all that other rooms decide by; null for a URN that is none. */
export const schoolByUrn: LoaderDefinition<number, SchoolRow | null> = ({ db }, urns) => byUrn({ db }, [], urns);

/** The schools that took each school's place, as far as they are known here. */
export const successorsOfSchool: LoaderDefinition<number, SchoolRow[]> = async ({ db }, urns) => {
  const rows = await db.prepared<SchoolRow & { predecessor: number }>(
    'successors of schools',
    `${selectSchools()}, link.urn AS predecessor
     FROM school_successor link JOIN school s ON s.urn = link.successor_urn
     WHERE link.urn = ANY($1) ORDER BY s.name, s.urn`,
    [urns],
  );
  return groupsInOrder(urns, rows, (row) => row.predecessor);
};

/** Nearly every page names local authorities, and a name changes once in many years. */
const LA_KEPT_MS = 60_000;
const knownLas = new WeakMap<Database, LRUCache<string, LocalAuthority>>();

/** Local authorities by code; a name may be a minute old. */
export const localAuthorityByCode: LoaderDefinition<string, LocalAuthority | null> = async ({ db }, codes) => {
  const known = knownLas.get(db) ?? new LRUCache({ max: 500, ttl: LA_KEPT_MS });
  knownLas.set(db, known);
  const found = new Map(codes.map((code) => [code, known.get(code) ?? null]));
  const missing = codes.filter((code) => found.get(code) === null);
  if (missing.length > 0) {
    const sql = 'SELECT code, name, region FROM local_authority WHERE code = ANY($1)';
    for (const row of await db.prepared<LocalAuthority>('local authorities by code', sql, [missing])) {
      found.set(row.code, row);
      known.set(row.code, row);
    }
  }
  return codes.map((code) => found.get(code)!);
};

/** The local authorities there are now, by name: one whose schools are all closed has been abolished. */
export function readLocalAuthorities(db: Queryable): Promise<LocalAuthority[]> {
  return db.query<LocalAuthority>(
    `SELECT code, name, region FROM living_authority la
     WHERE EXISTS (SELECT FROM school WHERE la_code = la.code AND status <> 'CLOSED') OR NOT EXISTS (SELECT FROM school WHERE la_code = la.code)
     ORDER BY name, code`,
  );
}

/** A local authority that is no more, and the codes of those that have its area now. */
export interface FormerAuthority {
  code: string;
  name: string;
  now: string[];
}

export const readFormerAuthorities = (db: Queryable): Promise<FormerAuthority[]> =>
  db.query<FormerAuthority>(
    `SELECT la.code, la.name, authorities_now(ARRAY[la.code]) AS now FROM local_authority la
     WHERE EXISTS (SELECT FROM local_authority_successor s WHERE s.code = la.code) ORDER BY la.code`,
  );

/** Needed after schools have been written by other means than the import: slips of the pen are understood by these words. */
export async function refreshSchoolWords(db: Queryable): Promise<void> {
  await db.query('REFRESH MATERIALIZED VIEW school_word');
}

/**
 * Who answers for a school, for the rule that recommendations come from different governing bodies: its trust, else
 * its federation, else itself.
 */
export function governingBodyOf(school: { urn: number; trustId: string | null; federationId: string | null }): string {
  if (school.trustId) return `trust:${school.trustId}`;
  return school.federationId ? `federation:${school.federationId}` : `school:${school.urn}`;
}
