import fc from 'fast-check';
import { attempt, Problem } from '../../../src/platform/problem.js';
import { startServices, type TestApp } from '../../support/app.js';
import '../../support/runs.js'; // its seed
import { Area } from './area.js';
import { type Deed, sequence } from './commands.js';
import { Judge } from './judge.js';

const STEPS = 500;
/** A fortieth in `npm test`, for its time: with each import and night all that stands is judged again. */
const WANTED = process.env['LONG_TESTS'] === '1' ? 20_000 : 500;

/** Performs these in an area of its own, since an import has all that stands judged again. @returns who judged after each step */
async function judged(deeds: readonly Deed[], prepare: (services: TestApp) => Promise<unknown> = async () => {}): Promise<Judge> {
  const services = await startServices();
  const area = await Area.begin(services);
  await prepare(services);
  const judge = new Judge(services.app.db);
  try {
    for (const each of deeds) {
      const result = await attempt(() => area.perform(each));
      if (result instanceof Problem || result === null) continue; // nothing has been written
      const unfair = await judge.look(services.clock.now(), each.kind === 'import');
      if (unfair.length > 0) throw new Error(`after ${JSON.stringify(each)}: ${unfair.join('\n')}`);
    }
    return judge;
  } finally {
    await services.end();
  }
}

test(`${WANTED} generated steps leave no provider listed whose two the judge would not count`, async () => {
  const found = new Map<string, number>();
  let listed = 0;
  await fc.assert(
    fc.asyncProperty(sequence(STEPS), async (deeds) => {
      const judge = await judged(deeds);
      listed += judge.listed;
      for (const [what, times] of judge.found) found.set(what, (found.get(what) ?? 0) + times);
    }),
    { numRuns: WANTED / STEPS },
  );
  const told = [...found].sort(([, a], [, b]) => b - a).map(([what, times]) => `${times} ${what}`);
  process.stderr.write(`listed providers judged: ${listed}; stood against a recommendation: ${told.join(', ')}\n`);
  expect(listed).toBeGreaterThan(WANTED / 2);
}, 7_200_000);

test('the judge says no where the product finds nothing against a recommendation', async () => {
  // but what the tables' own constraints hold
  const blind = `
    ALTER FUNCTION recommendation_obstacles RENAME TO seeing;
    CREATE FUNCTION recommendation_obstacles(the_id uuid, the_provider uuid, the_school integer, bodies_then text[], the_giver text[], the_moment timestamptz)
    RETURNS text[] LANGUAGE sql STABLE AS $$
      SELECT ARRAY(SELECT unnest(seeing(the_id, the_provider, the_school, bodies_then, the_giver, the_moment)) INTERSECT SELECT unnest(ARRAY['OWN_SCHOOL', 'RECIPROCAL']))
    $$`;
  const [deeds] = fc.sample(sequence(STEPS), 1) as [Deed[]];
  await expect(judged(deeds, ({ app }) => app.db.query(blind))).rejects.toThrow('the judge counts');
}, 600_000);
