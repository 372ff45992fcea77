import { execFileSync } from 'node:child_process';
import { Meilisearch } from 'meilisearch';
import { newId } from '../../src/platform/id.js';
import type { MeiliOptions } from '../../src/search/meilisearch/client.js';
import { atEnd } from './endings.js';
import { spawnMeilisearch, type TestMeilisearch } from './meilisearch-process.js';

export type { TestMeilisearch };

/** Whether there is a Meilisearch to test with: the program on the PATH. */
const found = (() => {
  try {
    return execFileSync('meilisearch', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
})();

/** A server that runs already: for what does it no harm. */
const given = process.env['MEILI_HOST'];

/** `describe`, for what needs a Meilisearch server of its own, to kill. Without one it says loudly that nothing was tested. */
export function describeWithMeilisearch(name: string, tests: () => void): void {
  if (found) return describe(name, tests);
  process.stderr.write(`SKIPPED, for there is no program "meilisearch" on the PATH: ${name}\n`);
  describe.skip(`${name} (SKIPPED: no meilisearch on the PATH)`, tests);
}

/** `describe`, for what needs any Meilisearch server: that of MEILI_HOST, else one of its own. */
export const describeWithAnyMeilisearch = (name: string, tests: () => void): void => (given ? describe(name, tests) : describeWithMeilisearch(name, tests));

/** A server of its own, which ends with the test file. */
export async function startMeilisearch(options: Parameters<typeof spawnMeilisearch>[0] = {}): Promise<TestMeilisearch> {
  const server = await spawnMeilisearch(options);
  atEnd(() => server.stop());
  return server;
}

/** The server of MEILI_HOST, from which what the test file made is removed, else one of its own. */
export async function someMeilisearch(): Promise<MeiliOptions> {
  const searchMs = 10_000; // a machine that is busy with other tests answers late, and is not away
  if (!given) return { ...(await startMeilisearch()), searchMs };
  const options = { searchMs, host: given, key: process.env['MEILI_KEY'] ?? null, prefix: `test${newId().slice(-8)}` };
  atEnd(async () => {
    const client = new Meilisearch({ host: options.host, ...(options.key && { apiKey: options.key }) });
    const { results } = await client.getRawIndexes({ limit: 1000 });
    for (const { uid } of results) if (uid.startsWith(options.prefix)) await client.deleteIndex(uid);
  });
  return options;
}
