import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';
import { ask, PROBLEM, refusalOf } from './support.js';

let server: TestServer;
let world: World;
let school: number;
let provider: Awaited<ReturnType<World['listed']>>;
let asker: Actor;
let colleague: Actor;
/** A SIP of another LA. */
let neighbour: Actor;
/** Codes of the LAs of the SIPs, new ones for each test. */
let la: string;
let elsewhere: string;
let las = 0;

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
  provider = await world.listed();
});

beforeEach(async () => {
  [la, elsewhere] = [`A${++las}`, `B${las}`];
  school = await world.school({ la, name: `St Swithin’s School ${las}` });
  [asker, colleague, neighbour] = [await world.sip(la, school), await world.sip(la), await world.sip(elsewhere)];
});

const FIELDS = `id state question category phase askedBy { id name } localAuthorities { code } expiresAt
  suggestions { id reason suggestedBy { id name } listing { listingId available interests { what } } } history { transition person { id } } availableActions { action code }`;
const ANSWER = `__typename ... on SuggestionRequest { ${FIELDS} } ${PROBLEM}`;
const question = (by: Actor, input: object = {}, key: string | null = null) =>
  ask(server, by, `mutation ($input: SuggestionRequestInput!, $key: String) { askForSuggestions(input: $input, idempotencyKey: $key) { ${ANSWER} } }`, {
    input: { question: 'Someone to coach new teachers of phonics', category: 'TEACHING_AND_LEARNING', phase: 'PRIMARY', ...input },
    key,
  });
const suggest = (by: Actor, requestId: string, input: object = {}, key: string | null = null) =>
  ask(server, by, `mutation ($input: SuggestionInput!, $key: String) { answerSuggestionRequest(input: $input, idempotencyKey: $key) { ${ANSWER} } }`, {
    input: { requestId, listingId: provider.listing, reason: 'They did well twice.', ...input },
    key,
  });
const read = (by: Actor, id: string) => ask(server, by, `{ suggestionRequest(id: "${id}") { ${FIELDS} } }`);
const list = async (by: Actor, args = '') => (await ask(server, by, `{ suggestionRequests(first: 50${args}) { totalCount nodes { id } } }`))['nodes'].map((each: any) => each.id);
const open = (by: Actor, laCode: string, isOpen = true) =>
  ask(server, by, `mutation { setOpenSuggestions(laCode: "${laCode}", open: ${isOpen}) { ... on LocalAuthority { code opensSuggestions } ${PROBLEM} } }`);

test('a SIP asks the others of the LA, who suggest listings; each knows the other’s name', async () => {
  const asked = await question(asker);
  expect(asked).toMatchObject({ state: 'OPEN', askedBy: { id: asker.personId }, localAuthorities: [{ code: la }], suggestions: [] });
  expect([await list(colleague), await list(neighbour)]).toEqual([[asked['id']], []]);
  expect(await suggest(colleague, asked['id'])).toMatchObject({ suggestions: [{ reason: 'They did well twice.', suggestedBy: { id: colleague.personId } }] });
  expect((await read(asker, asked['id']))['suggestions']).toMatchObject([{ listing: { listingId: provider.listing, available: true }, suggestedBy: { id: colleague.personId } }]);
});

