import type { ProfileChanges } from '../../src/directory/provider.service.js';
import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

const codeOf = (result: unknown) => (result instanceof Problem ? result.code : 'done');
const versionOf = async (id: string) => (await server.app.db.query<{ version: number }>('SELECT version FROM provider WHERE id = $1', [id]))[0]!.version;
const change = async (admin: Actor, id: string, input: ProfileChanges) =>
  codeOf(await attempt(async () => server.app.directory.providers.update(admin, id, await versionOf(id), input)));
const ask = async <Data>(actor: Actor | null, query: string, variables: Record<string, unknown>): Promise<Data> =>
  (await server.graphql<Data>(query, variables, actor && (await server.cookieOf(actor)))).data;

interface Seen {
  state: string;
  name: string;
  safeguarding: string;
  interests: string;
  waitingChanges: { id: string; field: string; before: string; after: string; alikeNames: string[] }[] | null;
  changes: { field: string; before: string | null; after: string | null; by: string | null }[] | null;
}
const seen = async (actor: Actor | null, id: string) =>
  (
    await ask<{ provider: Seen }>(
      actor,
      `query ($id: UUID!) { provider(id: $id) { state name safeguarding interests waitingChanges { id field before after alikeNames } changes { field before after by } } }`,
      { id },
    )
  ).provider;

const NEW = { name: 'Quite Another Firm', safeguarding: 'We check nobody.', interests: 'Our head of sales is a governor.' };
const OLD = { safeguarding: 'All staff are checked and trained each year.', interests: '' };

const CONFIRM = 'mutation ($id: UUID!, $changeIds: [UUID!]) { outcome: confirmProviderChanges(id: $id, changeIds: $changeIds) { ... on Provider { name } ... on Problem { code } } }';
const REFUSE = 'mutation ($id: UUID!, $reason: String!) { outcome: refuseProviderChanges(id: $id, reason: $reason) { ... on Provider { name } ... on Problem { code } } }';
const confirm = async (actor: Actor, id: string, changeIds?: string[]) => (await ask<{ outcome: object }>(actor, CONFIRM, { id, changeIds })).outcome;

test('before anything is checked the texts change freely', async () => {
  const provider = await server.world.awaiting();
  expect(await change(provider.admin, provider.id, NEW)).toBe('done');
  expect(await seen(provider.admin, provider.id)).toMatchObject({ ...NEW, waitingChanges: [] });
});

