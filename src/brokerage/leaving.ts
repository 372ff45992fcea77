import type { Leaver, RoomOfLeavers } from '../identity/index.js';
import { system } from '../platform/actor.js';
import type { Queryable, UnitOfWork } from '../platform/database/index.js';
import { move } from '../platform/process/index.js';
import { engagementProcess } from './engagements/engagement.process.js';
import { maySign } from './engagements/engagement.visibility.js';
import { requestProcess } from './requests/request.process.js';

const inForce = (m: string) => `${m}.ended_at IS NULL AND ${m}.confirmed_at IS NOT NULL`;
const OPEN_ENGAGEMENT = `(e.state IN ('AWAITING_SIGN_OFF', 'AGREED', 'IN_PROGRESS') OR EXISTS (SELECT FROM concern c WHERE c.engagement_id = e.id AND c.state <> 'RESOLVED'))`;

/** Whether the role `m` in the school lets its person see `x`, a request or an engagement. */
const seesBy = (m: string, x: string, kind: 'request' | 'engagement') => `
  ((${x}.all_leads AND ${m}.role = 'SCHOOL_LEAD')
    OR (${m}.role IN ('SCHOOL_LEAD', 'SCHOOL_STAFF') AND EXISTS (SELECT FROM ${kind}_person named WHERE named.${kind}_id = ${x}.id AND named.person_id = ${m}.person_id)))`;

/** That somebody sees `x` in the school by the role $1, and nobody by another one. */
const seenByOne = (x: string, kind: 'request' | 'engagement') => `
  EXISTS (SELECT FROM membership gone WHERE gone.id = $1 AND gone.school_urn = ${x}.school_urn AND ${seesBy('gone', x, kind)})
  AND NOT EXISTS (SELECT FROM membership left_behind WHERE left_behind.school_urn = ${x}.school_urn AND left_behind.id <> $1 AND ${inForce('left_behind')} AND ${seesBy('left_behind', x, kind)})`;

const ids = async (db: Queryable, sql: string, values: unknown[]) => (await db.query<{ id: string }>(sql, values)).map((row) => row.id);

const requests = (db: Queryable, { id }: Leaver) =>
  ids(db, `SELECT r.id FROM request r WHERE r.closed_at IS NULL AND (r.drafted_by_sip IS NULL OR r.submitted_at IS NOT NULL) AND ${seenByOne('r', 'request')} ORDER BY r.id`, [id]);

const engagements = (db: Queryable, { id }: Leaver) => ids(db, `SELECT e.id FROM engagement e WHERE ${OPEN_ENGAGEMENT} AND ${seenByOne('e', 'engagement')} ORDER BY e.id`, [id]);

const drafts = (db: Queryable, { personId, schools }: Leaver) =>
  ids(db, 'SELECT id FROM request WHERE drafted_by_sip = $1 AND submitted_at IS NULL AND closed_at IS NULL AND school_urn = ANY($2) ORDER BY id', [personId, schools]);

/** Another SIP of the school of `e` than $1. */
const OTHER_SIP = `
  SELECT FROM sip_assignment a JOIN membership sip ON sip.person_id = a.person_id AND sip.role = 'SIP' AND ${inForce('sip')}
  WHERE a.school_urn = e.school_urn AND a.ended_at IS NULL AND a.person_id <> $1 AND sip.la_code = s.la_code`;

const signOffs = (db: Queryable, { id, personId, schools }: Leaver) =>
  ids(
    db,
    `SELECT e.id FROM engagement e JOIN school s ON s.urn = e.school_urn
     WHERE e.school_urn = ANY($2) AND (e.state = 'AWAITING_SIGN_OFF' OR e.sign_again) AND ${maySign('$1::uuid', 'e.provider_id', 'e.school_urn')}
       AND NOT EXISTS (${OTHER_SIP} AND ${maySign('a.person_id', 'e.provider_id', 'e.school_urn')})
       AND NOT EXISTS (
         SELECT FROM sign_off_stand_in stand_in JOIN membership m ON m.person_id = stand_in.person_id AND m.la_code = stand_in.la_code AND m.role IN ('SIP', 'LA_OFFICER') AND ${inForce('m')}
         WHERE stand_in.la_code = s.la_code AND m.id <> $3 AND ${maySign('stand_in.person_id', 'e.provider_id', 'e.school_urn')})`,
    [personId, schools, id],
  );

const actions = (db: Queryable, { personId, schools }: Leaver) =>
  ids(
    db,
    `SELECT part.id FROM engagement_action part JOIN engagement e ON e.id = part.engagement_id JOIN school s ON s.urn = e.school_urn
     WHERE e.school_urn = ANY($2) AND part.owner = 'SIP' AND part.done_at IS NULL AND e.shared_with_sip AND e.state IN ('AWAITING_SIGN_OFF', 'AGREED', 'IN_PROGRESS') AND NOT EXISTS (${OTHER_SIP})`,
    [personId, schools],
  );

/** What a provider has open, where nobody else belongs to it. */
const ofProvider = (db: Queryable, { id, providerId }: Leaver) =>
  ids(
    db,
    `SELECT open.id FROM (
       SELECT i.id FROM invitation i JOIN request r ON r.id = i.request_id WHERE i.provider_id = $2 AND i.state IN ('SENT', 'OPENED', 'RESPONDED') AND r.closed_at IS NULL
       UNION ALL SELECT e.id FROM engagement e WHERE e.provider_id = $2 AND e.origin <> 'FREE_RESOURCE' AND ${OPEN_ENGAGEMENT}) open
     WHERE NOT EXISTS (SELECT FROM membership m WHERE m.provider_id = $2 AND m.id <> $1 AND ${inForce('m')})`,
    [id, providerId],
  );

/** Gives each of these to the successor, as a step of its process, which its history keeps. */
async function nameInEach(tx: UnitOfWork, kind: 'request' | 'engagement', objects: readonly string[], successorId: string): Promise<void> {
  for (const id of objects) {
    if (kind === 'request') await move(tx, requestProcess, id, 'handOver', { actor: system });
    else await move(tx, engagementProcess, id, 'handOver', { actor: system });
  }
  await tx.query(`INSERT INTO ${kind}_person (${kind}_id, person_id) SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING`, [objects, successorId]);
}

/** What hangs here on a role in a school, on a SIP’s work and on a role in a provider. */
export const brokerageLeaving: RoomOfLeavers = {
  async find(db, leaver) {
    if (leaver.schoolUrn !== null && leaver.what === 'ROLE') return { REQUESTS: (await requests(db, leaver)).length, ENGAGEMENTS: (await engagements(db, leaver)).length };
    if (leaver.providerId !== null) return { PROVIDER: (await ofProvider(db, leaver)).length };
    if (leaver.schools.length === 0) return {};
    return { DRAFTS: (await drafts(db, leaver)).length, SIGN_OFFS: (await signOffs(db, leaver)).length, ACTIONS: (await actions(db, leaver)).length };
  },

  async handOn(tx, leaver, successorId) {
    if (leaver.schoolUrn !== null && leaver.what === 'ROLE') {
      const [asked, agreed] = [await requests(tx, leaver), await engagements(tx, leaver)];
      await nameInEach(tx, 'request', asked, successorId);
      await nameInEach(tx, 'engagement', agreed, successorId);
      return { REQUESTS: asked.length, ENGAGEMENTS: agreed.length };
    }
    const drafted = leaver.schools.length > 0 ? await drafts(tx, leaver) : [];
    for (const id of drafted) await move(tx, requestProcess, id, 'handOver', { actor: system, set: { drafted_by_sip: successorId } });
    return { DRAFTS: drafted.length };
  },
};
