import { type Actor, reach } from '../../platform/actor.js';

const inForce = (m: string) => `${m}.ended_at IS NULL AND ${m}.confirmed_at IS NOT NULL`;

/** SQL: whether somebody with the address of the nomination `n` administers a provider; it is then that provider’s to take up. */
export const isFor = (n: string, provider: string) => `EXISTS (
  SELECT FROM membership holds JOIN person holder ON holder.id = holds.person_id
  WHERE holds.provider_id = ${provider} AND holds.role = 'PROVIDER_ADMIN' AND ${inForce('holds')} AND holder.email = ${n}.email)`;

/** SQL: whether whoever nominated still leads the school of `n`. */
export const nominatorLeads = (n: string) => `EXISTS (
  SELECT FROM membership leads WHERE leads.person_id = ${n}.nominated_by AND leads.school_urn = ${n}.school_urn AND leads.role = 'SCHOOL_LEAD' AND ${inForce('leads')})`;

/** Values of `seesNomination`, the first four parameters of every statement with it: the actor, their providers, the schools they lead, whether they see everything. */
export const nominationValues = (actor: Actor): [string | null, string[], number[], boolean] => {
  const { personId, providerIds, leadUrns, everything } = reach(actor);
  return [personId, providerIds, leadUrns, everything];
};

/** SQL: whether the actor is the person with the address. */
export const isNominated = (n: string) => `EXISTS (SELECT FROM person nominated WHERE nominated.id = $1::uuid AND nominated.email = ${n}.email)`;

/**
 * SQL: between the school’s leads, the person with the address, and the people of a provider of theirs or that has taken it
 * up. No local authority is a party: a nomination is of no provider that one assures until it is a recommendation.
 */
export const seesNomination = (n: string) => `(
  ${n}.school_urn = ANY($3::int[]) OR $4::boolean OR ${isNominated(n)} OR ${n}.provider_id = ANY($2::uuid[])
  OR ${n}.state <> 'TAKEN_UP' AND EXISTS (SELECT FROM unnest($2::uuid[]) own (id) WHERE ${isFor(n, 'own.id')}))`;
