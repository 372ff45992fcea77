import { isBadRequest } from './client.js';
import type { Ask, Query } from './query.js';

/** So many searches go in one request: Meilisearch does what is in one after another. */
const MOST = 4;

interface Asked {
  queries: Query[];
  answer(results: Awaited<ReturnType<Ask>>): void;
  fail(error: unknown): void;
}

/**
 * Has what several searches ask in the same turn of the event loop sent in one request: under load a request by itself
 * costs as much as the page that it asks for.
 */
export function together(send: Ask): Ask {
  let waiting: Asked[] = [];
  const sendAll = () => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += MOST) void sendSome(all.slice(from, from + MOST));
  };
  const sendSome = async (some: readonly Asked[]): Promise<void> => {
    try {
      const results = await send(some.flatMap(({ queries }) => queries));
      let at = 0;
      for (const { queries, answer } of some) answer(results.slice(at, (at += queries.length)));
    } catch (error) {
      if (some.length > 1 && isBadRequest(error)) for (const one of some) void sendSome([one]); // the others cannot help it
      else for (const { fail } of some) fail(error);
    }
  };
  return (queries) =>
    new Promise((answer, fail) => {
      if (waiting.push({ queries, answer, fail }) === 1) setImmediate(sendAll);
    });
}
