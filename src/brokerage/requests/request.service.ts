import { z } from 'zod';
import { type Actor, leadsSchool, system } from '../../platform/actor.js';
import { endOfLondonDay } from '../../platform/clock.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { NotAllowed, NotAllowedInThisState, refuse, ValidationProblem, whatIsMissing } from '../../platform/problem.js';
import { begin, changedMeanwhile, move, type Move } from '../../platform/process/index.js';
import { dayWithin } from '../../platform/dates.js';
import { validate } from '../../platform/validate.js';
import { deadlineIn, openSuccessors } from '../../schools/index.js';
import { advanceTogether } from '../advance.js';
import { invitationProcess } from '../proposals/invitation.process.js';
import { proposalProcess } from '../proposals/proposal.process.js';
import { columnsOf, type Contents, DECIDED_BY_STEPS, newRequest, type RequestChanges, requestChanges } from './request.contents.js';
import { nameListings, namePartners, namePeople } from './request.people.js';
import { CLOSED_DAYS, DAYS_TO_PROPOSE, DRAFT_DAYS, expiryOf, factsForNew, questionsUntil, type RequestFacts, requestProcess, schoolParty, UNINVITED_DAYS } from './request.process.js';
import { requestIsVisible } from '../visibility.js';

export type RequestStep = 'submit' | 'open' | 'share' | 'unshare' | 'reveal' | 'read' | 'closeUnmet' | 'withdraw';

/** What a referral that a school accepts leaves behind. */
export interface ReferralDraft {
  /** The lead of the school who accepts. */
  actor: Actor;
  schoolUrn: number;
  need: string;
  listingIds: readonly string[];
  referralId: string;
  confidential: boolean;
}

const closing = (now: Date) => z.object({ closesOn: dayWithin('closing', now, 'The closing date') });

export class Requests {
  constructor(private readonly db: Database) {}

