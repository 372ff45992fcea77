import { createApp } from '../../src/app.js';
import { systemClock } from '../../src/platform/clock.js';
import { readConfig } from '../../src/platform/config.js';
import { type Bench, vacuum } from './bench.js';
import { reads } from './journey-reads.js';
import { JourneyStage } from './journey-stage.js';
import { keyOf, type Step, steps, type Story } from './journey-steps.js';
import { CONNECTIONS, type Figures } from './load.js';
import { withClient } from './postgres.js';
import { comparisonTable, profileTable, rounded, say, table } from './report.js';
import { SESSION_SECRET } from './secret.js';
import { callOf, Served } from './served.js';
import { tablesOf, transactionNow, writtenSince } from './written.js';

const LISTINGS = 1000;
/** A multiple of the connections. */
const STORIES = 30 * CONNECTIONS;

/** Schools go from a visit to a rated outcome, all of them by the same step before the next; then what is heaviest to read of it. */
export async function journey(bench: Bench): Promise<void> {
  const { url: demo } = await bench.demo(LISTINGS);
  const url = await bench.postgres.create(demo);
  const app = await createApp({ config: readConfig({ SESSION_SECRET, LOG_LEVEL: 'silent' }), databaseUrl: url, clock: systemClock, mail: { send: async () => {} } });
  const stage = new JourneyStage(app);
  const stories = await stage.stories(STORIES);
  const operations = await reads(stage);
  await app.close(); // a database is copied while nobody uses it
  await vacuum(url);
  const beside = await bench.postgres.create(url);

  const [served, plain] = [await Served.start(url), await Served.start(beside)];
  try {
    say(`## From a visit to a rated outcome: each step once by each of ${STORIES} schools, and plain pg writing the same rows`);
    await withClient(url, async (client) => {
      const tables = await tablesOf(client);
      const rows = [];
      for (const step of steps) {
        const since = await transactionNow(client);
        const calls = stories.map((story) => callOf({ ...stage.operation(step, story), cookie: stage.cookieOf(step.who(story)) }));
        const { figures: api, bodies } = await served.once(calls);
        bodies.forEach((body, nth) => keep(step, stories[nth]!, body));
        const written = (await writtenSince(client, tables, since)).slice(0, STORIES);
        const { figures: raw } = await plain.once(await Promise.all(written.map((waves) => plain.give(waves))));
        rows.push([keyOf(step), ...figures(api), ...figures(raw), rounded(api.requestsPerSecond / raw.requestsPerSecond)]);
      }
      table(['mutation', 'requests/s', 'p50 ms', 'p95 ms', 'plain pg/s', 'p50 ms', 'p95 ms', 'share of plain pg'], rows);
    });

    await vacuum(url);
    say('## The heaviest reads of it, and plain pg sending the same SQL');
    const comparisons = [];
    for (const [what, operation] of Object.entries(operations)) {
      const recorded = [await served.record(operation)];
      comparisons.push([what, await served.compare(recorded, bench.options)] as const);
      if (bench.options.profile) profileTable(what, await served.profile(recorded, bench.options.seconds));
    }
    comparisonTable(comparisons);
  } finally {
    await served.stop();
    await plain.stop();
  }
}

const figures = ({ requestsPerSecond, p50, p95 }: Figures) => [Math.round(requestsPerSecond), rounded(p50), rounded(p95)];

/** Keeps what a step has answered, for those after it. */
function keep(step: Step, story: Story, body: string): void {
  const { data, errors } = JSON.parse(body) as { data?: { answer: Story['made'][string] & { problem?: string } }; errors?: unknown };
  if (!data || errors || data.answer.problem) throw new Error(`${keyOf(step)}: ${body.slice(0, 500)}`);
  story.made[keyOf(step)] = data.answer;
}
