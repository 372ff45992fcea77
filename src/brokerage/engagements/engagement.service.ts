import { z } from 'zod';
import { type Actor, system } from '../../platform/actor.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { NotAllowed, refuse, ValidationProblem } from '../../platform/problem.js';
import { changedMeanwhile, move, type Move } from '../../platform/process/index.js';
import { tidyText } from '../../platform/text.js';
import { name, neededName, neededWords } from '../../platform/validate.js';
import { writeObjectives } from './engagement.begin.js';
import { objective, validateOne } from './engagement.contents.js';
import { MOST_PEOPLE, namePeople, peopleWhoSee } from './engagement.people.js';
import { engagementProcess, sidesOf } from './engagement.process.js';
import { lockVisible, step } from './engagement.step.js';

const MOST_OBJECTIVES = 10;
const MOST_VISITORS = 50;

const objectives = z
  .array(objective.extend({ id: z.string().nullish() }))
  .min(1, 'Give at least one objective.')
  .max(MOST_OBJECTIVES, `Give at most ${MOST_OBJECTIVES} objectives.`);

const visitors = z
  .array(z.object({ name: neededName('the name of who comes', 200), role: name('The role', 200) }))
  .max(MOST_VISITORS, `Name at most ${MOST_VISITORS} people.`);

export type Objectives = z.input<typeof objectives>;
export type Visitors = z.input<typeof visitors>;

export type PlainStep = 'takeBackCompletion' | 'signOff' | 'sendBack' | 'confirm' | 'disown' | 'start' | 'complete' | 'endEarly' | 'shareWithSip' | 'stopSharing';

/** With these ends too what one side has proposed to change and nobody has answered. */
const ENDS: readonly PlainStep[] = ['complete', 'disown', 'endEarly'];

/** Agreed support on its way from the agreement to its end. */
export class Engagements {
  constructor(private readonly db: Database) {}

