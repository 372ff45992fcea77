import { type App, createApp, migrate } from './app.js';
import { demoLoaded, demoPeople, hasRoomForDemo, loadDemo } from './demo/index.js';
import { carryOn, type ImportKind } from './imports/index.js';
import { systemClock } from './platform/clock.js';
import { type Config, OperatorError } from './platform/config.js';
import { LOCKS, longLimits, rehearsed, type UnitOfWork } from './platform/database/index.js';
import { captureConsole, createLog, exitWith, type Logger } from './platform/log.js';
import { Refused } from './platform/problem.js';
import { addAuthoritiesOfToday, applyReorganisation, reorganisationOf, whyNotReorganise } from './schools/index.js';
import { openDatabase, waitForDatabase } from './server/open-database.js';
import { serve, work } from './server/serve.js';
import { runUntilAskedToEnd } from './server/shutdown.js';
import { endOnTheUnknown } from './server/unhandled.js';

export async function runServe(config: Config): Promise<void> {
  const log = serviceLog(config);
  await runUntilAskedToEnd(log, async (asked) => {
    const running = await serve(config, log, firstRun, asked).finally(endProgress);
    if (config.production) log.info({ port: config.port }, 'serving');
    else await sayWhereItIs(config, running.app);
    return running;
  });
  exitWith(0, log); // what is still open belongs to nobody
}

async function firstRun(app: App): Promise<void> {
  if (!(await demoLoaded(app.db)) && (await hasRoomForDemo(app.db))) await loadDemo(app.db, demoOptions(app));
}

async function sayWhereItIs({ publicUrl }: Config, app: App): Promise<void> {
  say(`Signpost is at ${publicUrl}`);
  say(`  API at ${publicUrl}/graphql, explorer at ${publicUrl}/explorer/, sent mail at ${publicUrl}/dev/mail`);
  if (await demoLoaded(app.db)) {
    say('Sign in as one of these; the code arrives under /dev/mail:');
    for (const { email, role, name } of demoPeople) say(`  ${email.padEnd(44)} ${name}, ${role}`);
  }
  say('Ctrl-C stops it.');
}

export async function runWorker(config: Config): Promise<void> {
  const { databaseUrl } = config;
  if (!databaseUrl) throw new OperatorError('A worker of its own needs DATABASE_URL: the embedded database belongs to the process that serves, which runs the jobs too.');
  const log = serviceLog(config);
  await runUntilAskedToEnd(log, async (asked) => {
    const running = await work({ ...config, databaseUrl }, log, asked);
    if (config.production) log.info('working');
    else say('The worker runs. Ctrl-C stops it.');
    return running;
  });
  exitWith(0, log);
}

/** The log of a process that goes on: nothing else is written in production, and nothing but the unknown ends it. */
function serviceLog(config: Config): Logger {
  const log = createLog(config.logLevel);
  if (config.production) captureConsole(log);
  endOnTheUnknown(log);
  return log;
}

export async function runMigrate(config: Config): Promise<void> {
  const database = await openDatabase(config, { beside: true });
  try {
    await waitForDatabase(database.url, config, createLog(config.logLevel));
    const done = await migrate(database.url, systemClock, config.database);
    say(done.length > 0 ? `Applied: ${done.join(', ')}.` : 'The database is up to date.');
  } finally {
    await database.stop();
  }
}

/** Options of every import: with `check` nothing is written. */
export interface ImportChoice {
  check?: boolean;
}

export const runImport = (config: Config, kind: ImportKind, file: string, { check = false }: ImportChoice = {}) =>
  withApp(config, (app) => app.imports.run(kind, file, { check, onProgress: showProgress }));

/** @param check only says what would go on for the others, and changes nothing */
export const runReorganise = (config: Config, code: string, successors: string[], check: boolean) =>
  withApp(config, async (app) => {
    const codes = [...new Set(successors)];
    const reorganise = async (tx: UnitOfWork) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.importSchools]); // an import may find the same one
      await addAuthoritiesOfToday(tx);
      const wrong = await whyNotReorganise(tx, code, codes);
      if (wrong) throw new OperatorError(wrong);
      const lines = await applyReorganisation(tx, await reorganisationOf(tx, code, codes), app.followers);
      await carryOn(app, tx);
      return lines;
    };
    if (check) return ['This is what would happen; nothing has been changed.', ...(await rehearsed(app.db, reorganise))].join('\n');
    const lines = await app.db.longTransaction(reorganise);
    await app.search.rebuild();
    return lines.join('\n');
  });

export async function runDemo(config: Config, listings?: number): Promise<void> {
  if (config.production) throw new OperatorError('The demo is fictional, and its people can be signed in as by whoever reads this: it is not loaded in production.');
  await withApp(config, async (app) => {
    const size = listings === undefined ? undefined : { listings, providers: Math.ceil(listings * 0.4), schools: Math.max(40, Math.ceil(listings / 80)) };
    const summary = await loadDemo(app.db, { ...demoOptions(app), size });
    return `Loaded ${summary.schools} schools, ${summary.providers} providers, ${summary.listings} listings and ${summary.recommendations} recommendations.`;
  });
}

const demoOptions = (app: App) => ({ now: app.clock.now(), onProgress: (step: string, done: number, of: number) => showProgress(`${step} ${done} of ${of}`), afterListings: app.search.rebuildIn });

export const runReindex = (config: Config) =>
  withApp(config, async (app) => {
    const documents = await indexOf(app).reindex((done, of) => showProgress(`${done} of ${of} listings`));
    return `The search index is built: ${documents} listings.`;
  });

export const runReconcile = (config: Config) =>
  withApp(config, async (app) => {
    const { compared, missing, stale, extra } = await indexOf(app).reconcile();
    const drift = missing + stale + extra;
    return `Compared ${compared} listings: ${drift === 0 ? 'no difference.' : `${missing} missing, ${stale} out of date, ${extra} too many. A running service is putting them right.`}`;
  });

function indexOf(app: App): NonNullable<App['search']['index']> {
  if (!app.search.index) throw new OperatorError('MEILI_HOST is not set: PostgreSQL searches, and there is no index to look after.');
  return app.search.index;
}

export const runAddAdmin = (config: Config, email: string) =>
  withApp(config, async (app) => {
    await app.identity.memberships.addSystemAdmin(email);
    return `${email} is a system administrator.`;
  });

/**
 * Runs what a command does on an up-to-date database; the embedded one is started for as long as it takes.
 * @param work gives what is to be said of it
 */
async function withApp(config: Config, work: (app: App) => Promise<string | { text: string; exitCode: number }>): Promise<void> {
  const database = await openDatabase(config, { beside: true });
  try {
    await migrate(database.url, systemClock, config.database);
    const app = await createApp({ config: { ...config, database: longLimits(config.database) }, databaseUrl: database.url, clock: systemClock });
    try {
      const done = await work(app).finally(endProgress);
      say(typeof done === 'string' ? done : done.text);
      if (typeof done !== 'string') process.exitCode = done.exitCode;
    } finally {
      await app.close();
    }
  } catch (error) {
    throw error instanceof Refused ? new OperatorError(error.message) : error;
  } finally {
    await database.stop();
  }
}

/** In production whoever reads the output reads lines of JSON, unless it is a person at a terminal. */
function say(line: string): void {
  const forMachines = process.env['NODE_ENV'] === 'production' && !process.stdout.isTTY;
  process.stdout.write(forMachines ? `${JSON.stringify({ level: 30, time: new Date().toISOString(), msg: line })}\n` : `${line}\n`);
}

// One line that rewrites itself on a terminal; elsewhere a line at each tenth second would only fill a log.
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}
