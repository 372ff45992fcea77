import { format } from 'node:util';
import { destination, pino, type Logger } from 'pino';
import { currentTrace } from './trace.js';

export type { Logger };

/** What may wait to be written when whoever reads the log stands still. Further lines are dropped: the service goes on. */
const MOST_WAITING_BYTES = 4_000_000;

const destinations = new WeakMap<Logger, ReturnType<typeof destination>>();
const FLUSHED_WITHIN_MS = 500;

/** JSON lines on stderr, with the id of the request or job they belong to. Never log names, addresses or free text. */
export function createLog(level: string): Logger {
  const written = destination({ fd: 2, sync: false, maxLength: MOST_WAITING_BYTES });
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const trace = currentTrace();
        return trace ? { id: trace.id } : {};
      },
    },
    written,
  );
  destinations.set(log, written);
  return log;
}

/**
 * Ends the process once the log is written. Where whoever reads it stands still, it ends without: by itself the log would
 * wait for them at the exit, and nothing else could be done meanwhile.
 */
export function exitWith(code: number, log: Logger): void {
  const exit = () => {
    destinations.get(log)?.destroy();
    process.exit(code);
  };
  setTimeout(exit, FLUSHED_WITHIN_MS);
  log.flush(exit);
}

/** Has what libraries write to the console, and Node's own warnings, come as lines of the log. */
export function captureConsole(log: Logger): void {
  for (const [method, level] of [['log', 'info'], ['info', 'info'], ['debug', 'debug'], ['warn', 'warn'], ['error', 'error'], ['trace', 'error']] as const) {
    console[method] = (...said: unknown[]) => log[level](format(...said));
  }
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn(`${name}: ${message}`));
}