  /** Begins a draft: the school's own, or a SIP's for the school. @throws Refused */
  async draft(actor: Actor, schoolUrn: number, input: RequestChanges, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { draft: schoolUrn, input }, async () => {
        const contents = validate(newRequest(tx.now), input);
        const facts = (await factsForNew(tx, actor, newId(), schoolUrn)) ?? refuse(whatIsMissing('school'));
        if (facts.draftedBySip) refuseWhatIsTheSchools(input);
        const columns = { shared_with_sip: facts.sharedWithSip, ...columnsOf(contents) };
        await this.insert(tx, actor, facts, columns);
        if (!facts.draftedBySip) await namePeople(tx, facts.id, schoolUrn, [...new Set([actor.personId!, ...(contents.personIds ?? [])])]);
        await nameRelated(tx, facts.id, schoolUrn, contents);
        return { type: 'Request', id: facts.id };
      });
      return id;
    });
  }

  /**
   * Begins the draft that accepting a referral leads to, in the unit of work of the acceptance: the school's own, with
   * the listings that were referred ready to invite, shared with the school's SIP once it is open. @throws Refused
   */
  async draftFromReferral(tx: UnitOfWork, { actor, schoolUrn, need, listingIds, referralId, confidential }: ReferralDraft): Promise<string> {
    if (!leadsSchool(actor, schoolUrn)) refuse(new NotAllowed('Only a lead of the school can accept a referral.'));
    const contents = validate(newRequest(tx.now), { need, confidential });
    const facts = (await factsForNew(tx, actor, newId(), schoolUrn)) ?? refuse(whatIsMissing('school'));
    await this.insert(tx, actor, facts, { ...columnsOf(contents), shared_with_sip: true, referral_id: referralId });
    await namePeople(tx, facts.id, schoolUrn, [actor.personId!]);
    // One that has been taken down since is kept: the school sees that it is not there any more.
    await tx.query('INSERT INTO request_listing (request_id, listing_id) SELECT $1, id FROM listing WHERE id = ANY($2)', [facts.id, listingIds]);
    return facts.id;
  }

  /** Changes what a request says; once it is open, its words alone, until a provider has answered. @throws Refused */
  async update(actor: Actor, id: string, version: number, input: RequestChanges): Promise<void> {
    await this.db.transaction(async (tx) => {
      const contents = validate(requestChanges(tx.now), input);
      const facts = await this.lockVisible(tx, actor, id);
      const isSchools = schoolParty(facts, actor) !== null;
      const isSips = facts.state === 'DRAFT' && requestProcess.who['sip']!.party(facts, actor) !== null;
      if (!isSchools && !isSips) refuse(new NotAllowed('Only the school can change the request, or the SIP who drafts it until it is submitted.'));
      if (facts.state !== 'DRAFT' && facts.state !== 'AWAITING_SCHOOL') return amend(tx, actor, id, version, contents);
      if (!isSchools) refuseWhatIsTheSchools(input);
      await write(tx, id, version, columnsOf(contents));
      if (contents.personIds) await namePeople(tx, id, facts.schoolUrn, [...new Set([actor.personId!, ...contents.personIds])]);
      await nameRelated(tx, id, facts.schoolUrn, contents);
    });
  }

  /** Sets who in the school sees the request, at any time before it ends; whoever sets it is one of them. @throws Refused */
  async setPeople(actor: Actor, id: string, version: number, allLeads: boolean, personIds: readonly string[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      const facts = await this.lockVisible(tx, actor, id);
      if (!schoolParty(facts, actor)) refuse(new NotAllowed('Only the school says who in it sees the request.'));
      if (requestProcess.states[facts.state].end) refuse(new NotAllowedInThisState('The request has ended.'));
      await write(tx, id, version, { all_leads: allLeads });
      await namePeople(tx, id, facts.schoolUrn, [...new Set([actor.personId!, ...personIds])]);
    });
  }

  /** A step of the request's process. @throws Refused */
  async act(id: string, step: RequestStep, by: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      const facts = await this.lockVisible(tx, by.actor, id);
      await move(tx, requestProcess, id, step, { ...by, set: await changesOf(tx, step, facts) });
      if (step === 'closeUnmet' || step === 'withdraw') await endWhatIsOpen(tx, id);
    });
  }

  /** Gives providers more time, until the end of the day `closesOn`. @throws Refused */
  async extend(actor: Actor, id: string, closesOn: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const closesAt = endOfLondonDay(validate(closing(tx.now), { closesOn }).closesOn);
      const facts = await this.lockVisible(tx, actor, id);
      if (facts.state === 'OPEN' && closesAt <= facts.closesAt!) {
        refuse(new ValidationProblem([{ field: 'closesOn', message: 'Choose a day after the present closing date.' }]));
      }
      const set = facts.state === 'OPEN' ? { closes_at: closesAt, questions_until: questionsUntil(facts.openedAt!, closesAt) } : {};
      await move(tx, requestProcess, id, 'extend', { actor, set });
      await tx.query(`UPDATE invitation SET expires_at = $2 WHERE request_id = $1 AND state IN ('SENT', 'OPENED', 'RESPONDED')`, [id, closesAt]);
    });
  }

  /** Seals the proposals again until the end of the day `closesOn`, for all who are invited alike. @throws Refused */
  async reopen(actor: Actor, id: string, closesOn: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const closesAt = endOfLondonDay(validate(closing(tx.now), { closesOn }).closesOn);
      await this.lockVisible(tx, actor, id);
      await move(tx, requestProcess, id, 'reopenRound', { actor, set: { proposals_read_at: null, closes_at: closesAt, questions_until: questionsUntil(tx.now, closesAt) } });
      const expired = await tx.query<{ id: string }>(`SELECT id FROM invitation WHERE request_id = $1 AND state = 'EXPIRED' ORDER BY sent_at DESC, id`, [id]);
      const facts = await invitationProcess.facts(tx, expired.map((each) => each.id), system);
      // A provider whose earlier invitation expired may have been invited again since.
      const last = facts.filter((each, i) => !each.invitedAlready && facts.findIndex(({ providerId }) => providerId === each.providerId) === i);
      await advanceTogether(tx, invitationProcess, 'reopen', last.map((each) => each.id));
      await tx.query(`UPDATE invitation SET expires_at = $2 WHERE request_id = $1 AND state IN ('SENT', 'OPENED', 'RESPONDED')`, [id, closesAt]);
    });
  }

  /** A lead of partner schools that were asked joins for them. @throws Refused */
  async join(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(requestProcess.lock, [id]);
      const [facts] = await requestProcess.facts(tx, [id], actor);
      const urns = facts?.asked.map(({ urn }) => urn).filter((urn) => leadsSchool(actor, urn)) ?? [];
      // Who was not asked, or not asked yet, learns nothing of the request.
      const mayKnow = facts && ((urns.length > 0 && facts.openedAt !== null) || (await requestIsVisible(tx, actor, id)));
      if (!mayKnow) refuse(whatIsMissing('request'));
      await move(tx, requestProcess, id, 'join', { actor });
      await tx.query('UPDATE request_school SET joined_at = $3, joined_by = $4 WHERE request_id = $1 AND school_urn = ANY($2) AND joined_at IS NULL', [id, urns, tx.now, actor.personId]);
    });
  }

  /** Requests of a school that has become another are its successor's; drafts of one that has become several end with a word. */
  private async passToSuccessors(): Promise<void> {
    const waiting = await this.db.transaction((tx) =>
      tx.query<{ id: string; successors: number[] }>(
        `SELECT * FROM (SELECT r.id, ${openSuccessors('r.school_urn')} AS successors FROM request r WHERE r.closed_at IS NULL) waiting WHERE cardinality(successors) > 0`,
      ),
    );
    for (const { id, successors } of waiting) {
      await this.db.transaction(async (tx) => {
        await tx.query(requestProcess.lock, [id]);
        const [facts] = await requestProcess.facts(tx, [id], system);
        if (!facts || requestProcess.states[facts.state].end) return;
        if (successors.length === 1) {
          await tx.query('DELETE FROM request_school WHERE request_id = $1 AND school_urn = $2', [id, successors[0]]);
          await move(tx, requestProcess, id, 'passOn', { actor: system, set: { school_urn: successors[0] } });
        } else if (facts.state !== 'OPEN') {
          await move(tx, requestProcess, id, 'endWithSchool', { actor: system, set: { closed_at: tx.now } });
        }
      });
    }
  }

  /** Job: lets requests expire that nothing happens to, and invitations whose closing date has passed. */
  async passTime(): Promise<void> {
    await this.passToSuccessors();
    const { expired, closed } = await this.db.transaction(async (tx) => ({
      expired: await tx.query<{ id: string }>(
        `SELECT id FROM request r WHERE closed_at IS NULL AND (
           (state <> 'OPEN' AND updated_at <= $1::timestamptz - make_interval(days => $2))
           OR (state = 'OPEN' AND (closes_at <= $1::timestamptz - make_interval(days => $3)
               OR (opened_at <= $1::timestamptz - make_interval(days => $4) AND NOT EXISTS (SELECT FROM invitation i WHERE i.request_id = r.id)))))`,
        [tx.now, DRAFT_DAYS, CLOSED_DAYS, UNINVITED_DAYS],
      ),
      closed: await tx.query<{ id: string }>(`SELECT DISTINCT request_id AS id FROM invitation WHERE state IN ('SENT', 'OPENED') AND expires_at <= $1`, [tx.now]),
    }));
    for (const { id } of closed) {
      await this.db.transaction(async (tx) => {
        await tx.query(requestProcess.lock, [id]);
        const due = await tx.query<{ id: string }>(`SELECT id FROM invitation WHERE request_id = $1 AND state IN ('SENT', 'OPENED') AND expires_at <= $2 ORDER BY id`, [id, tx.now]);
        await advanceTogether(tx, invitationProcess, 'expire', due.map((each) => each.id));
      });
    }
    for (const { id } of expired) {
      await this.db.transaction(async (tx) => {
        await tx.query(requestProcess.lock, [id]);
        const [facts] = await requestProcess.facts(tx, [id], system);
        const expiry = facts && expiryOf(facts);
        if (!expiry || expiry > tx.now) return;
        await move(tx, requestProcess, id, 'expire', { actor: system, set: { closed_at: tx.now } });
        await endWhatIsOpen(tx, id);
      });
    }
  }

  private async insert(tx: UnitOfWork, actor: Actor, facts: RequestFacts, columns: Record<string, unknown>): Promise<void> {
    const names = Object.keys(columns);
    await begin(tx, requestProcess, 'start', facts, actor, async (state) => {
      await tx.query(
        `INSERT INTO request (id, school_urn, state, created_at, updated_at, created_by, drafted_by_sip, ${names.join(', ')})
         VALUES ($1, $2, $3, $4, $4, $5, $6, ${names.map((_, i) => `$${i + 7}`).join(', ')})`,
        [facts.id, facts.schoolUrn, state, tx.now, actor.personId, facts.draftedBySip, ...Object.values(columns)],
      );
    });
  }

  private async lockVisible(tx: UnitOfWork, actor: Actor, id: string): Promise<RequestFacts> {
    await tx.query(requestProcess.lock, [id]);
    if (!(await requestIsVisible(tx, actor, id))) refuse(whatIsMissing('request'));
    return (await requestProcess.facts(tx, [id], actor))[0]!;
  }
}

