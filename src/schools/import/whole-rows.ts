import type { TableRecord } from '../../platform/csv/records.js';
import { asNumber } from '../../platform/csv/values.js';

const SPLIT = 'a line break splits it';
const URN = /^\d{5,7}$/;

/**
 * The rows of an extract. One that a line break splits would empty in a known school what stands in its second half:
 * both halves are wrong. Rows that only lack empty cells at their end are followed by one that begins with a URN.
 */
export async function* wholeRows(rows: AsyncIterable<TableRecord>, urnAt: number): AsyncGenerator<TableRecord, undefined> {
  let before: TableRecord | undefined;
  for await (const row of rows) {
    if (before && isSecondHalf(before, row, urnAt)) {
      yield { line: before.line, wrong: SPLIT };
      before = { line: row.line, wrong: SPLIT };
      continue;
    }
    if (before) yield before;
    before = row;
  }
  if (before) yield before;
}

function isSecondHalf(first: TableRecord, second: TableRecord, urnAt: number): boolean {
  if (first.given === undefined || second.given === undefined || second.given < 2) return false;
  return first.given + second.given - 1 <= first.cells.length && !URN.test(asNumber(second.cells[urnAt] ?? ''));
}
