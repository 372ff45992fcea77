/**
 * The database cannot answer now: it is away, has no room, or took too long. The same may succeed in a moment. What was
 * to be written is either written whole or not at all, but it is not known which.
 */
export class DatabaseUnavailable extends Error {
  /** For GraphQL: the caller is told to come back, with status 503. */
  readonly extensions = { code: 'SERVICE_UNAVAILABLE', http: { status: 503, headers: new Map([['retry-after', String(RETRY_AFTER_SECONDS)]]) } };

  constructor(cause: unknown) {
    super(`The database cannot answer: ${reasonOf(cause)}.`, { cause });
    this.name = 'DatabaseUnavailable';
  }
}

export const RETRY_AFTER_SECONDS = 2;

/** Of Node: the server cannot be reached. */
const UNREACHABLE = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN',
]);

/** Of pg, and of TypeORM about a connection that pg has lost, which give these no code. */
const LOST = /^(Connection terminated|Query runner already released|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client (has encountered|was closed)|Cannot use a pool after)/;

/** SQLSTATE classes and codes: connection (08P01 is a mistake in what was sent), resources, operator intervention, system error; a cancelled, a locked-out, a read-only one. */
const STATES = /^(08(?!P01)|53|57P0[1-35]|58|57014$|55P03$|25P03$|25P04$|25006$|40001$|40P01$)/;

/** States after which the connection itself is as good as before. */
const HARMLESS = /^(53100|57014|55P03|40001|40P01)$/;

interface Fault {
  code?: string;
  syscall?: string;
  message?: string;
}

/** What pg or Node said, in whatever it was wrapped. */
function faultOf(error: unknown): Fault {
  if (error instanceof DatabaseUnavailable) return faultOf(error.cause);
  return ((error as { driverError?: Fault } | null)?.driverError ?? error ?? {}) as Fault;
}

/** Whether an error means that the database cannot answer now, rather than that it refuses what was asked. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  const { code, syscall, message } = faultOf(error);
  if (code) return UNREACHABLE.has(code) || STATES.test(code) || (code === 'ENOENT' && syscall === 'connect');
  return LOST.test(message ?? '');
}

/** Whether the connection on which it happened is not to be used again. */
export const isConnectionLost = (error: unknown): boolean => isUnavailable(error) && !HARMLESS.test(faultOf(error).code ?? '');

/** In words for the log, without addresses or values. */
function reasonOf(error: unknown): string {
  const { code, message } = faultOf(error);
  return code ? `${code}` : (message ?? 'unknown');
}