  /** A step of the engagement's process that needs nothing but a reason. @throws Refused */
  async act(id: string, transition: PlainStep, by: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      const [{ again } = { again: false }] = transition === 'signOff' ? await tx.query<{ again: boolean }>('SELECT sign_again AS again FROM engagement WHERE id = $1', [id]) : [];
      await step(tx, id, again ? 'signOffAgain' : transition, { ...by, set: columnsOf(transition, tx, by) });
      if (ENDS.includes(transition)) await tx.query(`UPDATE engagement_change SET answer = 'LAPSED', answered_at = $2 WHERE engagement_id = $1 AND answer IS NULL`, [id, tx.now]);
    });
  }

  /** Has somebody else asked to sign what waits for this person’s signature, since they have declared an interest in the provider. */
  async signerHasInterest(tx: UnitOfWork, personId: string, providerId: string): Promise<void> {
    const waiting = await tx.query<{ id: string }>(
      `SELECT e.id FROM engagement e JOIN school s ON s.urn = e.school_urn
       WHERE e.provider_id = $2 AND e.shared_with_sip AND (e.state = 'AWAITING_SIGN_OFF' OR e.sign_again AND e.state = 'IN_PROGRESS')
         AND (EXISTS (SELECT FROM sip_assignment a WHERE a.person_id = $1 AND a.school_urn = e.school_urn AND a.ended_at IS NULL)
           OR EXISTS (SELECT FROM sign_off_stand_in stand_in WHERE stand_in.person_id = $1 AND stand_in.la_code = s.la_code))
       ORDER BY e.id`,
      [personId, providerId],
    );
    for (const { id } of waiting) await move(tx, engagementProcess, id, 'passSigning', { actor: system });
  }

  /** Says what is to be reached. An objective with an id stays the same one; those left out go. @throws Refused */
  async setObjectives(actor: Actor, id: string, version: number, input: Objectives): Promise<void> {
    const wanted = validateOne('objectives', objectives, input);
    await this.db.transaction(async (tx) => {
      await step(tx, id, 'setObjectives', { actor, version });
      const known = wanted.flatMap((each) => each.id ?? []);
      const found = await tx.query('SELECT FROM engagement_objective WHERE engagement_id = $1 AND id = ANY($2::uuid[])', [id, known]);
      if (found.length !== known.length) refuse(new ValidationProblem([{ field: 'objectives', message: 'An objective that you changed is not one of this engagement.' }]));
      await writeObjectives(tx, id, wanted.map((each) => ({ ...each, id: each.id ?? newId() })));
    });
  }

  /** Names who comes. Checks that were confirmed were those of others, and have to be confirmed again. @throws Refused */
  async setVisitors(actor: Actor, id: string, version: number, input: Visitors): Promise<void> {
    const coming = validateOne('visitors', visitors, input);
    await this.db.transaction(async (tx) => {
      await step(tx, id, 'setVisitors', { actor, version, set: { safeguarding_statement: null, safeguarding_confirmed_by: null, safeguarding_confirmed_at: null } });
      await tx.query('DELETE FROM engagement_visitor WHERE engagement_id = $1', [id]);
      await tx.query(
        `INSERT INTO engagement_visitor (id, engagement_id, nth, name, role)
         SELECT id, $1, nth, name, role FROM unnest($2::uuid[], $3::text[], $4::text[]) WITH ORDINALITY AS given (id, name, role, nth)`,
        [id, coming.map(() => newId()), coming.map((each) => each.name), coming.map((each) => each.role)],
      );
    });
  }

  /** The provider's word, in writing, on the checks of the visitors of this version. @throws Refused */
  async confirmSafeguarding(actor: Actor, id: string, version: number, statement: string): Promise<void> {
    const words = validateOne('statement', neededWords('what you confirm', 1000), statement);
    await this.db.transaction((tx) =>
      step(tx, id, 'confirmSafeguarding', { actor, version, set: { safeguarding_statement: words, safeguarding_confirmed_by: actor.personId, safeguarding_confirmed_at: tx.now } }),
    );
  }

  /** Says who in the school sees it; whoever says so is one of them. It is the school's own affair, and in no history. @throws Refused */
  async setPeople(actor: Actor, id: string, version: number, allLeads: boolean, personIds: readonly string[]): Promise<void> {
    validateOne('personIds', z.array(z.string()).max(MOST_PEOPLE, `Name at most ${MOST_PEOPLE} people.`), personIds);
    await this.db.transaction(async (tx) => {
      const facts = await lockVisible(tx, actor, id);
      if (!sidesOf(facts, actor).includes('SCHOOL')) refuse(new NotAllowed('Only the school says who in it sees the engagement.'));
      const people = await peopleWhoSee(tx, actor, facts.schoolUrn, allLeads, personIds);
      const [changed] = await tx.query('UPDATE engagement SET all_leads = $3, version = version + 1, updated_at = $4 WHERE id = $1 AND version = $2 RETURNING id', [id, version, allLeads, tx.now]);
      if (!changed) refuse(changedMeanwhile());
      await namePeople(tx, id, people);
    });
  }

  async setPupilsConcerned(actor: Actor, id: string, version: number, concerned: boolean): Promise<void> {
    await this.db.transaction((tx) => step(tx, id, 'setPupilsConcerned', { actor, version, set: { pupils_concerned: concerned } }));
  }
}

function columnsOf(transition: PlainStep, { now }: UnitOfWork, { actor, reason }: Move): Record<string, unknown> {
  switch (transition) {
    case 'signOff':
      return { signed_off_by: actor.personId, signed_off_at: now, sign_again: false };
    case 'confirm':
      return { confirmed_at: now };
    case 'start':
      return { started_at: now };
    case 'takeBackCompletion':
      return { finished_at: null };
    case 'complete':
      return { finished_at: now };
    case 'disown':
    case 'endEarly':
      return { finished_at: now, end_reason: reason ? tidyText(reason) : null };
    case 'shareWithSip':
    case 'stopSharing':
      return { shared_with_sip: transition === 'shareWithSip' };
    case 'sendBack':
      return {};
  }
}
