import { processes } from '../../src/app.js';
import type { Queryable } from '../../src/platform/database/index.js';
import { target, type Transition } from '../../src/platform/process/index.js';

/**
 * What has to hold in a world of any size, read from plain rows and worked out here: no rule is taken from the
 * database's constraints or from the code that makes the world. @returns a line for each breach
 */
export async function breaches(db: Queryable, now: Date): Promise<string[]> {
  return [...(await recommendationBreaches(db, now)), ...(await profileBreaches(db, now)), ...(await storyBreaches(db, now)), ...(await historyBreaches(db, now))];
}

interface Given {
  id: string;
  provider: string;
  kind: string;
  state: string;
  own: { urn: number; trust: string | null; federation: string | null } | null;
  school: { urn: number; trust: string | null; federation: string | null; status: string; academy: boolean };
  person: string;
  independence: string;
  givenAt: Date;
}

async function recommendationBreaches(db: Queryable, now: Date): Promise<string[]> {
  const school = (s: string) =>
    `jsonb_build_object('urn', ${s}.urn, 'trust', ${s}.trust_id, 'federation', ${s}.federation_id, 'status', ${s}.status, 'academy', ${s}.academy)`;
  const given = await db.query<Given>(
    `SELECT r.id, r.provider_id AS provider, r.state, r.given_by AS person, r.independence, r.given_at AS "givenAt",
            CASE WHEN own.urn IS NOT NULL THEN ${school('own')} END AS own, ${school('s')} AS school
     FROM recommendation r JOIN provider p ON p.id = r.provider_id JOIN school s ON s.urn = r.school_urn
     LEFT JOIN school own ON own.urn = p.school_urn
     WHERE r.state IN ('GIVEN', 'FLAGGED')`,
  );
  const pairs = async (thing: string, which: string) =>
    new Set((await db.query<{ pair: string }>(`SELECT person_id || ' ' || ${thing} AS pair FROM membership WHERE ended_at IS NULL AND ${which}`)).map((row) => row.pair));
  const leads = await pairs('school_urn', `role = 'SCHOOL_LEAD' AND confirmed_at IS NOT NULL`);
  const members = await pairs('provider_id', 'provider_id IS NOT NULL');
  const recommends = new Set(given.filter((each) => each.own).map((each) => `${each.school.urn} ${each.own!.urn}`));
  const found: string[] = [];
  for (const { id, own, school, person, provider, independence, givenAt } of given) {
    const wrong = (what: string) => found.push(`recommendation ${id} ${what}`);
    if (school.status !== 'OPEN') wrong('comes from a school that is not open');
    if (!leads.has(`${person} ${school.urn}`)) wrong('is given by somebody who does not lead the school');
    if (members.has(`${person} ${provider}`)) wrong('is given by a member of the provider');
    if (own?.urn === school.urn) wrong('comes from the provider’s own school');
    if (own?.trust && own.trust === school.trust) wrong('comes from the provider’s own trust');
    if (own?.federation && own.federation === school.federation) wrong('comes from the provider’s own federation');
    if (own && recommends.has(`${own.urn} ${school.urn}`)) wrong('is reciprocal');
    if ((independence === 'UNCONFIRMED') !== (school.academy && !school.trust)) wrong('is confirmed, or not, against what is known of the trust');
    if (givenAt < new Date(Date.UTC(now.getUTCFullYear() - 3, now.getUTCMonth(), now.getUTCDate()))) wrong('is more than three years old');
  }

  const providers = await db.query<{ id: string; listed: boolean }>(`SELECT id, state = 'LISTED' AS listed FROM provider WHERE assurance = 'RECOMMENDED'`);
  const byProvider = grouped(given);
  for (const { id, listed } of providers) {
    const standing = byProvider.get(id) ?? [];
    const different = {
      school: standing.map((each) => each.school.urn),
      person: standing.map((each) => each.person),
      'governing body': standing.map(({ school }) => school.trust ?? school.federation ?? school.urn),
    };
    for (const [what, values] of Object.entries(different)) {
      if (new Set<unknown>(values).size !== values.length) found.push(`provider ${id} is recommended twice by one ${what}`);
    }
    const counting = standing.filter((each) => each.state === 'GIVEN' && each.independence === 'INDEPENDENT').length;
    if (listed && counting < 2) found.push(`provider ${id} is listed on ${counting} recommendations`);
  }
  return found;
}

