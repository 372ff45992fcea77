import { OperatorError } from '../../platform/config.js';
import { DayReader } from '../../platform/csv/days.js';
import { openTable, type Table } from '../../platform/csv/table.js';
import { asNumber, plainName, said } from '../../platform/csv/values.js';
import { type Database, type Queryable, rehearsed, type UnitOfWork } from '../../platform/database/index.js';
import { groupsInOrder } from '../../platform/request.js';
import { faultOfLine, tidyLine } from '../../platform/text.js';
import { localAuthorityMatcher } from '../match-local-authority.js';
import { wrongWithDay } from '../../platform/dates.js';
import { schoolYearOf } from './school-days.js';
import { replaceTerms, wrongWithTerms } from './term-dates.js';
import type { Term } from './term-dates.type.js';

interface Row extends Omit<Term, 'name'> {
  line: number;
  laCode: string;
  schoolYear: number;
  name: string | null;
}

/** The columns, with what councils call them. */
const COLUMNS = {
  la: ['LA', 'LA code', 'LA name', 'Local authority', 'Local authority (code)', 'Local authority (name)', 'Council', 'Authority'],
  start: ['Start', 'Start date', 'Starts', 'Starts on', 'Term start', 'First day', 'From', 'Begins', 'Opens', 'Term starts'],
  end: ['End', 'End date', 'Ends', 'Ends on', 'Term end', 'Last day', 'To', 'Closes', 'Term ends'],
  name: ['Name', 'Term', 'Term name', 'Half term'],
} as const;
type Column = keyof typeof COLUMNS;
const ALL_NAMES = new Set(Object.values(COLUMNS).flat().map(plainName));
const knownNames = (cells: string[]) => cells.filter((cell) => ALL_NAMES.has(plainName(cell))).length;
const NAMES: Record<number, string[]> = {
  3: ['Autumn term', 'Spring term', 'Summer term'],
  6: ['Autumn term, first half', 'Autumn term, second half', 'Spring term, first half', 'Spring term, second half', 'Summer term, first half', 'Summer term, second half'],
};

/**
 * Imports term dates from a table with the columns la (code or name), start and end, and name where there is one: a
 * row for each term. A school year of an LA that the file has is written whole, in place of what was there. Since a row
 * left out would turn weeks of a term into holidays, a file with any bad row is not imported at all.
 * @param options with `check` nothing is written
 * @returns what was done, or would be, in lines, and how many rows the file has
 * @throws OperatorError when the file cannot be read or a row cannot be used
 */
export async function importTermDates(db: Database, file: string, { check = false }: { check?: boolean } = {}): Promise<{ text: string; rows: number }> {
  const table = await openTable(file, knownNames);
  const { rows, warning } = await readRows(db, table, await db.transaction(async (tx) => tx.now));
  const years = yearsIn(rows, table.file);
  const work = (tx: UnitOfWork) => replaceTerms(tx, years.flat());
  const lines = warning ? [`${table.file}: ${warning}.`] : [];
  if (check) {
    await rehearsed(db, work);
    lines.push(...(await differences(db, years)));
  } else await db.longTransaction(work);
  const authorities = new Set(years.map(([first]) => first!.laCode)).size;
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  const what = `the terms of ${count(years.length, 'school year', 'school years')} in ${count(authorities, 'local authority', 'local authorities')}`;
  lines.push(check ? `${table.file}: ${what} would be set. This was a check: nothing was written.` : `${table.file}: ${what} are set.`);
  return { text: lines.join('\n'), rows: rows.length };
}

/** What of the school years of a file is new, other than what is known, or the same. */
async function differences(db: Queryable, years: readonly (Row & { name: string })[][]): Promise<string[]> {
  const known = await db.query<{ key: string; terms: string[][] }>(
    `SELECT la_code || ' ' || school_year AS key, jsonb_agg(jsonb_build_array(name, starts_on, ends_on) ORDER BY starts_on) AS terms
     FROM term_date WHERE (la_code, school_year) IN (SELECT * FROM unnest($1::text[], $2::int[])) GROUP BY la_code, school_year`,
    [years.map(([first]) => first!.laCode), years.map(([first]) => first!.schoolYear)],
  );
  const before = new Map(known.map(({ key, terms }) => [key, JSON.stringify(terms)]));
  return years.map((terms) => {
    const { laCode, schoolYear } = terms[0]!;
    const stored = before.get(`${laCode} ${schoolYear}`);
    const same = stored === JSON.stringify(terms.map(({ name, startsOn, endsOn }) => [name, startsOn, endsOn]));
    const what = stored === undefined ? 'would be added' : same ? 'are known already' : 'would be changed';
    return `Local authority ${laCode}: the ${terms.length} terms of ${schoolYear}/${String(schoolYear + 1).slice(2)} ${what}.`;
  });
}

