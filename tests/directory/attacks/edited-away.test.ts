import { Attacker, type Target } from './attacker.js';

/** A suspended provider edits away what it would be known again by. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

const NAMES = ['Amber Owls', 'Brass Kites', 'Copper Wrens', 'Denim Larks', 'Ebony Finches', 'Flint Herons', 'Garnet Swifts', 'Hazel Terns', 'Indigo Rooks', 'Jade Doves'];
const earlierOf = async ({ id }: { id: string }) => a.db.query<{ earlier: string; alike: string[] }>('SELECT earlier_id AS earlier, alike FROM suspended_before WHERE provider_id = $1', [id]);
let suspended: Target;
let host: string;
beforeEach(async () => {
  const name = NAMES.shift()!;
  host = `${name.replace(' ', '-').toLowerCase()}.example`;
  suspended = await a.world.listed({ name });
  expect(await a.profile(suspended, { website: `https://${host}/start`, basePostcode: `LE${NAMES.length + 1} 2BB` })).toBe('done');
  expect(await a.step(suspended.officer, 'suspendProvider', suspended.id, 'It sent unchecked staff.')).toBe('done');
  a.server.clock.advance({ minutes: 1 });
});

/** A twin by other people, with two honest recommendations and all checks. */
async function twin(profile: object): Promise<Target> {
  const next = await a.world.checked();
  expect(await a.profile(next, profile)).toBe('done');
  for (let i = 0; i < 2; i++) {
    const { lead, input } = await a.world.recommender(next);
    await a.given(lead, input);
  }
  return next;
}
async function held(next: Target, by: string): Promise<void> {
  expect(await a.state(next)).toBe('AWAITING_RECOMMENDATIONS');
  expect(await earlierOf(next)).toEqual([{ earlier: suspended.id, alike: [by] }]);
}

test('its website: a twin with the old one', async () => {
  expect(await a.profile(suspended, { website: 'https://elsewhere.example/' })).toBe('done');
  await held(await twin({ website: `https://www.${host}` }), 'WEBSITE');
});
test('its address: a twin with the old one', async () => {
  const [row] = await a.db.query<{ postcode: string }>('SELECT base_postcode AS postcode FROM provider WHERE id = $1', [suspended.id]);
  expect(await a.profile(suspended, { basePostcode: null })).toBe('done');
  await held(await twin({ basePostcode: row!.postcode }), 'ADDRESS');
});
test('twice, and then leaves the directory', async () => {
  for (const website of ['https://one.example', 'https://two.example']) expect(await a.profile(suspended, { website })).toBe('done');
  expect(await a.step(suspended.admin, 'withdrawProvider', suspended.id)).toBe('done');
  await held(await twin({ website: `http://${host}:8080` }), 'WEBSITE');
});
test.each([
  ['with a dot at the end', (known: string) => `https://${known}./about`],
  ['with three slashes', (known: string) => `https:///${known}/`],
  ['with a letter in percent', (known: string) => `https://%${known.charCodeAt(0).toString(16)}${known.slice(1)}/`],
  ['with another full stop', (known: string) => `https://${known.replace('.', '。')}/`],
])('the website of the twin is written %s', async (_how, written) => {
  await held(await twin({ website: written(host) }), 'WEBSITE');
});

test('that it may come back was said before it was suspended once more', async () => {
  const next = await a.world.checked();
  expect(await a.profile(next, { website: `https://${host}` })).toBe('done');
  const give = async () => {
    const { lead, input } = await a.world.recommender(next);
    return a.given(lead, input);
  };
  await give();
  await a.server.app.directory.recommendations.passTime();
  expect(await a.state(next)).toBe('AWAITING_RECOMMENDATIONS');
  await a.db.query(`INSERT INTO suspended_before (provider_id, earlier_id, alike, found_at, accepted_at, accepted_by) VALUES ($1, $2, '{WEBSITE}', $3, $3, $4)`, [next.id, suspended.id, a.server.clock.now(), next.officer.personId]);
  a.server.clock.advance({ minutes: 1 });
  expect(await a.step(suspended.officer, 'reinstateProvider', suspended.id, 'It has checked them.')).toBe('done');
  a.server.clock.advance({ minutes: 1 });
  expect(await a.step(suspended.officer, 'suspendProvider', suspended.id, 'It has sent others.')).toBe('done');
  await give();
  expect(await a.state(next)).toBe('AWAITING_RECOMMENDATIONS');
  expect(await a.step(next.officer, 'confirmProviderReturn', next.id, 'Other people.')).toBe('done');
  expect(await a.state(next)).toBe('LISTED');
});
