import { attempt } from '../../src/platform/problem.js';
import type { Actor } from '../../src/platform/actor.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';

const SCHOOLS = 300;
const WORKERS = 4;

let services: TestApp;
beforeAll(async () => {
  services = await startServices();
});

/** Providers that are listed under their LA's minimum, in one snapshot: as a reader at that moment sees the directory. */
const under = (la: string) =>
  services.app.db.query<{ id: string }>(
    `SELECT p.id FROM provider p JOIN local_authority la ON la.code = p.assuring_la
     WHERE p.state = 'LISTED' AND la.code = $1 AND (SELECT count(*) FROM counting_recommendation r WHERE r.provider_id = p.id) < la.minimum_recommendations`,
    [la],
  );

const statesOf = async (la: string) =>
  Object.fromEntries((await services.app.db.query<{ state: string; count: number }>('SELECT state, count(*) FROM provider WHERE assuring_la = $1 GROUP BY state', [la])).map(({ state, count }) => [state, count]));

/** As many listed providers, of which every second has a third recommendation, as an import and years of use would leave them. */
async function area(la: string, providers: number): Promise<{ id: string; listing: string }[]> {
  const { app, world, clock } = services;
  await world.la(la);
  const officer = await world.officer(la);
  const urns = Array.from({ length: SCHOOLS }, (_, i) => 700_000 + i);
  // The leads first: with each role the providers are judged anew that it may matter to.
  await app.db.longTransaction(async (tx) => {
    await tx.query(
      `INSERT INTO school (urn, la_code, name, type, status, phase, search_text, imported_at) SELECT urn, $2, 'School ' || urn, 'Community school', 'OPEN', 'PRIMARY', 'school', $3 FROM unnest($1::int[]) urn`,
      [urns, la, tx.now],
    );
    await tx.query(
      `WITH lead AS (INSERT INTO person (id, email, name, created_at) SELECT gen_random_uuid(), 'lead-' || urn || '@example.org', 'Lead', $2 FROM unnest($1::int[]) urn RETURNING id, email)
       INSERT INTO membership (id, person_id, role, school_urn, created_at, confirmed_at, confirmed_by)
       SELECT gen_random_uuid(), id, 'SCHOOL_LEAD', substring(email FROM '\\d+')::int, $2, $2, id FROM lead`,
      [urns, tx.now],
    );
  });
  await app.db.longTransaction(async (tx) => {
    await tx.query(
      `INSERT INTO provider (id, kind, assurance, state, name, summary, contact_name, contact_email, safeguarding, interests, assuring_la, created_at, updated_at, listed_at)
       SELECT gen_random_uuid(), 'COMPANY', 'RECOMMENDED', 'LISTED', 'Provider ' || n, 'Helps.', 'Ada', 'ada-' || n || '@example.org', 'All are checked.', '', $2, $3, $3, $3 FROM generate_series(1, $1) n`,
      [providers, la, tx.now],
    );
    await tx.query(
      `INSERT INTO listing (id, provider_id, state, title, summary, categories, phases, delivery, national, price_kind, created_at, updated_at, published_at)
       SELECT gen_random_uuid(), id, 'PUBLISHED', 'Reading', 'Help.', '{TEACHING_AND_LEARNING}', '{PRIMARY}', '{ONLINE}', true, 'FREE', $2, $2, $2 FROM provider WHERE assuring_la = $1`,
      [la, tx.now],
    );
    await tx.query(
      `INSERT INTO provider_check (provider_id, kind, la_code, checked_by, checked_at, expires_on)
       SELECT id, what, $1, $2, $3::timestamptz, $3::timestamptz::date + 700 FROM provider, unnest('{SAFEGUARDING,INSURANCE,INTERESTS}'::text[]) what WHERE assuring_la = $1`,
      [la, officer.personId, tx.now],
    );
    await tx.query(
      `INSERT INTO recommendation (id, provider_id, school_urn, state, given_by, given_at, lapses_at, governing_body, what_was_done, when_done, what_changed, no_interest, created_at, updated_at)
       SELECT gen_random_uuid(), p.id, m.school_urn, 'GIVEN', m.person_id, $2, $2::timestamptz + interval '3 years', 'school:' || m.school_urn, 'Help.', 'Last year', 'Much.', true, $2, $2
       FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM provider WHERE assuring_la = $1) p
       CROSS JOIN generate_series(0, 2) k JOIN membership m ON m.role = 'SCHOOL_LEAD' AND m.school_urn = 700000 + (p.n * 3 + k) % ${SCHOOLS}
       WHERE k < 2 OR p.n % 2 = 0`,
      [la, clock.now()],
    );
    for (const table of ['person', 'membership', 'school', 'provider', 'listing', 'recommendation']) await tx.query(`ANALYZE ${table}`);
  });
  return app.db.query('SELECT p.id, l.id AS listing FROM provider p JOIN listing l ON l.provider_id = p.id WHERE p.assuring_la = $1', [la]);
}

