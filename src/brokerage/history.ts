import { type AnyProcess, historyEntry, type HistoryEntry, type HistoryRow } from '../platform/process/index.js';

/**
 * The history of what is between a school and a provider. Where the reader must not know which school it is, the
 * school's steps are told without the school, the person and the reason.
 */
export function historyBetween(process: AnyProcess, rows: readonly HistoryRow[], { isParty, knowsSchool }: { isParty: boolean; knowsSchool: boolean }): HistoryEntry[] {
  return rows.map((row) => {
    const isWithheld = row.onBehalfKind === 'SCHOOL' && !knowsSchool;
    return isWithheld ? historyEntry(process, { ...row, onBehalfKind: null, onBehalfId: null, onBehalfName: null }, false) : historyEntry(process, row, isParty);
  });
}
