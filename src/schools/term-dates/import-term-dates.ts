import { basename } from 'node:path';
import { OperatorError } from '../../platform/config.js';
import { linesOf } from '../../platform/csv/lines.js';
import { recordsOf } from '../../platform/csv/records.js';
import type { Database, Queryable } from '../../platform/database/index.js';
import { groupsInOrder } from '../../platform/request.js';
import { faultOfLine, tidyLine } from '../../platform/text.js';
import { localAuthorityMatcher } from '../match-local-authority.js';
import { wrongWithDay } from '../../platform/dates.js';
import { isDay } from '../../platform/days.js';
import { schoolYearOf } from './school-days.js';
import { replaceTerms, wrongWithTerms } from './term-dates.js';
import type { Term } from './term-dates.type.js';

interface Row extends Omit<Term, 'name'> {
  line: number;
  laCode: string;
  schoolYear: number;
  name: string | null;
}

const COLUMNS = ['la', 'start', 'end', 'name'] as const;
const NAMES: Record<number, string[]> = {
  3: ['Autumn term', 'Spring term', 'Summer term'],
  6: ['Autumn term, first half', 'Autumn term, second half', 'Spring term, first half', 'Spring term, second half', 'Summer term, first half', 'Summer term, second half'],
};

/**
 * Imports term dates from a CSV file with the columns la (code or name), start and end, and name where there is one: a
 * row for each term. A school year of an LA that the file has is written whole, in place of what was there. Since a row
 * left out would turn weeks of a term into holidays, a file with any bad row is not imported at all.
 * @returns what was done, in a sentence
 * @throws OperatorError when the file cannot be read or a row cannot be used
 */
export async function importTermDates(db: Database, file: string): Promise<string> {
  const years = yearsIn(await readRows(db, file, await db.transaction(async (tx) => tx.now)), basename(file));
  await db.longTransaction((tx) => replaceTerms(tx, years.flat()));
  const authorities = new Set(years.map(([first]) => first!.laCode)).size;
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  return `${basename(file)}: the terms of ${count(years.length, 'school year', 'school years')} in ${count(authorities, 'local authority', 'local authorities')} are set.`;
}

async function readRows(db: Queryable, file: string, now: Date): Promise<Row[]> {
  const known = await db.query<{ code: string; name: string }>('SELECT code, name FROM living_authority');
  const [codes, byName] = [new Set(known.map((la) => la.code)), localAuthorityMatcher(known)];
  const rows: Row[] = [];
  let positions: number[] | null = null;
  for await (const { line, cells, wrong } of recordsOf(linesOf(file))) {
    if (!positions) {
      positions = positionsIn(cells ?? [], basename(file));
      continue;
    }
    if (cells?.every((cell) => cell.trim() === '')) continue;
    const bad = (reason: string): never => fail(`${basename(file)}, line ${line}: ${reason}`);
    if (wrong !== undefined) bad(wrong);
    const [la, start, end, name] = positions.map((position) => tidyLine(cells![position] ?? '')) as [string, string, string, string];
    const laCode = codes.has(la) ? la : (byName(la) ?? bad(`no local authority is called “${la}”`));
    const startsOn = dayOf(start) ?? bad(`“${start}” is not a date`);
    const endsOn = dayOf(end) ?? bad(`“${end}” is not a date`);
    // Some terms begin in the last days of August.
    const schoolYear = startsOn.slice(5, 7) === '08' ? Number(startsOn.slice(0, 4)) : schoolYearOf(startsOn);
    const far = wrongWithDay(startsOn, 'term', now, 'the first day of a term') ?? wrongWithDay(endsOn, 'term', now, 'the last day of a term');
    if (far) bad(far.slice(0, -1));
    const wrongName = faultOfLine(name);
    if (wrongName) bad(`the name of the term ${wrongName.replace(/\.$/, '')}`);
    rows.push({ line, laCode, schoolYear, startsOn, endsOn, name: name || null });
  }
  return rows.length > 0 ? rows : fail(`${basename(file)} has no rows`);
}

/** Where each of the columns stands; the name may be missing. */
function positionsIn(header: string[], file: string): number[] {
  const names = header.map((cell) => cell.trim().toLowerCase());
  const missing = COLUMNS.filter((column) => column !== 'name' && !names.includes(column));
  if (missing.length > 0) throw new OperatorError(`${file} has no column ${missing.join(', nor ')}.`);
  return COLUMNS.map((column) => names.indexOf(column));
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

/** `2026-09-01` or `01/09/2026` as a day, null for what is none. */
function dayOf(text: string): string | null {
  const british = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const day = british ? `${british[3]}-${british[2]!.padStart(2, '0')}-${british[1]!.padStart(2, '0')}` : text;
  return isDay(day) ? day : null;
}

function fail(what: string): never {
  throw new OperatorError(`${what}. Nothing was imported.`);
}
