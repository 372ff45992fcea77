import 'reflect-metadata';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Bench } from './bench.js';
import { nestedList } from './nested.js';
import { BenchPostgres } from './postgres.js';
import { say } from './report.js';

const scenarios: Record<string, (bench: Bench) => Promise<void>> = { nested: nestedList };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '3' }, repeat: { type: 'string', default: '3' }, profile: { type: 'boolean', default: false } },
});
const postgres = await BenchPostgres.open();
const bench = new Bench(postgres, { seconds: Number(values.seconds), repeat: Number(values.repeat), profile: values.profile });
try {
  for (const name of positionals.length ? positionals : Object.keys(scenarios)) await scenarios[name]!(bench);
} finally {
  await postgres.close();
}