test('what was checked stays public and counts while another text waits; the officer confirms, and recommenders are told of a new name', async () => {
  const provider = await server.world.listed({ name: 'Steady Readers' });
  expect(await change(provider.admin, provider.id, { ...NEW, summary: 'A new summary.' })).toBe('done');
  expect(await seen(null, provider.id)).toEqual({ state: 'LISTED', name: 'Steady Readers', ...OLD, waitingChanges: null, changes: null });
  const own = await seen(provider.admin, provider.id);
  expect(own.waitingChanges!.map(({ field, before, after }) => [field, before, after])).toEqual([
    ['name', 'Steady Readers', NEW.name],
    ['safeguarding', OLD.safeguarding, NEW.safeguarding],
    ['interests', '', NEW.interests],
  ]);
  await server.deliver();
  expect(server.outbox.filter((mail) => provider.recommenders.some(({ lead }) => lead.email === mail.to) && mail.subject.includes('is called'))).toEqual([]);

  const [name] = own.waitingChanges!;
  expect(await confirm(provider.officer, provider.id, [name!.id])).toEqual({ name: NEW.name });
  expect(await seen(null, provider.id)).toMatchObject({ state: 'LISTED', name: NEW.name, ...OLD });
  await server.deliver();
  for (const { lead } of provider.recommenders) expect(server.outbox.filter((mail) => mail.to === lead.email).map((mail) => mail.subject)).toContainEqual(expect.stringContaining(`Steady Readers is called ${NEW.name} now`));
  expect(await confirm(provider.officer, provider.id)).toEqual({ name: NEW.name });
  expect(await seen(null, provider.id)).toMatchObject({ state: 'LISTED', ...NEW });
  expect(await confirm(provider.officer, provider.id)).toEqual({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
});

test('case, spacing and punctuation do not wait, nor does a text that is taken back', async () => {
  const provider = await server.world.listed({ name: 'Steady Sums' });
  expect(await change(provider.admin, provider.id, { name: 'STEADY Sums.', safeguarding: 'All staff are checked, and trained, each year!', interests: '  ' })).toBe('done');
  expect(await seen(null, provider.id)).toMatchObject({ state: 'LISTED', name: 'STEADY Sums.', safeguarding: 'All staff are checked, and trained, each year!' });
  expect((await seen(provider.admin, provider.id)).waitingChanges).toEqual([]);
  await change(provider.admin, provider.id, { name: NEW.name });
  await change(provider.admin, provider.id, { name: 'Yet Another Firm' });
  expect((await seen(provider.officer, provider.id)).waitingChanges!.map((each) => each.after)).toEqual(['Yet Another Firm']);
  await change(provider.admin, provider.id, { name: 'Steady Sums' });
  expect((await seen(provider.officer, provider.id)).waitingChanges).toEqual([]);
});

test('a confirmed name that is only written in another way stays confirmed', async () => {
  await server.world.listed({ name: 'Number Garden' });
  const second = await server.world.checked({ name: 'The Number Garden' });
  await server.app.directory.providers.confirmName(second.id, { actor: second.officer });
  for (let i = 0; i < 2; i++) {
    const { lead, input } = await server.world.recommender(second);
    await server.app.directory.recommendations.give(lead, input);
  }
  expect(await change(second.admin, second.id, { name: 'The NUMBER Garden' })).toBe('done');
  expect(await seen(null, second.id)).toMatchObject({ state: 'LISTED', name: 'The NUMBER Garden' });
});

test('who decides has no interest and gives a reason for refusing; then what was checked stays', async () => {
  const provider = await server.world.listed({ name: 'Steady Spellers' });
  await change(provider.admin, provider.id, { name: NEW.name });
  const interested = await server.world.officer('990');
  await server.world.give(interested.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
  for (const [actor, code] of [
    [await server.world.refresh(interested), 'HAS_INTEREST'],
    [await server.world.officer('991'), 'NOT_ALLOWED'],
  ] as const) expect(await confirm(actor, provider.id)).toEqual({ code });
  const refuse = async (reason: string) => (await ask<{ outcome: object }>(provider.officer, REFUSE, { id: provider.id, reason })).outcome;
  expect(await refuse(' ')).toEqual({ code: 'VALIDATION' });
  expect(await refuse('It is another firm.')).toEqual({ name: 'Steady Spellers' });
  expect((await seen(provider.admin, provider.id)).waitingChanges).toEqual([]);
  await server.deliver();
  expect(server.outbox.some((mail) => mail.text.includes('It is another firm.'))).toBe(true);
});

test('what was never said was never checked, and what is needed is not emptied', async () => {
  const provider = await server.world.listed({ name: 'Steady Singers' });
  expect(await change(provider.admin, provider.id, { safeguarding: '' })).toBe('PROFILE_INCOMPLETE');
  expect(await change(provider.admin, provider.id, { interests: null })).toBe('PROFILE_INCOMPLETE');
  expect(await seen(null, provider.id)).toMatchObject(OLD);
});

test('history keeps what changed in a provider and in a listing, field by field, for its people and the officer', async () => {
  const provider = await server.world.listed({ name: 'Steady Sewers' });
  await change(provider.admin, provider.id, { summary: 'Sews on.', website: 'https://sewers.example' });
  await change(provider.admin, provider.id, { safeguarding: NEW.safeguarding });
  await confirm(provider.officer, provider.id);
  const of = (people: { field: string; before: string | null; after: string | null }[]) => people.slice(-3).map(({ field, before, after }) => [field, before, after]);
  for (const actor of [provider.admin, provider.officer]) {
    expect(of((await seen(actor, provider.id)).changes!)).toEqual([
      ['summary', 'Helps schools teach reading.', 'Sews on.'],
      ['website', null, 'https://sewers.example'],
      ['safeguarding', OLD.safeguarding, NEW.safeguarding],
    ]);
  }
  const { listings } = server.app.directory;
  await listings.update(provider.admin, provider.listing, 2, { summary: 'Two days.', categories: ['GOVERNANCE'], price: { kind: 'FREE' } }, true);
  const query = 'query ($id: UUID!) { listing(id: $id) { changes { field before after by } } }';
  const read = async (actor: Actor | null) => (await ask<{ listing: { changes: Seen['changes'] } | null }>(actor, query, { id: provider.listing })).listing?.changes ?? null;
  expect((await read(provider.admin))!.map(({ field, before, after }) => [field, before, after])).toEqual([
    ['summary', 'A day a week in school.', 'Two days.'],
    ['categories', 'TEACHING_AND_LEARNING', 'GOVERNANCE'],
    ['priceKind', 'PRICED', 'FREE'],
    ['pricePence', '45000', null],
    ['priceUnit', 'DAY', null],
    ['vat', 'ADDED', null],
  ]);
  expect((await read(provider.officer))!.every((each) => each.by?.startsWith('Person'))).toBe(true);
  for (const actor of [null, await server.world.officer('991'), provider.recommenders[0]!.lead]) expect(await read(actor)).toBeNull();
  await expect(server.app.db.query('DELETE FROM field_change')).rejects.toThrow('append-only');
});
