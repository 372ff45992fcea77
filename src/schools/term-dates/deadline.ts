import { endOfLondonDay, lastDayOf, londonDay } from '../../platform/clock.js';
import type { Queryable } from '../../platform/database/index.js';
import { daysAfterDay, longDay, numberOfDay, weekday } from '../../platform/days.js';
import type { LoaderDefinition } from '../../platform/request.js';
import { isBankHoliday } from './bank-holidays.js';
import { afterSchoolDays, isInHolidays, schoolYearOf, type TermDays } from './school-days.js';

/** What keeps a day from being one on which a school can be expected to act; null for a day at work. */
export function hindranceOn(day: string, terms: readonly TermDays[]): 'WEEKEND' | 'BANK_HOLIDAY' | 'SCHOOL_HOLIDAYS' | null {
  if (isInHolidays(day, terms)) return 'SCHOOL_HOLIDAYS';
  if (isBankHoliday(numberOfDay(day))) return 'BANK_HOLIDAY';
  return weekday(day) > 5 ? 'WEEKEND' : null;
}

/**
 * The end of the last day, in London, on which something can be done that has so many days: those in the school's
 * holidays do not count, and the last is never on a weekend, a bank holiday or in the holidays.
 */
export function deadlineAfter(terms: readonly TermDays[], from: Date, days: number): Date {
  return endOfLondonDay(nextDayAtWork(terms, londonDay(afterSchoolDays(terms, from, days))));
}

function nextDayAtWork(terms: readonly TermDays[], from: string): string {
  let day = from;
  while (hindranceOn(day, terms)) day = daysAfterDay(day, 1);
  return day;
}

const WHY_NOT = { WEEKEND: 'is on a weekend', BANK_HOLIDAY: 'is a bank holiday', SCHOOL_HOLIDAYS: 'is in the school holidays' };

/** A word on a day that somebody chose as the last; null where nothing is to be said. */
export function wordOnDay(day: string, terms: readonly TermDays[]): string | null {
  const hindrance = hindranceOn(day, terms);
  return hindrance && `${longDay(day)} ${WHY_NOT[hindrance]}.`;
}

/** Why a deadline is later than so many days from its beginning; null where it is not. */
export function whyLater(terms: readonly TermDays[], from: Date, until: Date, days: number): string | null {
  const [plain, last] = [daysAfterDay(londonDay(from), days), lastDayOf(until)];
  if (last <= plain) return null;
  const reasons = [
    ...(londonDay(afterSchoolDays(terms, from, days)) > plain ? ['days in the school holidays do not count'] : []),
    ...(hindranceOn(londonDay(afterSchoolDays(terms, from, days)), terms) ? ['the last day is not on a weekend, a bank holiday or in the school holidays'] : []),
  ];
  return reasons.length > 0 ? `This is later than ${days} days, because ${reasons.join(', and ')}.` : null;
}

const TERMS = `SELECT la_code AS la, school_year AS "schoolYear", starts_on AS "startsOn", ends_on AS "endsOn" FROM term_date`;

/** The same as `deadlineAfter`, by the term dates of a local authority; where they are not known, every day counts. */
export async function deadlineIn(db: Queryable, laCode: string, from: Date, days: number): Promise<Date> {
  return deadlineAfter(await db.query<TermDays>(`${TERMS} WHERE la_code = $1 AND school_year >= $2`, [laCode, schoolYearOf(londonDay(from))]), from, days);
}

export interface DeadlineKey {
  /** Whose holidays count: a school's local authority, or one by its code. */
  of: { schoolUrn: number } | { laCode: string };
  /** When it began, and how many days were given; null for a last day that somebody chose. */
  given: { from: Date; days: number } | null;
  until: Date;
}

/** What is to be said of deadlines: why they are later, or what is odd about a chosen day. */
export const wordsOnDeadlines: LoaderDefinition<DeadlineKey, string | null> = async ({ db }, keys) => {
  const urns = keys.flatMap(({ of }) => ('schoolUrn' in of ? [of.schoolUrn] : []));
  const codes = keys.flatMap(({ of }) => ('laCode' in of ? [of.laCode] : []));
  const rows = await db.query<TermDays & { la: string; urns: number[] }>(
    `${TERMS.replace(' FROM', ', ARRAY(SELECT s.urn FROM school s WHERE s.la_code = term_date.la_code AND s.urn = ANY($2)) AS urns FROM')}
     WHERE la_code = ANY($1) OR la_code IN (SELECT s.la_code FROM school s WHERE s.urn = ANY($2))`,
    [codes, urns],
  );
  const termsOf = (of: DeadlineKey['of']) => rows.filter((row) => ('schoolUrn' in of ? row.urns.includes(of.schoolUrn) : row.la === of.laCode));
  return keys.map(({ of, given, until }) => (given ? whyLater(termsOf(of), given.from, until, given.days) : wordOnDay(lastDayOf(until), termsOf(of))));
};
