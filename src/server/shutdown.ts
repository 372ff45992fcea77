import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../platform/log.js';

/** Whatever hangs, a process that was asked to end is gone by then. */
const END_WITHIN_MS = 9500;

/** Steps of an end, each given at most so long. One that hangs or fails does not keep the others from being made. */
export async function inTurn(log: Logger, steps: readonly { what: string; mostMs: number; run(): unknown }[]): Promise<void> {
  for (const { what, mostMs, run } of steps) {
    const hangs = new AbortController();
    try {
      await Promise.race([
        Promise.resolve(run()),
        sleep(mostMs, undefined, { signal: hangs.signal }).then(() => log.warn({ step: what }, 'ending goes on without waiting for this')),
      ]);
    } catch (error) {
      log.warn({ step: what, error: (error as Error).message }, 'ending went wrong here');
    } finally {
      hangs.abort();
    }
  }
}

/**
 * Resolves once the process was asked to end and has. SIGTERM asks for an orderly end; SIGINT, by Ctrl-C, for one without
 * the time in which a proxy turns to other processes. A second signal means now.
 */
export function endOnSignals(stop: (options: { atOnce: boolean }) => Promise<void>, log: Logger): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        setTimeout(() => {
          log.error('ending took too long');
          process.exit(1);
        }, END_WITHIN_MS).unref();
        void stop({ atOnce: signal === 'SIGINT' }).finally(resolve);
      });
    }
  });
}