describe('a question to SIPs', () => {
  test('reaches those of another LA only when its officers have opened their list', async () => {
    expect(await question(asker, { laCodes: [elsewhere] })).toMatchObject({ code: 'LIST_NOT_OPEN' });
    expect(await open(await world.officer(la), elsewhere)).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await refusalOf(server, neighbour, `mutation { setOpenSuggestions(laCode: "${elsewhere}", open: true) { __typename } }`)).toBe('FORBIDDEN');
    const officer = await world.officer(elsewhere);
    expect(await open(officer, elsewhere)).toEqual({ code: elsewhere, opensSuggestions: true });
    const { id } = await question(asker, { laCodes: [elsewhere] });
    expect([await list(neighbour), await list(colleague)]).toEqual([[id], []]);
    expect(await open(officer, elsewhere, false)).toEqual({ code: elsewhere, opensSuggestions: false });
    expect(await question(asker, { laCodes: [la, elsewhere] })).toMatchObject({ code: 'LIST_NOT_OPEN' });
    expect(await suggest(neighbour, id)).toMatchObject({ suggestions: [{}] }); // what was asked before goes on
    expect(await question(asker, { laCodes: ['000'] })).toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each([
    ['its name', () => 'Help for St Swithins School ' + las],
    ['its name in capitals', () => `HELP FOR ST SWITHIN'S SCHOOL ${las}, SOON`],
    ['its URN', () => `Help for ${school}`],
  ])('must not name the school (%s)', async (_how, words) => {
    expect(await question(asker, { question: words() })).toMatchObject({ code: 'NAMES_A_SCHOOL' });
    const { id } = await question(await world.sip(la));
    expect(await suggest(asker, id, { reason: words() })).toMatchObject({ code: 'NAMES_A_SCHOOL' });
  });

  test('shows suggestions to whoever asks, and to those who suggest their own', async () => {
    const { id } = await question(asker);
    const third = await world.sip(la);
    await suggest(colleague, id);
    await suggest(third, id);
    for (const [by, seen] of [[asker, [colleague, third]], [colleague, [colleague]], [third, [third]], [await world.sip(la), []]] as [Actor, Actor[]][]) {
      const { suggestions, history } = await read(by, id);
      expect(suggestions.map((each: any) => each.suggestedBy.id)).toEqual(seen.map((each) => each.personId));
      expect(history.filter((step: any) => step.transition === 'suggest').map((step: any) => step.person.id)).toEqual(seen.map((each) => each.personId));
    }
  });

  test('is answered by others than whoever asks, and not from outside', async () => {
    const { id } = await question(asker);
    expect(await suggest(asker, id)).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await suggest(neighbour, id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await suggest(colleague, id, { listingId: (await world.checked()).listing })).toMatchObject({ code: 'VALIDATION' });
    expect(await refusalOf(server, await world.lead(school), `{ suggestionRequest(id: "${id}") { id } }`)).toBe('FORBIDDEN');
    expect(await refusalOf(server, await world.officer(la), '{ suggestionRequests { totalCount } }')).toBe('FORBIDDEN');
  });

  test('gets the same listing from one SIP once, with the last reason, and shows that SIP’s interest', async () => {
    const { id } = await question(asker);
    await world.give(colleague.personId!, 'PROVIDER_EDITOR', { providerId: provider.id });
    await Promise.all([suggest(colleague, id, {}, 'k'), suggest(colleague, id, {}, 'k')]);
    await suggest(colleague, id, { reason: 'And they are kind.' });
    expect((await read(asker, id))['suggestions']).toMatchObject([{ reason: 'And they are kind.', listing: { interests: [{ what: 'Is an editor of the provider' }] } }]);
  });

  test('sent twice at the same moment is asked once, and not more than ten times a day', async () => {
    const both = await Promise.all([question(asker, {}, 'k'), question(asker, {}, 'k')]);
    expect(both[0]!['id']).toBe(both[1]!['id']);
    for (let i = 0; i < 9; i++) expect(await question(asker)).toMatchObject({ state: 'OPEN' });
    expect(await question(asker)).toMatchObject({ code: 'TOO_MANY_QUESTIONS' });
    expect(await list(asker, ', asked: BY_ME')).toHaveLength(10);
    expect(await list(asker, ', asked: OF_ME')).toHaveLength(0);
    expect(await list(colleague, ', asked: OF_ME')).toHaveLength(10);
  });

  test('is closed by whoever asks, or by time; then nothing is suggested any more', async () => {
    const [closed, expired] = [await question(asker), await question(asker)];
    const close = (by: Actor) => ask(server, by, `mutation { closeSuggestionRequest(id: "${closed['id']}") { ${ANSWER} } }`);
    expect(await close(colleague)).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await close(asker)).toMatchObject({ state: 'CLOSED' });
    server.clock.advance({ days: 31 });
    await server.app.jobs.tasks['pass-time-for-referrals']!({});
    expect([(await read(asker, closed['id']))['state'], (await read(asker, expired['id']))['state']]).toEqual(['CLOSED', 'EXPIRED']);
    for (const { id } of [closed, expired] as { id: string }[]) expect(await suggest(colleague, id)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
    server.clock.advance({ days: -31 });
  });

  test('is not seen any more by a SIP of an LA who is none now', async () => {
    const { id } = await question(asker);
    await suggest(colleague, id);
    for (const each of [asker, colleague]) {
      await server.app.db.query('UPDATE membership SET ended_at = $2 WHERE person_id = $1', [each.personId, server.clock.now()]);
      await world.give(each.personId!, 'SIP', { laCode: elsewhere });
      expect([await read(each, id), await list(each)]).toEqual([null, []]);
    }
  });
});
