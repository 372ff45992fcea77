import type { Person } from '../../identity/index.js';
import { groupsInOrder, type LoaderDefinition } from '../../platform/request.js';
import type { EngagementAction, EngagementChange, EngagementEvidence, EngagementObjective, EngagementVisitor, Review } from './engagement.parts.type.js';

/** The parts of engagements that the actor has been found to see, in one statement for all. */
function partsOf<Row extends { engagementId: string }>(name: string, columns: string, tables: string, order: string): LoaderDefinition<string, Row[]> {
  const sql = `SELECT part.engagement_id AS "engagementId", ${columns} FROM ${tables} WHERE part.engagement_id = ANY($1::uuid[]) ORDER BY ${order}`;
  return async ({ db }, ids) => groupsInOrder(ids, await db.prepared<Row>(name, sql, [ids]), (row) => row.engagementId);
}

/** A person by the name that they had at the moment of what they did, or have now where it is no deed. */
const person = (alias: string, at?: string) =>
  `CASE WHEN ${alias}.id IS NOT NULL THEN json_build_object('id', ${alias}.id, 'name', ${at ? `name_at(${alias}.id, ${at})` : `${alias}.name`}) END`;

export const objectivesOf = partsOf<EngagementObjective>(
  'engagement-objectives',
  'part.id, part.text, part.baseline, part.target, part.category, part.phase',
  'engagement_objective part',
  'part.nth',
);

export const actionsOf = partsOf<EngagementAction>(
  'engagement-actions',
  `part.id, part.what, part.owner, part.owner_name AS "ownerName", part.due_on AS "dueOn", part.done_at AS "doneAt", ${person('done', 'part.done_at')} AS "doneBy"`,
  'engagement_action part LEFT JOIN person done ON done.id = part.done_by',
  'part.due_on NULLS LAST, part.id',
);

const terms = (prefix: string) =>
  `json_build_object('startsOn', part.${prefix}starts_on, 'endsOn', part.${prefix}ends_on, 'pricePence', part.${prefix}price_pence, 'vat', part.${prefix}vat)`;

export const changesOf = partsOf<EngagementChange>(
  'engagement-changes',
  `part.id, part.proposed_by_party AS "proposedBy", part.proposed_at AS "proposedAt", part.reason, ${terms('before_')} AS before, ${terms('')} AS after,
   part.answer, part.answered_at AS "answeredAt"`,
  'engagement_change part',
  'part.proposed_at, part.id',
);

export const evidenceOf = partsOf<EngagementEvidence>(
  'engagement-evidence',
  `part.id, part.wanted, part.due_on AS "dueOn", part.given, part.link, part.given_at AS "givenAt", ${person('giver', 'part.given_at')} AS "givenBy"`,
  'engagement_evidence part LEFT JOIN person giver ON giver.id = part.given_by',
  'part.due_on NULLS LAST, part.id',
);

export const reviewsOf = partsOf<Review>(
  'engagement-reviews',
  `part.id, part.held_on AS "heldOn", part.rag, part.words, part.figures, part.by_party AS by, ${person('recorder', 'part.created_at')} AS person`,
  'engagement_review part JOIN person recorder ON recorder.id = part.by_person',
  'part.held_on, part.id',
);

export const reviewDatesOf = partsOf<{ engagementId: string; dueOn: string }>('engagement-review-dates', 'part.due_on AS "dueOn"', 'engagement_review_date part', 'part.due_on');

export const visitorsOf = partsOf<EngagementVisitor>('engagement-visitors', 'part.name, part.role', 'engagement_visitor part', 'part.nth');

export const partnerSchoolsOf = partsOf<{ engagementId: string; urn: number }>('engagement-partner-schools', 'part.school_urn AS urn', 'engagement_school part', 'part.school_urn');

export const peopleOf = partsOf<{ engagementId: string; person: Person }>(
  'engagement-people',
  `${person('named')} AS person`,
  'engagement_person part JOIN person named ON named.id = part.person_id',
  'named.name, named.id',
);
