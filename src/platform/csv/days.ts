import { isDay } from '../days.js';

/** In what order a file writes days in figures. `MIXED`: some only read one way, some only the other. */
export type DayOrder = 'DAY_FIRST' | 'MONTH_FIRST' | 'MIXED';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const TIME = /[T\s]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?\s*(?:[ap]m)?\s*(?:Z|[+-]\d\d:?\d\d)?$/i;
const FIGURES = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/;
const ISO = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;
const COMPACT = /^([12]\d{3})(\d\d)(\d\d)$/;
/** A day as Excel counts it, from 1954 to 2091. */
const SERIAL = /^[2-6]\d{4}(?:\.0+)?$/;
const WEEKDAY = /^(sun|mon|tue|wed|thu|fri|sat)[a-z]*\.?,?\s+/i;
const MONTH = `(${MONTHS.join('|')})[a-z]*\\.?`;
const DAY_MONTH = new RegExp(`^(\\d{1,2})(?:st|nd|rd|th)?(?:\\s+of)?[\\s-]*${MONTH},?[\\s-]*(\\d{4}|\\d{2})$`, 'i');
const MONTH_DAY = new RegExp(`^${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})$`, 'i');
const EXCEL_DAY_0 = Date.UTC(1899, 11, 30);
const MS_A_DAY = 86_400_000;
/** Of years of two figures, as in Excel: 29 is 2029, 30 is 1930. */
const LAST_OF_THIS_CENTURY = 29;

/** Whoever writes days in figures writes all of a file in one order: what some can only mean tells it of the others. */
export class DayReader {
  private dayFirst = false;
  private monthFirst: { line: number; text: string } | null = null;

  /** Looks at a cell before any is read. */
  see(cell: string, line: number): void {
    const [, first, , second] = FIGURES.exec(dateOnly(cell)) ?? [];
    if (first === undefined || second === undefined) return;
    if (Number(first) > 12) this.dayFirst = true;
    else if (Number(second) > 12) this.monthFirst ??= { line, text: cell };
  }

  get order(): DayOrder {
    if (!this.monthFirst) return 'DAY_FIRST';
    return this.dayFirst ? 'MIXED' : 'MONTH_FIRST';
  }

  /** What whoever imports the file should know of its days; null where nothing is unusual. */
  get warning(): string | null {
    if (!this.monthFirst) return null;
    const shown = `“${this.monthFirst.text}” on line ${this.monthFirst.line}`;
    return this.order === 'MONTH_FIRST'
      ? `Its dates have the month first, as ${shown} shows: all of them are read so`
      : `Some of its dates have the month first, as ${shown}, others the day: those that may be either are left out`;
  }

  /** The day that a cell names, as 2026-09-01; undefined where it names none, or may mean two. */
  read = (cell: string): string | undefined => dayIn(cell, this.order);
}

const dateOnly = (cell: string) => cell.trim().replace(TIME, '');

/** @see DayReader */
export function dayIn(cell: string, order: DayOrder = 'DAY_FIRST'): string | undefined {
  const text = dateOnly(cell);
  const iso = ISO.exec(text);
  if (iso) return day(iso[1]!, iso[3]!, iso[4]!);
  const figures = FIGURES.exec(text);
  if (figures) return dayInFigures(figures[1]!, figures[3]!, figures[4]!, order);
  if (SERIAL.test(text)) return new Date(EXCEL_DAY_0 + Number(text) * MS_A_DAY).toISOString().slice(0, 10);
  const compact = COMPACT.exec(text);
  if (compact) return day(compact[1]!, compact[2]!, compact[3]!);
  return dayInWords(text);
}

function dayInFigures(first: string, second: string, year: string, order: DayOrder): string | undefined {
  if (Number(second) > 12) return day(year, first, second);
  if (Number(first) > 12 || order === 'DAY_FIRST' || first === second) return day(year, second, first);
  return order === 'MONTH_FIRST' ? day(year, first, second) : undefined;
}

function dayInWords(text: string): string | undefined {
  const weekday = WEEKDAY.exec(text)?.[1];
  const rest = text.replace(WEEKDAY, '');
  const [, dayOf, monthOf, yearOf] = DAY_MONTH.exec(rest) ?? [];
  const [, month = monthOf, dayOfMonth = dayOf, year = yearOf] = MONTH_DAY.exec(rest) ?? [];
  if (!month || !dayOfMonth || !year) return undefined;
  const found = day(year, String(MONTHS.indexOf(month.toLowerCase()) + 1), dayOfMonth);
  const isOther = found && weekday && WEEKDAYS[new Date(found).getUTCDay()] !== weekday.toLowerCase();
  return isOther ? undefined : found;
}

function day(year: string, month: string, dayOfMonth: string): string | undefined {
  const full = year.length === 4 ? year : `${Number(year) <= LAST_OF_THIS_CENTURY ? '20' : '19'}${year}`;
  const text = `${full}-${month.padStart(2, '0')}-${dayOfMonth.padStart(2, '0')}`;
  return Number(full) >= 1000 && isDay(text) ? text : undefined;
}
