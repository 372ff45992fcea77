import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/platform/clock.js';
import type { Database } from '../../src/platform/database/index.js';
import { createSearch, refreshDocuments } from '../../src/search/index.js';
import { readState } from '../../src/search/sync/state.js';
import { listenBetween } from '../support/meilisearch-between.js';
import { spawnMeilisearch, type TestMeilisearch } from '../support/meilisearch-process.js';
import { type Bench, timed } from './bench.js';
import { type Call, CONNECTIONS, type Figures, median, run, WARM_SECONDS } from './load.js';
import { PlainMeilisearch } from './plain-meilisearch.js';
import { withDatabase } from './postgres.js';
import { type Kind, kinds, searches, unlikeSearches } from './queries.js';
import { profileTable, rounded, say, table } from './report.js';
import { DIFFERENT, usualMix } from './search.js';
import { callOf, type Recorded, Served } from './served.js';

const SIZES = [1000, 20_000, 100_000];
const CHANGES = 60;
const UNLIKE = 1000;
/** Listings, where it is measured what searching is like without Meilisearch. */
const AWAY_AT = 20_000;
const SUGGEST = 'query ($prefix: String!) { suggestListings(prefix: $prefix) { kind text value } }';
const PREFIXES = ['re', 'rea', 'read', 'ph', 'phon', 'be', 'behav', 'ma', 'maths', 'sen', 'gov', 'early y', 'sp', 'speech and', 'at', 'atten', 'coach', 'ks', 'wri', 'sci'];

/** Search on Meilisearch through the API beside Meilisearch itself, and how fast it follows changes. */
export async function meilisearch(bench: Bench): Promise<void> {
  const server = await spawnMeilisearch({ memory: '2GB' });
  try {
    const searched = [];
    const followed = [];
    const without = [];
    for (const size of SIZES) {
      const url = await bench.postgres.create((await bench.demo(size)).url);
      const figures = await measure(bench, server, url, size);
      const { api, raw, plain, unlike } = figures;
      searched.push([
        size,
        ...[api, raw, plain].flatMap(({ requestsPerSecond, p50, p95 }) => [requestsPerSecond, p50, p95].map(rounded)),
        ...[raw, plain].map(({ p50 }) => rounded(api.p50 / p50)),
        rounded(unlike.p50),
      ]);
      followed.push([size, figures.reindex, figures.searchedMeanwhile, ...figures.changes, rounded(figures.suggestions.p50), rounded(figures.suggestions.p95)]);
      if (figures.away) without.push(...figures.away);
      await server.wipe();
    }
    say('## Search on Meilisearch, the usual mix');
    say('Through GraphQL; Meilisearch by itself, asked in one request for all of the page that is an engine’s to give (plain); what the product asks of it when it');
    say(`knows no counts, sent there directly (ids): less, from an index made for that; and ${UNLIKE} searches through GraphQL that are hardly ever alike.`);
    table(['listings', 'requests/s', 'p50 ms', 'p95 ms', 'ids requests/s', 'p50 ms', 'p95 ms', 'plain requests/s', 'p50 ms', 'p95 ms', 'p50 to ids', 'to plain', 'unlike p50 ms'], searched);
    say('## What follows: reindex under search, a change until it is found, suggestions');
    table(['listings', 'reindex s', 'searches meanwhile, none failed', 'change p50 ms', 'p95 ms', 'suggestions p50 ms', 'p95 ms'], followed);
    say(`## While Meilisearch is away, ${AWAY_AT} listings, the usual mix: PostgreSQL answers, and says why; no error`);
    table(['it is', 'requests/s', 'p50 ms', 'p95 ms', 'back by itself, s'], without);
  } finally {
    await server.stop();
  }
}

async function measure(bench: Bench, server: TestMeilisearch, url: string, size: number) {
  const options = { host: server.host, key: server.key, prefix: `bench${size}` };
  const env = { MEILI_HOST: server.host, MEILI_KEY: server.key, MEILI_INDEX_PREFIX: options.prefix };
  return withDatabase(url, async (db) => {
    const index = createSearch(db, systemClock, options).index!;
    await index.reindex(() => {});
    const raw = await rawCalls(server, db, url, env);
    const plain = await PlainMeilisearch.build(server, db);
    const publisher = index.startPublisher();
    const served = await Served.start(url, env);
    try {
      const api = await recordMix(served);
      const plainly = api.map((call) => plain.callFor(call));
      const figures = await inTurns(bench, { api: (seconds) => run(served.url, api, seconds), raw: (seconds) => run(server.host, raw, seconds), plain: (seconds) => run(server.host, plainly, seconds) });
      await plain.remove();
      const unlike = (await served.once(unlikeSearches(UNLIKE).map(callOf))).figures;
      if (bench.options.profile) profileTable(`search of ${size}`, await served.profileCalls(api, bench.options.seconds));
      const suggestions = await run(served.url, PREFIXES.map((prefix) => ({ path: '/graphql', body: JSON.stringify({ query: SUGGEST, variables: { prefix } }) })), bench.options.seconds);
      const changes = await changesUntilFound(served, db);
      let searching = true;
      const meanwhile: Figures[] = [];
      const load = (async () => {
        while (searching) meanwhile.push(await run(served.url, api, 1)); // an error or another answer than 200 ends the bench
      })();
      const reindex = await timed(() => index.reindex(() => {}));
      searching = false;
      await load;
      const away = size === AWAY_AT ? await whileAway(server, served, api, bench.options.seconds) : null;
      return { ...figures, unlike, suggestions, away, changes, reindex: rounded(reindex), searchedMeanwhile: meanwhile.reduce((sum, { requests }) => sum + requests, 0) };
    } finally {
      await served.stop();
      await publisher.stop();
    }
  });
}

