import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type DatabaseLimits, defaultLimits } from './database/limits.js';
import { normalEmail } from './email-address.js';
import { makeFolder } from './folder.js';
import { importSettings, type ImportSettings, importSettingsOf } from './import-settings.js';
import { seconds, whole } from './setting-kinds.js';

export interface Config {
  production: boolean;
  /** Address to listen on; null: all of the machine's. */
  host: string | null;
  port: number;
  /** Port of `/metrics` and the health endpoints alone; null: no such port. */
  metricsPort: number | null;
  /** Absolute path of the folder that holds the embedded database, mail files and the generated secret. */
  dataDir: string;
  /** Null: the embedded PostgreSQL under dataDir. */
  databaseUrl: string | null;
  database: DatabaseLimits;
  /** How long a start waits for a database that cannot be reached yet, in ms. */
  databaseWaitMs: number;
  /** The secret that is used, then those that still open sessions made with them. */
  sessionSecrets: [string, ...string[]];
  /** Origin under which people reach the service, without a slash at the end: links in mail begin with it. */
  publicUrl: string;
  /** Null: mail is written as files under dataDir. */
  smtpUrl: string | null;
  /** The most that sending one message may take, in ms. */
  smtpMs: number;
  mailFrom: string;
  meiliHost: string | null;
  meiliKey: string | null;
  /** Begins the names of the indexes in Meilisearch. */
  meiliPrefix: string;
  /** The most that Meilisearch may take for a search, and for a request of the publisher, in ms. */
  meiliSearchMs: number;
  meiliWorkMs: number;
  http: HttpLimits;
  imports: ImportSettings;
  logLevel: string;
  /** Proxies in front of the service whose X-Forwarded-For is believed. */
  trustedProxies: number;
}

/** Times in ms. */
export interface HttpLimits {
  /** Every request is answered by then, with 503 if it must be. */
  requestMs: number;
  /** The most that a request may take to arrive whole. */
  bodyMs: number;
  /** How long an idle connection is kept; longer than the proxy in front keeps its own. */
  keepAliveMs: number;
  /** Requests that are dealt with at the same time; those that wait for their turn; further ones are refused. */
  atOnce: number;
  mostWaiting: number;
  /** How long requests are still taken after SIGTERM, while readiness says no. */
  shutdownDelayMs: number;
}

/** What is wrong with the settings or the command, in words for the operator. */
export class OperatorError extends Error {}

const text = z.string().trim().min(1);

/** `Name <name@example.org>`, or the address alone. */
const isSender = (value: string) => normalEmail(/^[^<>\r\n]*<([^<>]*)>$/.exec(value)?.[1] ?? value) !== null;

