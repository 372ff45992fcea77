import { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { refuse, ValidationProblem, whatIsMissing } from '../platform/problem.js';
import { begin, move, type Move } from '../platform/process/index.js';
import { dayWithin } from '../platform/dates.js';
import { neededName, neededWords, validate } from '../platform/validate.js';
import { visitIsVisible } from './visibility.js';
import { factsForNewVisit, visitProcess } from './visit.process.js';

const MOST_AGENDA_POINTS = 20;

const planned = (now: Date) => z.object({ date: dayWithin('visit', now, 'The day of the visit'), focus: neededName('the focus of the visit', 500) });
const newVisit = (now: Date) => planned(now).extend({ schoolUrn: z.int() });
const written = z.object({ note: neededWords('the note', 10_000) });
const point = z.object({ text: neededWords('the point', 500) });

export class Visits {
  constructor(private readonly db: Database) {}

  /** Plans a visit to a school, or enters one that has been. @throws Refused */
  plan(actor: Actor, input: z.input<ReturnType<typeof newVisit>>, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, input, async () => {
        const { schoolUrn, date, focus } = validate(newVisit(tx.now), input);
        const id = newId();
        const facts = (await factsForNewVisit(tx, id, actor, schoolUrn, date)) ?? refuse(whatIsMissing('school'));
        await begin(tx, visitProcess, 'plan', facts, actor, async (state) => {
          await tx.query('INSERT INTO visit (id, school_urn, sip_id, state, visit_on, focus, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)', [
            id,
            schoolUrn,
            actor.personId,
            state,
            date,
            focus,
            tx.now,
          ]);
        });
        return { type: 'Visit', id };
      });
      return id;
    });
  }

  /** @throws Refused */
  change(id: string, input: z.input<ReturnType<typeof planned>>, by: Move): Promise<void> {
    return this.db.transaction(async (tx) => {
      const { date, focus } = validate(planned(tx.now), input);
      await step(tx, id, 'change', { ...by, set: { visit_on: date, focus } });
    });
  }

  /** Writes, or writes anew, what came of the visit. @throws Refused */
  writeNote(id: string, note: string, by: Move): Promise<void> {
    return this.db.transaction((tx) => step(tx, id, 'writeNote', { ...by, set: validate(written, { note }) }));
  }

  /** @throws Refused */
  cancel(id: string, by: Move): Promise<void> {
    return this.db.transaction((tx) => step(tx, id, 'cancel', by));
  }

  /** The school puts a point on the agenda. @returns the visit's id. @throws Refused */
  addAgendaPoint(actor: Actor, visitId: string, input: z.input<typeof point>, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { visitId, ...input }, async () => {
        const { text } = validate(point, input);
        await step(tx, visitId, 'addAgendaPoint', { actor });
        const added = await tx.query(
          `INSERT INTO agenda_point (id, visit_id, text, put_by, put_at)
           SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM agenda_point WHERE visit_id = $2) < $6 RETURNING id`,
          [newId(), visitId, text, actor.personId, tx.now, MOST_AGENDA_POINTS],
        );
        if (added.length === 0) refuse(new ValidationProblem([{ field: 'text', message: `The agenda has ${MOST_AGENDA_POINTS} points already. Take one off first.` }]));
        return { type: 'Visit', id: visitId };
      });
      return id;
    });
  }

  /** @returns the visit's id. @throws Refused */
  removeAgendaPoint(actor: Actor, id: string): Promise<string> {
    return this.db.transaction(async (tx) => {
      const [found] = await tx.query<{ visitId: string }>('SELECT visit_id AS "visitId" FROM agenda_point WHERE id = $1', [id]);
      if (!found || !(await visitIsVisible(tx, actor, found.visitId))) return refuse(whatIsMissing('point of the agenda'));
      await step(tx, found.visitId, 'removeAgendaPoint', { actor });
      const removed = await tx.query('DELETE FROM agenda_point WHERE id = $1 RETURNING id', [id]);
      return removed.length > 0 ? found.visitId : refuse(whatIsMissing('point of the agenda'));
    });
  }
}

async function step(tx: UnitOfWork, id: string, transition: string, by: Move): Promise<void> {
  await tx.query(visitProcess.lock, [id]);
  if (!(await visitIsVisible(tx, by.actor, id))) refuse(whatIsMissing('visit'));
  await move(tx, visitProcess, id, transition, by);
}
