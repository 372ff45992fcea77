import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { OperatorError } from '../../platform/config.js';
import { type Database, LOCKS, type UnitOfWork } from '../../platform/database/index.js';
import { refreshSchoolWords } from '../schools.read.js';
import { type Layout, layoutOf, type Row } from './columns.js';
import { linesOf } from '../../platform/csv/lines.js';
import { recordsOf } from '../../platform/csv/records.js';
import { Links, readLink } from './links.js';
import { Organisations } from './organisations.js';
import { COLUMNS, completed, type ExtractRow, type SchoolRecord } from './record.js';
import { isElsewhere, readSchool, Unusable } from './row.js';
import { emptySummary, type ImportSummary } from './summary.js';

export interface ImportOptions {
  /** Path of an extract of GIAS (all establishment fields or some), of its file of links, or of both in one. */
  file: string;
  /** What follows from changed schools, in the same transaction. */
  afterwards?: (tx: UnitOfWork) => Promise<void>;
  /** Told from time to time how many rows have been read. */
  onProgress?: (rows: number) => void;
}

const BATCH = 1000;

/**
 * Imports schools, their local authorities, trusts and federations, and successor links, in one transaction: whatever
 * happens on the way, the database has the whole file or nothing of it. What the file does not have (a column, a
 * school, a link) stays as it is; what it repeats is not written again.
 * @throws OperatorError when the file cannot be read or is not what it should be; a bad row is only reported
 */
export function importSchools(db: Database, { file, afterwards, onProgress }: ImportOptions): Promise<ImportSummary> {
  return db.longTransaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.importSchools]); // of two at once one waits
    const summary = emptySummary(basename(file));
    const schools = await SchoolBatches.begin(tx, summary);
    const links = new Links();
    let layout: Layout | undefined;
    for await (const { line, cells, wrong } of recordsOf(linesOf(file))) {
      if (!layout) {
        layout = layoutOf(cells ?? [], summary.file);
        continue;
      }
      if (cells?.every((cell) => cell.trim() === '')) continue;
      summary.rows++;
      try {
        if (wrong !== undefined) throw new Unusable(wrong);
        const row = layout.rowOf(cells);
        const link = layout.hasLinks ? readLink(row) : null;
        if (layout.hasSchools) schools.add(line, row);
        if (layout.hasLinks) links.add(urnIn(row), link ?? null);
        if (link === undefined) summary.links.leftOut++;
      } catch (error) {
        if (!(error instanceof Unusable)) throw error;
        summary.rejected.push({ line, reason: error.message });
        if (wrong === undefined) links.couldNotRead(urnIn(layout.rowOf(cells)));
      }
      if (summary.rows % BATCH === 0) {
        await schools.write();
        onProgress?.(summary.rows);
      }
    }
    if (!layout) throw new OperatorError(`${summary.file} is empty.`);
    await schools.write();
    await links.save(tx, summary.links);
    if (summary.schools.added + summary.schools.changed > 0) await refreshSchoolWords(tx);
    await afterwards?.(tx);
    onProgress?.(summary.rows);
    return summary;
  });
}

/** The school of a row, where that can be made out at all. */
const urnIn = ({ urn }: Row): number | null => (/^[1-9]\d{5}$/.test(urn ?? '') ? Number(urn) : null);

const list = (table: string, columns: readonly string[]) => columns.map((column) => `${table}.${column}`).join(', ');
const CHANGING = COLUMNS.filter((column) => column !== 'urn');
const READ = `SELECT ${COLUMNS.join(', ')} FROM school WHERE urn = ANY($1)`;
const WRITE = `
  INSERT INTO school (${COLUMNS.join(', ')}, imported_at)
  SELECT ${COLUMNS.join(', ')}, $2 FROM jsonb_populate_recordset(NULL::school, $1)
  ON CONFLICT (urn) DO UPDATE SET (${CHANGING.join(', ')}, imported_at) = (${list('EXCLUDED', CHANGING)}, EXCLUDED.imported_at)
  WHERE (${list('school', CHANGING)}) IS DISTINCT FROM (${list('EXCLUDED', CHANGING)})
  RETURNING urn`;

/** Gathers the schools of a file and writes them a batch at a time. */
class SchoolBatches {
  private batch: ExtractRow[] = [];
  private readonly seen = new Map<number, { line: number; content: string }>();

  private constructor(
    private readonly tx: UnitOfWork,
    private readonly organisations: Organisations,
    private readonly summary: ImportSummary,
  ) {}

  static async begin(tx: UnitOfWork, summary: ImportSummary): Promise<SchoolBatches> {
    return new SchoolBatches(tx, await Organisations.read(tx), summary);
  }

  /** @throws Unusable when the row cannot be used */
  add(line: number, row: Row): void {
    if (isElsewhere(row)) {
      this.summary.schools.elsewhere++;
      return;
    }
    const school = readSchool(row);
    const content = createHash('sha1').update(JSON.stringify(school)).digest('base64');
    const before = this.seen.get(school.said.urn);
    if (before && before.content !== content) throw new Unusable(`URN ${school.said.urn} is on line ${before.line} too, and says something else`);
    if (before) {
      this.summary.schools.repeated++;
      return;
    }
    this.seen.set(school.said.urn, { line, content });
    this.summary.unreadable += school.unreadable;
    this.batch.push(school);
  }

  /** Writes what was gathered since the last time. */
  async write(): Promise<void> {
    const { tx, batch } = this;
    const counts = this.summary.schools;
    this.batch = [];
    if (batch.length === 0) return;
    await this.organisations.save(batch);
    const known = new Map((await tx.query<SchoolRecord>(READ, [batch.map(({ said }) => said.urn)])).map((school) => [school.urn, school]));
    const schools = batch.map((row) => completed(row, known.get(row.said.urn), this.organisations.authorityName(row.said.la_code)));
    const written = await tx.query<{ urn: number }>(WRITE, [JSON.stringify(schools), tx.now]);

    const byUrn = new Map(schools.map((school) => [school.urn, school]));
    for (const { urn } of written) {
      const before = known.get(urn);
      if (!before) counts.added++;
      else counts.changed++;
      if (before && before.status !== 'CLOSED' && byUrn.get(urn)!.status === 'CLOSED') counts.closed++;
    }
    counts.unchanged += schools.length - written.length;
    counts.withoutPlace += schools.filter(({ easting }) => easting === null).length;
  }
}
