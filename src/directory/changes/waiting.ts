import type { Actor } from '../../platform/actor.js';
import type { UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { whatItSays } from '../../platform/text.js';
import { knownNames } from '../alike.js';

/** What an officer looks at before a provider is listed, so that another text waits for one. */
export const waitingColumns = { name: 'name', safeguarding: 'safeguarding', interests: 'interests', assuredBy: 'assured_by', assuredLink: 'assured_link' } as const;
export type WaitingField = keyof typeof waitingColumns;
const WAITING_FIELDS = Object.keys(waitingColumns) as WaitingField[];

/** Whether one text says something else than the other: case, spacing, accents and punctuation make no other text; a symbol or an emoji does. */
export const saysAnother = (before: string | null, after: string): boolean => before === null || whatItSays(before) !== whatItSays(after);

/** Of a link every character tells where it leads. */
const isAnother = (field: WaitingField, before: string | null, after: string): boolean => (field === 'assuredLink' ? before !== after : saysAnother(before, after));

type Texts = { [Field in WaitingField]?: string | null };
interface Row {
  name: string;
  safeguarding: string;
  interests: string | null;
  assuredBy: string | null;
  assuredLink: string | null;
  assurance: string;
  assuring_la: string | null;
  /** Whether others know of it, and it has been listed. */
  seen: boolean;
  listed: boolean;
  checks: string[];
}

/** What is to be written at once of a change, and what it means for those who have to be told. */
export interface Sorted<Changes> {
  atOnce: Changes;
  /** Whether something new waits for an officer. */
  waits: boolean;
  /** Whether the provider has another name at once, in more than case, spacing and punctuation. */
  renamed: boolean;
  /** A confirmed name that is only written in another way stays confirmed. */
  sameName: boolean;
}

/**
 * Parts a change of the profile, under the provider's lock, into what is written at once and what waits: once an officer
 * has checked something of the provider, or it has been listed, another name, safeguarding statement or declaration of
 * interests waits, or who assured a national programme, and the text that was checked stays. What says the same as the present text takes back what waits.
 */
export async function partChanges<Changes extends Texts>(tx: UnitOfWork, actor: Actor, id: string, changes: Changes): Promise<Sorted<Changes>> {
  const [present] = await tx.query<Row>(
    `SELECT name, safeguarding, interests, assured_by AS "assuredBy", assured_link AS "assuredLink", assurance, assuring_la,
            state <> 'DRAFT' AS seen, listed_at IS NOT NULL AS listed, ARRAY(SELECT kind FROM provider_check c WHERE c.provider_id = p.id) AS checks
     FROM provider p WHERE id = $1`,
    [id],
  );
  const atOnce = { ...changes };
  let waits = false;
  const another = (field: WaitingField): boolean => typeof changes[field] === 'string' && isAnother(field, present![field], changes[field]!);
  for (const field of WAITING_FIELDS) {
    const after = changes[field];
    if (typeof after !== 'string' || !isChecked(field, present!)) continue;
    const isEmptied = field === 'safeguarding' && after === ''; // refused, as what is missing then
    if (another(field) && !isEmptied) {
      delete atOnce[field];
      if (await propose(tx, actor, id, field, after, present!)) waits = true;
    } else {
      await tx.query(
        `UPDATE provider_change SET answer = 'TAKEN_BACK', answered_by = $3, answered_at = $4 WHERE provider_id = $1 AND field = $2 AND answer IS NULL`,
        [id, waitingColumns[field], actor.personId, tx.now],
      );
    }
  }
  const isNamed = typeof atOnce.name === 'string' && atOnce.name !== present!.name;
  return { atOnce, waits, renamed: isNamed && another('name'), sameName: isNamed && !another('name') };
}

/**
 * Whether an officer has looked at the text, or at that there was none: then one that is written later waits as well. A
 * name is known to whoever checked anything; who assured a national programme, to the administrator who published it.
 */
function isChecked(field: WaitingField, { seen, listed, checks, assurance }: Row): boolean {
  if (!seen) return false;
  switch (field) {
    case 'name':
      return listed || checks.length > 0;
    case 'safeguarding':
      return listed || checks.includes('SAFEGUARDING');
    case 'interests':
      return listed || checks.includes('INTERESTS');
    case 'assuredBy':
    case 'assuredLink':
      return listed && assurance === 'NATIONAL';
  }
}

/** @returns whether it is another text than the one that waits already */
async function propose(tx: UnitOfWork, actor: Actor, id: string, field: WaitingField, after: string, present: Row): Promise<boolean> {
  const [same] = await tx.query(`SELECT FROM provider_change WHERE provider_id = $1 AND field = $2 AND answer IS NULL AND after = $3`, [id, waitingColumns[field], after]);
  if (same) return false;
  await tx.query(
    `UPDATE provider_change SET answer = 'TAKEN_BACK', answered_by = $3, answered_at = $4 WHERE provider_id = $1 AND field = $2 AND answer IS NULL`,
    [id, waitingColumns[field], actor.personId, tx.now],
  );
  const alike = field === 'name' ? (await knownNames(tx)).like({ id, name: after, assurance: present.assurance, assuring_la: present.assuring_la }) : [];
  await tx.query(
    `INSERT INTO provider_change (id, provider_id, field, before, after, alike_names, proposed_by, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [newId(), id, waitingColumns[field], present[field], after, alike, actor.personId, tx.now],
  );
  return true;
}

export interface Answered {
  /** Its column. */
  field: (typeof waitingColumns)[WaitingField];
  after: string;
}

/** Answers what waits, of these changes or of all. @returns what was answered */
export async function answerChanges(
  tx: UnitOfWork,
  actor: Actor,
  id: string,
  answer: 'CONFIRMED' | 'REFUSED',
  changeIds: readonly string[] | null,
  reason: string | null,
): Promise<Answered[]> {
  return tx.query<Answered>(
    `WITH answered AS (
       UPDATE provider_change SET answer = $2, answered_by = $3, answered_at = $4, reason = $5
       WHERE provider_id = $1 AND answer IS NULL AND ($6::uuid[] IS NULL OR id = ANY($6)) RETURNING field, after)
     SELECT field, after FROM answered ORDER BY field`,
    [id, answer, actor.personId, tx.now, reason, changeIds],
  );
}
