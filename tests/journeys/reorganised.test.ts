import { afterSchools } from '../../src/imports/index.js';
import { whyNotReorganise, importSchools } from '../../src/schools/index.js';
import { fileOf } from '../schools/support.js';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

type Person = { personId: string | null };
const rows = <Row>(sql: string, ...values: unknown[]) => server.app.db.query<Row>(sql, values);
const ask = async <Data>(person: Person | null, query: string) => (await server.graphql<Data>(query, {}, person ? await server.cookieOf(person) : null)).data;
const titlesToldTo = async ({ personId }: Person) => (await rows<{ text: string }>('SELECT text FROM notice WHERE person_id = $1', personId)).map(({ text }) => text);
const roles = async ({ personId }: Person) =>
  (await rows<{ role: string }>(`SELECT role || ' ' || la_code AS role FROM membership WHERE person_id = $1 AND la_code IS NOT NULL AND ended_at IS NULL AND confirmed_at IS NOT NULL ORDER BY 1`, personId)).map(({ role }) => role);
const total = async (code: string) => (await ask<{ search: { totalCount: number } }>(null, `{ search(input: { laCodes: ["${code}"] }) { totalCount } }`)).search.totalCount;

/** Imports the schools under their new codes, with the code that they had. @returns what the operator is told */
async function moved(schools: { urn: number; to: string; name: string; from: string }[], check = false): Promise<string> {
  let lines: string[] = [];
  const header = 'URN,LA (code),LA (name),EstablishmentName,EstablishmentStatus (name),PreviousLA (code)';
  const file = fileOf([header, ...schools.map(({ urn, to, name, from }) => `${urn},${to},${name},School ${urn},Open,${from}`)].join('\n'));
  await importSchools(server.app.db, { file, check, afterwards: async (tx) => void (lines = await afterSchools(server.app, tx)) });
  return lines.join('\n');
}

/** A local authority at work: its people, a provider of its area that is listed, one that waits for its checks, and support under way. */
async function atWork(la: string, schools = 4) {
  const { world, app } = server;
  const urns = await Promise.all(Array.from({ length: schools }, () => world.school({ la })));
  const [officer, sip] = [await world.officer(la), await world.sip(la, ...urns)];
  const listed = await world.listed({ la });
  await rows(`UPDATE listing SET national = false, la_codes = ARRAY[$2] WHERE id = $1`, listed.listing, la);
  await app.search.rebuild();
  const waiting = await world.awaiting({ la });
  const lead = await world.lead(urns[0]!);
  const request = await world.openRequest(lead, urns[0]!, { sharedWithSip: true } as never);
  return { la, urns, officer, sip, listed, waiting, lead, request };
}

test('a local authority that is split in two: everything goes on for both, and nobody loses a role silently', async () => {
  const { world, app } = server;
  const it = await atWork('731');
  const asked = await world.person();
  await rows(`INSERT INTO membership (id, person_id, role, la_code, created_at) VALUES (gen_random_uuid(), $1, 'SIP', '731', now())`, asked.personId);
  await rows(`INSERT INTO term_date (la_code, school_year, name, starts_on, ends_on) VALUES ('731', 2026, 'Autumn', '2026-09-02', '2026-12-18'), ('731', 2026, 'Spring', '2027-01-05', '2027-03-26')`);
  await app.directory.policies.save(it.officer, '731', { minimumRecommendations: 2, checkLives: [{ kind: 'INSURANCE', months: 120 }] }, 'Insurance is renewed.');
  const elsewhere = await world.listed({ la: '709' });
  await app.directory.withholdings.withhold(it.officer, elsewhere.listing, '731', 'Complaints.');
  await app.search.rebuild();
  const before = await total('731');
  expect(before).toBeGreaterThan(0);

  const split = it.urns.map((urn, nth) => ({ urn, to: nth < 2 ? '732' : '733', name: nth < 2 ? 'North Shire' : 'South Shire', from: '731' }));
  const foreseen = await moved(split, true);
  expect([await total('731'), await roles(it.officer)]).toEqual([before, ['LA_OFFICER 731']]);
  const said = await moved(split);
  expect(said).toBe(foreseen);
  expect(said).toContain('Shire 731 (731) has become North Shire (732) and South Shire (733).');

  for (const code of ['732', '733']) expect(await total(code)).toBe(before);
  expect(await total('731')).toBe(0);
  expect((await ask<{ localAuthorities: { code: string }[] }>(null, '{ localAuthorities { code } }')).localAuthorities.map(({ code }) => code)).not.toContain('731');
  expect(await roles(it.officer)).toEqual(['LA_OFFICER 731', 'LA_OFFICER 732', 'LA_OFFICER 733']);
  expect(await roles(it.sip)).toEqual(['SIP 731', 'SIP 732', 'SIP 733']);
  expect((await world.refresh(it.sip)).sipSchools.toSorted()).toEqual(it.urns.toSorted());
  for (const person of [it.officer, it.sip]) expect(await titlesToldTo(person)).toContainEqual(expect.stringContaining('Shire 731 has become North Shire and South Shire. Your role goes on in each of them.'));
  expect(await rows(`SELECT la_code AS la FROM membership WHERE person_id = $1 AND ended_at IS NULL ORDER BY 1`, asked.personId)).toEqual([{ la: '732' }, { la: '733' }]);
  expect(await titlesToldTo(asked)).toEqual([]);

  const [{ state, la }] = await rows<{ state: string; la: string }>('SELECT state, assuring_la AS la FROM provider WHERE id = $1', it.listed.id) as [{ state: string; la: string }];
  expect([state, ['732', '733'].includes(la)]).toEqual(['LISTED', true]);
  expect(await titlesToldTo(it.listed.admin)).toContainEqual(expect.stringContaining('has taken its place: your checks, recommendations and listings go on.'));
  const officer = await world.refresh(it.officer);
  await app.directory.providers.recordCheck(officer, it.waiting.id, 'INSURANCE', world.dayIn(100)); // a check that was under way
  expect(await rows(`SELECT la_code AS la, count(*)::int AS terms FROM term_date WHERE la_code IN ('732', '733') GROUP BY 1 ORDER BY 1`)).toEqual([{ la: '732', terms: 2 }, { la: '733', terms: 2 }]);
  expect(await rows(`SELECT la_code AS la, months FROM check_life WHERE la_code IN ('732', '733') ORDER BY 1`)).toEqual([{ la: '732', months: 120 }, { la: '733', months: 120 }]);
  expect(await rows(`SELECT la_code AS la FROM listing_withholding WHERE state = 'WITHHELD' AND listing_id = $1 ORDER BY 1`, elsewhere.listing)).toEqual([{ la: '732' }, { la: '733' }]);
  expect(await rows(`SELECT state FROM request WHERE id = $1`, it.request)).toEqual([{ state: 'OPEN' }]);
  expect(await moved([])).toBe(''); // once
});