const settings = z.object({
  NODE_ENV: z.string().optional(),
  HOST: text.optional(),
  PORT: whole('PORT', 0, 65535).default(4000),
  METRICS_PORT: whole('METRICS_PORT', 0, 65535).optional(),
  DATA_DIR: text.default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'DATABASE_URL must begin with postgres://' }).optional(),
  DATABASE_CONNECTIONS: whole('DATABASE_CONNECTIONS', 15, 10_000).default(30),
  DATABASE_POOL_SIZE: whole('DATABASE_POOL_SIZE', 2, 10_000).optional(),
  DATABASE_ACQUIRE_SECONDS: seconds('DATABASE_ACQUIRE_SECONDS').default(defaultLimits.acquireMs),
  DATABASE_STATEMENT_SECONDS: seconds('DATABASE_STATEMENT_SECONDS').default(defaultLimits.statementMs),
  DATABASE_LONG_STATEMENT_SECONDS: seconds('DATABASE_LONG_STATEMENT_SECONDS').default(defaultLimits.longStatementMs),
  DATABASE_IDLE_TRANSACTION_SECONDS: seconds('DATABASE_IDLE_TRANSACTION_SECONDS').default(defaultLimits.idleTransactionMs),
  DATABASE_SLOW_SECONDS: seconds('DATABASE_SLOW_SECONDS', 0.001).default(defaultLimits.slowMs),
  DATABASE_WAIT_SECONDS: seconds('DATABASE_WAIT_SECONDS', 0).default(30_000),
  SESSION_SECRET: z.string().min(32, 'SESSION_SECRET must have at least 32 characters').optional(),
  SESSION_SECRET_PREVIOUS: z.string().min(32, 'SESSION_SECRET_PREVIOUS must have at least 32 characters').optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'PUBLIC_URL must begin with https:// or http://' }).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'SMTP_URL must begin with smtp:// or smtps://' }).optional(),
  SMTP_SECONDS: seconds('SMTP_SECONDS').default(20_000),
  MAIL_FROM: text.refine(isSender, 'MAIL_FROM must be an e-mail address, or a name and <an e-mail address>').default('Signpost <no-reply@signpost.invalid>'),
  MEILI_HOST: z.url({ protocol: /^https?$/, error: 'MEILI_HOST must begin with http:// or https://' }).optional(),
  MEILI_KEY: text.optional(),
  MEILI_INDEX_PREFIX: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'MEILI_INDEX_PREFIX may have up to 100 letters, digits, - and _ only').default('signpost'),
  MEILI_SEARCH_SECONDS: seconds('MEILI_SEARCH_SECONDS').default(500),
  MEILI_WORK_SECONDS: seconds('MEILI_WORK_SECONDS').default(30_000),
  REQUEST_SECONDS: seconds('REQUEST_SECONDS').default(9000),
  REQUEST_BODY_SECONDS: seconds('REQUEST_BODY_SECONDS').default(30_000),
  KEEP_ALIVE_SECONDS: seconds('KEEP_ALIVE_SECONDS').default(65_000),
  CONCURRENT_REQUESTS: whole('CONCURRENT_REQUESTS', 1, 10_000).default(4),
  MAX_WAITING_REQUESTS: whole('MAX_WAITING_REQUESTS', 0, 100_000).default(30),
  SHUTDOWN_DELAY_SECONDS: seconds('SHUTDOWN_DELAY_SECONDS', 0, 2.5).default(2000),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { error: 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent' })
    .optional(),
  TRUSTED_PROXIES: whole('TRUSTED_PROXIES', 0, 100).default(0),
  ...importSettings,
});

/** Settings that may hold a secret, so that they can also be given as a file: `SMTP_URL_FILE` names one that has SMTP_URL. */
const SECRETS = ['DATABASE_URL', 'SESSION_SECRET', 'SESSION_SECRET_PREVIOUS', 'SMTP_URL', 'MEILI_KEY', 'IMPORT_SCHOOLS_FROM', 'IMPORT_PROVIDERS_FROM', 'IMPORT_TERM_DATES_FROM'] as const;

/** Connections of a process besides its pool: six of the runner of jobs, one each of its life, an import, the publisher, and two of the watch. */
const RESERVED_CONNECTIONS = 11;

const neededInProduction = {
  DATABASE_URL: 'the PostgreSQL that holds the data',
  SESSION_SECRET: 'at least 32 random characters',
  PUBLIC_URL: 'where people reach the service',
  SMTP_URL: 'the mail server',
} as const;

