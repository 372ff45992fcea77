import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../platform/log.js';

const MOST_MS = 1500;
const ROUNDS = 15;
const SEARCH = JSON.stringify({ query: '{ search(input: { words: "reading" }, first: 10) { totalCount nodes { listing { title provider { name } } } } }' });

/** What is asked most, and what has to be answered whatever else is. */
const REQUESTS: [path: string, init?: RequestInit][] = [
  ['/'],
  ['/?words=reading'],
  ['/sign-in'],
  ['/graphql', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: SEARCH }],
];

/**
 * Answers the usual requests a few times on a port of its own, so that code and templates are compiled before the first
 * caller comes: when many come at once, a cold process keeps whoever asks for its health waiting. A fault here is the
 * requests' own, and is told to those who come later.
 */
export async function warmUp(handler: RequestListener, log: Logger): Promise<void> {
  const begun = performance.now();
  const server = createServer(handler);
  try {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const signal = AbortSignal.timeout(MOST_MS);
    for (let round = 0; round < ROUNDS && performance.now() - begun < MOST_MS; round++) {
      await Promise.all(REQUESTS.map(async ([path, init]) => (await fetch(url + path, { ...init, signal })).text()));
    }
  } catch (error) {
    log.debug({ error: (error as Error).message }, 'the warm-up ended early');
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
