import { basename } from 'node:path';
import { OperatorError } from '../config.js';
import { linesOf, type Text, textIn } from './lines.js';
import { recordsOf, type TableRecord } from './records.js';
import { sourceOf } from './source.js';
import { textOfCell, workbookRows } from './workbook.js';

/** A table as somebody has it in a file. */
export interface Table {
  /** Name of the file, without its folder. */
  file: string;
  /** The names of the columns; those of a file in which no row has names that are looked for: its first row. */
  header: string[];
  /** The rows below the header, but for blank ones, with the numbers that an editor or a spreadsheet shows beside them. May be read again. */
  rows(): AsyncGenerator<TableRecord, undefined>;
}

const DELIMITERS = [',', ';', '\t', '|'];
/** Titles, dates and notes stand above the names of the columns in so many lines at most. */
const MOST_ABOVE = 30;

/**
 * Opens a table: a text in UTF-8, UTF-16 or Windows-1252 with commas, semicolons, tabs or bars between its cells, an
 * Excel workbook, or a zip with one of these in it. The header is the row in the first thirty that has most of the
 * names looked for.
 * @param known how many of the cells are names of columns that are looked for
 * @throws OperatorError when there is no such file, it cannot be read, is empty or no table
 */
export async function openTable(file: string, known: (cells: string[]) => number): Promise<Table> {
  const name = basename(file);
  const source = await sourceOf(file);
  if (source.kind === 'xlsx') return tableOfWorkbook(name, await workbookRows(source.bytes, name, known, MOST_ABOVE));

  const text = await textIn(source.chunks, name);
  const top = await firstLines(text, MOST_ABOVE);
  const found = await findHeader(top, known);
  if (!found) throw new OperatorError(`${name} is empty.`);
  const { delimiter, before, header } = found;
  const form = { delimiter, linesBefore: before, isEnded: text.look.isEnded };
  return { file: name, header, rows: () => below(recordsOf(skipping(linesOf(text), before), form)) };
}

function tableOfWorkbook(file: string, { rows, above }: { rows: unknown[][]; above: number }): Table {
  const header = (rows[above] ?? []).map(textOfCell);
  return {
    file,
    header,
    rows: () => belowHeader(rows, above, header.length),
  };
}

/** A sheet has each cell under its heading, whatever lies beside the table. */
async function* belowHeader(rows: readonly unknown[][], above: number, width: number): AsyncGenerator<TableRecord, undefined> {
  for (const [i, cells] of rows.entries()) {
    if (i <= above) continue;
    const texts = Array.from({ length: width }, (_, column) => textOfCell(cells[column]));
    if (texts.some((text) => text.trim() !== '')) yield { line: i + 1, cells: texts };
  }
}

async function* below(records: AsyncGenerator<TableRecord, undefined>): AsyncGenerator<TableRecord, undefined> {
  await records.next();
  for await (const record of records) {
    if (!record.cells || record.cells.some((cell) => cell.trim() !== '')) yield record;
  }
}

async function firstLines(text: Text, most: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(text)) {
    lines.push(line);
    if (lines.length >= most) break;
  }
  return lines;
}

interface Found {
  delimiter: string;
  before: number;
  header: string[];
  score: number;
}

async function findHeader(lines: readonly string[], known: (cells: string[]) => number): Promise<Found | null> {
  let best: Found | null = null;
  for (const [before, line] of lines.entries()) {
    if (line.trim() === '') continue;
    for (const delimiter of DELIMITERS) {
      const record = (await recordsOf(each(lines.slice(before)), { delimiter }).next()).value;
      const header = record?.cells ?? [];
      const score = known(header);
      if (!best || score > best.score) best = { delimiter, before, header, score };
    }
  }
  return best;
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item, undefined> {
  yield* items;
}

async function* skipping(lines: AsyncGenerator<string, undefined>, count: number): AsyncGenerator<string, undefined> {
  let passed = 0;
  for await (const line of lines) if (passed++ >= count) yield line;
}
