import fc from 'fast-check';
import { alikeKeys, nameKey } from '../../src/directory/alike.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import type { Actor } from '../../src/platform/actor.js';
import { startServices, type TestApp } from '../support/app.js';

let services: TestApp;

beforeAll(async () => {
  services = await startServices();
});

const alike = (one: string, other: string) => alikeKeys(nameKey(one), nameKey(other));
const codeOf = (result: unknown) => (result instanceof Problem ? result.code : 'done');

test('names are alike that differ in what nobody reads', () => {
  for (const other of [
    'READING TREE', 'The Reading Tree', 'Reading Tree Ltd', 'Reading-Tree Limited.', 'ReadingTree', 'R\u0435ading Tree', 'Réading Tree', 'Reading Tree (UK) Ltd',
    'Readlng Tree', 'Reading Tre', 'Reading Trees', 'Raeding Tree', 'Reeding Tree', 'Reading 7ree', 'Reading  Tree', 'Ｒeading Tree', 'Reading\u200B Tree',
  ]) expect([other, alike('Reading Tree', other)]).toEqual([other, true]);
  expect([alike('Read & Write', 'Read and Write'), alike('Modem Maths', 'Modern Maths'), alike('Bill’s Books', 'Bills Books')]).toEqual([true, true, true]);
  for (const [one, other] of [
    ['Reading Tree', 'Reading Together'], ['Provider 12', 'Provider 13'], ['Oak', 'Oaks'], ['ABC Ltd', 'ABD Ltd'], ['Number Works', 'Word Works'], ['Years 3 to 5', 'Years 4 to 5'],
  ]) expect([one, other, alike(one!, other!)]).toEqual([one, other, false]);
});

test('to be alike is mutual, and a letter lost, added, moved or mistyped is still alike', () => {
  const key = fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 7, maxLength: 20 });
  fc.assert(
    fc.property(key, key, fc.nat(), fc.constantFrom(...'abcdefgh'), (one, other, at, letter) => {
      const i = at % one.length;
      expect(alikeKeys(one, other)).toBe(alikeKeys(other, one));
      expect(alikeKeys(one, one.slice(0, i) + one.slice(i + 1))).toBe(true);
      expect(alikeKeys(one, one.slice(0, i) + letter + one.slice(i + 1))).toBe(true);
      expect(alikeKeys(one, one.slice(0, i) + letter + one.slice(i))).toBe(true);
      const [without, j] = [one.slice(0, i) + one.slice(i + 1), (at * 7) % one.length];
      expect(alikeKeys(one, without.slice(0, j) + one[i] + without.slice(j))).toBe(true);
    }),
  );
});

const state = async (id: string) => (await services.app.db.query<{ state: string }>('SELECT state FROM provider WHERE id = $1', [id]))[0]!.state;
const recommend = async (provider: { id: string; listing: string }) => {
  for (let i = 0; i < 2; i++) {
    const { lead, input } = await services.world.recommender(provider);
    await services.app.directory.recommendations.give(lead, input);
  }
};

test('a name like another’s is confirmed by an officer without interest before it is listed, and holds up nobody else', async () => {
  const { world, app } = services;
  const { providers } = app.directory;
  const first = await world.listed({ name: 'Reading Tree' });
  const second = await world.checked({ name: 'The Reading Trée Ltd.' });
  await recommend(second);
  expect([await state(first.id), await state(second.id)]).toEqual(['LISTED', 'AWAITING_RECOMMENDATIONS']);
  const confirm = (actor: Actor, id = second.id) => attempt(() => providers.confirmName(id, { actor })).then(codeOf);
  expect(await confirm(first.officer, first.id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
  expect(await confirm(second.admin)).toBe('NOT_ALLOWED');
  expect(await confirm(await world.officer('991'))).toBe('NOT_ALLOWED');
  const interested = await world.officer('990');
  await world.give(interested.personId, 'PROVIDER_EDITOR', { providerId: second.id });
  expect(await confirm(await world.refresh(interested))).toBe('HAS_INTEREST');
  expect(await confirm(second.officer)).toBe('done');
  expect(await state(second.id)).toBe('LISTED');

  const renamed = await world.listed({ name: 'Number Works' });
  const [{ version }] = (await app.db.query('SELECT version FROM provider WHERE id = $1', [renamed.id])) as [{ version: number }];
  await providers.update(renamed.admin, renamed.id, version, { name: 'Reading Treee' });
  const [waiting] = await app.db.query<{ alike: string[] }>('SELECT alike_names AS alike FROM provider_change WHERE provider_id = $1', [renamed.id]);
  expect(waiting!.alike).toContain('Reading Tree'); // the officer reads it beside the name that waits
  expect(codeOf(await attempt(() => app.directory.waitingChanges.confirm(renamed.id, null, { actor: renamed.officer })))).toBe('done');
  expect([await state(renamed.id), await state(first.id)]).toEqual(['LISTED', 'LISTED']);
  expect(await confirm(renamed.officer, renamed.id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
});

test('a name like that of a local authority waits too', async () => {
  const { world } = services;
  await world.la('997', 'Fernshire');
  for (const name of ['Fernshire County Council', 'Fernshire', 'FERNSHlRE COUNCIL']) {
    const provider = await world.checked({ name });
    await recommend(provider);
    expect([name, await state(provider.id)]).toEqual([name, 'AWAITING_RECOMMENDATIONS']);
    const [row] = await services.app.db.query<{ names: string[] }>('SELECT alike_names AS names FROM provider WHERE id = $1', [provider.id]);
    expect(row!.names).toContain('Fernshire');
  }
});

test('kinds that speak for somebody come only from whoever may', async () => {
  const { world, app } = services;
  const { providers } = app.directory;
  const [officer, abroad, anybody, admin] = [await world.officer('990'), await world.officer('991'), await world.person(), await world.person('SYSTEM_ADMIN')];
  const urn = await world.school();
  const register = (actor: Actor, input: object) => attempt(() => providers.register(actor, { name: 'Help for heads', assuringLa: '990', ...input } as never)).then(codeOf);
  for (const [kind, assurance, may] of [
    ['COUNCIL_SERVICE', 'RECOMMENDED', officer],
    ['COUNCIL_SERVICE', 'COUNCIL', officer],
    ['NATIONAL_PROGRAMME', 'RECOMMENDED', admin],
    ['NATIONAL_PROGRAMME', 'NATIONAL', admin],
    ['SCHOOL', 'RECOMMENDED', await world.lead(urn)],
  ] as const) {
    const scope = kind === 'SCHOOL' ? { schoolUrn: urn } : {};
    for (const actor of [officer, abroad, anybody, admin]) {
      if (actor !== may) expect([kind, assurance, await register(actor, { kind, assurance, ...scope })]).toEqual([kind, assurance, 'NOT_ALLOWED']);
    }
    expect([kind, assurance, await register(may, { kind, assurance, ...scope })]).toEqual([kind, assurance, 'done']);
  }
  const id = await providers.register(officer, { name: 'Paid help', kind: 'COUNCIL_SERVICE', assuringLa: '990' });
  const owner = await world.refresh(officer);
  for (const assuringLa of ['991', null]) expect(await attempt(() => providers.update(owner, id, 1, { assuringLa })).then(codeOf)).toBe('NOT_ALLOWED');
});
