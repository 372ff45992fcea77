import { createHash } from 'node:crypto';
import { DayReader } from '../../platform/csv/days.js';
import { openTable, type Table } from '../../platform/csv/table.js';
import { asNumber, looksGarbled } from '../../platform/csv/values.js';
import { type Database, LOCKS, rehearsed, type UnitOfWork } from '../../platform/database/index.js';
import { TODAY } from '../authorities/today.js';
import { localAuthorityMatcher } from '../match-local-authority.js';
import { refreshSchoolWords } from '../schools.read.js';
import { isElsewhere, withNames } from './codes.js';
import { type Column, giasNames, type Layout, layoutOf, type Row } from './columns.js';
import { Foreseen, type OpenWork } from './foreseen.js';
import { type GroupRow, readGroup, saveGroups } from './groups.js';
import { Links, readLink } from './links.js';
import { Organisations } from './organisations.js';
import { COLUMNS, completed, type ExtractRow, type SchoolRecord } from './record.js';
import { type Reading, readSchool, Unusable } from './row.js';
import { emptySummary, type ImportSummary, MOST_UNREAD } from './summary.js';
import { wholeRows } from './whole-rows.js';

export interface ImportOptions {
  /** Path of an extract of GIAS (all establishment fields or some), of its file of links, of groups, or of several in one. */
  file: string;
  /** Only to find out what the import would do: nothing is written. */
  check?: boolean;
  /** What is under way at schools, in words, for a check: told of those that close. */
  openWork?: OpenWork;
  /** What follows from changed schools, in the same transaction; in a check too. */
  afterwards?: (tx: UnitOfWork) => Promise<void>;
  /** Told from time to time how many rows have been read. */
  onProgress?: (rows: number) => void;
}

const BATCH = 1000;

/**
 * Imports schools, their local authorities, trusts and federations, and successor links, in one transaction: whatever
 * happens on the way, the database has the whole file or nothing of it. What the file does not have (a column, a
 * school, a link) or what cannot be read of it stays as it is; what it repeats is not written again.
 * @throws OperatorError when the file cannot be read or is not what it should be; a bad row is only reported
 */
export async function importSchools(db: Database, options: ImportOptions): Promise<ImportSummary> {
  const table = await openTable(options.file, giasNames);
  const layout = layoutOf(table);
  const days = await daysOf(table, layout);
  const work = (tx: UnitOfWork) => importTable(tx, table, layout, days, options);
  return options.check ? rehearsed(db, work) : db.longTransaction(work);
}

/** In what order the days of a file are written, which its rows tell together. */
async function daysOf(table: Table, layout: Layout): Promise<DayReader> {
  const days = new DayReader();
  if (layout.dayColumns.length === 0) return days;
  for await (const { line, cells } of table.rows()) {
    if (!cells) continue;
    for (const column of layout.dayColumns) days.see(cells[column]!, line);
  }
  return days;
}

async function importTable(tx: UnitOfWork, table: Table, layout: Layout, days: DayReader, { check, openWork, afterwards, onProgress }: ImportOptions): Promise<ImportSummary> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.importSchools]); // of two at once one waits
  const summary = emptySummary(table.file);
  const foreseen = check ? new Foreseen() : undefined;
  const reading: Reading = { days, laCodeOf: await authorityByName(tx) };
  const schools = await SchoolBatches.begin(tx, summary, reading, foreseen);
  const links = new Links();
  const groups: GroupRow[] = [];
  for await (const { line, cells, wrong } of wholeRows(table.rows(), layout.urnAt)) {
    summary.rows++;
    try {
      if (wrong !== undefined) throw new Unusable(wrong);
      const row = withNames(layout.rowOf(cells));
      if (row.linkDate) {
        const day = days.read(row.linkDate);
        if (!day) noteUnread(summary, { line, column: layout.headingOf('linkDate'), value: row.linkDate });
        row.linkDate = day ?? '';
      }
      const link = layout.hasLinks ? readLink(row) : null;
      if (layout.hasSchools) {
        schools.add(line, row, (column) => layout.headingOf(column));
        if (looksGarbled(row.name ?? '')) summary.garbled ??= { line, text: row.name! };
      }
      if (layout.hasGroups) groups.push(readGroup(row));
      if (layout.hasLinks) links.add(urnIn(row), link ?? null);
      if (row.linkUrn && !row.linkType) {
        links.couldNotRead(urnIn(row));
        noteUnread(summary, { line, column: layout.headingOf('linkType'), value: '' });
      }
      if (link === undefined) summary.links.leftOut++;
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      summary.rejected.push({ line, reason: error.message });
      links.couldNotRead(cells ? urnIn(layout.rowOf(cells)) : null);
    }
    if (summary.rows % BATCH === 0) {
      await schools.write();
      onProgress?.(summary.rows);
    }
  }
  await schools.write();
  await links.save(tx, summary.links);
  if (layout.hasGroups) summary.groups = await saveGroups(tx, groups);
  if (days.warning) summary.warnings.push(days.warning);
  if (layout.hasSchools) summary.missing = await schools.missing();
  if (foreseen) summary.foreseen = await foreseen.told(tx, openWork);
  await afterwards?.(tx);
  if (!check && summary.schools.added + summary.schools.changed > 0) await refreshSchoolWords(tx); // keeps searches waiting until the end
  onProgress?.(summary.rows);
  return summary;
}

