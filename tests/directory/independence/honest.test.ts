import { awaitsOfficer } from '../../../src/directory/interests/index.js';
import { loadDemo } from '../../../src/demo/index.js';
import type { Actor } from '../../../src/platform/actor.js';
import { newId } from '../../../src/platform/id.js';
import { startServices, type TestApp } from '../../support/app.js';
import { runs } from '../../support/runs.js';

/** Honest people are not hindered: who keeps to the rules is listed by themselves, and an officer is asked only where the rules say so. */

let services: TestApp;
beforeEach(async () => {
  services = await startServices();
});
afterEach(() => services.end());

const rows = <Row extends object>(sql: string, parameters: unknown[] = []) => services.app.db.query<Row>(sql, parameters);

/** What waits for an officer: recommendations, and providers for their name or for one that was suspended. */
async function queue(): Promise<{ recommendations: string[]; names: string[]; returns: string[] }> {
  const ids = async (sql: string) => (await rows<{ id: string }>(sql)).map(({ id }) => id).sort();
  return {
    recommendations: await ids(`SELECT r.id FROM recommendation r WHERE r.state IN ('GIVEN', 'FLAGGED') AND ${awaitsOfficer('r')}`),
    names: await ids(`SELECT id FROM provider WHERE state <> 'DRAFT' AND alike_names <> '{}' AND confirmed_name IS DISTINCT FROM name`),
    returns: await ids('SELECT provider_id AS id FROM suspended_before WHERE accepted_at IS NULL'),
  };
}

test('the demo’s providers stay what they are when all is judged anew, and its officers have academies of unknown trusts to look at', async () => {
  const { app, clock } = services;
  await loadDemo(app.db, { now: clock.now(), afterListings: async () => {} });
  const states = () => rows<{ id: string; state: string }>('SELECT id, state FROM provider ORDER BY id');
  const before = await states();
  await app.directory.recommendations.passTime();
  await app.directory.providers.passTimeForMemberships();
  expect(await states()).toEqual(before);
  expect(before.filter(({ state }) => state === 'LISTED').length).toBeGreaterThan(30);
  const unknown = await rows<{ id: string }>(
    `SELECT r.id FROM recommendation r JOIN school s ON s.urn = r.school_urn WHERE r.state IN ('GIVEN', 'FLAGGED') AND s.academy AND s.trust_id IS NULL AND NOT EXISTS (
       SELECT FROM history h WHERE h.object_id = r.id AND h.transition = 'confirmIndependence')`,
  );
  expect(await queue()).toEqual({ recommendations: unknown.map(({ id }) => id).sort(), names: [], returns: [] });
}, 600_000);

const LAS = ['951', '952', '953', '954', '955'];
const FIRST = 960_000;
const KINDS = ['COMPANY', 'SOLE_TRADER', 'SCHOOL', 'CHARITY', 'COUNCIL_SERVICE', 'UNIVERSITY', 'HUB'] as const;
const TREES = 'Acacia Bramble Chestnut Damson Elder Foxglove Gorse Hawthorn Ivy Juniper Kingcup Larch Mulberry Nettle Osier Primrose Quince Rowan Sycamore Thistle Umbrella Violet Willow Yarrow Zinnia'.split(' ');
const WORKS = 'Teaching Consultancy Numbers Phonics Leadership Governance Wellbeing Orchestra Coding Assessment Languages Safeguarding Inclusion Speech Gardens History Theatre Budgets Attendance Curriculum Sciences Mentoring Libraries Playgrounds Nutrition Climate Swimming Debating Careers Handwriting Sensory Poetry Robotics Chess Pottery Archaeology Astronomy Cookery Dance Fencing'.split(' ');

interface School {
  urn: number;
  la: string;
  academy: boolean;
  trust: string | null;
  federation: string | null;
}
interface Provider {
  id: string;
  name: string;
  kind: (typeof KINDS)[number];
  la: string;
  school: School | null;
  admin: string;
  listing: string;
  /** Like that of another, by chance. */
  nameIsAlike: boolean;
}

/** The same numbers each time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => Math.floor(((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647) * below);
}

/** Maintained schools, federations, trusts of two to five academies, and now and then an academy of which no trust is known. */
function makeSchools(count: number, next: (below: number) => number): School[] {
  const schools: School[] = [];
  for (let group = 0; schools.length < count; group++) {
    const what = next(20);
    const [trust, federation] = [what < 6 ? `trust-${group}` : null, what === 6 || what === 7 ? `federation-${group}` : null];
    for (let i = trust || federation ? 2 + next(4) : 1; i > 0; i--) {
      schools.push({ urn: FIRST + schools.length, la: LAS[next(LAS.length)]!, academy: trust !== null || what === 8, trust, federation });
    }
  }
  return schools.slice(0, count);
}

