import { destination, pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on stderr, so that stdout stays free for what a command says. Never log names, addresses or free text. */
export function createLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination({ fd: 2, sync: true }));
}
