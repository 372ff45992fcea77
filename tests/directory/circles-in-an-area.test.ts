import { startServices, type TestApp } from '../support/app.js';

/**
 * How many providers of a lively area would wait for an officer because they seem to be a small closed circle. The
 * schools recommend as ordinary schools do, whoever has helped them, except one that recommends them.
 */

const SCHOOLS = 300;
let services: TestApp;
beforeAll(async () => {
  services = await startServices();
});

/** The same numbers each time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** An area in which every `everyNth` school is a provider and each has up to `most` recommendations, mostly from near schools. */
async function waitingIn(area: number, seed: number, everyNth: number, most: number): Promise<{ providers: number; recommendations: number; waiting: number }> {
  const { db } = services.app;
  const next = chance(seed);
  const first = area * 1000; // of its URNs
  await db.query(`INSERT INTO local_authority (code, name) VALUES ('990', 'Shire') ON CONFLICT DO NOTHING`);
  await db.query(
    `INSERT INTO school (urn, la_code, name, type, status, phase, academy, search_text, imported_at)
     SELECT $2::int + n, '990', 'School ' || n, 'Community school', 'OPEN', 'PRIMARY', false, 'school', now() FROM generate_series(1, $1::int) n`,
    [SCHOOLS, first],
  );
  await db.query(`INSERT INTO person (id, email, name, created_at) SELECT gen_random_uuid(), 'head' || $2::int + n || '@example.org', 'Head ' || n, now() FROM generate_series(1, $1::int) n`, [SCHOOLS, first]);
  await db.query(
    `INSERT INTO provider (id, kind, assurance, state, name, summary, description, contact_name, contact_role, safeguarding, assuring_la, school_urn, version, created_at, updated_at)
     SELECT gen_random_uuid(), 'SCHOOL', 'RECOMMENDED', 'AWAITING_RECOMMENDATIONS', 'Provider ' || n, '', '', '', '', '', '990', $3::int + n, 1, now(), now()
     FROM generate_series(1, $1::int) n WHERE n % $2 = 0`,
    [SCHOOLS, everyNth, first],
  );
  const ids = new Map((await db.query<{ id: string; urn: number }>('SELECT id, school_urn AS urn FROM provider WHERE school_urn > $1 AND school_urn <= $2', [first, first + SCHOOLS])).map(({ id, urn }) => [urn - first, id]));
  const edges = new Set<string>();
  const rows: { provider: string; school: number; nth: number }[] = [];
  for (const [n, provider] of ids) {
    for (let i = 0, wanted = 2 + next(most - 1); i < wanted; i++) {
      const near = next(4) > 0; // three of four are from the neighbourhood
      const from = near ? ((n + next(31) - 15 + SCHOOLS) % SCHOOLS) + 1 : next(SCHOOLS) + 1;
      if (from === n || edges.has(`${from} ${n}`) || edges.has(`${n} ${from}`)) continue;
      edges.add(`${from} ${n}`);
      rows.push({ provider, school: from, nth: next(1_000_000) });
    }
  }
  rows.sort((one, other) => one.nth - other.nth);
  await db.query(
    `INSERT INTO recommendation (id, provider_id, provider_school_urn, school_urn, state, given_by, given_at, lapses_at, governing_body, independence, what_was_done, when_done, what_changed, no_interest, created_at, updated_at)
     SELECT gen_random_uuid(), p.id, p.school_urn, $2::int + e.school, 'GIVEN', person.id, now() - e.ordinal * interval '1 hour', now() + interval '2 years', 'school:' || ($2::int + e.school), 'INDEPENDENT', 'a', 'b', 'c', true, now(), now()
     FROM json_to_recordset($1::json) AS e (provider uuid, school int, ordinal int) JOIN provider p ON p.id = e.provider JOIN person ON person.email = 'head' || ($2::int + e.school) || '@example.org'`,
    [JSON.stringify(rows.map((row, i) => ({ ...row, ordinal: rows.length - i }))), first],
  );
  const [found] = await db.query<{ waiting: number }>(
    `SELECT count(DISTINCT r.provider_id) AS waiting FROM recommendation r WHERE r.provider_id = ANY($1::uuid[]) AND circle_of(r.id, r.provider_id, r.school_urn, r.given_at) IS NOT NULL`,
    [[...ids.values()]],
  );
  return { providers: ids.size, recommendations: rows.length, waiting: found!.waiting };
}

test(`in an area of ${SCHOOLS} schools hardly a provider waits because of a circle`, async () => {
  const shares: string[] = [];
  let [areas, waiting, providers] = [0, 0, 0];
  for (const [everyNth, most] of [[1, 4], [2, 4], [3, 3], [5, 4]] as const) {
    for (const seed of [1, 2, 3]) {
      const area = await waitingIn(++areas, seed * 1000 + everyNth, everyNth, most);
      waiting += area.waiting;
      providers += area.providers;
      shares.push(`${area.waiting} of ${area.providers} (${area.recommendations} recommendations)`);
    }
  }
  process.stderr.write(`waiting because of a circle: ${shares.join('; ')}\n`);
  expect(waiting / providers).toBeLessThan(0.005);
}, 600_000);