test(`the minimum is raised and lowered for ${runs(5000)} providers under load: no commit breaks the rule`, async () => {
  const { app, world } = services;
  const { recommendations, policies } = app.directory;
  const providers = await area('811', runs(5000));
  const officer = await world.officer('811');
  const leads = new Map<number, Promise<Actor>>();
  const people = new Map((await app.db.query<{ urn: number; id: string }>(`SELECT school_urn AS urn, person_id AS id FROM membership WHERE role = 'SCHOOL_LEAD'`)).map(({ urn, id }) => [urn, id]));
  const leadOf = (urn: number) => leads.get(urn) ?? leads.set(urn, world.refresh({ personId: people.get(urn) } as Actor)).get(urn)!;

  let busy = true;
  let steps = 0;
  let looks = 0;
  let chance = 7;
  const pick = (most: number) => (chance = (chance * 48_271) % 2_147_483_647) % most;

  /** Schools that give and take back, all over the area. */
  const work = async () => {
    while (busy) {
      const provider = providers[pick(providers.length)]!;
      const [given] = await app.db.query<{ id: string; urn: number }>(`SELECT id, school_urn AS urn FROM recommendation WHERE provider_id = $1 AND state = 'GIVEN' ORDER BY random() LIMIT 1`, [provider.id]);
      const urn = 700_000 + pick(SCHOOLS);
      const done =
        given && pick(2) === 0
          ? await attempt(async () => recommendations.act(given.id, 'withdraw', { actor: await leadOf(given.urn) }))
          : await attempt(async () => recommendations.give(await leadOf(urn), { ...world.recommendation(provider, urn), whenDone: 'Last year' }));
      if (done === undefined || typeof done === 'string') steps++;
    }
  };
  const watch = async () => {
    while (busy) {
      expect(await under('811')).toEqual([]);
      looks++;
    }
  };
  const others = [watch(), ...Array.from({ length: WORKERS }, work)];
  others.forEach((each) => each.catch(() => undefined)); // told of below
  const lapsed: (number | undefined)[] = [];
  for (const minimumRecommendations of [3, 2, 4, 2]) {
    await policies.save(officer, '811', { minimumRecommendations, checkLives: [] }, 'We have thought about it.');
    lapsed.push((await statesOf('811'))['LAPSED']);
    expect(await under('811')).toEqual([]);
  }
  busy = false;
  await Promise.all(others);
  expect(await under('811')).toEqual([]);
  expect(steps).toBeGreaterThan(10);
  expect(looks).toBeGreaterThan(3);
  expect(lapsed[0]!).toBeGreaterThan(providers.length / 3);
  expect(lapsed[2]!).toBeGreaterThan(lapsed[0]!);
}, 1_200_000);

test(`of a listing and a raised minimum at the same moment not both pass, in ${runs(400)} races`, async () => {
  const { app, world } = services;
  await world.la('812');
  const officer = await world.officer('812');
  const provider = await world.listed({ la: '813' });
  for (let race = 0; race < runs(400); race++) {
    await app.db.query(`UPDATE local_authority SET minimum_recommendations = 2 WHERE code = '812'`);
    await app.db.query(`UPDATE provider SET state = 'LAPSED', assuring_la = '813' WHERE id = $1`, [provider.id]);
    // By whatever way: it comes to this LA and is listed in one commit, while the LA, which does not know it yet, raises its minimum.
    const comes = app.db.transaction(async (tx) => void (await tx.query(`UPDATE provider SET assuring_la = '812', state = 'LISTED' WHERE id = $1`, [provider.id])));
    const raises = app.directory.policies.save(officer, '812', { minimumRecommendations: 3, checkLives: [] }, 'More is needed.');
    const results = await Promise.allSettled([comes, raises]);
    expect(await under('812')).toEqual([]);
    for (const result of results) if (result.status === 'rejected') expect(String(result.reason)).toContain('is LISTED with fewer than 3');
  }
}, 600_000);
