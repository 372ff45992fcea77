import { badInput } from '../platform/connection.js';
import { beginsWith, type Queryable } from '../platform/database/index.js';
import { postcodeOf } from './postcode.js';

/** A place to be near to; exactly one of the three. */
export interface Near {
  /** A postcode, whole or its first half. */
  postcode?: string | null;
  /** URN of a school. */
  urn?: number | null;
  /** Metres on the British National Grid. */
  grid?: Point | null;
}

export interface Point {
  easting: number;
  northing: number;
}

/** @throws GraphQLError BAD_USER_INPUT unless one place is named, and known */
export async function pointOf(db: Queryable, near: Near): Promise<Point> {
  const given = [near.grid, near.postcode, near.urn].filter((each) => each !== null && each !== undefined && each !== '');
  if (given.length !== 1) return badInput('`near` needs one of `postcode`, `urn` and `grid`.');
  if (near.grid) return near.grid;
  const { postcode, urn } = near;
  if (postcode) return (await placeOfPostcode(db, postcode)) ?? badInput(`We do not know where ${postcode} is: no school has a postcode like it.`);
  return (await placeOfSchool(db, urn!)) ?? badInput(`We do not know where a school with URN ${urn} is.`);
}

async function placeOfSchool(db: Queryable, urn: number): Promise<Point | null> {
  return (await db.query<Point>('SELECT easting, northing FROM school WHERE urn = $1 AND easting IS NOT NULL', [urn]))[0] ?? null;
}

/**
 * A postcode is where the schools with it are; failing that, the middle of the schools of its sector (`LE13 0`), then
 * of its district (`LE13`).
 */
export async function placeOfPostcode(db: Queryable, typed: string): Promise<Point | null> {
  const whole = postcodeOf(typed);
  const district = whole ? whole.split(' ')[0]! : typed.trim().toUpperCase();
  if (!/^[A-Z]{1,2}\d[A-Z\d]?$/.test(district)) return null;
  const [place] = await db.query<Point>(
    `SELECT avg(easting)::int AS easting, avg(northing)::int AS northing
     FROM (SELECT easting, northing, CASE WHEN postcode = $2 THEN 1 WHEN ${beginsWith('postcode', '$3')} THEN 2 ELSE 3 END AS closeness
           FROM school WHERE ${beginsWith('postcode', '$1')} AND easting IS NOT NULL) AS candidate
     GROUP BY closeness ORDER BY closeness LIMIT 1`,
    [`${district} `, whole, whole && whole.slice(0, -2)],
  );
  return place ?? null;
}
