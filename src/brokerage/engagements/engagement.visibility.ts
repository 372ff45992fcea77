import { interestInDeciding } from '../../directory/index.js';
import type { Actor } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import { requestValues } from '../visibility.js';

/**
 * Row access of engagements and concerns, as SQL conditions. Every statement that uses one takes
 * `engagementValues(actor)` as its first seven parameters, and its own from $8 on: those of `requestValues`, then
 * $6 the LAs that they are a SIP or an officer of, $7 the LAs that they are an officer of.
 * A SIP sees what the school shares. Officers, trust leads and system administrators see no engagements; officers see
 * the concerns that a school passes on to them.
 */
export function engagementValues(actor: Actor): [...ReturnType<typeof requestValues>, string[], string[]] {
  const lasOf = (...roles: string[]) => actor.memberships.filter((each) => roles.includes(each.role)).flatMap((each) => each.laCode ?? []);
  return [...requestValues(actor), lasOf('SIP', 'LA_OFFICER'), lasOf('LA_OFFICER')];
}

// PostgreSQL must be able to tell the type of each of the seven, also in a statement that needs fewer.
const TYPED = 'num_nulls($1::uuid, $2::int[], $3::int[], $4::int[], $5::uuid[], $6::text[], $7::text[]) >= 0';

/** The school's own people, of those whom it lets see the engagement `e`. */
export const isOfTheSchool = (e: string) => `(
  (${e}.all_leads AND ${e}.school_urn = ANY($2::int[]))
  OR (${e}.school_urn = ANY($3::int[]) AND EXISTS (SELECT FROM engagement_person named WHERE named.engagement_id = ${e}.id AND named.person_id = $1::uuid)))`;

/** The provider's people. Of a free resource that was used they learn nothing: nobody agreed anything with them. */
export const isOfTheProvider = (e: string) => `(${e}.provider_id = ANY($5::uuid[]) AND ${e}.origin <> 'FREE_RESOURCE')`;

const isOfPartnerSchool = (e: string) => `EXISTS (SELECT FROM engagement_school joint WHERE joint.engagement_id = ${e}.id AND joint.school_urn = ANY($2::int[]))`;

const isOfItsSip = (e: string) => `(${e}.shared_with_sip AND ${e}.school_urn = ANY($4::int[]))`;

/** Whether `person`, a SIP or officer of `las`, signs for the schools of the LA `la` that have no SIP. */
const isStandIn = (la: string, person: string, las: string) =>
  `EXISTS (SELECT FROM sign_off_stand_in stand_in WHERE stand_in.la_code = ${la} AND stand_in.person_id = ${person}::uuid AND stand_in.la_code = ANY(${las}::text[]))`;

/** SQL: whether a person has nothing to do with the provider or the school, and has declared no interest, so that they may sign what the two agree. */
export const maySign = (person: string, provider: string, school: string) => `(
  ${interestInDeciding(person, provider, school)} IS NULL AND NOT works_in((SELECT mailboxes_of(${person})), ${school}))`;

/** A SIP who has an interest cannot sign, so that a school with no other is, for what this provider does, like one without. */
const hasSipFor = (s: string, provider: string) => `EXISTS (
  SELECT FROM sip_assignment assigned JOIN membership sip ON sip.person_id = assigned.person_id
  WHERE assigned.school_urn = ${s}.urn AND assigned.ended_at IS NULL AND sip.role = 'SIP' AND sip.la_code = ${s}.la_code AND sip.ended_at IS NULL AND sip.confirmed_at IS NOT NULL
    AND ${maySign('assigned.person_id', provider, 'assigned.school_urn')})`;

const inForce = (m: string) => `${m}.ended_at IS NULL AND ${m}.confirmed_at IS NOT NULL`;

const hasStandInFor = (s: string, provider: string) => `EXISTS (
  SELECT FROM sign_off_stand_in named JOIN membership m ON m.person_id = named.person_id AND m.la_code = named.la_code AND m.role IN ('SIP', 'LA_OFFICER') AND ${inForce('m')}
  WHERE named.la_code = ${s}.la_code AND ${maySign('named.person_id', provider, `${s}.urn`)})`;

/** SQL: whether the school `s` has nobody left who may sign what this provider does: no SIP, and nobody who stands in. */
export const nobodySigns = (s: string, provider: string) => `(NOT ${hasSipFor(s, provider)} AND NOT ${hasStandInFor(s, provider)})`;

