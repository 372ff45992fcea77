import { parse } from 'csv-parse/sync';
import { asText, withoutInvisible } from '../text.js';

/** A record of a table with the line that it begins on, and how many cells it has in the file where these are too few; `wrong` says why it could not be read. */
export type TableRecord =
  | { line: number; cells: string[]; given?: number; wrong?: undefined }
  | { line: number; cells?: undefined; given?: undefined; wrong: string };

export interface Form {
  delimiter: string;
  /** How many lines stand before the first. */
  linesBefore?: number;
  /** Whether the last line has an end. */
  isEnded?: boolean;
}

/** A record longer than this is a quotation mark left open. */
const MOST_LINES = 20;
const MISQUOTED = 'a quotation mark is missing or out of place';
const NOT_TEXT = 'it has a character that no text has (U+0000)';
const CUT = 'the file ends in the middle of it';

/**
 * The records of a text in lines (RFC 4180, but for the delimiter), each with as many cells as the first: Excel leaves
 * out empty cells at the end of a row, or writes too many. Blank lines are passed over. A quotation mark left open
 * costs the line that it is on and no other, for which the end of a record has to be looked for here: to a CSV parser
 * such a record goes on to the next quotation mark, a thousand lines further on.
 */
export async function* recordsOf(lines: AsyncIterable<string>, { delimiter, linesBefore = 0, isEnded = true }: Form): AsyncGenerator<TableRecord, undefined> {
  const source = new Lines(lines, linesBefore);
  let width = 0;
  try {
    for (let text = await source.next(); text !== undefined; text = await source.next()) {
      if (text.trim() === '') continue;
      const line = source.line;
      const rest = await restOfRecord(text, source);
      const cells = cellsOf([text, ...rest].join('\n'), delimiter);
      width ||= cells?.length ?? 0;
      const wrong = cells ? wrongWith(cells, width, rest.length > 0, delimiter) : MISQUOTED;
      if (wrong !== null) {
        source.putBack(rest);
        yield { line, wrong };
        continue;
      }
      const isShort = cells!.length < width;
      if (isShort && !isEnded && (await source.isAtEnd())) yield { line, wrong: CUT };
      else if (cells!.some((cell) => cell.includes('\0'))) yield { line, wrong: NOT_TEXT };
      else yield { line, cells: ofWidth(cells!, width).map(cleanCell), ...(isShort && { given: cells!.length }) };
    }
  } finally {
    await source.close();
  }
}

function wrongWith(cells: readonly string[], width: number, hasLines: boolean, delimiter: string): string | null {
  if (cells.length === width) return null;
  const isSurplus = cells.slice(width).some((cell) => cell.trim() !== '');
  if (isSurplus) return hasLines ? MISQUOTED : `it has ${cells.length} columns where the first line has ${width}`;
  // Of a quotation mark left open the cell has whole rows in it.
  const most = Math.max(2, width / 2);
  const isSwallowed = hasLines && cells.some((cell) => cell.includes('\n') && cell.split('\n').some((line) => line.split(delimiter).length > most));
  return isSwallowed ? MISQUOTED : null;
}

const ofWidth = (cells: string[], width: number): string[] =>
  cells.length < width ? [...cells, ...Array<string>(width - cells.length).fill('')] : cells.slice(0, width);

const PLAIN = /^[\x20-\x7e]*$/;
/** What Excel is told with, that a number is a text: `="0123"`. */
const AS_TEXT = /^="([^"]*)"$/;

/** The text of a cell without what cannot be seen in it, with plain spaces only. */
export function cleanCell(cell: string): string {
  const text = cell.startsWith('="') ? cell.replace(AS_TEXT, '$1') : cell;
  return PLAIN.test(text) ? text : withoutInvisible(asText(text)).replace(/[\u00A0\u2000-\u200A\u202F\u205F\u3000]/g, ' ');
}

/** The lines after the first that are needed until every quotation mark has its match. */
async function restOfRecord(first: string, source: Lines): Promise<string[]> {
  const rest: string[] = [];
  let open = isOdd(quotationMarks(first));
  while (open && rest.length < MOST_LINES) {
    const next = await source.next();
    if (next === undefined) break;
    rest.push(next);
    open = isOdd(quotationMarks(next)) ? !open : open;
  }
  return rest;
}

const quotationMarks = (text: string) => text.split('"').length - 1;
const isOdd = (count: number) => count % 2 === 1;

/** Lines that can be put back, and the number of the last one taken. */
class Lines {
  private readonly ahead: string[] = [];
  private readonly iterator: AsyncIterator<string>;

  constructor(
    lines: AsyncIterable<string>,
    public line: number,
  ) {
    this.iterator = lines[Symbol.asyncIterator]();
  }

  async next(): Promise<string | undefined> {
    const next = this.ahead.shift() ?? ((await this.iterator.next()).value as string | undefined);
    if (next !== undefined) this.line++;
    return next;
  }

  putBack(lines: readonly string[]): void {
    this.ahead.unshift(...lines);
    this.line -= lines.length;
  }

  async isAtEnd(): Promise<boolean> {
    const next = await this.next();
    if (next !== undefined) this.putBack([next]);
    return next === undefined;
  }

  async close(): Promise<void> {
    await this.iterator.return?.();
  }
}

/** The cells of one record, or null where its quotation marks are wrong. Most have none and need no parser. */
function cellsOf(text: string, delimiter: string): string[] | null {
  if (!text.includes('"')) return text.split(delimiter);
  const plain = text.includes('="') ? text.replace(formula(delimiter), '$1"$2"') : text;
  try {
    const records = parse(plain, { relax_column_count: true, delimiter }) as string[][];
    return records.length === 1 ? records[0]! : null;
  } catch {
    return null;
  }
}

/** `="0123"` as a whole cell that is not quoted itself. */
const formula = (delimiter: string) => new RegExp(`(^|${delimiter === '|' ? '\\|' : delimiter})="([^"\\n]*)"(?=$|${delimiter === '|' ? '\\|' : delimiter})`, 'gm');
