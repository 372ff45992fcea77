import { badInput, checkFirst, type Connection, decodeCursor, pageOf } from '../platform/connection.js';
import type { Queryable } from '../platform/database/index.js';
import { wordsInS, wordsOf } from './names.js';
import { type Near, type Point, pointOf } from './near.js';
import type { SchoolStatus } from './school.type.js';
import { type SchoolRow, selectSchools } from './schools.read.js';
import { asTyped, bestFirst, BY_NAME, hasWords, type TypedWord, withSlips } from './typed-words.js';

export interface SchoolSearch {
  /** Words of the name, town, locality, local authority or postcode as people type them, or a URN. */
  text?: string | null;
  urn?: number | null;
  laCode?: string | null;
  /** Nearest to this place first. */
  near?: Near | null;
  /** Kilometres from `near`. */
  withinKm?: number | null;
  /** Open schools only by default; a school asked for by its URN is found whatever it is. */
  status?: readonly SchoolStatus[] | null;
  /** From 1 to 100, 20 by default. */
  first?: number;
  after?: string | null;
}

const MOST_WORDS = 10;

/**
 * Finds schools: nearest first when near a place, else best first, else by name. Every word must be found; only where
 * no school has them all, words that differ by a slip or two are taken too.
 * @throws GraphQLError BAD_USER_INPUT for a place that is not known, or what else cannot be asked
 */
export async function findSchools(db: Queryable, search: SchoolSearch): Promise<Connection<SchoolRow>> {
  const first = checkFirst(search.first ?? 20);
  const cursor = readCursor(search.after);
  const offset = cursor?.offset ?? 0;
  checkWithin(search);
  const point = search.near ? await pointOf(db, search.near) : null;

  const typed = typedWords(search);
  let slips = cursor?.slips ?? false;
  let words = slips ? await withSlips(db, typed) : asTyped(typed);
  const page = () => db.query<SchoolRow>(...pageSql({ search, point, words }, first + 1, offset));
  let rows = await page();
  if (rows.length === 0 && !cursor && typed.length > 0) {
    slips = true;
    words = await withSlips(db, typed);
    rows = await page();
  }
  const total = async () => (await db.query<{ count: number }>(...countSql({ search, point, words })))[0]!.count;
  return pageOf(rows, first, (row) => [Number(slips), offset + rows.indexOf(row) + 1], total);
}

/** A cursor holds a place in the list and whether slips had to be taken to make it. */
function readCursor(after: string | null | undefined): { slips: boolean; offset: number } | null {
  const cursor = decodeCursor<[number, number]>(after, ['number', 'number']);
  if (!cursor) return null;
  const [slips, offset] = cursor;
  if (!Number.isSafeInteger(offset) || offset < 0) return badInput('`after` is not a cursor of this list.');
  return { slips: slips === 1, offset };
}

function checkWithin({ near, withinKm }: SchoolSearch): void {
  if (withinKm === null || withinKm === undefined) return;
  if (!near) badInput('`withinKm` needs a place: say `near`.');
  if (!(withinKm > 0)) badInput('`withinKm` must be more than 0.');
}

const typedUrn = ({ text, urn }: SchoolSearch) => urn ?? (Number(/^\s*(?:urn\s*)?(\d{6})\s*$/i.exec(text ?? '')?.[1]) || null);
const typedWords = (search: SchoolSearch) => (typedUrn(search) ? [] : [...new Set(wordsOf(search.text ?? ''))].slice(0, MOST_WORDS));

interface Question {
  search: SchoolSearch;
  point: Point | null;
  words: TypedWord[];
}

function pageSql(question: Question, limit: number, offset: number): [string, unknown[]] {
  const values: unknown[] = [];
  const value = (each: unknown) => `$${values.push(each)}`;
  const { point, words } = question;
  const distance = point && distanceSql(point, value);
  const order = [distance, ...(words.length > 0 ? bestFirst(words, wordsInS(question.search.text ?? '').slice(0, MOST_WORDS), value) : [BY_NAME]), 's.urn'].filter(Boolean).join(', ');
  const sql = `
    ${selectSchools(distance ? `round((${distance} / 1000)::numeric, 1)::float8` : undefined)}
    FROM unnest(ARRAY(SELECT s.urn FROM ${matching(question, value)} ORDER BY ${order} LIMIT ${value(limit)} OFFSET ${value(offset)}))
      WITH ORDINALITY AS found (urn, position)
    JOIN school s USING (urn)
    ORDER BY found.position`;
  return [sql, values];
}

function countSql(question: Question): [string, unknown[]] {
  const values: unknown[] = [];
  return [`SELECT count(*) FROM ${matching(question, (each) => `$${values.push(each)}`)}`, values];
}

/** `school s WHERE ...`: the schools that are asked for, in whatever order. */
function matching({ search, point, words }: Question, value: (each: unknown) => string): string {
  const urn = typedUrn(search);
  const status = search.status ?? (urn ? null : ['OPEN']);
  const conditions = [
    urn && `s.urn = ${value(urn)}`,
    status && `s.status = ANY(${value(status)})`,
    search.laCode && `s.la_code = ${value(search.laCode)}`,
    words.length > 0 && hasWords(words, value),
    point && 's.easting IS NOT NULL',
    point && search.withinKm && withinSql(point, search.withinKm, value),
  ];
  return `school s WHERE ${conditions.filter(Boolean).join(' AND ') || 'true'}`;
}

/** Metres. */
function distanceSql({ easting, northing }: Point, value: (each: unknown) => string): string {
  return `sqrt((s.easting - ${value(easting)}::float8) ^ 2 + (s.northing - ${value(northing)}::float8) ^ 2)`;
}

/** The square around it first, for the index on places. */
function withinSql(point: Point, km: number, value: (each: unknown) => string): string {
  const metres = km * 1000;
  const between = (column: string, centre: number) => `${column} BETWEEN ${value(centre - metres)}::float8 AND ${value(centre + metres)}::float8`;
  const square = `${between('s.easting', point.easting)} AND ${between('s.northing', point.northing)}`;
  return `${square} AND ${distanceSql(point, value)} <= ${value(metres)}`;
}
