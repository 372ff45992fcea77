import { z } from 'zod';
import type { Actor } from '../../platform/actor.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { once } from '../../platform/idempotency.js';
import { problemType, refuse } from '../../platform/problem.js';
import { move } from '../../platform/process/index.js';
import { name, neededWords, validate, words } from '../../platform/validate.js';
import { beginChosen } from '../engagements/engagement.begin.js';
import { type Limit, limitsOf, type Needs, needsOf, type Price } from './limits.js';
import { proposalProcess } from './proposal.process.js';
import { lockVisible } from './proposal.service.js';
import { pence } from '../requests/request.contents.js';
import { requestProcess } from '../requests/request.process.js';
import { endWhatIsOpen } from '../requests/request.service.js';

export const MoreQuotesNeeded = problemType('MoreQuotesNeeded', 'The school’s limits ask for more quotes, or for the reason why there are fewer.');
export const ApprovalNeeded = problemType('ApprovalNeeded', 'The school’s limits ask for the approval of its governors.');

const choice = z.object({
  proposalId: z.string(),
  version: z.int(),
  title: name('The title', 150),
  reasons: neededWords('why you choose this proposal', 2000),
  interests: words('Interests', 2000),
  coverPence: pence('Cover').default(0),
  approverName: name('The name of who approves it', 200),
  approverRole: name('The role of who approves it', 200),
  fewerQuotesReason: words('Why there are fewer quotes', 2000),
  pupilsConcerned: z.boolean().default(false),
});
export type Choosing = z.input<typeof choice>;
type Choice = z.output<typeof choice>;

/** What is chosen, as it stands under the lock. */
interface Chosen extends Price {
  requestId: string;
  invitationId: string;
  providerId: string;
  providerName: string;
  listingId: string | null;
  listingTitle: string | null;
  schoolUrn: number;
  startsOn: string | null;
  endsOn: string | null;
  worksWithPupils: boolean;
  need: string;
  objectives: string[];
  categories: never[];
  phases: never[];
  sharedWithSip: boolean;
  allLeads: boolean;
  people: string[];
  partnerSchools: number[];
  limits: Limit[];
  quotes: number;
  /** The person who chooses, as the record names them where nobody else has to approve. */
  chooserName: string;
  chooserTitle: string;
}

export class Choices {
  constructor(private readonly db: Database) {}

  /**
   * Chooses a proposal: makes the engagement and the buying record, and ends the other proposals and invitations of the
   * request. However many choose at the same moment, one choice is made. @returns id of the engagement @throws Refused
   */
  async choose(actor: Actor, input: Choosing, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { choose: input }, async () => {
        const given = validate(choice, input);
        const { requestId } = await lockVisible(tx, actor, given.proposalId);
        await move(tx, proposalProcess, given.proposalId, 'choose', { actor, version: given.version });
        const chosen = await readChosen(tx, actor, given.proposalId);
        const needs = needsOf(chosen.limits, chosen, given.coverPence, chosen.quotes);
        checkNeeds(needs, given);
        await move(tx, requestProcess, requestId, 'choose', { actor, set: { closed_at: tx.now } });
        const invited = await readInvited(tx, requestId);
        await endWhatIsOpen(tx, requestId);
        const engagementId = await beginChosen(tx, actor, engagementOf(chosen, given));
        await record(tx, actor, engagementId, chosen, given, needs, invited);
        return { type: 'Engagement', id: engagementId };
      });
      return id;
    });
  }
}

function checkNeeds({ quotes, quotesNeeded, governorsApproval }: Needs, { fewerQuotesReason, approverName, approverRole }: Choice): void {
  if (quotes < quotesNeeded && !fewerQuotesReason) {
    refuse(new MoreQuotesNeeded(`At this cost the school’s limits ask for ${quotesNeeded} quotes, and there are ${quotes}. Invite more providers, or say why there are fewer.`));
  }
  if (governorsApproval && !(approverName && approverRole)) {
    refuse(new ApprovalNeeded('At this cost the school’s limits ask for the governors’ approval. Name who approved it for them, and their role.'));
  }
}

