import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import type { World } from '../support/world.js';

let services: TestApp;
let world: World;
let brokerage: TestApp['app']['brokerage'];

beforeAll(async () => {
  services = await startServices();
  ({ world } = services);
  brokerage = services.app.brokerage;
});

const codeOf = async (work: Promise<unknown>) => {
  const result = await attempt(() => work);
  return result instanceof Problem ? result.code : 'done';
};
const row = async (id: string) =>
  (await services.app.db.query<{ state: string; version: number; starts: string; ends: string; price: number }>('SELECT state, version, starts_on AS starts, ends_on AS ends, price_pence AS price FROM engagement WHERE id = $1', [id]))[0]!;
const changes = (id: string) =>
  services.app.db.query<{ id: string; answer: string | null; before: number; after: number }>(
    'SELECT id, answer, before_price_pence AS before, price_pence AS after FROM engagement_change WHERE engagement_id = $1 ORDER BY proposed_at, id', [id]);
const propose = async (actor: Actor, id: string, input: object) => codeOf(brokerage.changes.propose(actor, id, (await row(id)).version, input));
const told = async (id: string, kind: string) => (await services.app.db.query<{ as: string }>('SELECT as_kind AS as FROM notice WHERE object_id = $1 AND kind = $2', [id, kind])).map((each) => each.as);

describe('dates and price', () => {
  test('change when the other side accepts, and what was agreed before is kept', async () => {
    const { id, lead, provider } = await world.underWay();
    expect(await propose(lead, id, { endsOn: world.dayIn(120), pricePence: 35_000, reason: 'Two more visits.' })).toBe('done');
    expect((await row(id)).price).toBe(30_000);
    expect(await told(id, 'Engagement.proposeChange')).toEqual(['PROVIDER']);
    const change = (await changes(id))[0]!.id;
    expect(await propose(provider.admin, id, { pricePence: 1 })).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await codeOf(brokerage.changes.answer(lead, change, 'ACCEPTED'))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await codeOf(brokerage.changes.answer(provider.admin, change, 'WITHDRAWN'))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await codeOf(brokerage.changes.answer(await world.lead(await world.school()), change, 'ACCEPTED'))).toBe('NOT_FOUND');
    expect(await codeOf(brokerage.changes.answer(provider.admin, change, 'ACCEPTED'))).toBe('done');
    expect(await row(id)).toMatchObject({ state: 'IN_PROGRESS', price: 35_000, ends: world.dayIn(120) });
    expect(await changes(id)).toMatchObject([{ answer: 'ACCEPTED', before: 30_000, after: 35_000 }]);
    expect(await codeOf(brokerage.changes.answer(provider.admin, change, 'DECLINED'))).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });

  test('stay as they were when it is declined or taken back, and another change can be proposed', async () => {
    const { id, lead, provider } = await world.recorded();
    expect(await propose(provider.admin, id, { pricePence: 40_000 })).toBe('done');
    expect(await codeOf(brokerage.changes.answer(lead, (await changes(id))[0]!.id, 'DECLINED', 'Too dear.'))).toBe('done');
    expect(await propose(provider.admin, id, { pricePence: 38_000 })).toBe('done');
    expect(await codeOf(brokerage.changes.answer(provider.admin, (await changes(id))[1]!.id, 'WITHDRAWN'))).toBe('done');
    expect((await row(id)).price).toBe(30_000);
    expect((await changes(id)).map(({ answer }) => answer)).toEqual(['DECLINED', 'WITHDRAWN']);
  });

  test('are not changed to what is no sense', async () => {
    const { id, lead } = await world.underWay();
    for (const input of [{}, { pricePence: 30_000 }, { startsOn: null }, { endsOn: world.dayIn(-2) }, { startsOn: world.dayIn(3) }, { startsOn: '2090-01-01' }, { pricePence: -1 }]) {
      expect([input, await propose(lead, id, input)]).toEqual([input, 'VALIDATION']);
    }
  });

  test('are accepted once, whoever answers at the same moment', async () => {
    const { id, lead, provider } = await world.underWay();
    await propose(lead, id, { pricePence: 31_000 });
    const change = (await changes(id))[0]!.id;
    const answers = await Promise.all([brokerage.changes.answer(provider.admin, change, 'ACCEPTED'), brokerage.changes.answer(provider.admin, change, 'DECLINED'), brokerage.changes.answer(lead, change, 'WITHDRAWN')].map(codeOf));
    expect(answers.filter((each) => each === 'done')).toHaveLength(1);
  });
});

describe('a completion made by mistake', () => {
  test('is taken back by the school, until it is rated', async () => {
    const it = await world.finished();
    const { id, lead, provider } = it;
    expect(await codeOf(brokerage.engagements.act(id, 'takeBackCompletion', { actor: provider.admin }))).toBe('NOT_ALLOWED');
    expect(await codeOf(brokerage.engagements.act(id, 'takeBackCompletion', { actor: lead }))).toBe('done');
    expect((await row(id)).state).toBe('IN_PROGRESS');
    expect(await codeOf(services.app.outcomes.ratings.give(lead, id, world.ratingOf(it)))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    await brokerage.engagements.act(id, 'complete', { actor: lead });
    await services.app.outcomes.ratings.give(lead, id, world.ratingOf(it));
    expect(await codeOf(brokerage.engagements.act(id, 'takeBackCompletion', { actor: lead }))).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });

  test('is not taken back and rated at the same moment', async () => {
    const it = await world.finished();
    const results = await Promise.all([
      codeOf(brokerage.engagements.act(it.id, 'takeBackCompletion', { actor: it.lead })),
      codeOf(services.app.outcomes.ratings.give(it.lead, it.id, world.ratingOf(it))),
    ]);
    expect(results.filter((each) => each === 'done')).toHaveLength(1);
  });
});
