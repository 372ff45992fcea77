import { execFileSync } from 'node:child_process';
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

/** `describe`, for what needs a Meilisearch server. Without one it says loudly that nothing was tested. */
export function describeWithMeilisearch(name: string, tests: () => void): void {
  if (found) return describe(name, tests);
  process.stderr.write(`SKIPPED, for there is no program "meilisearch" on the PATH: ${name}\n`);
  describe.skip(`${name} (SKIPPED: no meilisearch on the PATH)`, tests);
}

const running: TestMeilisearch[] = [];
afterAll(async () => {
  for (const each of running.splice(0)) await each.stop();
});

/** A server of its own, which ends with the test file. */
export async function startMeilisearch(options: Parameters<typeof spawnMeilisearch>[0] = {}): Promise<TestMeilisearch> {
  const server = await spawnMeilisearch(options);
  running.push(server);
  return server;
}
