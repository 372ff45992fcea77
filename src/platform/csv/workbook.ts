import readWorkbook from 'read-excel-file/node';
import { OperatorError } from '../config.js';
import { cleanCell } from './records.js';

/**
 * The rows of the sheet of an Excel workbook that has the names looked for, as texts: days as 2026-09-01, numbers as
 * they are counted, not as they are shown.
 * @returns with how many rows stand above the header
 * @throws OperatorError when it is no workbook that can be read
 */
export async function workbookRows(bytes: Buffer, name: string, known: (cells: string[]) => number, mostAbove: number): Promise<{ rows: string[][]; above: number }> {
  const sheets = await readWorkbook(bytes).catch(() => {
    throw new OperatorError(`${name} is no Excel workbook that can be read: it is damaged or locked. Save it as CSV.`);
  });
  let best = { rows: [] as string[][], above: 0, score: -1 };
  for (const { data } of sheets) {
    const top = data.slice(0, mostAbove).map((row) => row.map(textOf));
    for (const [above, cells] of top.entries()) {
      const score = known(cells);
      if (score > best.score) best = { rows: data as never, above, score };
    }
  }
  if (best.score < 0) throw new OperatorError(`${name} is empty.`);
  return { rows: best.rows.map((row) => (row as unknown[]).map(textOf)), above: best.above };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().replace('T00:00:00.000Z', '');
  return typeof value === 'number' ? plainNumber(value) : cleanCell(String(value));
}

/** Without exponent, and without what a binary fraction adds: 0.1 + 0.2 is 0.3. */
const plainNumber = (value: number): string => (Number.isInteger(value) ? BigInt(value).toString() : String(Number(value.toPrecision(15))));
