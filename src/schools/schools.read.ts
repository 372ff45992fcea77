import type { Queryable } from '../platform/database.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../platform/request.js';
import type { LocalAuthority, School } from './school.type.js';

/** A school as it is read: what GraphQL shows of it, and what other rooms decide by. */
export interface SchoolRow extends School {
  trustId: string | null;
  federationId: string | null;
  /** Metres on the British National Grid. */
  easting: number | null;
  northing: number | null;
}

/** Select list and joins that make a SchoolRow of `school s`; `distance` is the SQL of its distance in kilometres. */
export const selectSchools = (distance = 'NULL::float8') => `
  SELECT s.urn, s.name, s.type, s.phase, s.status, s.academy, s.low_age AS "lowAge", s.high_age AS "highAge", s.gender,
         s.religious_character AS "religiousCharacter", s.street, s.locality, s.address3, s.town, s.county, s.postcode, s.website,
         s.easting, s.northing, s.latitude, s.longitude, s.trust_id AS "trustId", s.federation_id AS "federationId",
         jsonb_build_object('code', la.code, 'name', la.name, 'region', la.region) AS "localAuthority",
         CASE WHEN t.id IS NOT NULL THEN jsonb_build_object('id', t.id, 'name', t.name) END AS trust,
         CASE WHEN f.id IS NOT NULL THEN jsonb_build_object('id', f.id, 'name', f.name) END AS federation,
         ${distance} AS "distanceKm"`;
export const schoolJoins = `
  JOIN local_authority la ON la.code = s.la_code
  LEFT JOIN trust t ON t.id = s.trust_id
  LEFT JOIN federation f ON f.id = s.federation_id`;

/** Schools by URN, open or not; null for a URN that is none. */
export const schoolByUrn: LoaderDefinition<number, SchoolRow | null> = async ({ db }, urns) => {
  const rows = await db.prepared<SchoolRow>('schools by urn', `${selectSchools()} FROM school s ${schoolJoins} WHERE s.urn = ANY($1)`, [urns]);
  return inOrder(urns, rows, (row) => row.urn);
};

/** The schools that took each school's place, as far as they are known here. */
export const successorsOfSchool: LoaderDefinition<number, SchoolRow[]> = async ({ db }, urns) => {
  const rows = await db.prepared<SchoolRow & { predecessor: number }>(
    'successors of schools',
    `${selectSchools()}, link.urn AS predecessor
     FROM school_successor link JOIN school s ON s.urn = link.successor_urn ${schoolJoins}
     WHERE link.urn = ANY($1) ORDER BY s.name, s.urn`,
    [urns],
  );
  return groupsInOrder(urns, rows, (row) => row.predecessor);
};

/** Local authorities by code. */
export const localAuthorityByCode: LoaderDefinition<string, LocalAuthority | null> = async ({ db }, codes) => {
  const sql = 'SELECT code, name, region FROM local_authority WHERE code = ANY($1)';
  const rows = await db.prepared<LocalAuthority>('local authorities by code', sql, [codes]);
  return inOrder(codes, rows, (row) => row.code);
};

/** The local authorities there are now, by name: one whose schools are all closed has been abolished. */
export function readLocalAuthorities(db: Queryable): Promise<LocalAuthority[]> {
  return db.query<LocalAuthority>(
    `SELECT code, name, region FROM local_authority la
     WHERE EXISTS (SELECT FROM school WHERE la_code = la.code AND status <> 'CLOSED') OR NOT EXISTS (SELECT FROM school WHERE la_code = la.code)
     ORDER BY name, code`,
  );
}

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
