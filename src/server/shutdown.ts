import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../platform/log.js';

/** Whatever hangs, a process that was asked to end is gone by then. */
const END_WITHIN_MS = 9500;

export interface Running {
  /** Ends all of it in order. @param options.atOnce without the time in which a proxy turns to other processes */
  stop(options: { atOnce: boolean }): Promise<void>;
}

/** A part of an end, given at most so long. */
export interface Step {
  what: string;
  mostMs: number;
  run(): unknown;
}

/** Makes the steps one after the other. One that hangs or fails does not keep the others from being made. */
export async function inTurn(log: Logger, steps: readonly Step[]): Promise<void> {
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
 * Starts something and ends it when the process is asked to: by SIGTERM in order, by SIGINT (Ctrl-C) in order but without
 * the time in which a proxy turns to other processes. A second signal means now. What is asked during the start ends it
 * as soon as it can be ended.
 * @param start is given a signal that is aborted when the process is asked to end
 */
export async function runUntilAskedToEnd(log: Logger, start: (asked: AbortSignal) => Promise<Running>): Promise<void> {
  const asked = new AbortController();
  let atOnce = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked.signal.aborted) process.exit(1);
      atOnce = signal === 'SIGINT';
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), END_WITHIN_MS).unref(); // whoever reads the log may stand still too
      asked.abort();
    });
  }
  let running: Running;
  try {
    running = await start(asked.signal);
  } catch (error) {
    if (asked.signal.aborted) return;
    throw error;
  }
  if (!asked.signal.aborted) await once(asked.signal, 'abort');
  await running.stop({ atOnce });
}