async function readRows(db: Queryable, table: Table, now: Date): Promise<{ rows: Row[]; warning: string | null }> {
  const known = await db.query<{ code: string; name: string }>('SELECT code, name FROM living_authority');
  const [codes, byName] = [new Set(known.map((la) => la.code)), localAuthorityMatcher(known)];
  const at = positionsIn(table);
  const days = new DayReader();
  for await (const { line, cells } of table.rows()) {
    if (cells) for (const position of [at.start, at.end]) days.see(cells[position]!, line);
  }
  const rows: Row[] = [];
  for await (const { line, cells, wrong } of table.rows()) {
    const bad = (reason: string): never => fail(`${table.file}, line ${line}: ${reason}`);
    if (wrong !== undefined) bad(wrong);
    const cellOf = (column: Column) => tidyLine(said(cells![at[column]] ?? ''));
    const [la, start, end, name] = [cellOf('la'), cellOf('start'), cellOf('end'), cellOf('name')];
    const code = asNumber(la).padStart(3, '0');
    const laCode = codes.has(code) ? code : (byName(la) ?? bad(`no local authority is called “${la}”`));
    const dayOf = (text: string) => days.read(text) ?? bad(days.order === 'MIXED' ? `“${text}” is not a date, or may be two: ${days.warning}` : `“${text}” is not a date`);
    const [startsOn, endsOn] = [dayOf(start), dayOf(end)];
    // Some terms begin in the last days of August.
    const schoolYear = startsOn.slice(5, 7) === '08' ? Number(startsOn.slice(0, 4)) : schoolYearOf(startsOn);
    const far = wrongWithDay(startsOn, 'term', now, 'the first day of a term') ?? wrongWithDay(endsOn, 'term', now, 'the last day of a term');
    if (far) bad(far.slice(0, -1));
    const wrongName = faultOfLine(name);
    if (wrongName) bad(`the name of the term ${wrongName.replace(/\.$/, '')}`);
    rows.push({ line, laCode, schoolYear, startsOn, endsOn, name: name || null });
  }
  return rows.length > 0 ? { rows, warning: days.warning } : fail(`${table.file} has no rows`);
}

/** Where each of the columns stands; the name may be missing. */
function positionsIn({ header, file }: Table): Record<Column, number> {
  const names = header.map(plainName);
  const at = (column: Column) => Math.max(-1, ...COLUMNS[column].map((name) => names.indexOf(plainName(name))).filter((position) => position >= 0).slice(0, 1));
  const missing = (['la', 'start', 'end'] as const).filter((column) => at(column) < 0);
  if (missing.length > 0) throw new OperatorError(`${file} has no column ${missing.join(', nor ')}.`);
  return { la: at('la'), start: at('start'), end: at('end'), name: at('name') };
}

/** The rows by LA and school year, each with its name. */
function yearsIn(rows: readonly Row[], file: string): (Row & { name: string })[][] {
  const keyOf = ({ laCode, schoolYear }: Row) => `${laCode} ${schoolYear}`;
  const keys = [...new Set(rows.map(keyOf))];
  return groupsInOrder(keys, rows, keyOf).map((terms) => {
    const { laCode, schoolYear, line } = terms[0]!;
    const wrong = wrongWithTerms(schoolYear, terms);
    if (wrong) fail(`${file}, line ${line}, the local authority ${laCode}: ${wrong}`);
    const inOrder = [...terms].sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1));
    return inOrder.map((term, i) => ({ ...term, name: term.name ?? NAMES[terms.length]?.[i] ?? `Term ${i + 1}` }));
  });
}

function fail(what: string): never {
  throw new OperatorError(`${what}. Nothing was imported.`);
}