const isOfficer = (s: string, person: string) =>
  `EXISTS (SELECT FROM membership m WHERE m.person_id = ${person}::uuid AND m.la_code = ${s}.la_code AND m.role = 'LA_OFFICER' AND ${inForce('m')})`;

/**
 * Whether `person` signs for the school `s`, which has no SIP who may sign what this provider does: who stands in for the
 * LA, and as the last resort, where that is nobody either, each of its officers without an interest.
 */
export const standsInFor = (s: string, provider: string, person: string, las: string) => `(NOT ${hasSipFor(s, provider)} AND (
  ${isStandIn(`${s}.la_code`, person, las)}
  OR (${isOfficer(s, person)} AND ${maySign(`${person}::uuid`, provider, `${s}.urn`)} AND NOT ${hasStandInFor(s, provider)})))`;

/** Who stands in sees what waits for their signature, and what they have signed. */
const isOfStandIn = (e: string) => `(${e}.needs_sign_off AND EXISTS (
  SELECT FROM school of_school WHERE of_school.urn = ${e}.school_urn
    AND (((${e}.state = 'AWAITING_SIGN_OFF' OR ${e}.sign_again) AND ${standsInFor('of_school', `${e}.provider_id`, '$1', '$6')})
      OR (${e}.signed_off_by = $1::uuid AND (${isStandIn('of_school.la_code', '$1', '$6')} OR ${isOfficer('of_school', '$1')})))))`;

/** `e` is the engagement's alias. */
export const seesEngagement = (e: string) =>
  `((${isOfTheSchool(e)} OR ${isOfTheProvider(e)} OR ${isOfPartnerSchool(e)} OR ${isOfItsSip(e)} OR ${isOfStandIn(e)}) AND ${TYPED})`;

/**
 * Everything that `seesEngagement` lets through and more, by conditions that each have an index: a list asks for both.
 */
export const mayConcern = (e: string) => `(
  ${e}.school_urn = ANY($2::int[]) OR ${e}.school_urn = ANY($3::int[]) OR ${e}.school_urn = ANY($4::int[]) OR ${e}.provider_id = ANY($5::uuid[])
  OR ${e}.id = ANY(ARRAY(SELECT joint.engagement_id FROM engagement_school joint WHERE joint.school_urn = ANY($2::int[])))
  OR ${e}.school_urn = ANY(ARRAY(SELECT of_la.urn FROM sign_off_stand_in stand_in JOIN school of_la ON of_la.la_code = stand_in.la_code
                                 WHERE stand_in.person_id = $1::uuid AND stand_in.la_code = ANY($6::text[])))
  OR (${e}.needs_sign_off AND (${e}.state = 'AWAITING_SIGN_OFF' OR ${e}.sign_again OR ${e}.signed_off_by = $1::uuid)
      AND ${e}.school_urn = ANY(ARRAY(SELECT of_la.urn FROM school of_la WHERE of_la.la_code = ANY($7::text[])))))`;

/** Officers of the school's LA, of what the school has passed on, where they belong to neither side. `c` is the concern, `e` its engagement. */
export const isOfOfficer = (c: string, e: string) => `(
  ${c}.passed_on_at IS NOT NULL AND NOT ${e}.provider_id = ANY($5::uuid[]) AND NOT ${e}.school_urn = ANY($3::int[])
  AND EXISTS (SELECT FROM school of_school WHERE of_school.urn = ${e}.school_urn AND of_school.la_code = ANY($7::text[])))`;

/** A concern is between the school and the provider, until the school passes it on. */
export const seesConcern = (c: string, e: string) => `((${isOfTheSchool(e)} OR ${isOfTheProvider(e)} OR ${isOfOfficer(c, e)}) AND ${TYPED})`;

const isThere = async (db: Queryable, actor: Actor, sql: string, id: string) => (await db.query(sql, [...engagementValues(actor), id])).length > 0;

export const engagementIsVisible = (db: Queryable, actor: Actor, id: string) => isThere(db, actor, `SELECT 1 FROM engagement e WHERE e.id = $8 AND ${seesEngagement('e')}`, id);

export const concernIsVisible = (db: Queryable, actor: Actor, id: string) =>
  isThere(db, actor, `SELECT 1 FROM concern c JOIN engagement e ON e.id = c.engagement_id WHERE c.id = $8 AND ${seesConcern('c', 'e')}`, id);
