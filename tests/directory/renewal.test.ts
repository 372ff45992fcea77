import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import type { World } from '../support/world.js';

let services: TestApp;
let world: World;

beforeAll(async () => {
  services = await startServices();
  ({ world } = services);
});

const renew = async (actor: Actor, id: string, noInterest = true) => {
  const result = await attempt(() => services.app.directory.recommendations.renew(actor, id, noInterest));
  return result instanceof Problem ? result.code : 'done';
};
const read = async (id: string) =>
  (await services.app.db.query<{ state: string; lapses: Date; by: string }>('SELECT state, lapses_at AS lapses, given_by AS by FROM recommendation WHERE id = $1', [id]))[0]!;

/** A recommendation, and how many days it has left. */
async function recommendation(daysLeft: number) {
  const provider = await world.checked();
  const { lead, urn, input } = await world.recommender(provider);
  const id = await services.app.directory.recommendations.give(lead, input);
  const { lapses } = await read(id);
  services.clock.advance({ seconds: (lapses.getTime() - services.clock.now().getTime()) / 1000 - daysLeft * 86_400 });
  return { id, lead, urn, provider };
}

test('a recommendation in its last six months stands three years more, and does not lapse then', async () => {
  const { id, lead } = await recommendation(170);
  expect(await renew(lead, id)).toBe('done');
  const { lapses } = await read(id);
  expect(lapses.getTime() - services.clock.now().getTime()).toBeGreaterThan(1094 * 86_400_000);
  services.clock.advance({ days: 200 });
  await services.app.directory.recommendations.passTime();
  expect(await read(id)).toMatchObject({ state: 'GIVEN' });
  expect(await renew(lead, id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
});

test('one with more time left is not renewed, nor one that has lapsed', async () => {
  const early = await recommendation(200);
  expect(await renew(early.lead, early.id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
  const late = await recommendation(-1);
  await services.app.directory.recommendations.passTime();
  expect(await renew(late.lead, late.id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
});

test('whoever renews it must lead the school, declare no interest and be independent, and answers for it', async () => {
  const { id, urn, provider, lead } = await recommendation(100);
  expect(await renew(lead, id, false)).toBe('VALIDATION');
  expect(await renew(provider.admin, id)).toBe('NOT_ALLOWED');
  const successor = await world.lead(urn);
  expect(await renew(successor, id)).toBe('done');
  expect(await read(id)).toMatchObject({ by: successor.personId });

  const other = await recommendation(100);
  const editor = await world.lead(other.urn);
  await world.give(editor.personId, 'PROVIDER_EDITOR', { providerId: other.provider.id });
  expect(await renew(await world.refresh(editor), other.id)).toBe('MEMBER_OF_PROVIDER');
  expect(await renew(other.lead, other.id)).toBe('HAS_INTEREST'); // one who leads the school belongs to the provider
});