const bodyOf = ({ urn, trust, federation }: School) => trust ?? federation ?? String(urn);
const isUnknown = ({ academy, trust }: School) => academy && trust === null;

function makeProviders(count: number, schools: readonly School[]): Provider[] {
  return Array.from({ length: count }, (_, nth) => {
    const kind = KINDS[nth % KINDS.length]!;
    const school = kind === 'SCHOOL' ? schools[3 * ((nth - 2) / KINDS.length)]! : null; // every third school may be one
    const nameIsAlike = nth > 0 && nth % 49 === 0; // after another of its name
    const base = nameIsAlike ? nth - 1 : nth;
    const name = `${TREES[base % TREES.length]} ${WORKS[Math.floor(base / TREES.length) % WORKS.length]}${nameIsAlike ? ' Limited' : ''}`;
    return { id: newId(), name, kind, la: school?.la ?? LAS[nth % LAS.length]!, school, admin: newId(), listing: newId(), nameIsAlike };
  });
}

/** Writes them as they are the moment before they are sent off: complete, with a listing, and checked. @returns who leads which school, and officers by LA */
async function write(schools: readonly School[], providers: readonly Provider[]): Promise<{ leads: Map<number, string>; officers: Map<string, Actor[]> }> {
  const { app, world, clock } = services;
  const officers = new Map<string, Actor[]>();
  for (const la of LAS) officers.set(la, [await world.officer(la), await world.officer(la)]);
  const leads = new Map(schools.map(({ urn }) => [urn, newId()]));
  // Whoever registers a council's service is one of its officers, and a school's is its lead.
  const admins = providers.map((each) => (each.school ? leads.get(each.school.urn)! : each.kind === 'COUNCIL_SERVICE' ? officers.get(each.la)![0]!.personId! : each.admin));
  const people = [...leads.values(), ...providers.filter(({ admin }) => admins.includes(admin)).map(({ admin }) => admin)];
  const json = (these: readonly object[]) => JSON.stringify(these);
  await app.db.longTransaction(async (tx) => {
    await tx.query(`INSERT INTO trust SELECT name, name FROM (SELECT DISTINCT trust AS name FROM json_to_recordset($1::json) AS s (trust text) WHERE trust IS NOT NULL) named`, [json(schools)]);
    await tx.query(`INSERT INTO federation SELECT name, name FROM (SELECT DISTINCT federation AS name FROM json_to_recordset($1::json) AS s (federation text) WHERE federation IS NOT NULL) named`, [json(schools)]);
    await tx.query(
      `INSERT INTO school (urn, la_code, name, type, status, phase, academy, trust_id, federation_id, search_text, imported_at)
       SELECT urn, la, 'School ' || urn, 'School', 'OPEN', 'PRIMARY', academy, trust, federation, 'school', $2 FROM json_to_recordset($1::json) AS s (urn int, la text, academy boolean, trust text, federation text)`,
      [json(schools), clock.now()],
    );
    await tx.query(`INSERT INTO person (id, email, name, created_at) SELECT id, id || '@example.org', 'Somebody', $2 FROM unnest($1::uuid[]) id`, [people, clock.now()]);
    await tx.query(
      `INSERT INTO membership (id, person_id, role, school_urn, created_at, confirmed_at, confirmed_by) SELECT gen_random_uuid(), person, 'SCHOOL_LEAD', urn, $2, $2, "by" FROM json_to_recordset($1::json) AS m (urn int, person uuid, "by" uuid)`,
      // by the officer who has nothing to do with what the council offers
      [json(schools.map(({ urn, la }) => ({ urn, person: leads.get(urn), by: officers.get(la)![1]!.personId }))), clock.now()],
    );
    const written = json(providers.map((each, i) => ({ ...each, admin: admins[i], urn: each.school?.urn ?? null })));
    const from = 'FROM json_to_recordset($1::json) AS p (id uuid, name text, kind text, la text, urn int, admin uuid, listing uuid)';
    await tx.query(
      `INSERT INTO provider (id, kind, assurance, state, name, school_urn, summary, contact_name, contact_email, safeguarding, interests, assuring_la, created_at, updated_at)
       SELECT id, kind, 'RECOMMENDED', 'DRAFT', name, urn, 'Helps.', 'Ada', 'ada-' || id || '@example.org', 'All are checked.', '', la, $2, $2 ${from}`,
      [written, clock.now()],
    );
    await tx.query(`INSERT INTO membership (id, person_id, role, provider_id, created_at, confirmed_at, confirmed_by) SELECT gen_random_uuid(), admin, 'PROVIDER_ADMIN', id, $2, $2, admin ${from}`, [written, clock.now()]);
    await tx.query(
      `INSERT INTO listing (id, provider_id, state, title, summary, categories, phases, delivery, national, price_kind, price_pence, price_unit, vat, created_at, updated_at, published_at)
       SELECT listing, id, 'PUBLISHED', 'Reading', 'Help.', '{TEACHING_AND_LEARNING}', '{PRIMARY}', '{ONLINE}', true, 'PRICED', 40000, 'DAY', 'ADDED', $2, $2, $2 ${from}`,
      [written, clock.now()],
    );
    await tx.query(
      `INSERT INTO provider_check (provider_id, kind, la_code, checked_by, checked_at, expires_on) SELECT id, what, la, $3, $2::timestamptz, $2::timestamptz::date + 700 ${from}, unnest('{SAFEGUARDING,INSURANCE,INTERESTS}'::text[]) what`,
      [written, clock.now(), officers.get(LAS[0]!)![1]!.personId],
    );
    for (const table of ['person', 'membership', 'school', 'provider', 'listing']) await tx.query(`ANALYZE ${table}`);
  });
  providers.forEach((each, i) => (each.admin = admins[i]!));
  return { leads, officers };
}

