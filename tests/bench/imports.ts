import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importProviders } from '../../src/directory/index.js';
import type { Database } from '../../src/platform/database/index.js';
import { importSchools } from '../../src/schools/index.js';
import { refreshDocuments } from '../../src/search/index.js';
import { type Bench, timed } from './bench.js';
import { writeExtract, writeSpreadsheet } from './files.js';
import { median } from './load.js';
import { withClient, withDatabase } from './postgres.js';
import { rounded, say, table } from './report.js';
import { recordStatements, replay, type Waves } from './statements.js';

/** Real files, used where they are beside the project. */
const BESIDE = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** Bigger files are measured once. */
const BIG = 10_000;

type Import = (db: Database, file: string) => Promise<{ rows: number }>;
const schools: Import = (db, file) => importSchools(db, { file });
const providers: Import = (db, file) => importProviders(db, { file, onListingsChanged: refreshDocuments });

/** The imports into an empty directory, once more without a change, and their SQL alone. */
export async function imports(bench: Bench): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-bench-'));
  try {
    const made = (name: string) => join(folder, name);
    writeExtract(made('schools-6023.csv'), 6023);
    writeExtract(made('schools-50000.csv'), 50_000);
    writeSpreadsheet(made('providers-500.csv'), 500);
    const empty = await bench.postgres.create();
    const [realSchools, realProviders] = [join(BESIDE, 'schools-england-2017.csv'), join(BESIDE, 'tuition-partners-2022.csv')];

    say('## Imports: seconds for the whole file, the same file again, and plain pg sending the same SQL');
    const rows = [];
    for (const file of [made('schools-6023.csv'), made('schools-50000.csv'), realSchools].filter(existsSync)) rows.push(await measure(bench, schools, file, empty));
    for (const [file, areas] of [[made('providers-500.csv'), made('schools-6023.csv')], [realProviders, realSchools]] as const) {
      if (!existsSync(file)) continue;
      const template = await bench.postgres.create(empty);
      await withDatabase(template, (db) => schools(db, areas));
      rows.push(await measure(bench, providers, file, template));
    }
    table(['file', 'rows', 'seconds', 'rows/s', 'again, seconds', 'plain pg seconds'], rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure({ postgres, options }: Bench, work: Import, file: string, template: string) {
  const [first, again, raw]: [number[], number[], number[]] = [[], [], []];
  let rows = 0;
  do {
    const [url, beside] = [await postgres.create(template), await postgres.create(template)];
    let statements: Waves = [];
    await withDatabase(url, async (db) => {
      statements = await recordStatements(db, async () => {
        first.push(await timed(async () => {
          ({ rows } = await work(db, file));
        }));
      });
      again.push(await timed(() => work(db, file)));
    });
    raw.push(await withClient(beside, (client) => timed(() => replay(client, statements))));
    await postgres.drop(url);
    await postgres.drop(beside);
  } while (rows < BIG && first.length < options.repeat);
  return [basename(file), rows, rounded(median(first)), Math.round(rows / median(first)), rounded(median(again)), rounded(median(raw))];
}
