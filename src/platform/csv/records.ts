import { parse } from 'csv-parse/sync';
import { asText } from '../text.js';

/** A record of a CSV file with the line that it begins on; `wrong` says why it could not be read. */
export type CsvRecord = { line: number; cells: string[]; wrong?: undefined } | { line: number; cells?: undefined; wrong: string };

/** A record longer than this is a quotation mark left open. */
const MOST_LINES = 20;
const MISQUOTED = 'a quotation mark is missing or out of place';
const NOT_TEXT = 'it has a character that no text has (U+0000)';

/**
 * The records of a CSV file (RFC 4180), each with as many cells as the first. Blank lines are passed over.
 * A quotation mark left open costs the line that it is on and no other, for which the end of a record has to be
 * looked for here: to a CSV parser such a record goes on to the next quotation mark, a thousand lines further on.
 */
export async function* recordsOf(lines: AsyncIterable<string>): AsyncGenerator<CsvRecord, undefined> {
  const source = new Lines(lines);
  let width = 0;
  try {
    for (let text = await source.next(); text !== undefined; text = await source.next()) {
      if (text.trim() === '') continue;
      const line = source.line;
      const rest = await restOfRecord(text, source);
      const cells = cellsOf([text, ...rest].join('\n'));
      width ||= cells?.length ?? 0;
      if (cells?.length === width) {
        yield cells.some((cell) => cell.includes('\0')) ? { line, wrong: NOT_TEXT } : { line, cells: cells.map(asText) };
      } else {
        source.putBack(rest);
        yield { line, wrong: cells && rest.length === 0 ? `it has ${cells.length} columns where the first line has ${width}` : MISQUOTED };
      }
    }
  } finally {
    await source.close();
  }
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
  line = 0;
  private readonly ahead: string[] = [];
  private readonly iterator: AsyncIterator<string>;

  constructor(lines: AsyncIterable<string>) {
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

  async close(): Promise<void> {
    await this.iterator.return?.();
  }
}

/** The cells of one record, or null where its quotation marks are wrong. Most have none and need no parser. */
function cellsOf(text: string): string[] | null {
  if (!text.includes('"')) return text.split(',');
  try {
    const records = parse(text, { relax_column_count: true }) as string[][];
    return records.length === 1 ? records[0]! : null;
  } catch {
    return null;
  }
}
