import { type Actor, leadsSchool, system, worksForProvider } from '../../platform/actor.js';
import type { Database, Recorded, UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { NotAllowedInThisState, refuse, whatIsMissing } from '../../platform/problem.js';
import { begin, move } from '../../platform/process/index.js';
import { checkOften } from '../../platform/rate-limit.js';
import { neededWords, validate } from '../../platform/validate.js';
import { z } from 'zod';
import { type Appealable, type AppealKind, type Decision } from './appealable.js';
import { type AppealFacts, appealProcess } from './appeal.process.js';
import { appealIsVisible } from './appeal.read.js';

const APPEALS_A_DAY = 20;
const appealInput = z.object({ grounds: neededWords('why the decision is wrong', 3000) });

type Side = Pick<AppealFacts, 'byKind' | 'byId' | 'byName'>;

export class Appeals {
  private readonly kinds = new Map<AppealKind, Appealable>();

  constructor(private readonly db: Database) {}

  /** Lets decisions of this kind be appealed; for the composition root. */
  accept(kind: AppealKind, appealable: Appealable): void {
    this.kinds.set(kind, appealable);
  }

  /** Appeals against the decision of this kind about the object that is in force. @throws Refused */
  async appeal(actor: Actor, against: AppealKind, objectId: string, grounds: string, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { against, objectId, grounds }, async () => {
        const { grounds: why } = validate(appealInput, { grounds });
        const kind = this.kinds.get(against)!;
        const decision = await kind.find(tx, objectId);
        const side = decision && (await sideOf(tx, actor, kind, decision));
        if (!decision || !side) return refuse(whatIsMissing('decision'));
        await checkOften(tx, 'appeals', actor.personId, APPEALS_A_DAY);
        return { type: 'Appeal', id: await this.add(tx, actor, against, decision, side, why) };
      });
      return id;
    });
  }

  private async add(tx: UnitOfWork, actor: Actor, against: AppealKind, decision: Decision, side: Side, grounds: string): Promise<string> {
    const id = newId();
    const facts: AppealFacts = { id, state: 'OPEN', ...side, appealedBy: actor.personId!, laCode: decision.laCode, laName: null, judgeAtHome: true, bar: null, ownLa: null, ownLaName: null };
    await begin(tx, appealProcess, 'appeal', facts, actor, async (state) => {
      const [added] = await tx.query(
        `INSERT INTO appeal (id, against, object_id, decision, title, la_code, provider_id, school_urn, decided_by, decided_at, decision_reason,
           by_kind, by_id, by_name, appealed_by, appealed_at, grounds, state, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $16) ON CONFLICT DO NOTHING RETURNING id`,
        [id, against, decision.objectId, decision.decision, decision.title, decision.laCode, decision.providerId, decision.schoolUrn, decision.decidedBy, decision.decidedAt, decision.reason,
          side.byKind, side.byId, side.byName, actor.personId, tx.now, grounds, state],
      );
      if (!added) refuse(new NotAllowedInThisState('This decision has been appealed already. For each side a decision is looked at again once.'));
    });
    return id;
  }

  /** Judges it; what is overturned is undone in the same unit of work, unless it has ended by itself meanwhile. @param version that the judge has read @throws Refused */
  async judge(actor: Actor, id: string, outcome: 'uphold' | 'overturn', reason: string, version?: number | null): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.lockVisible(tx, actor, id);
      const [facts] = await appealProcess.facts(tx, [id], actor);
      const judgedFor = facts && appealProcess.who['judge']!.party(facts, actor)?.name;
      await move(tx, appealProcess, id, outcome, { actor, reason, version, set: { judged_at: tx.now, judged_for: judgedFor ?? null, outcome_reason: reason } });
      if (outcome === 'uphold') return;
      const [{ against, objectId, decision }] = (await tx.query<{ against: AppealKind; objectId: string; decision: number | null }>(
        'SELECT against, object_id AS "objectId", decision FROM appeal WHERE id = $1',
        [id],
      )) as [{ against: AppealKind; objectId: string; decision: number | null }];
      const kind = this.kinds.get(against)!;
      const inForce = await kind.find(tx, objectId);
      if (inForce && inForce.decision === decision) await kind.undo(tx, objectId, { actor, reason });
    });
  }

  /** @throws Refused */
  async withdraw(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.lockVisible(tx, actor, id);
      await move(tx, appealProcess, id, 'withdraw', { actor });
    });
  }

  /** Ends the open appeals against what does not hold any more after these steps. For the composition root, which has it told of all steps. */
  async decisionsChanged(tx: UnitOfWork, steps: readonly Recorded[]): Promise<void> {
    const objects = [...new Set(steps.filter(({ process }) => process !== appealProcess.name).map(({ objectId }) => objectId))];
    if (objects.length === 0) return;
    const open = await tx.query<{ id: string; against: AppealKind; objectId: string; decision: number | null }>(
      `SELECT id, against, object_id AS "objectId", decision FROM appeal WHERE object_id = ANY($1::uuid[]) AND state = 'OPEN' ORDER BY id`,
      [objects],
    );
    for (const { id, against, objectId, decision } of open) {
      const inForce = await this.kinds.get(against)!.find(tx, objectId);
      if (inForce && inForce.decision === decision) continue;
      await tx.query(appealProcess.lock, [id]);
      const [facts] = await appealProcess.facts(tx, [id], system);
      if (facts!.state === 'OPEN') await move(tx, appealProcess, id, 'end', { actor: system });
    }
  }

  private async lockVisible(tx: UnitOfWork, actor: Actor, id: string): Promise<void> {
    await tx.query(appealProcess.lock, [id]);
    if (!(await appealIsVisible(tx, actor, id))) refuse(whatIsMissing('appeal'));
  }
}

/** The side for which this actor may appeal; null: the decision is none of theirs. */
async function sideOf(tx: UnitOfWork, actor: Actor, { sides }: Appealable, { providerId, schoolUrn, personId }: Decision): Promise<Side | null> {
  const nameOf = async (sql: string, id: unknown) => (await tx.query<{ name: string }>(sql, [id]))[0]!.name;
  if (sides.includes('PROVIDER') && providerId && worksForProvider(actor, providerId)) {
    return { byKind: 'PROVIDER', byId: providerId, byName: await nameOf('SELECT name FROM provider WHERE id = $1', providerId) };
  }
  if (sides.includes('SCHOOL') && schoolUrn && leadsSchool(actor, schoolUrn)) {
    return { byKind: 'SCHOOL', byId: String(schoolUrn), byName: await nameOf('SELECT name FROM school WHERE urn = $1', schoolUrn) };
  }
  if (!sides.includes('PERSON') || !personId || actor.personId !== personId) return null;
  return { byKind: 'PERSON', byId: personId, byName: await nameOf(`SELECT coalesce(nullif(name, ''), 'Somebody without a name') AS name FROM person WHERE id = $1`, personId) };
}