/** Runs both in turns, once a service has run for a while; medians. */
async function inTurns<Side extends string>({ options }: Bench, sides: Record<Side, (seconds: number) => Promise<Figures>>): Promise<Record<Side, Figures>> {
  const runs = Object.entries<(seconds: number) => Promise<Figures>>(sides).map(([side, make]) => ({ side, make, made: [] as Figures[] }));
  for (const { make } of runs) await make(WARM_SECONDS);
  for (let i = 0; i < options.repeat; i++) for (const { make, made } of runs) made.push(await make(options.seconds));
  return Object.fromEntries(runs.map(({ side, made }) => [side, medians(made)])) as Record<Side, Figures>;
}

const medians = (made: readonly Figures[]) => Object.fromEntries((['requests', 'requestsPerSecond', 'p50', 'p95'] as const).map((figure) => [figure, median(made.map((each) => each[figure]))])) as unknown as Figures;

/** Searches while the server is stopped, paused and has lost everything, and how long it takes after each until it answers again. */
async function whileAway(server: TestMeilisearch, served: Served, mix: readonly Call[], seconds: number) {
  const ways: Record<string, { away: () => Promise<void>; back: () => Promise<void> }> = {
    stopped: { away: server.kill, back: server.start },
    paused: { away: async () => void process.kill(server.pid(), 'SIGSTOP'), back: async () => void process.kill(server.pid(), 'SIGCONT') },
    emptied: { away: server.wipe, back: async () => {} },
  };
  const rows = [];
  for (const [what, { away, back }] of Object.entries(ways)) {
    await away();
    const { requestsPerSecond, p50, p95 } = await run(served.url, mix, seconds);
    await withoutErrors(served, mix);
    await back();
    const until = await timed(async () => {
      while ((await engineOf(served)) !== 'MEILISEARCH') await sleep(50);
    });
    rows.push([what, Math.round(requestsPerSecond), rounded(p50), rounded(p95), rounded(until)]);
  }
  return rows;
}

async function withoutErrors(served: Served, mix: readonly Call[]): Promise<void> {
  const { bodies } = await served.once(mix.slice(0, 10 * CONNECTIONS));
  const wrong = bodies.find((body) => !body.startsWith('{"data":') || body.includes('"errors":'));
  if (wrong !== undefined) throw new Error(`A search failed: ${wrong.slice(0, 300)}`);
}

async function engineOf(served: Served): Promise<string> {
  const response = await fetch(`${served.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ query: '{ search(input: {}) { engine } }' }) });
  return ((await response.json()) as { data: { search: { engine: string } } }).data.search.engine;
}

async function recordMix(served: Served): Promise<Call[]> {
  const recorded: Record<Kind, Recorded[]> = { filtered: [], words: [], browse: [] };
  for (const kind of kinds) for (const operation of searches(kind, DIFFERENT[kind])) recorded[kind].push(await served.record(operation));
  return usualMix(recorded).map(({ api }) => api);
}

/** What the product asks of Meilisearch for the usual mix where it knows no counts from before, as it goes over the wire. */
async function rawCalls(server: TestMeilisearch, db: Database, url: string, env: NodeJS.ProcessEnv): Promise<Call[]> {
  const { changedAt } = (await readState(db))!;
  await noteChange(db, null); // nothing is kept while the index is being changed
  const between = await listenBetween(server.host);
  const served = await Served.start(url, { ...env, MEILI_HOST: between.host });
  try {
    const mix = await recordMix(served);
    between.searches.length = 0;
    for (const { path, body } of mix) await (await fetch(served.url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).text();
    return between.searches.map(({ path, body, authorization }) => ({ path, body, headers: { Authorization: authorization } }));
  } finally {
    await served.stop();
    between.stop();
    await noteChange(db, changedAt);
  }
}

const noteChange = (db: Database, changedAt: string | null) => db.query('UPDATE search_index SET changed_at = $1', [changedAt]);

/** @returns p50 and p95 in milliseconds from the commit of a change to the first search that finds it */
async function changesUntilFound(served: Served, db: Database): Promise<[number, number]> {
  const listings = await db.query<{ id: string }>('SELECT listing_id AS id FROM search_document ORDER BY listing_id LIMIT $1', [CHANGES]);
  const times: number[] = [];
  for (const [i, { id }] of listings.entries()) {
    const word = `zq${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + Math.floor(i / 26))}xv`;
    await db.transaction(async (tx) => {
      await tx.query('UPDATE listing SET title = $2 WHERE id = $1', [id, `Changed ${word}`]);
      await refreshDocuments(tx, [id]);
    });
    const start = performance.now();
    const body = JSON.stringify({ query: `{ search(input: { words: "${word}" }) { totalCount engine } }` });
    for (;;) {
      const response = await fetch(`${served.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      const { data } = (await response.json()) as { data: { search: { totalCount: number; engine: string } } };
      if (data.search.totalCount === 1 && data.search.engine === 'MEILISEARCH') break;
    }
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return [rounded(times[Math.floor(times.length * 0.5)]!), rounded(times[Math.floor(times.length * 0.95)]!)];
}
