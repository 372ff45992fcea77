import type { Queryable } from '../../src/platform/database/index.js';

/**
 * A naive judge of independence, written from section 3 of the design and not from the product's code: which
 * recommendations may count, worked out from plain rows.
 */
interface School { urn: number; trust: string | null; federation: string | null }
interface Role { person: string; email: string; role: string; school: number | null; trust: string | null; provider: string | null; confirmed: boolean; ended: Date | null }
interface Given { id: string; provider: string; school: number; email: string; state: string; independence: string; givenAt: Date; bodies: string[]; accepted: string[]; excusedUntil: Date | null }
interface Listed { id: string; state: string; assurance: string; school: number | null; contact: string | null; minimum: number }

const YEARS = 3;

/** @returns a line for each LISTED provider whose recommendations the judge would not count */
export async function unfairlyListed(db: Queryable, now: Date): Promise<string[]> {
  const schools = await db.query<School>('SELECT urn, trust_id AS trust, federation_id AS federation FROM school');
  const links = await db.query<{ a: number; b: number }>('SELECT urn AS a, successor_urn AS b FROM school_successor');
  const roles = await db.query<Role>(
    `SELECT m.person_id AS person, p.email, m.role, m.school_urn AS school, m.trust_id AS trust, m.provider_id AS provider, m.confirmed_at IS NOT NULL AS confirmed, m.ended_at AS ended
     FROM membership m JOIN person p ON p.id = m.person_id`,
  );
  const everGiven = await db.query<Given>(
    `SELECT r.id, r.provider_id AS provider, r.school_urn AS school, p.email, r.state, r.independence, r.given_at AS "givenAt", r.bodies, r.accepted, r.excused_until AS "excusedUntil"
     FROM recommendation r JOIN person p ON p.id = r.given_by WHERE r.state IN ('GIVEN', 'FLAGGED', 'REJECTED')`,
  );
  const [given, rejected] = [everGiven.filter(({ state }) => state !== 'REJECTED'), everGiven.filter(({ state }) => state === 'REJECTED')];
  const providers = await db.query<Listed>(
    `SELECT p.id, p.state, p.assurance, p.school_urn AS school, p.contact_email AS contact, coalesce(la.minimum_recommendations, 2) AS minimum
     FROM provider p LEFT JOIN local_authority la ON la.code = p.assuring_la`,
  );

  const threeYearsAgo = new Date(now);
  threeYearsAgo.setUTCFullYear(threeYearsAgo.getUTCFullYear() - YEARS);
  const lately = roles.filter(({ confirmed, ended }) => confirmed && (ended === null || ended > threeYearsAgo));
  const who = (email: string) => {
    const [name, host] = email.toLowerCase().split('@') as [string, string];
    return `${name.split('+')[0]}@${host}`;
  };
  const setOf = (urn: number): string[] => {
    const walk = (next: (at: number) => number[]) => {
      const seen = new Set([urn]);
      for (const at of seen) for (const other of next(at)) seen.add(other);
      return [...seen];
    };
    const kin = [...walk((at) => links.filter(({ b }) => b === at).map(({ a }) => a)), ...walk((at) => links.filter(({ a }) => a === at).map(({ b }) => b))];
    return kin.flatMap((each) => {
      const school = schools.find((one) => one.urn === each);
      return [`school:${each}`, ...(school?.trust ? [`trust:${school.trust}`] : []), ...(school?.federation ? [`federation:${school.federation}`] : [])];
    });
  };
  const ledBy = (person: string) =>
    lately.filter(({ email }) => who(email) === person).flatMap(({ role, school, trust }) => (role === 'SCHOOL_LEAD' ? setOf(school!) : role === 'TRUST_LEAD' ? [`trust:${trust}`] : []));
  const peopleOf = (provider: Listed) => [
    ...lately.filter((each) => each.provider === provider.id).map(({ email }) => who(email)),
    ...(provider.contact ? [who(provider.contact)] : []),
  ];
  const byId = new Map(providers.map((each) => [each.id, each]));
  const theirs = (provider: Listed) => [...(provider.school ? setOf(provider.school) : []), ...peopleOf(provider).flatMap(ledBy)];
  const meet = (a: string[], b: string[]) => a.some((each) => b.includes(each));
  const setAlways = (each: Given) => [...each.bodies, ...setOf(each.school)];
  const before = (a: Given, b: Given) => a.givenAt < b.givenAt || (a.givenAt.getTime() === b.givenAt.getTime() && a.id < b.id);

  const mayCount = (one: Given): boolean => {
    if (one.state !== 'GIVEN' || one.independence !== 'INDEPENDENT') return false;
    const provider = byId.get(one.provider)!;
    const person = who(one.email);
    const earlier = given.filter((each) => before(each, one));
    if (peopleOf(provider).includes(person)) return false;
    if (earlier.some((each) => each.provider === one.provider && who(each.email) === person)) return false;
    const judged = rejected.some((each) => each.provider === one.provider && before(each, one) && (each.school === one.school || who(each.email) === person));
    if (judged && !one.accepted.includes('JUDGED_BEFORE')) return false;
    const waits = one.excusedUntil !== null && one.excusedUntil > now; // an import brought it about, less than sixty days ago
    if (waits) return true;
    // what an import has brought about, an officer may have accepted since
    const accepted = (...obstacles: string[]) => obstacles.some((each) => one.accepted.includes(each));
    if (meet(setAlways(one), theirs(provider)) && !accepted('OWN_SCHOOL', 'OWN_TRUST', 'OWN_FEDERATION', 'PEOPLES_SCHOOL')) return false;
    if (provider.school && meet(ledBy(person), setOf(provider.school)) && !accepted('ITS_LEAD')) return false;
    if (!accepted('RECIPROCAL') && earlier.some((each) => each.provider !== one.provider && meet(setAlways(each), theirs(provider)) && meet(setAlways(one), theirs(byId.get(each.provider)!)))) return false;
    return one.accepted.includes('SAME_BODY') || !earlier.some((each) => each.provider === one.provider && meet(setAlways(each), setAlways(one)));
  };
  return providers
    .filter(({ state, assurance }) => state === 'LISTED' && assurance === 'RECOMMENDED')
    .flatMap(({ id, minimum }) => {
      const counting = given.filter((each) => each.provider === id && mayCount(each)).length;
      return counting < minimum ? [`${id} is listed, and the judge counts ${counting}`] : [];
    });
}