/**
 * Reads the environment. In production everything that the service cannot do without must be said.
 * @throws OperatorError naming all that is missing or wrong at once
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const wrong: string[] = [];
  const given = withFiles(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== '')), wrong);
  const parsed = settings.safeParse(given);
  if (!parsed.success) wrong.push(...parsed.error.issues.map((issue) => issue.message));
  const production = given['NODE_ENV'] === 'production';
  if (production) {
    for (const [name, what] of Object.entries(neededInProduction)) {
      if (!given[name]) wrong.push(`${name} is missing (${what})`);
    }
  }
  const connections = parsed.data?.DATABASE_CONNECTIONS ?? 0;
  const poolSize = parsed.data?.DATABASE_POOL_SIZE ?? connections - RESERVED_CONNECTIONS;
  if (parsed.success && poolSize + RESERVED_CONNECTIONS > connections) {
    wrong.push(`DATABASE_POOL_SIZE may be at most ${connections - RESERVED_CONNECTIONS}, since DATABASE_CONNECTIONS is ${connections} and ${RESERVED_CONNECTIONS} of them are not of the pool`);
  }
  if (!parsed.success || wrong.length > 0) throw new OperatorError(`Signpost cannot start: ${wrong.join('; ')}.`);

  const read = parsed.data;
  const dataDir = resolve(read.DATA_DIR);
  const previous = read.SESSION_SECRET_PREVIOUS;
  return {
    production,
    host: read.HOST ?? (production ? null : '127.0.0.1'), // outside production /dev/mail would let anybody in
    port: read.PORT,
    metricsPort: read.METRICS_PORT ?? null,
    dataDir,
    databaseUrl: read.DATABASE_URL ?? null,
    database: {
      poolSize,
      acquireMs: read.DATABASE_ACQUIRE_SECONDS,
      statementMs: read.DATABASE_STATEMENT_SECONDS,
      longStatementMs: read.DATABASE_LONG_STATEMENT_SECONDS,
      idleTransactionMs: read.DATABASE_IDLE_TRANSACTION_SECONDS,
      slowMs: read.DATABASE_SLOW_SECONDS,
    },
    databaseWaitMs: read.DATABASE_WAIT_SECONDS,
    sessionSecrets: [read.SESSION_SECRET ?? secretIn(dataDir), ...(previous ? [previous] : [])],
    publicUrl: (read.PUBLIC_URL ?? `http://localhost:${read.PORT}`).replace(/\/+$/, ''),
    smtpUrl: read.SMTP_URL ?? null,
    smtpMs: read.SMTP_SECONDS,
    mailFrom: read.MAIL_FROM,
    meiliHost: read.MEILI_HOST ?? null,
    meiliKey: read.MEILI_KEY ?? null,
    meiliPrefix: read.MEILI_INDEX_PREFIX,
    meiliSearchMs: read.MEILI_SEARCH_SECONDS,
    meiliWorkMs: read.MEILI_WORK_SECONDS,
    http: {
      requestMs: read.REQUEST_SECONDS,
      bodyMs: read.REQUEST_BODY_SECONDS,
      keepAliveMs: read.KEEP_ALIVE_SECONDS,
      atOnce: read.CONCURRENT_REQUESTS,
      mostWaiting: read.MAX_WAITING_REQUESTS,
      shutdownDelayMs: read.SHUTDOWN_DELAY_SECONDS,
    },
    imports: importSettingsOf(read),
    logLevel: read.LOG_LEVEL ?? (production ? 'info' : 'warn'), // a line for each request would hide what a developer is told
    trustedProxies: read.TRUSTED_PROXIES,
  };
}

/** The settings, with those read whose file is named. A line end at the end of a file is not part of a secret. */
function withFiles(given: Record<string, string | undefined>, wrong: string[]): Record<string, string | undefined> {
  const read = { ...given };
  for (const name of SECRETS) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) wrong.push(`${name} and ${name}_FILE are both set`);
    try {
      read[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      if (read[name] === '') wrong.push(`${name}_FILE names an empty file`);
    } catch (error) {
      wrong.push(`${name}_FILE cannot be read (${(error as Error).message})`);
    }
  }
  return read;
}

/** Kept, so that people stay signed in over a restart. */
function secretIn(dataDir: string): string {
  const file = join(dataDir, 'session-secret');
  try {
    makeFolder(dataDir);
  } catch (error) {
    throw new OperatorError(`Signpost cannot use ${dataDir} for its data (${(error as Error).message}). Set DATA_DIR to a folder that it may write to.`);
  }
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new OperatorError(`Signpost cannot write to ${dataDir} (${(error as Error).message}).`);
  }
  const secret = readFileSync(file, 'utf8');
  if (secret.length >= 32) return secret;
  writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 }); // a kill came between create and write
  return readFileSync(file, 'utf8');
}
