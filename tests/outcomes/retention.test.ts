import { readFileSync } from 'node:fs';
import { retention } from '../../src/app.js';
import { newId } from '../../src/platform/id.js';
import { applyRetention } from '../../src/platform/retention.js';
import { startServices, type TestApp } from '../support/app.js';
import type { World } from '../support/world.js';

let services: TestApp;
let world: World;

beforeAll(async () => {
  services = await startServices();
  ({ world } = services);
});

const apply = () => applyRetention(services.app.db, retention);
const rows = <Row>(sql: string, parameters: unknown[] = []) => services.app.db.query<Row>(sql, parameters);

/** What a statement of each rule finds, right before its days are over and right after, twice. */
async function keptFor(days: number, look: () => Promise<unknown>): Promise<unknown[]> {
  services.clock.advance({ days: days - 1 });
  await apply();
  const found = [await look()];
  services.clock.advance({ days: 2 });
  await apply();
  await apply();
  return [...found, await look()];
}

test('drafts that came to nothing are deleted after a year, requests that were open are not', async () => {
  const urn = await world.school();
  const lead = await world.lead(urn);
  const { requests } = services.app.brokerage;
  const provider = await world.listed();
  const [draft, open] = [await requests.draft(lead, urn, { need: 'Something.', listingIds: [provider.listing] }), await world.openRequest(lead, urn)];
  for (const id of [draft, open]) await requests.act(id, 'withdraw', { actor: lead, reason: 'No time.' });
  const look = async () => (await rows<{ id: string }>('SELECT id FROM request WHERE school_urn = $1 ORDER BY created_at, id', [urn])).map(({ id }) => id);
  expect(await keptFor(365, look)).toEqual([[draft, open], [open]]);
});

test('names in ratings and engagements go after seven years, and what was said stays', async () => {
  const it = await world.rated({ mayBeAsked: true });
  await services.app.outcomes.ratings.reply(it.provider.admin, it.rating, 'Thank you.');
  await rows(`INSERT INTO engagement_visitor (id, engagement_id, nth, name) VALUES ($1, $2, 1, 'Ada Example')`, [newId(), it.id]);
  await rows(`INSERT INTO engagement_action (id, engagement_id, what, owner, owner_name, created_at) VALUES ($1, $2, 'Books', 'SCHOOL', 'Grace Example', now())`, [newId(), it.id]);
  const look = async () =>
    (
      await rows(
        `SELECT given_by IS NULL AND replied_by IS NULL AND contact_id IS NULL AS "nobody", helpfulness, words, reply,
                (SELECT name FROM engagement_visitor WHERE engagement_id = r.engagement_id) AS visitor, (SELECT owner_name FROM engagement_action WHERE engagement_id = r.engagement_id) AS owner
         FROM rating r WHERE id = $1`,
        [it.rating],
      )
    )[0];
  const said = { helpfulness: 4, words: 'Patient and well prepared.', reply: 'Thank you.' };
  expect(await keptFor(7 * 365, look)).toEqual([
    { ...said, nobody: false, visitor: 'Ada Example', owner: 'Grace Example' },
    { ...said, nobody: true, visitor: 'Name removed', owner: '' },
  ]);
});

test('notes of visits go after three years, referrals that were declined after one', async () => {
  const urn = await world.school();
  const sip = await world.assignedSip(urn);
  const [visit, referral] = [newId(), newId()];
  const today = services.clock.now().toISOString().slice(0, 10);
  await rows(`INSERT INTO visit (id, school_urn, sip_id, state, visit_on, focus, note, created_at, updated_at) VALUES ($1, $2, $3, 'HELD', $4::date, 'Reading', 'All is well.', now(), now())`, [visit, urn, sip.personId, today]);
  const { listing } = await world.listed();
  await rows(
    `INSERT INTO referral (id, school_urn, sip_id, state, message, listing_ids, created_at, updated_at, expires_at, answered_at) VALUES ($1, $2, $3, 'DECLINED', 'Look.', $4, $5, $5, $5, $5)`,
    [referral, urn, sip.personId, [listing], services.clock.now()],
  );
  await rows(`INSERT INTO referral_listing (referral_id, listing_id, nth, title, provider_name) VALUES ($1, $2, 1, 'Reading', 'Ada')`, [referral, listing]);
  expect(await keptFor(365, () => rows('SELECT state FROM referral WHERE id = $1', [referral]))).toEqual([[{ state: 'DECLINED' }], []]);
  const note = async () => (await rows<{ note: string }>('SELECT note FROM visit WHERE id = $1', [visit]))[0]!.note;
  expect(await keptFor(2 * 365, note)).toEqual(['All is well.', 'The note has been removed: it was kept for its time.']);
});

test('the setting changes the days, and what it cannot mean is said', async () => {
  const set = (value: unknown) => rows(`INSERT INTO setting (name, value) VALUES ('retention', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [JSON.stringify(value)]);
  const kept = async () => (await rows('SELECT FROM search_miss')).length;
  const urn = await world.school();
  await rows(`INSERT INTO search_miss (day, la_code, school_urn) VALUES ($1::timestamptz::date - 10, '990', $2)`, [services.clock.now(), urn]);
  await apply();
  expect(await kept()).toBe(1);
  await set({ 'searches-without-result': 5 });
  await apply();
  expect(await kept()).toBe(0);
  await set({ 'search-misses': 5 });
  await expect(apply()).rejects.toThrow('names what there is not: search-misses');
  await set({ notices: 'long' });
  await expect(apply()).rejects.toThrow('whole days by name');
  await rows(`DELETE FROM setting WHERE name = 'retention'`);
});

test('docs/outcomes.md lists every rule with its days', () => {
  const documented = [...readFileSync(new URL('../../../docs/outcomes.md', import.meta.url), 'utf8').matchAll(/^\| ([a-z-]+) \| .* \| (\d+) \|$/gm)].map(([, name, days]) => [name, Number(days)]);
  expect(documented).toEqual(retention.map(({ name, days }) => [name, days]));
});
