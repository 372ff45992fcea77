import type { Queryable, UnitOfWork } from '../../platform/database/index.js';
import { FORMER, TODAY } from './today.js';

interface Named {
  code: string;
  name: string;
}

/** A local authority that is no more, and those that have its area now. */
export interface Reorganisation extends Named {
  /** Those that are found to follow it only now. */
  fresh: readonly Named[];
  /** Those that were known to follow it before. */
  earlier: readonly string[];
  /** In what those that it is merged with did otherwise, as sentences for their officers; each room adds its own. */
  differences: string[];
}

/** Makes what is one room's own go on for the local authorities that follow another. */
export interface Follower {
  /** @returns what has gone on, in words, such as `3 term dates` */
  follow(tx: UnitOfWork, reorganisation: Reorganisation): Promise<string[]>;
}

/** `3 officers`; nothing where there is none. */
export const counted = (count: number, one: string, many = `${one}s`): string[] => (count === 0 ? [] : [`${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`]);

/** Codes of all that follow it, whose area is its own. */
export const followersOf = ({ fresh, earlier }: Reorganisation): string[] => [...earlier, ...fresh.map(({ code }) => code)].sort();

/** Boundaries move a few schools from one local authority to another, which does not make that its successor. */
const LEAST_SHARE = 0.1;

/** Adds those of today that are not known yet, once there are real schools. Their names stay as GIAS last wrote them. */
export async function addAuthoritiesOfToday(tx: UnitOfWork): Promise<void> {
  await tx.query(
    `INSERT INTO local_authority (code, name, region) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
     WHERE EXISTS (SELECT FROM school WHERE la_code = ANY($1 || $4::text[])) ON CONFLICT DO NOTHING`,
    [TODAY.map(({ code }) => code), TODAY.map(({ name }) => name), TODAY.map(({ region }) => region), Object.keys(FORMER)],
  );
}

/**
 * The local authorities that have no open school any more and whose schools GIAS has under others now, as it says in
 * `PreviousLA`, or as is known. One of today's is never taken for abolished because of the schools that are known here.
 */
export async function findReorganisations(tx: UnitOfWork): Promise<Reorganisation[]> {
  const pairs = Object.entries(FORMER).flatMap(([code, successors]) => successors.map((successor) => [code, successor] as const));
  const rows = await tx.query<{ code: string; successors: string[] }>(
    `WITH moved AS (
       SELECT previous_la AS code, la_code AS successor, count(*) AS schools FROM school
       WHERE previous_la <> la_code AND status <> 'CLOSED' AND NOT previous_la = ANY($3::text[]) AND NOT previous_la = ANY($1::text[]) GROUP BY 1, 2
     ),
     said AS (
       SELECT code, successor FROM (SELECT moved.*, sum(schools) OVER (PARTITION BY code) AS all_schools FROM moved) shares WHERE schools >= ${LEAST_SHARE} * all_schools
       UNION SELECT * FROM unnest($1::text[], $2::text[])
     )
     SELECT said.code, array_agg(said.successor ORDER BY said.successor) AS successors
     FROM said JOIN local_authority former ON former.code = said.code JOIN local_authority next ON next.code = said.successor
     WHERE NOT EXISTS (SELECT FROM school still WHERE still.la_code = said.code AND still.status <> 'CLOSED')
       AND NOT EXISTS (SELECT FROM local_authority_successor known WHERE known.code = said.code AND known.successor_code = said.successor)
       AND NOT said.code = ANY(authorities_now(ARRAY[said.successor]))
     GROUP BY said.code ORDER BY said.code`,
    [pairs.map(([code]) => code), pairs.map(([, successor]) => successor), TODAY.map(({ code }) => code)],
  );
  const found: Reorganisation[] = [];
  for (const { code, successors } of rows) found.push(await reorganisationOf(tx, code, successors));
  return found;
}

/** What becomes of one when these follow it. */
export async function reorganisationOf(tx: Queryable, code: string, successors: readonly string[]): Promise<Reorganisation> {
  const names = await tx.query<Named>('SELECT code, name FROM local_authority WHERE code = ANY($1) ORDER BY code', [[code, ...successors]]);
  const earlier = await tx.query<{ code: string }>('SELECT successor_code AS code FROM local_authority_successor WHERE code = $1 ORDER BY 1', [code]);
  return {
    ...names.find((each) => each.code === code)!,
    fresh: names.filter((each) => each.code !== code && !earlier.some((known) => known.code === each.code)),
    earlier: earlier.map((each) => each.code),
    differences: [],
  };
}

