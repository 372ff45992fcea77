import type { Queryable } from '../platform/database/index.js';
import { badInput } from '../platform/connection.js';
import { placeOfPostcode, type Point } from '../schools/index.js';
import type { Neighbours } from './port.js';

/** The place that a search starts from: a school, or else a postcode. */
export interface Around {
  schoolUrn?: number | null;
  postcode?: string | null;
}

export interface Surroundings {
  /** Absent where nobody knows where the school is. */
  from?: Point;
  /** Only around a school. */
  neighbours?: Neighbours;
}

/** @throws GraphQLError BAD_USER_INPUT unless one place is named, and known */
export async function surroundings(db: Queryable, { schoolUrn, postcode }: Around): Promise<Surroundings> {
  if ((schoolUrn == null) === !postcode) return badInput('`near` needs one of `schoolUrn` and `postcode`.');
  if (schoolUrn == null) {
    return { from: (await placeOfPostcode(db, postcode!)) ?? badInput(`We do not know where ${postcode} is: no school has a postcode like it.`) };
  }
  const [school] = await db.query<{ place: Point | null; laCode: string; partnership: number[] }>(
    `SELECT CASE WHEN s.easting IS NOT NULL THEN json_build_object('easting', s.easting, 'northing', s.northing) END AS place, s.la_code AS "laCode",
       ARRAY(SELECT DISTINCT urn FROM partnership_school own JOIN partnership_school other USING (partnership_id)
         CROSS JOIN LATERAL unnest(schools_in(ARRAY['school:' || other.school_urn])) AS urn
         WHERE own.state = 'MEMBER' AND own.school_urn = ANY(kin.urns) AND other.state = 'MEMBER' AND urn <> ALL(kin.urns)) AS partnership
     -- a school that has become another keeps its partners, and they keep it
     FROM school s CROSS JOIN LATERAL (SELECT schools_in(ARRAY['school:' || s.urn]) AS urns) kin WHERE s.urn = $1`,
    [schoolUrn],
  );
  if (!school) return badInput(`There is no school with URN ${schoolUrn}.`);
  return { ...(school.place && { from: school.place }), neighbours: { urn: schoolUrn, partnership: school.partnership, laCode: school.laCode } };
}

const sameAges: Record<string, string[]> = {
  primary: ['PRIMARY', 'MIDDLE_DEEMED_PRIMARY', 'ALL_THROUGH'],
  secondary: ['SECONDARY', 'MIDDLE_DEEMED_SECONDARY', 'ALL_THROUGH'],
};

/** URNs of the schools that teach the same phase as this one, lie as near as so many metres, and are providers. */
export async function competitors(db: Queryable, schoolUrn: number, metres: number): Promise<number[]> {
  const rows = await db.query<{ urn: number }>(
    `SELECT other.urn FROM school own
     JOIN school other ON other.urn <> own.urn
       AND (other.phase = own.phase OR EXISTS (SELECT FROM jsonb_each($3::jsonb) AS ages WHERE ages.value ? own.phase AND ages.value ? other.phase))
       AND other.easting BETWEEN own.easting - $2::int AND own.easting + $2::int AND other.northing BETWEEN own.northing - $2::int AND own.northing + $2::int
       AND (other.easting - own.easting)::bigint ^ 2 + (other.northing - own.northing)::bigint ^ 2 <= $2::bigint ^ 2
     JOIN provider p ON p.school_urn = other.urn AND p.state = 'LISTED'
     WHERE own.urn = $1`,
    [schoolUrn, metres, sameAges],
  );
  return rows.map(({ urn }) => urn);
}
