import { maySign } from '../brokerage/index.js';
import { interestInDeciding } from '../directory/index.js';

/**
 * People by the roles that they hold, as selects of person_id and of what they hold it in (as_kind, as_id). Each
 * argument is SQL that refers to the statement around.
 */
const inForce = (m: string) => `${m}.ended_at IS NULL AND ${m}.confirmed_at IS NOT NULL`;

export const leadsOf = (urn: string) =>
  `SELECT m.person_id, 'SCHOOL' AS as_kind, m.school_urn::text AS as_id FROM membership m
   WHERE m.school_urn = ${urn} AND m.role = 'SCHOOL_LEAD' AND ${inForce('m')}`;

/** The people of the school who see the request or engagement `x`: all leads, or those whom it names. */
export const schoolPeopleOf = (x: string, kind: 'request' | 'engagement') =>
  `SELECT m.person_id, 'SCHOOL' AS as_kind, m.school_urn::text AS as_id FROM membership m
   WHERE m.school_urn = ${x}.school_urn AND ${inForce('m')}
     AND ((${x}.all_leads AND m.role = 'SCHOOL_LEAD')
       OR (m.role IN ('SCHOOL_LEAD', 'SCHOOL_STAFF')
         AND EXISTS (SELECT FROM ${kind}_person named WHERE named.${kind}_id = ${x}.id AND named.person_id = m.person_id)))`;

export const peopleOfProvider = (id: string) =>
  `SELECT m.person_id, 'PROVIDER' AS as_kind, m.provider_id::text AS as_id FROM membership m WHERE m.provider_id = ${id} AND ${inForce('m')}`;

/** Officers without an interest in the provider or, where one is named, in the school: nobody judges where they have one. */
export const officersOf = (la: string, { provider, school }: { provider: string; school?: string }) =>
  `SELECT m.person_id, 'LOCAL_AUTHORITY' AS as_kind, m.la_code AS as_id FROM membership m
   WHERE m.la_code = ${la} AND m.role = 'LA_OFFICER' AND ${inForce('m')} AND ${interestInDeciding('m.person_id', provider, school)} IS NULL${
     school ? ` AND NOT works_in((SELECT mailboxes_of(m.person_id)), ${school})` : ''
   }`;

/** Officers of an LA. */
export const officersOfLa = (la: string) =>
  `SELECT m.person_id, 'LOCAL_AUTHORITY' AS as_kind, m.la_code AS as_id FROM membership m WHERE m.la_code = ${la} AND m.role = 'LA_OFFICER' AND ${inForce('m')}`;

/** Whether a person belongs both to the school and to the provider of the engagement `e`: they act for neither in what is between the two. */
export const isOfBoth = (person: string, e: string) => `(
  EXISTS (SELECT FROM membership m WHERE m.person_id = ${person} AND m.provider_id = ${e}.provider_id AND ${inForce('m')})
  AND EXISTS (SELECT FROM membership m WHERE m.person_id = ${person} AND m.school_urn = ${e}.school_urn AND m.role IN ('SCHOOL_LEAD', 'SCHOOL_STAFF') AND ${inForce('m')}))`;

export const systemAdmins = `SELECT m.person_id, 'SIGNPOST' AS as_kind, 'signpost' AS as_id FROM membership m WHERE m.role = 'SYSTEM_ADMIN' AND ${inForce('m')}`;

/** Officers of every LA. */
export const everyOfficer = `SELECT m.person_id, 'LOCAL_AUTHORITY' AS as_kind, m.la_code AS as_id FROM membership m WHERE m.role = 'LA_OFFICER' AND ${inForce('m')}`;

/** The SIPs assigned to the school, while they are SIPs of its LA. */
export const sipsOf = (urn: string) =>
  `SELECT a.person_id, 'SIP' AS as_kind, a.school_urn::text AS as_id FROM sip_assignment a JOIN school of_sip ON of_sip.urn = a.school_urn
   WHERE a.school_urn = ${urn} AND a.ended_at IS NULL AND EXISTS (
     SELECT FROM membership m WHERE m.person_id = a.person_id AND m.role = 'SIP' AND m.la_code = of_sip.la_code AND ${inForce('m')})`;

/** That SIP, while assigned to the school. */
export const sipOf = (person: string, urn: string) => `SELECT of_school.* FROM (${sipsOf(urn)}) of_school WHERE of_school.person_id = ${person}`;

/** The SIPs of an LA. */
export const sipsOfLa = (la: string) =>
  `SELECT m.person_id, 'LOCAL_AUTHORITY' AS as_kind, m.la_code AS as_id FROM membership m WHERE m.la_code = ${la} AND m.role = 'SIP' AND ${inForce('m')}`;

/** Who signs off what `provider` does for the school `s`: its SIPs, or where none of them may whoever stands in for them in its LA. */
export const signersOf = (s: string, provider: string) =>
  `${sipsOf(`${s}.urn`)}
   UNION ALL
   SELECT stand_in.person_id, 'LOCAL_AUTHORITY', stand_in.la_code FROM sign_off_stand_in stand_in
   WHERE stand_in.la_code = ${s}.la_code
     AND NOT EXISTS (SELECT FROM (${sipsOf(`${s}.urn`)}) sip WHERE ${maySign('sip.person_id', provider, `${s}.urn`)})
     AND EXISTS (
       SELECT FROM membership m
       WHERE m.person_id = stand_in.person_id AND m.la_code = stand_in.la_code AND m.role IN ('SIP', 'LA_OFFICER') AND ${inForce('m')})`;

/** Whether the role in which the notice `n` was told is still held. */
export const holdsStill = (n: string) => `CASE ${n}.as_kind
  WHEN 'SIP' THEN EXISTS (SELECT FROM sip_assignment a JOIN school s ON s.urn = a.school_urn
                            JOIN membership m ON m.person_id = a.person_id AND m.role = 'SIP' AND m.la_code = s.la_code
                          WHERE a.person_id = ${n}.person_id AND a.school_urn::text = ${n}.as_id AND a.ended_at IS NULL AND ${inForce('m')})
  WHEN 'PERSON' THEN true
  ELSE EXISTS (SELECT FROM membership m WHERE m.person_id = ${n}.person_id AND ${inForce('m')} AND CASE ${n}.as_kind
                 WHEN 'SCHOOL' THEN m.school_urn::text = ${n}.as_id
                 WHEN 'PROVIDER' THEN m.provider_id::text = ${n}.as_id
                 WHEN 'LOCAL_AUTHORITY' THEN m.la_code = ${n}.as_id
                 ELSE m.role = 'SYSTEM_ADMIN' END) END`;