/**
 * Two schools or three that have used it, of different bodies, and of none with which the provider has to do. The first
 * is no provider itself, so that no circle is closed.
 */
function makeRecommenders(providers: readonly Provider[], schools: readonly School[], next: (below: number) => number): Map<Provider, School[]> {
  const run = new Set(providers.flatMap(({ school }) => (school ? [bodyOf(school)] : [])));
  const said = new Set<string>();
  return new Map(providers.map((provider) => {
    const [own, chosen] = [provider.school && bodyOf(provider.school), [] as School[]];
    for (let wanted = 2 + next(2); chosen.length < wanted; ) {
      const school = schools[next(schools.length)]!;
      const body = bodyOf(school);
      if (body === own || chosen.some((each) => bodyOf(each) === body) || (own && said.has(`${own} ${body}`)) || (chosen.length === 0 && run.has(body))) continue;
      chosen.push(school);
      if (own) said.add(`${body} ${own}`);
    }
    return [provider, chosen];
  }));
}

const PROVIDERS = runs(1000);

test(`${PROVIDERS} generated honest providers of every kind are listed by themselves, but where the rules ask an officer`, async () => {
  const next = chance(7);
  const schools = makeSchools(PROVIDERS, next);
  const providers = makeProviders(PROVIDERS, schools);
  const recommenders = makeRecommenders(providers, schools, next);
  const { leads, officers } = await write(schools, providers);
  const { app, world } = services;
  const as = (personId: string) => world.refresh({ personId } as Actor);
  const given = new Map<string, School>();
  for (const provider of providers) {
    await app.directory.providers.act(provider.id, 'complete', { actor: await as(provider.admin) });
    for (const school of recommenders.get(provider)!) {
      const id = await app.directory.recommendations.give(await as(leads.get(school.urn)!), { ...world.recommendation(provider, school.urn), whenDone: 'Last year' });
      given.set(id, school);
    }
  }

  const listed = async () => new Set((await rows<{ id: string }>(`SELECT id FROM provider WHERE state = 'LISTED'`)).map(({ id }) => id));
  const needsNobody = providers.filter((each) => !each.nameIsAlike && recommenders.get(each)!.filter((school) => !isUnknown(school)).length >= 2);
  expect(needsNobody.length).toBeGreaterThan(0.8 * PROVIDERS);
  expect(await listed()).toEqual(new Set(needsNobody.map(({ id }) => id)));
  const unknown = [...given].filter(([, school]) => isUnknown(school)).map(([id]) => id);
  const alike = providers.filter(({ nameIsAlike }) => nameIsAlike).map(({ id }) => id);
  expect(unknown.length).toBeGreaterThan(0);
  expect(await queue()).toEqual({ recommendations: unknown.sort(), names: alike.sort(), returns: [] });

  // And once an officer has looked, nobody is left out.
  const laOf = new Map(providers.map((each) => [each.id, each.la]));
  const officerFor = (providerId: string) => as(officers.get(laOf.get(providerId)!)![1]!.personId!);
  for (const id of unknown) {
    const [{ provider }] = (await rows<{ provider: string }>('SELECT provider_id AS provider FROM recommendation WHERE id = $1', [id])) as [{ provider: string }];
    await app.directory.recommendations.act(id, 'confirmIndependence', { actor: await officerFor(provider) });
  }
  for (const id of alike) await app.directory.providers.confirmName(id, { actor: await officerFor(id) });
  expect((await listed()).size).toBe(PROVIDERS);
  expect(await queue()).toEqual({ recommendations: [], names: [], returns: [] });
}, 3_600_000);
