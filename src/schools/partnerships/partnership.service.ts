import { z } from 'zod';
import { type Actor, isOfficerOf, leadsSchool } from '../../platform/actor.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { NotAllowed, refuse, ValidationProblem, whatIsMissing } from '../../platform/problem.js';
import { begin, move, type Move } from '../../platform/process/index.js';
import { checkOften, checkReach } from '../../platform/rate-limit.js';
import { neededName, validate } from '../../platform/validate.js';
import { partnershipIsVisible, placeIsVisible } from './partnership.read.js';
import { factsOfNewPlace, placeProcess } from './place.process.js';

const MOST_SCHOOLS = 60;
const BEGUN_A_DAY = 5;
/** By one person, of one school, and of one school by one person: its leads are told each time. */
const ASKED_A_DAY = { sender: 60, recipient: 20, pair: 2 };

const schools = z.array(z.int()).min(1, 'Name at least one other school.').max(MOST_SCHOOLS, `A partnership has ${MOST_SCHOOLS} schools at most.`).transform((urns) => [...new Set(urns)]);
const proposal = z.object({ name: neededName('the partnership’s name', 100), schoolUrns: schools });

export class Partnerships {
  constructor(private readonly db: Database) {}

  /** A lead proposes a partnership: their school belongs to it at once, each of the others when it accepts. @throws Refused */
  async propose(actor: Actor, input: { name: string; schoolUrn: number; schoolUrns: number[] }, key?: string | null): Promise<string> {
    return this.created(actor, key, input, async (tx) => {
      const { name, schoolUrns } = validate(proposal, input);
      if (!leadsSchool(actor, input.schoolUrn)) refuse(new NotAllowed('Only a lead of a school proposes a partnership for it.'));
      const [own] = await tx.query<{ la: string }>('SELECT la_code AS la FROM school WHERE urn = $1', [input.schoolUrn]);
      const others = schoolUrns.filter((urn) => urn !== input.schoolUrn);
      if (others.length === 0) refuse(new ValidationProblem([{ field: 'schoolUrns', message: 'Name at least one other school.' }]));
      await checkOften(tx, 'partnerships', actor.personId, BEGUN_A_DAY);
      const id = await this.add(tx, name, own!.la);
      await this.place(tx, actor, id, 'found', [input.schoolUrn]);
      await this.ask(tx, actor, id, others);
      return id;
    });
  }

  /** A lead of one of its schools asks further ones. @throws Refused */
  async invite(actor: Actor, id: string, schoolUrns: number[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.lockVisible(tx, actor, id);
      await this.ask(tx, actor, id, validate(z.object({ schoolUrns: schools }), { schoolUrns }).schoolUrns);
    });
  }

  /** An officer enters a partnership that there is, of schools of their own area. @throws Refused */
  async enter(actor: Actor, input: { name: string; laCode: string; schoolUrns: number[] }, key?: string | null): Promise<string> {
    return this.created(actor, key, input, async (tx) => {
      const { name, schoolUrns } = validate(proposal, input);
      if (!isOfficerOf(actor, input.laCode)) refuse(new NotAllowed('Only an officer of the local authority enters its partnerships.'));
      const elsewhere = await tx.query<{ name: string }>('SELECT name FROM school WHERE urn = ANY($1::int[]) AND la_code <> $2 ORDER BY name', [schoolUrns, input.laCode]);
      if (elsewhere.length > 0) {
        refuse(new ValidationProblem([{ field: 'schoolUrns', message: `${elsewhere[0]!.name} is in another local authority. A lead of the partnership can ask it to join.` }]));
      }
      const id = await this.add(tx, name, input.laCode);
      await this.place(tx, actor, id, 'enter', schoolUrns);
      return id;
    });
  }

  /** A step of one school’s place: accept, decline, leave, remove. @throws Refused */
  async act(placeId: string, transition: 'accept' | 'decline' | 'leave' | 'remove', by: Move): Promise<string> {
    return this.db.transaction(async (tx) => {
      await tx.query(placeProcess.lock, [placeId]);
      if (!(await placeIsVisible(tx, by.actor, placeId))) refuse(whatIsMissing('place'));
      const { partnershipId } = await move(tx, placeProcess, placeId, transition, { ...by, set: transition === 'accept' ? { since: tx.now } : {} });
      return partnershipId;
    });
  }

  /** An officer ends a partnership: no school has a place in it any more. @throws Refused */
  async end(id: string, by: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.lockVisible(tx, by.actor, id);
      const places = await tx.query<{ id: string }>(`SELECT id FROM partnership_school WHERE partnership_id = $1 AND state IN ('PROPOSED', 'MEMBER') ORDER BY id`, [id]);
      if (places.length === 0) refuse(whatIsMissing('partnership'));
      for (const place of places) await move(tx, placeProcess, place.id, 'remove', by);
    });
  }

  private created(actor: Actor, key: string | null | undefined, input: unknown, work: (tx: UnitOfWork) => Promise<string>): Promise<string> {
    return this.db.transaction(async (tx) => (await once(tx, actor, key, input, async () => ({ type: 'Partnership', id: await work(tx) }))).id);
  }

  private async add(tx: UnitOfWork, name: string, laCode: string): Promise<string> {
    const id = newId();
    await tx.query('INSERT INTO partnership (id, name, la_code, created_at) VALUES ($1, $2, $3, $4)', [id, name, laCode, tx.now]);
    return id;
  }

  private async ask(tx: UnitOfWork, actor: Actor, id: string, urns: number[]): Promise<void> {
    for (const urn of urns) await checkReach(tx, 'partnership', actor.personId, String(urn), ASKED_A_DAY);
    await this.place(tx, actor, id, 'propose', urns);
  }

  private async place(tx: UnitOfWork, actor: Actor, partnershipId: string, transition: 'found' | 'propose' | 'enter', urns: number[]): Promise<void> {
    for (const urn of urns) {
      const id = newId();
      const facts = (await factsOfNewPlace(tx, id, partnershipId, urn)) ?? refuse(new ValidationProblem([{ field: 'schoolUrns', message: `There is no school with URN ${urn}.` }]));
      await begin(tx, placeProcess, transition, facts, actor, async (state) => {
        await tx.query(
          `INSERT INTO partnership_school (id, partnership_id, school_urn, state, since, updated_at) VALUES ($1, $2, $3, $4, CASE WHEN $4 = 'MEMBER' THEN $5::timestamptz END, $5)`,
          [id, partnershipId, urn, state, tx.now],
        );
      });
    }
    const [taken] = await tx.query<{ count: number }>(`SELECT count(*) FROM partnership_school WHERE partnership_id = $1 AND state IN ('PROPOSED', 'MEMBER')`, [partnershipId]);
    if (taken!.count > MOST_SCHOOLS) refuse(new ValidationProblem([{ field: 'schoolUrns', message: `A partnership has ${MOST_SCHOOLS} schools at most.` }]));
  }

  private async lockVisible(tx: UnitOfWork, actor: Actor, id: string): Promise<void> {
    await tx.query('SELECT id FROM partnership WHERE id = $1 FOR NO KEY UPDATE', [id]);
    if (!(await partnershipIsVisible(tx, actor, id))) refuse(whatIsMissing('partnership'));
  }
}
