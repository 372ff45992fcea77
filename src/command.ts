import { Command, InvalidArgumentError } from 'commander';
import { type App, createApp, migrate } from './app.js';
import { demoLoaded, demoPeople, loadDemo } from './demo/index.js';
import { formatProvidersSummary, importProviders } from './directory/index.js';
import { carryToSuccessors } from './identity/index.js';
import { systemClock } from './platform/clock.js';
import { type Config, OperatorError, readConfig } from './platform/config.js';
import { startWorker } from './platform/jobs.js';
import { createLog } from './platform/log.js';
import { Refused } from './platform/problem.js';
import { formatSummary, importSchools, importTermDates } from './schools/index.js';
import { openDatabase, serve } from './serve.js';

/** Runs the command line. Bad use, and what only the operator can mend, end in one line and exit code 1. */
export async function runCommand(argv: string[]): Promise<void> {
  const program = new Command('signpost')
    .description('Where a school finds support that other schools vouch for.')
    .showHelpAfterError('(signpost --help shows what there is)')
    .helpCommand(false)
    .addHelpText('after', SETTINGS);

  program.command('serve').description('serve the API and the pages, with the worker in the same process').action(runServe);
  program.command('worker').description('run jobs only, beside other processes that serve').action(runWorker);
  program.command('migrate').description('bring the database up to date').action(runMigrate);
  program
    .command('import-schools')
    .argument('<file>', 'a GIAS extract (CSV), or a GIAS file of links')
    .description('add and update schools from a GIAS extract; may be repeated')
    .action((file: string) => withApp((app) => runImport('schools', (onProgress) => importSchools(app.db, { file, onProgress }), formatSummary, () => followSchools(app))));
  program
    .command('import-providers')
    .argument('<file>', 'a spreadsheet (CSV) of providers with what they offer')
    .description('add and update providers from a spreadsheet; they await recommendations; may be repeated')
    .action((file: string) => withApp((app) => runImport('rows', (onProgress) => importProviders(app.db, { file, onProgress, onListingsChanged: app.search.refresh }), formatProvidersSummary)));
  program
    .command('import-term-dates')
    .argument('<file>', 'a CSV with the columns la, start and end, a row for each term or half term')
    .description('set the term dates of local authorities, for deadlines that stand still in school holidays; may be repeated')
    .action((file: string) => withApp(async (app) => say(await importTermDates(app.db, file))));
  program
    .command('demo')
    .option('--listings <number>', 'how many listings; schools and providers grow along', wholeNumber)
    .description('load the fictional local authority')
    .action(({ listings }: { listings?: number }) => withApp((app) => runDemo(app, listings)));
  program.command('reindex').description('build the search index in Meilisearch anew, beside the one in use').action(() => withApp(reindex));
  program.command('reconcile').description('compare the search index with the database, and put right what differs').action(() => withApp(reconcile));
  program
    .command('add-admin')
    .argument('<email>', 'the address with which the person signs in')
    .description('make somebody a system administrator')
    .action((email: string) => withApp((app) => addAdmin(app, email)));

  try {
    await program.parseAsync(argv);
  } catch (error) {
    fail(error);
  }
}

const SETTINGS = `
Settings, from the environment:
  PORT           where to listen (4000)
  DATA_DIR       folder of the embedded database, mail files and the like (.data)
  DATABASE_URL   a PostgreSQL to use in place of the embedded one
  PUBLIC_URL     where people reach the service
  SESSION_SECRET at least 32 random characters
  SMTP_URL       mail server, as in smtp://user:password@host:587; without it mail is written to DATA_DIR/mail
  MAIL_FROM      sender of mail
  MEILI_HOST, MEILI_KEY   a Meilisearch server, for search
  MEILI_INDEX_PREFIX      begins the names of its indexes (signpost)
  TRUSTED_PROXIES number of proxies in front (0)
  LOG_LEVEL      info, debug, warn, error or silent`;

async function runServe(): Promise<void> {
  const config = readConfig(process.env);
  const running = await serve(config, createLog(config.logLevel), async (app) => {
    if (!(await demoLoaded(app.db)) && (await isEmpty(app))) await loadDemo(app.db, demoOptions(app));
  });
  const stopped = stopOnSignals(() => running.stop());
  say(`Signpost is at ${running.url}`);
  if (!config.production) {
    say(`  API at ${running.url}/graphql, explorer at ${running.url}/explorer/, sent mail at ${running.url}/dev/mail`);
    if (await demoLoaded(running.app.db)) {
      say('Sign in as one of these; the code arrives under /dev/mail:');
      for (const { email, role, name } of demoPeople) say(`  ${email.padEnd(44)} ${name}, ${role}`);
    }
  }
  say('Ctrl-C stops it.');
  await stopped;
}

