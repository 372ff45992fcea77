import { copyRows } from '../platform/copy.js';
import type { UnitOfWork } from '../platform/database/index.js';

/** In the order in which foreign keys let them be written. */
export const tables = [
  'local_authority',
  'trust',
  'federation',
  'school',
  'school_link',
  'school_successor',
  'partnership',
  'partnership_school',
  'person',
  'provider',
  'membership',
  'sip_assignment',
  'provider_check',
  'listing',
  'recommendation',
  'recommendation_listing',
  'history',
] as const;
export type Table = (typeof tables)[number];
export type Row = Record<string, unknown>;

const MOST_ROWS = 4000;

/** Rows on their way into the database, by table. The rows of one table all have the same columns. */
export class Rows {
  readonly written: Record<Table, number> = Object.fromEntries(tables.map((table) => [table, 0])) as Record<Table, number>;
  private waiting = new Map<Table, Row[]>();
  private writing: Promise<void> = Promise.resolve();

  add(table: Table, row: Row): void {
    const rows = this.waiting.get(table);
    if (rows) rows.push(row);
    else this.waiting.set(table, [row]);
  }

  /** Begins to write what there is, once what was begun before has been written; more may be added meanwhile. */
  async flush(tx: UnitOfWork): Promise<void> {
    await this.writing;
    this.writing = this.write(tx, this.waiting);
    this.writing.catch(() => {}); // whoever waits for it is told
    this.waiting = new Map();
  }

  /** Ends when all that was begun has been written. @throws what a statement failed with */
  finish(): Promise<void> {
    return this.writing;
  }

  private async write(tx: UnitOfWork, waiting: Map<Table, Row[]>): Promise<void> {
    for (const table of tables) {
      const rows = waiting.get(table) ?? [];
      for (let i = 0; i < rows.length; i += MOST_ROWS) await copyRows(tx, table, rows.slice(i, i + MOST_ROWS));
      this.written[table] += rows.length;
    }
  }
}
