import readWorkbook from 'read-excel-file/node';
import { OperatorError } from '../config.js';
import { cleanCell } from './records.js';

/**
 * The rows of the sheet of an Excel workbook that has the names looked for.
 * @returns with how many rows stand above the header
 * @throws OperatorError when it is no workbook that can be read
 */
export async function workbookRows(bytes: Buffer, name: string, known: (cells: string[]) => number, mostAbove: number): Promise<{ rows: unknown[][]; above: number }> {
  const sheets = await readWorkbook(bytes).catch(() => {
    throw new OperatorError(`${name} is no Excel workbook that can be read: it is damaged or locked. Save it as CSV.`);
  });
  let best = { rows: [] as unknown[][], above: 0, score: -1 };
  for (const { data } of sheets) {
    const top = data.slice(0, mostAbove).map((row) => row.map(textOfCell));
    for (const [above, cells] of top.entries()) {
      const score = known(cells);
      if (score > best.score) best = { rows: data, above, score };
    }
  }
  if (best.score < 0) throw new OperatorError(`${name} is empty.`);
  return best;
}

/** A cell as text: a day as 2026-09-01, a number as it is counted, not as it is shown. */
export function textOfCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().replace('T00:00:00.000Z', '');
  return typeof value === 'number' ? plainNumber(value) : cleanCell(String(value));
}

/** Without exponent, and without what a binary fraction adds: 0.1 + 0.2 is 0.3. */
const plainNumber = (value: number): string => (Number.isInteger(value) ? BigInt(value).toString() : String(Number(value.toPrecision(15))));