async function runWorker(): Promise<void> {
  const config = readConfig(process.env);
  if (!config.databaseUrl) throw new OperatorError('A worker of its own needs DATABASE_URL: the embedded database belongs to the process that serves, which runs the jobs too.');
  const log = createLog(config.logLevel);
  const app = await createApp({ config, databaseUrl: config.databaseUrl, clock: systemClock });
  const worker = await startWorker(config.databaseUrl, app.jobs, log);
  const publisher = app.search.index?.startPublisher(config.databaseUrl, log);
  say('The worker runs. Ctrl-C stops it.');
  await stopOnSignals(async () => {
    await publisher?.stop();
    await worker.stop();
    await app.close();
  });
}

async function runMigrate(): Promise<void> {
  const config = readConfig(process.env);
  const database = await openDatabase(config, { beside: true });
  try {
    const done = await migrate(database.url, systemClock);
    say(done.length > 0 ? `Applied: ${done.join(', ')}.` : 'The database is up to date.');
  } finally {
    await database.stop();
  }
}

async function runImport<Summary>(
  what: string,
  work: (onProgress: (count: number) => void) => Promise<Summary>,
  format: (summary: Summary) => string,
  afterwards: () => Promise<unknown> = async () => {},
): Promise<void> {
  const summary = await work(progress(what));
  await afterwards();
  endProgress();
  say(format(summary));
}

/** What schools were drawn into, after they have changed. */
async function followSchools(app: App): Promise<void> {
  await app.db.transaction(carryToSuccessors);
  await app.search.rebuild();
}

async function runDemo(app: App, listings?: number): Promise<void> {
  const size = listings === undefined ? undefined : { listings, providers: Math.ceil(listings * 0.4), schools: Math.max(40, Math.ceil(listings / 80)) };
  const summary = await loadDemo(app.db, { ...demoOptions(app), size });
  endProgress();
  say(`Loaded ${summary.schools} schools, ${summary.providers} providers, ${summary.listings} listings and ${summary.recommendations} recommendations.`);
}

const demoOptions = (app: App) => ({ now: app.clock.now(), onProgress: (step: string, done: number, of: number) => showProgress(`${step} ${done} of ${of}`), afterListings: app.search.rebuildIn });

async function addAdmin(app: App, email: string): Promise<void> {
  await app.identity.memberships.addSystemAdmin(email);
  say(`${email} is a system administrator.`);
}

async function reindex(app: App): Promise<void> {
  const documents = await indexOf(app).reindex(app.databaseUrl, (done, of) => showProgress(`${done} of ${of} listings`));
  endProgress();
  say(`The search index is built: ${documents} listings.`);
}

async function reconcile(app: App): Promise<void> {
  const { compared, missing, stale, extra } = await indexOf(app).reconcile();
  const drift = missing + stale + extra;
  say(`Compared ${compared} listings: ${drift === 0 ? 'no difference.' : `${missing} missing, ${stale} out of date, ${extra} too many. A running service is putting them right.`}`);
}

function indexOf(app: App): NonNullable<App['search']['index']> {
  if (!app.search.index) throw new OperatorError('MEILI_HOST is not set: PostgreSQL searches, and there is no index to look after.');
  return app.search.index;
}

async function isEmpty(app: App): Promise<boolean> {
  const [row] = await app.db.query<{ empty: boolean }>('SELECT NOT EXISTS (SELECT FROM school) AND NOT EXISTS (SELECT FROM provider) AS empty');
  return row!.empty;
}

/** Runs a command on an up-to-date database; the embedded one is started for as long as it takes. */
async function withApp(work: (app: App) => Promise<void>): Promise<void> {
  const config: Config = readConfig(process.env);
  const database = await openDatabase(config, { beside: true });
  try {
    await migrate(database.url, systemClock);
    const app = await createApp({ config, databaseUrl: database.url, clock: systemClock });
    try {
      await work(app);
    } finally {
      await app.close();
    }
  } finally {
    await database.stop();
  }
}

function stopOnSignals(stop: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1)); // a second one means now
        void stop().then(resolve);
      });
    }
  });
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

// One line that rewrites itself on a terminal; elsewhere a line at each tenth second would only fill a log.
const progress = (what: string) => (count: number) => showProgress(`${count} ${what}`);
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}

function fail(error: unknown): never {
  endProgress();
  const { message, code } = error as Error & { code?: string };
  const known = error instanceof OperatorError || error instanceof Refused || code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === '28P01' || code === '3D000';
  process.stderr.write(known ? `${error instanceof OperatorError || error instanceof Refused ? message : `The database cannot be reached: ${message || code}.`}\n` : `${(error as Error).stack ?? String(error)}\n`);
  process.exit(1);
}