test('two that are merged: the stricter of two policies holds, and officers are told what differed', async () => {
  const { world, app } = server;
  const [one, other] = [await atWork('711', 2), await atWork('712', 2)];
  const strict = await world.officer('712');
  await app.directory.policies.save(strict, '712', { minimumRecommendations: 3, checkLives: [] }, 'We ask for three.');
  await app.directory.policies.save(one.officer, '711', { minimumRecommendations: 2, checkLives: [{ kind: 'SAFEGUARDING', months: 36 }] }, 'Three years.');
  expect(await rows('SELECT state FROM provider WHERE id = $1', one.listed.id)).toEqual([{ state: 'LISTED' }]);

  const said = await moved([...one.urns, ...other.urns].map((urn) => ({ urn, to: '713', name: 'Both Shires', from: one.urns.includes(urn) ? '711' : '712' })));
  expect(said).toContain('Shire 712 asked for other things of providers than Both Shires: the stricter of both holds.');
  expect(await rows(`SELECT minimum_recommendations AS minimum, (SELECT months FROM check_life WHERE la_code = '713' AND kind = 'SAFEGUARDING') AS months FROM local_authority WHERE code = '713'`)).toEqual([{ minimum: 3, months: 36 }]);
  expect(await rows('SELECT state FROM provider WHERE id = $1', one.listed.id)).toEqual([{ state: 'LAPSED' }]);
  expect(await titlesToldTo(other.officer)).toContainEqual(expect.stringContaining('the stricter of both holds'));
  for (const each of [one, other]) expect(await roles(each.officer)).toContain('LA_OFFICER 713');
  expect((await rows<{ by: string | null }>(`SELECT changed_by AS by FROM policy_change WHERE la_code = '713'`)).every(({ by }) => by === null)).toBe(true);
  expect((await ask<{ laPolicyChanges: { changedBy: string }[] }>(await world.refresh(one.officer), '{ laPolicyChanges(laCode: "713") { changedBy } }')).laPolicyChanges[0]).toEqual({ changedBy: 'Signpost' });
});

test('one that still has schools, one of today, and a few schools across a boundary are no reorganisation', async () => {
  const { world, app } = server;
  const [stays, goes] = [await world.school({ la: '721' }), await world.school({ la: '721' })];
  expect(await moved([{ urn: goes, to: '722', name: 'Next', from: '721' }])).toBe('');
  const ealing = await world.school({ la: '307' });
  expect(await moved([{ urn: ealing, to: '312', name: 'Hillingdon', from: '307' }])).toBe('');
  const why = (code: string, ...codes: string[]) => app.db.transaction((tx) => whyNotReorganise(tx, code, codes));
  expect(await why('721', '722')).toContain('are still under 721');
  expect(await why('721', '729')).toContain('There is no local authority 729 yet');
  expect(await moved([{ urn: stays, to: '722', name: 'Next', from: '721' }])).toContain('(721) has become Next (722)');
  expect(await why('721', '722')).toContain('already');
});
