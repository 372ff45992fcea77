import { isUnavailable } from '../platform/database/index.js';
import { exitWith, type Logger } from '../platform/log.js';

/**
 * A rejection that nobody handles is a mistake of ours or of a library, and what it leaves behind is not known: the
 * process ends, with one line that says why. A server that could not be reached leaves nothing behind, whoever did not
 * wait for it; that ends nothing.
 */
export function endOnTheUnknown(log: Logger): void {
  process.on('unhandledRejection', (reason) => {
    if (isUnavailable(reason)) return log.error({ error: (reason as Error).message }, 'a server could not be reached, and nobody waited for it');
    end(log, reason, 'a rejection that nobody handled');
  });
  process.on('uncaughtException', (error) => end(log, error, 'an error that nobody caught'));
}

function end(log: Logger, error: unknown, what: string): void {
  log.fatal({ fault: (error as Error | undefined)?.stack ?? String(error) }, `the process ends: ${what}`);
  exitWith(1, log);
}