function grouped(given: Given[]): Map<string, Given[]> {
  const groups = new Map<string, Given[]>();
  for (const each of given) groups.set(each.provider, [...(groups.get(each.provider) ?? []), each]);
  return groups;
}

/** Beyond DRAFT a profile is complete and something is published; LISTED, all of it is checked and in date. */
async function profileBreaches(db: Queryable, now: Date): Promise<string[]> {
  const rows = await db.query<{ id: string; what: string }>(
    `SELECT id, 'is incomplete' AS what FROM provider
     WHERE state <> 'DRAFT' AND ('' IN (name, summary, contact_name, safeguarding) OR interests IS NULL
       OR coalesce(contact_email, contact_phone) IS NULL
       OR assurance <> 'NATIONAL' AND assuring_la IS NULL OR assurance = 'NATIONAL' AND num_nulls(assured_by, assured_link) > 0)
     UNION ALL SELECT id, 'has published nothing that is complete' FROM provider p
     WHERE state NOT IN ('DRAFT', 'WITHDRAWN') AND NOT EXISTS (SELECT FROM listing l
       WHERE l.provider_id = p.id AND l.state = 'PUBLISHED' AND '' NOT IN (title, summary)
       AND '{}' NOT IN (categories, phases, delivery) AND (national OR la_codes <> '{}' OR radius_km IS NOT NULL AND p.base_easting IS NOT NULL))
     UNION ALL SELECT id, 'is listed without its checks' FROM provider p
     WHERE state = 'LISTED' AND assurance <> 'NATIONAL' AND (SELECT count(*) FROM provider_check c
       JOIN membership m ON m.person_id = c.checked_by AND m.role = 'LA_OFFICER'
       WHERE c.provider_id = p.id AND c.la_code = p.assuring_la AND m.la_code = c.la_code AND NOT c.expired AND c.checked_at < $1 AND c.expires_on > $1::date) < 3
     UNION ALL SELECT id, 'is a council service that charges' FROM provider p
     WHERE assurance = 'COUNCIL' AND EXISTS (SELECT FROM listing l WHERE l.provider_id = p.id AND l.price_kind <> 'FREE')
     UNION ALL SELECT p.id, 'is vouched for in a listing of another provider, or one not yet there'
     FROM recommendation r JOIN provider p ON p.id = r.provider_id JOIN recommendation_listing v ON v.recommendation_id = r.id JOIN listing l ON l.id = v.listing_id
     WHERE l.provider_id <> p.id OR l.published_at IS NULL OR l.published_at > r.given_at`,
    [now],
  );
  return rows.map(({ id, what }) => `provider ${id} ${what}`);
}

