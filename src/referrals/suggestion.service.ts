import { z } from 'zod';
import { type Category, categories, type SupportPhase, supportPhases } from '../directory/index.js';
import { type Actor, isOfficerOf, system } from '../platform/actor.js';
import type { Database, Queryable, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { NotAllowed, problemType, refuse, whatIsMissing } from '../platform/problem.js';
import { begin, mayHappen, move, type Move } from '../platform/process/index.js';
import { withinRate } from '../platform/rate-limit.js';
import { neededWords, validate } from '../platform/validate.js';
import { deadlineIn } from '../schools/index.js';
import { listingToName, ownSchoolsNamedIn } from './named-listing.js';
import { factsForNewSuggestionRequest, NamesASchool, type SuggestionRequestFacts, suggestionRequestProcess } from './suggestion.process.js';
import { sipLasOf, suggestionRequestIsVisible } from './visibility.js';

export const TooManyQuestions = problemType('TooManyQuestions', 'The SIP has asked other SIPs too often today.');

export const SUGGESTION_DAYS = 30;
const QUESTIONS_A_DAY = 10;
const MOST_LAS = 20;

const oneOf = <Value extends string>(words: Record<Value, string>) => z.enum(Object.keys(words) as [Value, ...Value[]]).nullish();
const newQuestion = z.object({
  question: neededWords('what you look for', 1000),
  category: oneOf<Category>(categories),
  phase: oneOf<SupportPhase>(supportPhases),
  laCodes: z.array(z.string()).max(MOST_LAS, `Ask up to ${MOST_LAS} local authorities.`).nullish(),
});
const answer = z.object({ requestId: z.string(), listingId: z.string(), reason: neededWords('why you suggest it', 1000) });

export class Suggestions {
  constructor(private readonly db: Database) {}

  /** Asks the other SIPs of one's own LAs, or of those named. @throws Refused */
  ask(actor: Actor, input: z.input<typeof newQuestion>, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, input, async () => {
        const { question, category, phase, laCodes } = validate(newQuestion, input);
        const own = sipLasOf(actor);
        const asked = [...new Set(laCodes?.length ? laCodes : own)];
        const laCode = asked.find((code) => own.includes(code)) ?? own[0] ?? refuse(new NotAllowed('Only a School Improvement Partner can ask the others.'));
        const id = newId();
        const facts = await factsForNewSuggestionRequest(tx, id, actor, laCode, asked);
        if (!facts || facts.asked.length < asked.length) return refuse(whatIsMissing('local authority'));
        await refuseSchoolNames(tx, actor, question);
        if (!(await withinRate(tx, `questions-of:${actor.personId}`, QUESTIONS_A_DAY, 86_400, tx.now))) {
          refuse(new TooManyQuestions(`You can ask other SIPs ${QUESTIONS_A_DAY} times a day. Ask again tomorrow.`));
        }
        await begin(tx, suggestionRequestProcess, 'ask', facts, actor, async (state) => {
          const expiresAt = await deadlineIn(tx, laCode, tx.now, SUGGESTION_DAYS);
          await tx.query(
            `INSERT INTO suggestion_request (id, asked_by, la_code, state, question, category, phase, created_at, updated_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
            [id, actor.personId, laCode, state, question, category ?? null, phase ?? null, tx.now, expiresAt],
          );
          await tx.query('INSERT INTO suggestion_request_la (request_id, la_code) SELECT $1, unnest($2::text[])', [id, asked]);
        });
        return { type: 'SuggestionRequest', id };
      });
      return id;
    });
  }

  /** Suggests a listing to whoever asks; the same listing again gets the new reason. @returns the question's id. @throws Refused */
  suggest(actor: Actor, input: z.input<typeof answer>, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, input, async () => {
        const { requestId, listingId, reason } = validate(answer, input);
        await step(tx, requestId, 'suggest', { actor });
        const { title, providerName } = await listingToName(tx, listingId, null);
        await refuseSchoolNames(tx, actor, reason);
        await tx.query(
          `INSERT INTO suggestion (id, request_id, listing_id, title, provider_name, reason, suggested_by, suggested_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT ON CONSTRAINT suggestion_once DO UPDATE SET reason = EXCLUDED.reason`,
          [newId(), requestId, listingId, title, providerName, reason, actor.personId, tx.now],
        );
        return { type: 'SuggestionRequest', id: requestId };
      });
      return id;
    });
  }

  /** @throws Refused */
  async close(actor: Actor, id: string): Promise<void> {
    await this.db.transaction((tx) => step(tx, id, 'close', { actor }));
  }

  /** Lets SIPs of other LAs ask those of this one, or no longer. Questions asked before stay as they are. @throws Refused */
  setOpen(actor: Actor, laCode: string, open: boolean): Promise<void> {
    return this.db.transaction(async (tx) => {
      const [la] = await tx.query('SELECT code FROM living_authority WHERE code = $1', [laCode]);
      if (!la) refuse(whatIsMissing('local authority'));
      if (!isOfficerOf(actor, laCode)) refuse(new NotAllowed('Only an officer of the local authority opens the list of its SIPs.'));
      await tx.query('INSERT INTO la_setting (la_code, open_suggestions) VALUES ($1, $2) ON CONFLICT (la_code) DO UPDATE SET open_suggestions = EXCLUDED.open_suggestions', [laCode, open]);
    });
  }

  /** Job: lets questions expire whose time has come. */
  async passTime(): Promise<void> {
    const due = await this.db.transaction((tx) => tx.query<{ id: string }>(`SELECT id FROM suggestion_request WHERE state = 'OPEN' AND expires_at <= $1`, [tx.now]));
    for (const { id } of due) {
      await this.db.transaction(async (tx) => {
        await tx.query(suggestionRequestProcess.lock, [id]);
        const [facts] = await suggestionRequestProcess.facts(tx, [id], system);
        if (facts && mayHappen(suggestionRequestProcess.transitions['expire']!, facts, system, tx.now)) await move(tx, suggestionRequestProcess, id, 'expire', { actor: system });
      });
    }
  }
}

async function step(tx: UnitOfWork, id: string, transition: string, by: Move): Promise<SuggestionRequestFacts> {
  await tx.query(suggestionRequestProcess.lock, [id]);
  if (!(await suggestionRequestIsVisible(tx, by.actor, id))) refuse(whatIsMissing('question to SIPs'));
  return move(tx, suggestionRequestProcess, id, transition, by);
}

/** What SIPs of other schools read must not tell of which school it is. @throws Refused with NamesASchool */
async function refuseSchoolNames(db: Queryable, actor: Actor, text: string): Promise<void> {
  const [name] = await ownSchoolsNamedIn(db, actor, text);
  if (name) refuse(new NamesASchool(`Leave out ${name}, and its URN: SIPs of other schools will read this.`));
}