async function readChosen(tx: UnitOfWork, actor: Actor, proposalId: string): Promise<Chosen> {
  const [chosen] = await tx.query<Chosen>(
    `SELECT q.request_id AS "requestId", q.invitation_id AS "invitationId", q.provider_id AS "providerId", p.name AS "providerName", i.listing_id AS "listingId",
            l.title AS "listingTitle", r.school_urn AS "schoolUrn", q.starts_on AS "startsOn", q.ends_on AS "endsOn", q.works_with_pupils AS "worksWithPupils",
            q.price_pence AS "pricePence", q.vat, q.travel_pence AS "travelPence", r.need, r.objectives, r.categories, r.phases,
            r.shared_with_sip AS "sharedWithSip", r.all_leads AS "allLeads",
            ARRAY(SELECT person_id FROM request_person WHERE request_id = r.id ORDER BY person_id) AS people,
            ARRAY(SELECT school_urn FROM request_school WHERE request_id = r.id AND joined_at IS NOT NULL ORDER BY school_urn) AS "partnerSchools",
            ${limitsOf('s')} AS limits,
            (SELECT count(*) FROM proposal other WHERE other.request_id = r.id AND other.state <> 'WITHDRAWN') AS quotes,
            coalesce(nullif(chooser.name, ''), chooser.email) AS "chooserName",
            coalesce((SELECT title FROM membership m WHERE m.person_id = chooser.id AND m.school_urn = r.school_urn AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL ORDER BY m.id LIMIT 1), '') AS "chooserTitle"
     FROM proposal q JOIN request r ON r.id = q.request_id JOIN school s ON s.urn = r.school_urn JOIN provider p ON p.id = q.provider_id
     JOIN invitation i ON i.id = q.invitation_id LEFT JOIN listing l ON l.id = i.listing_id JOIN person chooser ON chooser.id = $2
     WHERE q.id = $1`,
    [proposalId, actor.personId],
  );
  return chosen!;
}

/** Who was invited and what they proposed, as it stood when the choice was made. */
async function readInvited(tx: UnitOfWork, requestId: string): Promise<unknown[]> {
  return tx.query(
    `SELECT p.id AS "providerId", p.name, i.state AS invitation, q.price_pence AS "pricePence", q.vat, q.travel_pence AS "travelPence"
     FROM invitation i JOIN provider p ON p.id = i.provider_id LEFT JOIN proposal q ON q.invitation_id = i.id AND q.state <> 'WITHDRAWN'
     WHERE i.request_id = $1 ORDER BY i.sent_at, i.id`,
    [requestId],
  );
}

function engagementOf(chosen: Chosen, given: Choice): Parameters<typeof beginChosen>[2] {
  const texts = chosen.objectives.length > 0 ? chosen.objectives : [chosen.need.slice(0, 500)];
  const only = <Value>(values: Value[]) => (values.length === 1 ? values[0]! : null);
  return {
    requestId: chosen.requestId,
    proposalId: given.proposalId,
    listingId: chosen.listingId,
    providerId: chosen.providerId,
    schoolUrn: chosen.schoolUrn,
    title: given.title || chosen.listingTitle || `Support from ${chosen.providerName}`,
    startsOn: chosen.startsOn,
    endsOn: chosen.endsOn,
    pricePence: chosen.pricePence,
    vat: chosen.vat,
    pupilsConcerned: given.pupilsConcerned || chosen.worksWithPupils,
    sharedWithSip: chosen.sharedWithSip,
    allLeads: chosen.allLeads,
    people: chosen.people,
    partnerSchools: chosen.partnerSchools,
    objectives: texts.map((text) => ({ text, category: only(chosen.categories), phase: only(chosen.phases) })),
  };
}

async function record(tx: UnitOfWork, actor: Actor, engagementId: string, chosen: Chosen, given: Choice, needs: Needs, invited: unknown[]): Promise<void> {
  await tx.query(
    `INSERT INTO buying_record (engagement_id, request_id, chosen_proposal_id, whole_cost_pence, price_pence, vat, travel_pence, cover_pence, reasons, interests,
                                approver_name, approver_role, quotes, quotes_needed, fewer_quotes_reason, governors_approval, invited, made_by, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
    [
      engagementId,
      chosen.requestId,
      given.proposalId,
      needs.wholeCostPence,
      chosen.pricePence,
      chosen.vat,
      chosen.travelPence,
      given.coverPence,
      given.reasons,
      given.interests,
      given.approverName || chosen.chooserName,
      given.approverName ? given.approverRole : chosen.chooserTitle,
      needs.quotes,
      needs.quotesNeeded,
      given.fewerQuotesReason || null,
      needs.governorsApproval,
      JSON.stringify(invited),
      actor.personId,
      tx.now,
    ],
  );
}
