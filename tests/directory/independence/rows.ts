import type { Queryable } from '../../../src/platform/database/index.js';

/**
 * What the judge goes by: what people wrote and what an import brought, and no column that the product works out from
 * them (bodies, obstacles, accepted, excused, independence, distant, changed_at, judged).
 */
export interface Rows {
  schools: { urn: number; trust: string | null; federation: string | null; academy: boolean }[];
  links: { urn: number; became: number }[];
  roles: Role[];
  providers: Provider[];
  listings: Listing[];
  given: Given[];
  named: { recommendation: string; listing: string }[];
  /** Steps of recommendations since the last look, in their order. */
  steps: Step[];
}
export interface Role {
  person: string;
  email: string;
  role: string;
  school: number | null;
  trust: string | null;
  provider: string | null;
  confirmedBy: string | null;
  ended: Date | null;
}
export interface Provider {
  id: string;
  name: string;
  state: string;
  school: number | null;
  contact: string | null;
  minimum: number;
}
export interface Listing {
  id: string;
  provider: string;
  state: string;
  title: string;
  categories: string[];
  phases: string[];
  delivery: string[];
  contact: string | null;
}
export interface Given {
  id: string;
  provider: string;
  school: number;
  person: string;
  email: string;
  state: string;
  givenAt: Date;
}
export interface Step {
  seq: number;
  id: string;
  transition: string;
  from: string | null;
  person: string | null;
}

export async function readRows(db: Queryable, since: number): Promise<Rows> {
  return {
    schools: await db.query('SELECT urn, trust_id AS trust, federation_id AS federation, academy FROM school'),
    links: await db.query('SELECT urn, successor_urn AS became FROM school_successor'),
    roles: await db.query(
      `SELECT m.person_id AS person, p.email, m.role, m.school_urn AS school, m.trust_id AS trust, m.provider_id AS provider, m.confirmed_by AS "confirmedBy", m.ended_at AS ended
       FROM membership m JOIN person p ON p.id = m.person_id WHERE m.confirmed_at IS NOT NULL`,
    ),
    providers: await db.query(
      `SELECT p.id, p.name, p.state, p.school_urn AS school, p.contact_email AS contact, coalesce(la.minimum_recommendations, 2) AS minimum
       FROM provider p LEFT JOIN local_authority la ON la.code = p.assuring_la WHERE p.assurance = 'RECOMMENDED'`,
    ),
    listings: await db.query('SELECT id, provider_id AS provider, state, title, categories, phases, delivery, contact_email AS contact FROM listing'),
    given: await db.query(
      `SELECT r.id, r.provider_id AS provider, r.school_urn AS school, r.given_by AS person, p.email, r.state, r.given_at AS "givenAt"
       FROM recommendation r JOIN person p ON p.id = r.given_by WHERE r.given_at IS NOT NULL ORDER BY r.given_at, r.id`,
    ),
    named: await db.query('SELECT recommendation_id AS recommendation, listing_id AS listing FROM recommendation_listing'),
    steps: await db.query(
      `SELECT id AS seq, object_id AS id, transition, from_state AS "from", person_id AS person FROM history WHERE process = 'Recommendation' AND id > $1 ORDER BY id`,
      [since],
    ),
  };
}