/** Ends the invitations and proposals of a request that has just ended. The caller holds the lock on the request. */
export async function endWhatIsOpen(tx: UnitOfWork, requestId: string): Promise<void> {
  const open = await tx.query<{ id: string; kind: string }>(
    `SELECT id, 'invitation' AS kind FROM invitation WHERE request_id = $1 AND state IN ('SENT', 'OPENED')
     UNION ALL SELECT id, 'proposal' FROM proposal WHERE request_id = $1 AND state = 'SUBMITTED' ORDER BY id`,
    [requestId],
  );
  const of = (kind: string) => open.filter((each) => each.kind === kind).map(({ id }) => id);
  await advanceTogether(tx, invitationProcess, 'cancel', of('invitation'));
  await advanceTogether(tx, proposalProcess, 'notChosen', of('proposal'));
}

/** Mends what an open request says. What is decided by steps of their own is not changed along with it. @throws Refused */
async function amend(tx: UnitOfWork, actor: Actor, id: string, version: number, contents: Contents): Promise<void> {
  const fields = DECIDED_BY_STEPS.filter((field) => contents[field] !== undefined);
  await move(tx, requestProcess, id, 'amend', { actor, version, set: columnsOf(contents) });
  if (fields.length > 0) refuse(new ValidationProblem(fields.map((field) => ({ field, message: 'This cannot be changed along with the words once the request is open.' }))));
}

