import { londonDay } from '../platform/clock.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { lineOf } from './place.js';
import { beginRelease } from './release.js';
import { type Group, suppress, type Unit } from './suppress.js';
import type { Helpfulness, ObjectiveResult } from './vocabulary.js';

/** How many different schools have to have answered before anything of it is told. */
export const EVIDENCE_SCHOOLS = 3;

/** How finely evidence is told apart, where there are schools enough. Kinds are what is counted: results of objectives, and helpfulness. */
export const EVIDENCE_LEVELS = [
  ['provider', 'kind', 'listing', 'category', 'phase'],
  ['provider', 'kind', 'listing', 'category'],
  ['provider', 'kind', 'listing', 'phase'],
  ['provider', 'kind', 'listing'],
  ['provider', 'kind', 'category', 'phase'],
  ['provider', 'kind', 'category'],
  ['provider', 'kind', 'phase'],
  ['provider', 'kind'],
] as const;

interface Told extends Unit {
  urn: number;
  /** Id of the answer, or of the rating whose helpfulness and words it is. */
  id: string;
  result: ObjectiveResult | null;
  helpfulness: Helpfulness | null;
}

/**
 * Job, daily: on the first day of a month, or when next it runs, releases what schools had said for good before that
 * day began. What finds no company of enough schools waits for a later month. docs/outcomes.md says why this is safe.
 */
export async function releaseEvidence(db: Database): Promise<void> {
  await db.longTransaction(async (tx) => {
    const day = `${londonDay(tx.now).slice(0, 7)}-01`;
    if (!(await beginRelease(tx, 'EVIDENCE', day))) return;
    const waiting = await readWaiting(tx, day);
    const { groups } = suppress(waiting, EVIDENCE_SCHOOLS, EVIDENCE_LEVELS);
    if (groups.length === 0) return;
    await write(tx, day, groups);
    await refreshListingEvidence(tx);
  });
}

/** What can be changed no more since before that day. Schools that succession links, over however many others, count as the same. */
function readWaiting(tx: UnitOfWork, day: string): Promise<Told[]> {
  const columns = (kind: string, category: string, phase: string) => `
    r.school_urn AS urn, ${lineOf('r.school_urn')} AS school,
    json_build_object('provider', r.provider_id, 'kind', '${kind}', 'listing', r.listing_id, 'category', ${category}, 'phase', ${phase}) AS place`;
  const settled = (at: string) => `${at} < ($1::date::timestamp AT TIME ZONE 'Europe/London')`;
  return tx.query<Told>(
    `SELECT a.id, ${columns('RESULT', 'a.category', 'a.phase')}, a.result, NULL::int AS helpfulness
     FROM rating_answer a JOIN rating r ON r.id = a.rating_id
     WHERE a.evidence_id IS NULL AND ${settled('r.changeable_until')} AND ${settled('a.answered_at')} AND NOT (a.asked > 0 AND a.result = 'TOO_EARLY')
     UNION ALL
     SELECT r.id, ${columns('HELPFULNESS', 'r.category', 'r.phase')}, NULL, r.helpfulness
     FROM rating r WHERE r.evidence_id IS NULL AND ${settled('r.changeable_until')}`,
    [day],
  );
}

async function write(tx: UnitOfWork, day: string, groups: Group<Told>[]): Promise<void> {
  const rows = groups.map(({ place, units }) => {
    const count = (field: 'result' | 'helpfulness', value: ObjectiveResult | Helpfulness) => units.filter((each) => each[field] === value).length;
    return {
      id: newId(),
      provider_id: place['provider'],
      kind: place['kind'],
      listing_id: place['listing'],
      category: place['category'],
      phase: place['phase'],
      school_urns: [...new Set(units.map(({ urn }) => urn))].sort((a, b) => a - b), // which of them are one is asked when they are counted
      met: count('result', 'MET'),
      partly: count('result', 'PARTLY'),
      not_met: count('result', 'NOT_MET'),
      too_early: count('result', 'TOO_EARLY'),
      helpful_1: count('helpfulness', 1),
      helpful_2: count('helpfulness', 2),
      helpful_3: count('helpfulness', 3),
      helpful_4: count('helpfulness', 4),
    };
  });
  await tx.query(
    `INSERT INTO evidence (released_on, id, provider_id, kind, listing_id, category, phase, school_urns, met, partly, not_met, too_early, helpful_1, helpful_2, helpful_3, helpful_4)
     SELECT $1, row.* FROM json_to_recordset($2::json) AS row (id uuid, provider_id uuid, kind text, listing_id uuid, category text, phase text, school_urns int[],
       met int, partly int, not_met int, too_early int, helpful_1 int, helpful_2 int, helpful_3 int, helpful_4 int)`,
    [day, JSON.stringify(rows)],
  );
  const told = (kind: 'RESULT' | 'HELPFULNESS') => {
    const units = groups.flatMap(({ place, units }, i) => (place['kind'] === kind ? units.map((unit) => [unit.id, rows[i]!.id] as const) : []));
    return [units.map(([id]) => id), units.map(([, evidence]) => evidence)];
  };
  await tx.query('UPDATE rating_answer a SET evidence_id = told.evidence FROM unnest($1::uuid[], $2::uuid[]) AS told (id, evidence) WHERE a.id = told.id', told('RESULT'));
  await tx.query('UPDATE rating r SET evidence_id = told.evidence FROM unnest($1::uuid[], $2::uuid[]) AS told (id, evidence) WHERE r.id = told.id', told('HELPFULNESS'));
}

/** From how many schools each listing has evidence, by category and phase and of any. */
async function refreshListingEvidence(tx: UnitOfWork): Promise<void> {
  await tx.query(
    `INSERT INTO listing_evidence AS known (listing_id, category, phase, schools)
     SELECT e.listing_id, e.category, e.phase, count(DISTINCT ${lineOf('told.urn')})
     FROM (SELECT DISTINCT listing_id, c.category, p.phase, school_urns FROM evidence, LATERAL (VALUES (category), (NULL)) c (category), LATERAL (VALUES (phase), (NULL)) p (phase)
           WHERE listing_id IS NOT NULL AND kind = 'RESULT') e, unnest(e.school_urns) AS told (urn)
     GROUP BY e.listing_id, e.category, e.phase
     ON CONFLICT (listing_id, category, phase) DO UPDATE SET schools = excluded.schools WHERE known.schools <> excluded.schools`,
  );
}
