import { format } from 'node:util';
import { destination, pino, type Logger } from 'pino';
import { currentTrace } from './trace.js';

export type { Logger };

/** What may wait to be written when whoever reads the log stands still. Further lines are dropped: the service goes on. */
const MOST_WAITING_BYTES = 4_000_000;

/** JSON lines on stderr, with the id of the request or job they belong to. Never log names, addresses or free text. */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const trace = currentTrace();
        return trace ? { id: trace.id } : {};
      },
    },
    destination({ fd: 2, sync: false, maxLength: MOST_WAITING_BYTES }),
  );
}

/** Has what libraries write to the console, and Node's own warnings, come as lines of the log. */
export function captureConsole(log: Logger): void {
  for (const [method, level] of [['log', 'info'], ['info', 'info'], ['debug', 'debug'], ['warn', 'warn'], ['error', 'error'], ['trace', 'error']] as const) {
    console[method] = (...said: unknown[]) => log[level](format(...said));
  }
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn(`${name}: ${message}`));
}
