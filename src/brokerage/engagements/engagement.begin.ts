import type { Category, SupportPhase, Vat } from '../../directory/index.js';
import type { Actor } from '../../platform/actor.js';
import type { UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { refuse, whatIsMissing } from '../../platform/problem.js';
import { begin } from '../../platform/process/index.js';
import { factsOfNew } from './engagement.facts.js';
import { namePeople } from './engagement.people.js';
import { engagementProcess } from './engagement.process.js';
import type { EngagementOrigin } from './engagement.vocabulary.js';

/** What an engagement is to reach, as it begins. */
export interface NewObjective {
  text: string;
  baseline?: string | null;
  target?: string | null;
  category?: Category | null;
  phase?: SupportPhase | null;
}

/** What the school has agreed. Days are `2026-11-22`. */
interface Agreed {
  listingId: string | null;
  providerId: string;
  schoolUrn: number;
  title: string;
  startsOn: string | null;
  endsOn: string | null;
  pricePence: number | null;
  vat: Vat | null;
  /** Whether the provider works with pupils: then it must confirm its checks in writing before the work starts. */
  pupilsConcerned: boolean;
  sharedWithSip: boolean;
  /** Whether every lead of the school sees it, or only the people named. */
  allLeads: boolean;
  /** Ids of the people of the school who see it. */
  people: readonly string[];
  /** URNs of the partner schools that take part. */
  partnerSchools: readonly number[];
  objectives: readonly NewObjective[];
}

export interface ChosenEngagement extends Agreed {
  requestId: string;
  proposalId: string;
}

/**
 * Makes the engagement of a choice, in the choosing's own unit of work, whose caller holds the lock on the request.
 * It begins AWAITING_SIGN_OFF where the school's plan needs sign-off, which shares it with the SIP, else AGREED.
 * @param actor the person of the school who chooses
 * @returns its id
 * @throws Refused with NotAllowed unless the actor is one of those in the school who see it
 */
export const beginChosen = (tx: UnitOfWork, actor: Actor, chosen: ChosenEngagement): Promise<string> => beginEngagement(tx, actor, 'CHOSEN', chosen);

/** What the school has agreed already (RECORDED), or a free resource that it has used. @returns its id */
export const beginRecorded = (tx: UnitOfWork, actor: Actor, origin: 'RECORDED' | 'FREE_RESOURCE', recorded: Agreed): Promise<string> =>
  beginEngagement(tx, actor, origin, { ...recorded, requestId: null, proposalId: null });

type Beginning = Agreed & { requestId: string | null; proposalId: string | null };

async function beginEngagement(tx: UnitOfWork, actor: Actor, origin: EngagementOrigin, it: Beginning): Promise<string> {
  const id = newId();
  const facts = (await factsOfNew(tx, actor, { ...it, id, origin })) ?? refuse(whatIsMissing('school'));
  const needsSignOff = origin !== 'FREE_RESOURCE' && (await planNeedsSignOff(tx, it.schoolUrn));
  const free = origin === 'FREE_RESOURCE' ? tx.now : null;
  await begin(tx, engagementProcess, transitionOf(origin, needsSignOff), facts, actor, async (state) => {
    await tx.query(
      `INSERT INTO engagement (id, request_id, proposal_id, listing_id, provider_id, school_urn, origin, state, title, starts_on, ends_on, price_pence, vat,
                               shared_with_sip, all_leads, pupils_concerned, needs_sign_off, finished_at, created_at, updated_at, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20)`,
      [
        id, it.requestId, it.proposalId, it.listingId, it.providerId, it.schoolUrn, origin, state, it.title, it.startsOn, it.endsOn, it.pricePence, it.vat,
        it.sharedWithSip || needsSignOff, it.allLeads, it.pupilsConcerned, needsSignOff, free, tx.now, actor.personId,
      ],
    );
    await insertParts(tx, id, it);
  });
  return id;
}

function transitionOf(origin: EngagementOrigin, needsSignOff: boolean): string {
  if (origin === 'FREE_RESOURCE') return 'recordUse';
  if (origin === 'RECORDED') return needsSignOff ? 'recordForSignOff' : 'record';
  return needsSignOff ? 'agreeForSignOff' : 'agree';
}

async function planNeedsSignOff(tx: UnitOfWork, schoolUrn: number): Promise<boolean> {
  const [plan] = await tx.query<{ needed: boolean }>('SELECT sign_off_needed AS needed FROM school_plan WHERE school_urn = $1', [schoolUrn]);
  return plan?.needed ?? false;
}

async function insertParts(tx: UnitOfWork, id: string, { people, partnerSchools, objectives }: Beginning): Promise<void> {
  if (people.length > 0) await namePeople(tx, id, people);
  if (partnerSchools.length > 0) await tx.query('INSERT INTO engagement_school (engagement_id, school_urn) SELECT $1, unnest($2::int[]) ON CONFLICT DO NOTHING', [id, partnerSchools]);
  if (objectives.length > 0) await writeObjectives(tx, id, objectives.map((each) => ({ ...each, id: newId() })));
}

/** Makes these the objectives of the engagement, in this order. Ids that were not there are new ones. */
export async function writeObjectives(tx: UnitOfWork, engagementId: string, objectives: readonly (NewObjective & { id: string })[]): Promise<void> {
  const column = (field: keyof (typeof objectives)[number]) => objectives.map((each) => each[field] ?? null);
  await tx.query(
    `WITH gone AS (DELETE FROM engagement_objective WHERE engagement_id = $1 AND id <> ALL($2::uuid[]))
     INSERT INTO engagement_objective (id, engagement_id, nth, text, baseline, target, category, phase)
     SELECT id, $1, nth, text, baseline, target, category, phase
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) WITH ORDINALITY AS given (id, text, baseline, target, category, phase, nth)
     ON CONFLICT (id) DO UPDATE
       SET nth = excluded.nth, text = excluded.text, baseline = excluded.baseline, target = excluded.target, category = excluded.category, phase = excluded.phase`,
    [engagementId, column('id'), column('text'), column('baseline'), column('target'), column('category'), column('phase')],
  );
}
