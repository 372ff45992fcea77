import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { makeFolder } from './folder.js';

export interface Config {
  production: boolean;
  port: number;
  /** Absolute path of the folder that holds the embedded database, mail files and the generated secret. */
  dataDir: string;
  /** Null: the embedded PostgreSQL under dataDir. */
  databaseUrl: string | null;
  sessionSecret: string;
  /** Origin under which people reach the service, without a slash at the end: links in mail begin with it. */
  publicUrl: string;
  /** Null: mail is written as files under dataDir. */
  smtpUrl: string | null;
  mailFrom: string;
  meiliHost: string | null;
  meiliKey: string | null;
  /** Begins the names of the indexes in Meilisearch. */
  meiliPrefix: string;
  logLevel: string;
  /** Proxies in front of the service whose X-Forwarded-For is believed. */
  trustedProxies: number;
}

/** What is wrong with the settings or the command, in words for the operator. */
export class OperatorError extends Error {}

const text = z.string().trim().min(1);
const settings = z.object({
  NODE_ENV: z.string().optional(),
  PORT: z.coerce.number({ error: 'PORT must be a number' }).int('PORT must be a whole number').min(0, 'PORT must be from 0 to 65535').max(65535, 'PORT must be from 0 to 65535').default(4000),
  DATA_DIR: text.default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'DATABASE_URL must begin with postgres://' }).optional(),
  SESSION_SECRET: z.string().min(32, 'SESSION_SECRET must have at least 32 characters').optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'PUBLIC_URL must begin with https:// or http://' }).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'SMTP_URL must begin with smtp:// or smtps://' }).optional(),
  MAIL_FROM: text.default('Signpost <no-reply@signpost.invalid>'),
  MEILI_HOST: z.url({ protocol: /^https?$/, error: 'MEILI_HOST must begin with http:// or https://' }).optional(),
  MEILI_KEY: text.optional(),
  MEILI_INDEX_PREFIX: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'MEILI_INDEX_PREFIX may have up to 100 letters, digits, - and _ only').default('signpost'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { error: 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent' }).default('info'),
  TRUSTED_PROXIES: z.coerce.number({ error: 'TRUSTED_PROXIES must be a number' }).int().min(0).default(0),
});

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
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settings.safeParse(given);
  const wrong = parsed.success ? [] : parsed.error.issues.map((issue) => issue.message);
  const production = given['NODE_ENV'] === 'production';
  if (production) {
    for (const [name, what] of Object.entries(neededInProduction)) {
      if (!given[name]) wrong.push(`${name} is missing (${what})`);
    }
  }
  if (!parsed.success || wrong.length > 0) throw new OperatorError(`Signpost cannot start: ${wrong.join('; ')}.`);

  const read = parsed.data;
  const dataDir = resolve(read.DATA_DIR);
  return {
    production,
    port: read.PORT,
    dataDir,
    databaseUrl: read.DATABASE_URL ?? null,
    sessionSecret: read.SESSION_SECRET ?? secretIn(dataDir),
    publicUrl: (read.PUBLIC_URL ?? `http://localhost:${read.PORT}`).replace(/\/+$/, ''),
    smtpUrl: read.SMTP_URL ?? null,
    mailFrom: read.MAIL_FROM,
    meiliHost: read.MEILI_HOST ?? null,
    meiliKey: read.MEILI_KEY ?? null,
    meiliPrefix: read.MEILI_INDEX_PREFIX,
    logLevel: read.LOG_LEVEL,
    trustedProxies: read.TRUSTED_PROXIES,
  };
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