/** What cannot be read of a row is told, and what was known of it stays. */
function noteUnread(summary: ImportSummary, what: ImportSummary['unread'][number]): void {
  summary.unreadable++;
  if (summary.unread.length < MOST_UNREAD) summary.unread.push(what);
}

/** Which local authority a row without a code means: one that there is before one that is no more, and before one of today that is not known yet. */
async function authorityByName(tx: UnitOfWork): Promise<Reading['laCodeOf']> {
  const known = await tx.query<{ code: string; name: string; lives: boolean }>(
    'SELECT code, name, code IN (SELECT code FROM living_authority) AS lives FROM local_authority',
  );
  const matchers = [known.filter(({ lives }) => lives), known, TODAY].map(localAuthorityMatcher);
  return (name) => matchers.reduce<string | null>((code, match) => code ?? match(name), null);
}

/** The school of a row, where that can be made out at all. */
function urnIn({ urn }: Row): number | null {
  const digits = asNumber(urn ?? '');
  return /^[1-9]\d{5}$/.test(digits) ? Number(digits) : null;
}

const list = (table: string, columns: readonly string[]) => columns.map((column) => `${table}.${column}`).join(', ');
const CHANGING = COLUMNS.filter((column) => column !== 'urn');
const READ = `SELECT ${COLUMNS.join(', ')} FROM school WHERE urn = ANY($1)`;
const MOST_MISSING = 20;
const MISSING = `
  WITH given AS (SELECT unnest($1::int[]) AS urn),
       las AS (SELECT DISTINCT s.la_code FROM school s JOIN given USING (urn)),
       missing AS (SELECT s.urn, s.name FROM school s JOIN las USING (la_code) WHERE s.status <> 'CLOSED' AND NOT EXISTS (SELECT FROM given WHERE given.urn = s.urn))
  SELECT (SELECT count(*)::int FROM missing) AS count,
         (SELECT coalesce(jsonb_agg(few), '[]') FROM (SELECT urn, name FROM missing ORDER BY urn LIMIT $2) few) AS some`;
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
    private readonly reading: Reading,
    private readonly foreseen: Foreseen | undefined,
  ) {}

  static async begin(tx: UnitOfWork, summary: ImportSummary, reading: Reading, foreseen: Foreseen | undefined): Promise<SchoolBatches> {
    return new SchoolBatches(tx, await Organisations.read(tx), summary, reading, foreseen);
  }

  /** @param headingOf what the file calls a column. @throws Unusable when the row cannot be used */
  add(line: number, row: Row, headingOf: (column: Column) => string): void {
    if (isElsewhere(row)) {
      this.summary.schools.elsewhere++;
      return;
    }
    const school = readSchool(row, this.reading);
    const content = createHash('sha1').update(JSON.stringify(school)).digest('base64');
    const before = this.seen.get(school.said.urn);
    if (before && before.content !== content) throw new Unusable(`URN ${school.said.urn} is on line ${before.line} too, and says something else`);
    if (before) {
      this.summary.schools.repeated++;
      return;
    }
    this.seen.set(school.said.urn, { line, content });
    for (const { column, value } of school.unread) noteUnread(this.summary, { line, column: headingOf(column), value });
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
      this.foreseen?.note(before, byUrn.get(urn)!);
    }
    counts.unchanged += schools.length - written.length;
    counts.withoutPlace += schools.filter(({ easting }) => easting === null).length;
  }

  /** The schools that are known as open in the authorities of the file, and are not in it. */
  async missing(): Promise<ImportSummary['missing']> {
    const [found] = await this.tx.query<{ count: number; some: { urn: number; name: string }[] }>(MISSING, [[...this.seen.keys()], MOST_MISSING]);
    return found!;
  }
}
