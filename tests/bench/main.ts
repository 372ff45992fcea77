import 'reflect-metadata';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Bench, type BenchOptions } from './bench.js';
import { demo } from './demo.js';
import { imports } from './imports.js';
import { journey } from './journey.js';
import { CONNECTIONS } from './load.js';
import { meilisearch } from './meilisearch.js';
import { nestedList } from './nested.js';
import { BenchPostgres } from './postgres.js';
import { say } from './report.js';
import { search } from './search.js';
import { start } from './start.js';

const scenarios: Record<string, (bench: Bench) => Promise<void>> = { nested: nestedList, search, meilisearch, journey, imports, demo, start };

const HELP = `npm run bench -- [${Object.keys(scenarios).join('] [')}] [--seconds 3] [--repeat 3] [--profile]

Measures these scenarios, all if none is named, on an embedded PostgreSQL in a folder for the time, or on the server of
DATABASE_URL, in databases of its own which are removed afterwards.
  --seconds  how long each run over HTTP takes
  --repeat   how often each figure is measured; what is told is the median
  --profile  also tell where the processor's time goes`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '3' }, repeat: { type: 'string', default: '3' }, profile: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const chosen = positionals.length > 0 ? positionals : Object.keys(scenarios);
const options: BenchOptions = { seconds: Number(values.seconds), repeat: Number(values.repeat), profile: values.profile };
const understood = chosen.every((name) => Object.hasOwn(scenarios, name)) && options.seconds >= 1 && options.repeat >= 1;

if (values.help || !understood) say(HELP);
else await runAll();
process.exitCode = understood ? 0 : 1;

async function runAll(): Promise<void> {
  const postgres = await BenchPostgres.open();
  process.once('SIGINT', () => void postgres.close().finally(() => process.exit(130)));
  try {
    say(`Node ${process.versions.node}, PostgreSQL ${await postgres.version()}, ${cpus().length} cores (${cpus()[0]!.model}), load ${loadavg()[0]!.toFixed(1)} at the start.`);
    say(`Over HTTP: ${CONNECTIONS} connections for ${options.seconds} s, ${options.repeat} times in turns with plain pg in the same process; medians. CPU ms: of the serving process for a request.\n`);
    const bench = new Bench(postgres, options);
    for (const name of chosen) await scenarios[name]!(bench);
  } finally {
    await postgres.close();
  }
}