/** The columns that change together with the state. */
async function changesOf(tx: UnitOfWork, step: RequestStep, facts: RequestFacts): Promise<Record<string, unknown>> {
  const { now } = tx;
  switch (step) {
    case 'submit':
      return { submitted_at: now };
    case 'open': {
      const closesAt = facts.closesAt ?? (await deadlineIn(tx, facts.laCode, now, DAYS_TO_PROPOSE));
      return { opened_at: now, closes_at: closesAt, questions_until: questionsUntil(now, closesAt) };
    }
    case 'share':
    case 'unshare':
      return { shared_with_sip: step === 'share' };
    case 'reveal':
      return { confidential: false };
    case 'read':
      return { proposals_read_at: now };
    case 'closeUnmet':
    case 'withdraw':
      return { closed_at: now };
  }
}

async function write(tx: UnitOfWork, id: string, version: number, columns: Record<string, unknown>): Promise<void> {
  const assignments = Object.keys(columns).map((column, i) => `, ${column} = $${i + 4}`);
  const [written] = await tx.query(
    `UPDATE request SET version = version + 1, updated_at = $3${assignments.join('')} WHERE id = $1 AND version = $2 RETURNING id`,
    [id, version, tx.now, ...Object.values(columns)],
  );
  if (!written) refuse(changedMeanwhile());
}

async function nameRelated(tx: UnitOfWork, id: string, schoolUrn: number, { partnerUrns, listingIds }: { partnerUrns?: number[]; listingIds?: string[] }): Promise<void> {
  if (partnerUrns) await namePartners(tx, id, schoolUrn, partnerUrns);
  if (listingIds) await nameListings(tx, id, listingIds);
}

/** A SIP's draft says nothing of who in the school sees it, which is the school's to say. */
function refuseWhatIsTheSchools(input: RequestChanges): void {
  const fields = (['allLeads', 'personIds', 'sharedWithSip'] as const).filter((field) => input[field] != null);
  if (fields.length > 0) refuse(new ValidationProblem(fields.map((field) => ({ field, message: 'Only the school says who sees the request.' }))));
}