/** Why an operator cannot say that these follow it, in a sentence; null where nothing stands against it. */
export async function whyNotReorganise(tx: UnitOfWork, code: string, successors: readonly string[]): Promise<string | null> {
  const codes = [code, ...successors];
  const living = (await tx.query<{ code: string }>('SELECT code FROM living_authority WHERE code = ANY($1)', [codes])).map((each) => each.code);
  const [known] = await tx.query('SELECT FROM local_authority WHERE code = $1', [code]);
  if (!known) return `There is no local authority ${code}.`;
  const missing = successors.filter((each) => !living.includes(each));
  if (missing.length > 0) return `There is no local authority ${inWords(missing)} yet, or not any more: import the schools of the new ones first.`;
  if (successors.length === 0 || successors.includes(code)) return 'Name the local authorities that have its area now.';
  const [open] = await tx.query<{ count: number }>(`SELECT count(*) FROM school WHERE la_code = $1 AND status <> 'CLOSED'`, [code]);
  if (open!.count > 0) return `${open!.count} schools that are not closed are still under ${code}: import them under their new codes first.`;
  const [done] = await tx.query(`SELECT FROM unnest($2::text[]) AS next WHERE NOT EXISTS (SELECT FROM local_authority_successor s WHERE s.code = $1 AND s.successor_code = next)`, [code, successors]);
  return done ? null : `${code} has been followed by these already.`;
}

/** Records who follows it, and makes everything go on for them. @returns what has been done, as lines to be read */
export async function applyReorganisation(tx: UnitOfWork, reorganisation: Reorganisation, followers: readonly Follower[]): Promise<string[]> {
  const { code, name, fresh, differences } = reorganisation;
  await tx.query('INSERT INTO local_authority_successor (code, successor_code, since) SELECT $1, unnest($2::text[]), $3', [code, fresh.map((each) => each.code), tx.now]);
  const done: string[] = [];
  for (const follower of followers) done.push(...(await follower.follow(tx, reorganisation)));
  return [
    `${name} (${code}) has become ${inWords(fresh.map((each) => `${each.name} (${each.code})`))}. ${done.length > 0 ? `What goes on there: ${inWords(done)}.` : 'Nothing hung on it.'}`,
    ...differences,
  ];
}

export const inWords = (parts: readonly string[]) => (parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`);

/** The local authorities that have an open school. */
export async function authoritiesWithSchools(db: Queryable): Promise<string[]> {
  return (await db.query<{ code: string }>(`SELECT DISTINCT la_code AS code FROM school WHERE status <> 'CLOSED'`)).map(({ code }) => code);
}

/**
 * What the operator has to see to after an import: local authorities that lost their last open school in it and are followed
 * by none, and ones that had been abolished and have open schools again, as in a file of earlier.
 * @param before those that had open schools before
 */
export async function authoritiesToSeeTo(db: Queryable, before: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ code: string; name: string; gone: boolean; now: string[] }>(
    `SELECT la.code, la.name, open.code IS NULL AS gone, ARRAY(SELECT DISTINCT s.la_code FROM school s WHERE s.previous_la = la.code AND s.la_code <> la.code ORDER BY 1) AS now
     FROM local_authority la LEFT JOIN (SELECT DISTINCT la_code AS code FROM school WHERE status <> 'CLOSED') open ON open.code = la.code
     WHERE (la.code = ANY($1::text[]) AND open.code IS NULL) <> EXISTS (SELECT FROM local_authority_successor s WHERE s.code = la.code)
       AND (la.code = ANY($1::text[]) OR open.code IS NOT NULL) ORDER BY la.code`,
    [before],
  );
  return rows.map(({ code, name, gone, now }) =>
    gone
      ? `${name} (${code}) has no open school any more. If it has been abolished: signpost reorganise-local-authority ${code} ${now.length > 0 ? now.join(' ') : 'NEW-CODE …'} --check`
      : `${name} (${code}) has been abolished, and has open schools in this file: is it an old one?`,
  );
}