/** What is told of schools and providers holds together in time, and with who they are. */
async function storyBreaches(db: Queryable, now: Date): Promise<string[]> {
  const rows = await db.query<{ id: string; what: string }>(
    `SELECT i.id, 'invites a provider that was not listed yet' AS what FROM invitation i JOIN provider p ON p.id = i.provider_id WHERE p.listed_at IS NULL OR p.listed_at > i.sent_at
     UNION ALL SELECT i.id, 'names a listing that was not published yet' FROM invitation i JOIN listing l ON l.id = i.listing_id WHERE l.published_at IS NULL OR l.published_at > i.sent_at
     UNION ALL SELECT e.id, 'is of a listing that was not published yet' FROM engagement e JOIN listing l ON l.id = e.listing_id WHERE l.published_at IS NULL OR l.published_at > e.created_at
     UNION ALL SELECT e.id, 'is of a school’s own provider' FROM engagement e JOIN provider p ON p.id = e.provider_id WHERE p.school_urn = e.school_urn
     UNION ALL SELECT e.id, 'has its days in a wrong order' FROM engagement e
       WHERE e.created_at > e.started_at OR e.started_at > e.finished_at OR e.started_at::date < e.starts_on OR e.finished_at > $1
     UNION ALL SELECT e.id, 'has ended and waits for a signature' FROM engagement e WHERE e.state = 'COMPLETED' AND e.needs_sign_off AND e.signed_off_at IS NULL
     UNION ALL SELECT r.id, 'was rated before it was over' FROM rating r JOIN engagement e ON e.id = r.engagement_id WHERE r.given_at < e.finished_at
     UNION ALL SELECT v.id, 'was held before its day' FROM visit v WHERE v.state = 'HELD' AND v.visit_on > $1::date OR v.state = 'PLANNED' AND v.visit_on < $1::date
     UNION ALL SELECT r.id, 'is agreed without an engagement, or has one and is not' FROM request r
       WHERE (r.state = 'AGREED') <> EXISTS (SELECT FROM engagement e JOIN buying_record b ON b.engagement_id = e.id WHERE e.request_id = r.id)
     UNION ALL SELECT r.id, 'has ended and something of it goes on' FROM request r WHERE r.closed_at IS NOT NULL
       AND (EXISTS (SELECT FROM invitation i WHERE i.request_id = r.id AND i.state IN ('SENT', 'OPENED'))
         OR EXISTS (SELECT FROM proposal q WHERE q.request_id = r.id AND q.state = 'SUBMITTED'))
     UNION ALL SELECT n.id, 'tells somebody of their own act' FROM notice n JOIN history h ON h.id = n.history_id WHERE h.person_id = n.person_id
     UNION ALL SELECT n.id, 'was not told when it happened' FROM notice n JOIN history h ON h.id = n.history_id WHERE h.at <> n.created_at`,
    [now],
  );
  return rows.map(({ id, what }) => `${id} ${what}`);
}

interface Step {
  process: string;
  id: string;
  transition: string;
  from: string | null;
  to: string;
  at: Date;
  person: string | null;
  party: string | null;
}

/** Each object's history is a path through its process that ends where the object is, and each step has a cause. */
async function historyBreaches(db: Queryable, now: Date): Promise<string[]> {
  const steps = await db.query<Step>(
    `SELECT process, object_id AS id, transition, from_state AS "from", to_state AS "to", at, person_id AS person, on_behalf_kind AS party FROM history ORDER BY history.id`,
  );
  const objects = await db.query<{ id: string; state: string; version: number }>(
    processes.map(({ table }) => `SELECT id, state, version FROM ${table}`).join(' UNION ALL '),
  );
  const people = new Set((await db.query<{ id: string }>('SELECT id FROM person')).map((row) => row.id));
  const last = new Map<string, { state: string; at: Date; count: number }>();
  const found: string[] = [];
  for (const { process: name, id, transition: step, from, to, at, person, party } of steps) {
    const wrong = (what: string) => found.push(`${name} ${id}: ${step} ${what}`);
    const transition = processes.find((each) => each.name === name)!.transitions[step] as Transition<string, never>;
    const before = last.get(id);
    if (from !== (before?.state ?? null)) wrong('starts where the object was not');
    if (!transition.from.includes(from) || target(transition, from) !== to) wrong('is not in the process');
    if (at > now || (before && at < before.at)) wrong('is out of time');
    if ((person === null) !== (transition.by.length === 0) || (person === null) !== (party === null)) wrong('has the wrong cause');
    if (person !== null && !people.has(person)) wrong('is by nobody');
    last.set(id, { state: to, at, count: (before?.count ?? 0) + 1 });
  }
  for (const { id, state, version } of objects) {
    // Some changes, such as what a draft says, are no steps.
    if (last.get(id)?.state !== state || last.get(id)!.count > version) found.push(`${id} is ${state} in version ${version}, which its history does not say`);
  }
  return found;
}
