import { Command, InvalidArgumentError } from 'commander';
import { type Config, OperatorError, readConfig } from './platform/config.js';
import { isUnavailable } from './platform/database/unavailable.js';

/** Runs the command line. Bad use, and what only the operator can mend, end in one line and exit code 1. */
export async function runCommand(argv: string[]): Promise<void> {
  const program = new Command('signpost')
    .description('Where a school finds support that other schools vouch for.')
    .showHelpAfterError('(signpost --help shows what there is)')
    .helpCommand(false)
    .configureOutput({ outputError: (text) => writeError(text.trim()) })
    .addHelpText('after', SETTINGS);

  program
    .command('serve')
    .description('serve the API and the pages, with the worker in the same process')
    .action(run(({ runServe }, config) => runServe(config)));
  program
    .command('worker')
    .description('run jobs only, beside other processes that serve')
    .action(run(({ runWorker }, config) => runWorker(config)));
  program
    .command('migrate')
    .description('bring the database up to date')
    .action(run(({ runMigrate }, config) => runMigrate(config)));
  program
    .command('import-schools')
    .argument('<file>', 'a GIAS extract, or a GIAS file of links or groups (CSV, XLSX, zip)')
    .description('add and update schools from a GIAS extract; may be repeated')
    .option('--check', CHECK)
    .action(run(({ runImport }, config, file: string, options: { check?: boolean }) => runImport(config, 'SCHOOLS', file, options)));
  program
    .command('reorganise-local-authority')
    .argument('<code>', 'the GIAS code of the local authority that is no more')
    .argument('<successors...>', 'the codes of those that have its area now')
    .option('--check', 'only show what would go on for them')
    .description('let all that hung on a local authority go on for those that follow it, where the schools file has no PreviousLA')
    .action(run(({ runReorganise }, config, code: string, successors: string[], { check }: { check?: boolean }) => runReorganise(config, code, successors, check ?? false)));
  program
    .command('import-providers')
    .argument('<file>', 'a spreadsheet of providers with what they offer (CSV, XLSX, zip)')
    .description('add and update providers from a spreadsheet; they await recommendations; may be repeated')
    .option('--check', CHECK)
    .action(run(({ runImport }, config, file: string, options: { check?: boolean }) => runImport(config, 'PROVIDERS', file, options)));
  program
    .command('import-term-dates')
    .argument('<file>', 'a table with the columns la, start and end, a row for each term or half term (CSV, XLSX, zip)')
    .description('set the term dates of local authorities, for deadlines that stand still in school holidays; may be repeated')
    .option('--check', CHECK)
    .action(run(({ runImport }, config, file: string, options: { check?: boolean }) => runImport(config, 'TERM_DATES', file, options)));
  program
    .command('demo')
    .option('--listings <number>', 'how many listings; schools and providers grow along', wholeNumber)
    .description('load the fictional local authority')
    .action(run(({ runDemo }, config, { listings }: { listings?: number }) => runDemo(config, listings)));
  program
    .command('reindex')
    .description('build the search index in Meilisearch anew, beside the one in use')
    .action(run(({ runReindex }, config) => runReindex(config)));
  program
    .command('reconcile')
    .description('compare the search index with the database, and put right what differs')
    .action(run(({ runReconcile }, config) => runReconcile(config)));
  program
    .command('add-admin')
    .argument('<email>', 'the address with which the person signs in')
    .description('make somebody a system administrator')
    .action(run(({ runAddAdmin }, config, email: string) => runAddAdmin(config, email)));

  try {
    await program.parseAsync(argv);
  } catch (error) {
    fail(error);
  }
}

const CHECK = 'only say what would be added, changed and closed; write nothing';

const SETTINGS = `
Imports end with 0, with 1 where nothing went in, with 2 where more than a tenth of the rows was rejected. More in docs/imports.md.

Settings, from the environment:
  HOST, PORT     where to listen (in production all addresses, else 127.0.0.1; 4000)
  METRICS_PORT   a port for metrics and health alone
  DATA_DIR       folder of the embedded database, mail files and the like (.data)
  DATABASE_URL   a PostgreSQL to use in place of the embedded one
  PUBLIC_URL     where people reach the service
  SESSION_SECRET at least 32 random characters
  SMTP_URL       mail server, as in smtp://user:password@host:587; without it mail is written to DATA_DIR/mail
  MAIL_FROM      sender of mail
  MEILI_HOST, MEILI_KEY   a Meilisearch server, for search
  MEILI_INDEX_PREFIX      begins the names of its indexes (signpost)
  TRUSTED_PROXIES number of proxies in front (0)
  IMPORT_SCHOOLS_FROM, IMPORT_PROVIDERS_FROM, IMPORT_TERM_DATES_FROM   folders or addresses to import from each night
  IMPORT_AT      from which time of day on, in London (03:30)
  LOG_LEVEL      info, debug, warn, error or silent (in production info, else warn)
More, with time limits and secrets from files, in docs/operations.md.`;

/** Loads what the commands need only once the command line and the settings are known to be right: it takes a second. */
function run<Given extends unknown[]>(work: (commands: typeof import('./commands.js'), config: Config, ...given: Given) => Promise<void>) {
  return async (...given: Given): Promise<void> => {
    const config = readConfig(process.env);
    await work(await import('./commands.js'), config, ...given);
  };
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

const REFUSED_BY_DATABASE = ['28P01', '28000', '3D000'];

function fail(error: unknown): never {
  writeError(explain(error));
  process.exit(1);
}

/** In production whoever reads the output reads lines of JSON, unless it is a person at a terminal. */
function writeError(text: string): void {
  const forMachines = process.env['NODE_ENV'] === 'production' && !process.stderr.isTTY;
  process.stderr.write(forMachines ? `${JSON.stringify({ level: 60, time: new Date().toISOString(), msg: text })}\n` : `${text}\n`);
}

function explain(error: unknown): string {
  const { message, code, stack, cause } = error as Error & { code?: string };
  if (error instanceof OperatorError) return message;
  if (isUnavailable(error) || REFUSED_BY_DATABASE.includes(code ?? '')) return `The database cannot answer: ${(cause as Error | undefined)?.message || message || code}.`;
  return stack ?? String(error);
}
