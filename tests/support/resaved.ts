import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import iconv from 'iconv-lite';
import { numberOfDay } from '../../src/platform/days.js';
import { type WorkbookCell, workbookOf } from './workbook.js';

/** Which columns of a table have numbers, and which days as `31-08-2017`. */
export interface Kinds {
  numbers: readonly string[];
  days: readonly string[];
}

/** What a program makes of a table that it opens and saves. */
export interface Way {
  form: 'csv' | 'xlsx' | 'zip' | 'zipped xlsx';
  delimiter: ',' | ';' | '\t' | '|';
  encoding: 'utf8' | 'utf8 with BOM' | 'utf16le' | 'utf16-be' | 'win1252';
  end: '\n' | '\r\n';
  quotesAll: boolean;
  /** What Excel does with empty cells at the end of a row. */
  tail: 'whole' | 'short' | 'surplus';
  titles: string[];
  numbers: 'as they are' | 'floats' | 'thousands' | 'formulas';
  days: 'as they are' | 'iso' | 'moments' | 'strokes' | 'dots' | 'words' | 'short words' | 'serials';
  nothing: string;
  heading: 'as it is' | 'underscores' | 'capitals';
  /** What comes along with pasted text. */
  invisible: string;
}

export const ways: fc.Arbitrary<Way> = fc.record({
  form: fc.constantFrom('csv', 'csv', 'csv', 'xlsx', 'zip', 'zipped xlsx'),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  encoding: fc.constantFrom('utf8', 'utf8 with BOM', 'utf16le', 'utf16-be', 'win1252'),
  end: fc.constantFrom('\n', '\r\n'),
  quotesAll: fc.boolean(),
  tail: fc.constantFrom('whole', 'short', 'surplus'),
  titles: fc.constantFrom([], ['Schools of the county'], ['Get Information about Schools', 'Downloaded 01/09/2025', '']),
  numbers: fc.constantFrom('as they are', 'floats', 'thousands', 'formulas'),
  days: fc.constantFrom('as they are', 'iso', 'moments', 'strokes', 'dots', 'words', 'short words', 'serials'),
  nothing: fc.constantFrom('', '', 'NULL', 'nan', 'N/A', '-', 'None', '#N/A'),
  heading: fc.constantFrom('as it is', 'underscores', 'capitals'),
  invisible: fc.constantFrom('', '', '\u200B', '\u00AD', '\uFEFF'),
});

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const EXCEL_DAY_0 = numberOfDay('1899-12-30');

/** The same table, as it is saved in that way. @param rows the header first; no cell has a line break */
export function resaved(rows: readonly (readonly string[])[], kinds: Kinds, way: Way): Buffer {
  const [header, ...body] = rows as [string[], ...string[][]];
  const isIn = (columns: readonly string[], column: number) => columns.includes(header[column]!);
  const texts = [header.map((name) => headingAs(name, way)), ...body.map((row) => row.map((cell, i) => cellAs(cell, isIn(kinds.numbers, i), isIn(kinds.days, i), way)))];
  const xlsx = () => workbookOf([...way.titles.map((title) => [title]), ...body.length ? [texts[0]!] : [], ...body.map((row) => row.map((cell, i) => excelCell(cell, isIn(kinds.numbers, i), isIn(kinds.days, i), way)))]);
  if (way.form === 'xlsx') return xlsx();
  if (way.form === 'zipped xlsx') return Buffer.from(zipSync({ 'table.xlsx': xlsx() }));
  const bytes = encoded([...way.titles.map((title) => quoted(title, way)), ...texts.map((row) => lineOf(row, way))].map((line) => line + way.end).join(''), way);
  return way.form === 'csv' ? bytes : Buffer.from(zipSync({ 'folder/table.csv': bytes, '__MACOSX/folder/._table.csv': strToU8('aside') }));
}

function headingAs(name: string, { heading }: Way): string {
  if (heading === 'underscores') return name.toLowerCase().replace(/ ?\((\w+)\)/, '_$1').replaceAll(' ', '_');
  return heading === 'capitals' ? name.toUpperCase() : name;
}

const isNumber = (cell: string) => /^\d+$/.test(cell);
const isoOf = (cell: string) => cell.replace(/^(\d\d)[-/](\d\d)[-/](\d{4})$/, '$3-$2-$1');
const isDay = (cell: string) => /^\d{4}-\d\d-\d\d$/.test(isoOf(cell));

function cellAs(cell: string, number: boolean, day: boolean, way: Way): string {
  if (cell === '') return way.nothing;
  if (number && isNumber(cell)) return numberAs(cell, way);
  if (day && isDay(cell)) return dayAs(isoOf(cell), cell, way);
  return way.encoding === 'win1252' || !/[a-z]{3}/i.test(cell) ? cell : `${cell.slice(0, 2)}${way.invisible}${cell.slice(2)}`;
}

function numberAs(cell: string, { numbers }: Way): string {
  if (numbers === 'floats') return `${Number(cell)}.0`;
  if (numbers === 'thousands') return Number(cell).toLocaleString('en-GB');
  return numbers === 'formulas' ? `="${cell}"` : cell;
}

function dayAs(iso: string, cell: string, { days }: Way): string {
  const [year, month, date] = iso.split('-') as [string, string, string];
  const name = MONTHS[Number(month) - 1]!;
  switch (days) {
    case 'iso': return iso;
    case 'moments': return `${iso} 00:00:00`;
    case 'strokes': return `${Number(date)}/${Number(month)}/${year}`;
    case 'dots': return `${date}.${month}.${year}`;
    case 'words': return `${Number(date)} ${name} ${year}`;
    case 'short words': return `${date}-${name.slice(0, 3)}-${year}`;
    case 'serials': return String(numberOfDay(iso) - EXCEL_DAY_0);
    default: return cell;
  }
}

function excelCell(cell: string, number: boolean, day: boolean, way: Way): WorkbookCell {
  if (number && isNumber(cell)) return Number(cell);
  if (day && isDay(cell)) return { serial: numberOfDay(isoOf(cell)) - EXCEL_DAY_0 };
  return cellAs(cell, false, false, way);
}

function lineOf(row: readonly string[], way: Way): string {
  const filled = row.findLastIndex((cell) => cell !== '') + 1;
  const cells = way.tail === 'short' ? row.slice(0, Math.max(1, filled)) : way.tail === 'surplus' ? [...row, '', '', ''] : row;
  return cells.map((cell) => quoted(cell, way)).join(way.delimiter);
}

const quoted = (cell: string, { delimiter, quotesAll }: Way) =>
  (quotesAll || cell.includes(delimiter) || /["\r\n]/.test(cell)) ? `"${cell.replaceAll('"', '""')}"` : cell;

function encoded(text: string, { encoding }: Way): Buffer {
  if (encoding === 'utf8') return Buffer.from(text);
  if (encoding === 'utf8 with BOM') return Buffer.from(`\uFEFF${text}`);
  if (encoding === 'win1252') return iconv.encode(text, 'win1252');
  return iconv.encode(text, encoding, { addBOM: true });
}

