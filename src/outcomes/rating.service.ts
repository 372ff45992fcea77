import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { engagementIsVisible } from '../brokerage/index.js';
import { type Actor, system } from '../platform/actor.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { refuse, ValidationProblem, whatIsMissing } from '../platform/problem.js';
import { begin, mayHappen, move, type Move } from '../platform/process/index.js';
import { neededWords, validate, words } from '../platform/validate.js';
import { CHANGEABLE_DAYS, factsOfNewRating, lockEngagement, type RatingFacts, ratingProcess, toBeAsked } from './rating.process.js';
import { type Placed, placesOfObjectives } from './place.js';
import { officerValues, ratingIsVisible } from './visibility.js';
import { ObjectiveResult } from './vocabulary.js';

const answer = z.object({
  objectiveId: z.string(),
  result: z.enum(ObjectiveResult),
  baseline: words('Where you started', 300),
  after: words('Where you are now', 300),
  cohort: z.int().min(1, 'Enter how many pupils the figures are of, or leave it empty.').max(100_000, 'Enter fewer than 100,000 pupils.').nullish(),
});

const rating = z.object({
  understood: z.literal(true, 'Say that you have read who will see the rating: its provider will recognise it.'),
  objectives: z.array(answer),
  helpfulness: z.int().min(1, 'Say how much it helped, from 1 to 4.').max(4, 'Say how much it helped, from 1 to 4.'),
  wouldRecommend: z.boolean(),
  words: words('What you say', 2000),
  mayBeAsked: z.boolean().default(false),
});

const reply = neededWords('your reply', 2000);

/** What the product does as time passes. */
const timely = ['askAgain', 'settle'] as const;

type Answer = z.output<typeof answer>;
export type Answering = z.input<typeof answer>;
export type RatingGiven = Omit<z.input<typeof rating>, 'understood'> & { understood: boolean };

/** The word of schools on what came of finished support. */
export class Ratings {
  constructor(private readonly db: Database) {}

  /** Rates a finished engagement: one rating for each, however often and by however many at once. @returns its id @throws Refused */
  async give(actor: Actor, engagementId: string, input: RatingGiven, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const created = await once(tx, actor, key, { engagementId, input }, async () => {
        const given = validate(rating, input);
        await tx.query(lockEngagement, [engagementId]);
        if (!(await engagementIsVisible(tx, actor, engagementId))) refuse(whatIsMissing('engagement'));
        const id = newId();
        const facts = (await factsOfNewRating(tx, actor, id, engagementId)) ?? refuse(whatIsMissing('engagement'));
        const { objectives, listingId, whole } = await placesOfObjectives(tx, engagementId);
        await begin(tx, ratingProcess, 'give', facts, actor, async (state) => {
          answersAll(given.objectives, objectives);
          await tx.query(
            `INSERT INTO rating (id, engagement_id, provider_id, listing_id, school_urn, state, created_at, updated_at, given_by, given_at, changeable_until,
                                 category, phase, helpfulness, would_recommend, words, words_id, contact_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $7, $9, $10, $11, $12, $13, $14, $15, $16)`,
            [
              id, engagementId, facts.engagement.providerId, listingId, facts.engagement.schoolUrn, state, tx.now, actor.personId, changeableUntil(tx.now), whole.category, whole.phase,
              given.helpfulness, given.wouldRecommend, given.words, randomUUID(), given.mayBeAsked ? actor.personId : null,
            ],
          );
          await keepAnswers(tx, id, 0, given.objectives, objectives);
        });
        return { type: 'Rating', id };
      });
      return created.id;
    });
  }

  /** Changes a rating, while the school still may. @throws Refused */
  async change(actor: Actor, id: string, version: number, input: RatingGiven): Promise<void> {
    const given = validate(rating, input);
    await this.step(id, 'change', { actor, version }, async (tx, { engagement }) => {
      const { objectives } = await placesOfObjectives(tx, engagement.id);
      answersAll(given.objectives, objectives);
      await tx.query('DELETE FROM rating_answer WHERE rating_id = $1', [id]);
      await keepAnswers(tx, id, 0, given.objectives, objectives);
      await tx.query(
        `UPDATE rating SET helpfulness = $2, would_recommend = $3, words = $4, contact_id = CASE WHEN $5 THEN coalesce(contact_id, $6) END WHERE id = $1`,
        [id, given.helpfulness, given.wouldRecommend, given.words, given.mayBeAsked, actor.personId],
      );
    });
  }

  /** The provider's reply: one. @throws Refused */
  async reply(actor: Actor, id: string, input: string): Promise<void> {
    const text = validate(z.object({ reply }), { reply: input }).reply;
    await this.db.transaction(async (tx) => {
      await this.see(tx, actor, id);
      await move(tx, ratingProcess, id, 'reply', { actor, set: { reply: text, replied_by: actor.personId, replied_at: tx.now } });
    });
  }

  /** Mends the reply, before anybody else has read it. @throws Refused */
  async mendReply(actor: Actor, id: string, input: string): Promise<void> {
    const text = validate(z.object({ reply }), { reply: input }).reply;
    await this.db.transaction(async (tx) => {
      await this.see(tx, actor, id);
      await move(tx, ratingProcess, id, 'mendReply', { actor, set: { reply: text } });
    });
  }

  /** Answers what it was too early to tell, all of it. @throws Refused */
  async followUp(actor: Actor, id: string, input: Answering[]): Promise<void> {
    const answers = validate(z.object({ answers: z.array(answer) }), { answers: input }).answers;
    await this.step(id, 'followUp', { actor }, async (tx, { engagement, askedAgain }) => {
      const { objectives } = await placesOfObjectives(tx, engagement.id);
      const open = await openObjectives(tx, id);
      const asked = objectives.filter((each) => open.has(each.id));
      answersAll(answers, asked);
      await keepAnswers(tx, id, askedAgain, answers, asked);
    });
  }

  /** Lets other schools ask the actor about it, or no more. @throws Refused */
  async setMayBeAsked(actor: Actor, id: string, mayBeAsked: boolean): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.see(tx, actor, id);
      await move(tx, ratingProcess, id, mayBeAsked ? 'offerToBeAsked' : 'stopBeingAsked', { actor, set: { contact_id: mayBeAsked ? actor.personId : null } });
    });
  }

  /** Hides words from the public, or shows them again; the counts stay. @param wordsId the name under which the words are public @param version of the rating that was read @throws Refused */
  async moderate(actor: Actor, wordsId: string, transition: 'hideWords' | 'showWords', reason: string, version?: number | null): Promise<void> {
    await this.db.transaction(async (tx) => {
      const [found] = await tx.query<{ id: string }>(
        `SELECT r.id FROM rating r JOIN provider p ON p.id = r.provider_id JOIN school s ON s.urn = r.school_urn
         WHERE r.words_id = $1 AND r.evidence_id IS NOT NULL AND r.words <> '' AND (NOT r.words_hidden OR p.assuring_la = ANY($2::text[]) OR s.la_code = ANY($2::text[]))`,
        [wordsId, officerValues(actor)[0]],
      );
      await move(tx, ratingProcess, found?.id ?? refuse(whatIsMissing('text')), transition, { actor, reason, version, set: { words_hidden: transition === 'hideWords' } });
    });
  }

  /** Job: asks schools again where it was too early, and settles ratings of which nothing is left to be asked. */
  async passTime(): Promise<void> {
    const due = await this.db.transaction(async (tx) => {
      const going = await tx.query<{ id: string }>(`SELECT id FROM rating WHERE state = 'GIVEN' AND changeable_until <= $1 ORDER BY id`, [tx.now]);
      const facts = await ratingProcess.facts(tx, going.map(({ id }) => id), system);
      return facts.flatMap((each) => timely.filter((transition) => mayHappen(ratingProcess.transitions[transition]!, each, system, tx.now)).map((transition) => ({ id: each.id, transition })));
    });
    for (const { id, transition } of due) await this.pass(id, transition);
  }

  private async pass(id: string, transition: (typeof timely)[number]): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(ratingProcess.lock, [id]);
      const [facts] = await ratingProcess.facts(tx, [id], system);
      if (!facts || !mayHappen(ratingProcess.transitions[transition]!, facts, system, tx.now)) return;
      await move(tx, ratingProcess, id, transition, { actor: system, set: transition === 'askAgain' ? { asked_again: toBeAsked(facts, tx.now) } : {} });
    });
  }

  private async step(id: string, transition: string, by: Move, write: (tx: UnitOfWork, facts: RatingFacts) => Promise<void>): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.see(tx, by.actor, id);
      await write(tx, await move(tx, ratingProcess, id, transition, by));
    });
  }

  private async see(tx: UnitOfWork, actor: Actor, id: string): Promise<void> {
    await tx.query(ratingProcess.lock, [id]);
    if (!(await ratingIsVisible(tx, actor, id))) refuse(whatIsMissing('rating'));
  }
}

