import { openTable, type Table } from '../../platform/csv/table.js';
import { type Database, LOCKS, rehearsed, type UnitOfWork } from '../../platform/database/index.js';
import { readFormerAuthorities, readLocalAuthorities } from '../../schools/index.js';
import type { OnListingsChanged } from '../provider.service.js';
import { Gazetteer } from './areas.js';
import { knownNames, layoutOf } from './columns.js';
import { type Complaints, readRow, type SpreadsheetRow, Unusable } from './row.js';
import { type OnContacts, save } from './save.js';
import type { ProvidersImportSummary } from './summary.js';
import { gather } from './wanted.js';

export interface ProvidersImportOptions {
  /** Path of a spreadsheet, as a workbook or saved as CSV; docs/import-providers.md says what its columns may be. */
  file: string;
  /** Only to find out what the import would do: nothing is written. */
  check?: boolean;
  /** Told from time to time how many rows have been read. */
  onProgress?: (rows: number) => void;
  /** Told, in the import's transaction, which listings it added or changed. */
  onListingsChanged: OnListingsChanged;
  /** Told, in the import's transaction, which provider that was there has another contact now, who has an interest in it. */
  onContactsChanged?: OnContacts;
  /** Told, in the import's transaction, which providers name a contact that they did not name before, who has to be told of it. */
  onContactsNamed?: OnContacts;
}

const PROGRESS_ROWS = 1000;

/**
 * Imports providers with their listings from a spreadsheet, in one transaction: whatever happens on the way, the
 * database has the whole file or nothing of it. Nobody is listed by it: the providers await recommendations. What the
 * file does not say (a column, a cell, a provider, a listing) stays as it is; what it repeats is not written again;
 * and a provider that has people of its own is theirs to change.
 * @throws OperatorError when the file cannot be read or is not what it should be; a bad row is only reported
 */
export async function importProviders(db: Database, { file, check = false, onProgress, ...told }: ProvidersImportOptions): Promise<ProvidersImportSummary> {
  const table = await openTable(file, knownNames);
  const authorities = await readLocalAuthorities(db);
  const found = new Findings();
  const gazetteer = new Gazetteer(authorities, await readFormerAuthorities(db));
  const { rows, noun, count } = await readSpreadsheet(table, gazetteer, found, onProgress);
  const wanted = gather(rows, noun, gazetteer, found);
  const work = async (tx: UnitOfWork) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.importProviders]); // of two at once one waits
    return save(tx, wanted, told);
  };
  const saved = await (check ? rehearsed(db, work) : db.longTransaction(work));
  return { file: table.file, check, rows: count, ...saved, ...found.inOrder(), localAuthorities: authorities.length };
}

async function readSpreadsheet(table: Table, gazetteer: Gazetteer, found: Findings, onProgress: (rows: number) => void = () => {}) {
  const { rowOf, noun } = layoutOf(table.header, table.file);
  const rows: SpreadsheetRow[] = [];
  let count = 0;
  for await (const { line, cells, wrong } of table.rows()) {
    count++;
    try {
      if (wrong !== undefined) throw new Unusable(wrong);
      rows.push(readRow(line, rowOf(cells), gazetteer, found));
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      found.rejected.push({ line, reason: error.message });
    }
    if (count % PROGRESS_ROWS === 0) onProgress(count);
  }
  onProgress(count);
  return { rows, noun, count };
}

/** What is found wrong with a spreadsheet on the way. */
class Findings implements Complaints {
  readonly rejected: ProvidersImportSummary['rejected'] = [];
  private readonly values: ProvidersImportSummary['leftOut'] = [];
  private readonly places = new Map<string, Set<number>>();

  leftOut(line: number, what: string): void {
    this.values.push({ line, what });
  }

  unmatched(line: number, area: string): void {
    if (!this.places.has(area)) this.places.set(area, new Set());
    this.places.get(area)!.add(line);
  }

  inOrder(): Pick<ProvidersImportSummary, 'rejected' | 'leftOut' | 'unmatched'> {
    return {
      rejected: this.rejected,
      leftOut: this.values.sort((a, b) => a.line - b.line),
      unmatched: [...this.places].map(([name, lines]) => ({ name, lines: [...lines] })).sort((a, b) => a.name.localeCompare(b.name, 'en')),
    };
  }
}