const changeableUntil = (now: Date) => new Date(now.getTime() + CHANGEABLE_DAYS * 86_400_000);

function answersAll(answers: readonly Answer[], objectives: readonly Placed[]): void {
  const [given, wanted] = [answers.map((each) => each.objectiveId), objectives.map((each) => each.id)].map((ids) => [...ids].sort().join());
  if (given !== wanted) refuse(new ValidationProblem([{ field: 'objectives', message: 'Say of each objective that you are asked about what came of it, once.' }]));
}

/** The objectives of which the last answer is that it is too early. */
async function openObjectives(tx: UnitOfWork, ratingId: string): Promise<Set<string>> {
  const rows = await tx.query<{ id: string; result: string }>(
    'SELECT DISTINCT ON (objective_id) objective_id AS id, result FROM rating_answer WHERE rating_id = $1 ORDER BY objective_id, asked DESC',
    [ratingId],
  );
  return new Set(rows.filter((row) => row.result === 'TOO_EARLY').map((row) => row.id));
}

async function keepAnswers(tx: UnitOfWork, ratingId: string, asked: number, answers: readonly Answer[], objectives: readonly Placed[]): Promise<void> {
  const placeOf = new Map(objectives.map((each) => [each.id, each]));
  const column = (field: keyof Answer) => answers.map((each) => each[field] ?? null);
  const place = (part: 'category' | 'phase') => answers.map((each) => placeOf.get(each.objectiveId)![part]);
  await tx.query(
    `INSERT INTO rating_answer (id, rating_id, asked, answered_at, objective_id, result, baseline, after, cohort, category, phase)
     SELECT id, $1, $2, $3, objective_id, result, baseline, after, cohort, category, phase
     FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::int[], $10::text[], $11::text[])
       AS given (id, objective_id, result, baseline, after, cohort, category, phase)`,
    [
      ratingId, asked, tx.now, answers.map(() => newId()), column('objectiveId'), column('result'), column('baseline'), column('after'), column('cohort'), place('category'), place('phase'),
    ],
  );
}
