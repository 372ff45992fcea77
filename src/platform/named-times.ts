import { londonDay } from './clock.js';
import { monthsAfterDay } from './days.js';
import { asRead } from './text.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?';
/** The months in which parts of a year begin. */
const PARTS: Record<string, string> = { autumn: '09', michaelmas: '09', winter: '12', christmas: '12', spring: '01', lent: '01', easter: '03', whitsun: '05', summer: '04' };
const PART = `(${Object.keys(PARTS).join('|')})`;
const YEAR = '((?:1[5-9]|2\\d)\\d\\d)';
/** A year in full, or by its last two figures. */
const SHORT_YEAR = "(?:['’]\\s?)?((?:1[5-9]|2\\d)\\d\\d|\\d\\d)(?![\\d:])";
const DAY = '(\\d{1,2})(?:st|nd|rd|th)?';
const BETWEEN = '\\s*[-/.–]\\s*';

const pad = (number: string | undefined) => (number ?? '1').padStart(2, '0');
const inFull = (year: string | undefined): string => (year!.length === 4 ? year! : `${Number(year) < 90 ? 20 : 19}${year}`);
const month = (name: string | undefined) => pad(String(MONTHS.indexOf(name!.slice(0, 3)) + 1));
/** The day of `5/6/26`; where the second number is no month, it is written the American way round. */
const dayOf = (year: string, second: string, first: string) => (Number(second) > 12 ? `${year}-${pad(first)}-${pad(second)}` : `${year}-${pad(second)}-${pad(first)}`);
/** A school year begins in September; what ends later than a year after it began is several years. */
const schoolYear = (from: string, to: string) => (Number(inFull(to)) > Number(from) + 1 ? `${inFull(to)}-01-01` : `${from}-09-01`);

type Parts = (string | undefined)[];
type Reading = (parts: Parts, whole: string) => string | null;
/** How people write when something was, and the day on which it begins. Each is taken out of the text once it is understood. */
const WRITTEN = ([
  [`\\b(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})\\b`, ([year, second, day]) => `${year}-${pad(second)}-${pad(day)}`],
  [`\\b${DAY}${BETWEEN}(\\d{1,2})${BETWEEN}${SHORT_YEAR}`, ([first, second, year]) => dayOf(inFull(year), second!, first!)],
  [`\\b${MONTH}\\s+${DAY},?\\s+(?:['’]\\d\\d|${YEAR})\\b`, ([name, day, year], whole) => `${year ?? inFull(/\d\d$/.exec(whole)![0])}-${month(name)}-${pad(day)}`],
  [`\\b(?:${DAY}(?:\\s+of)?[\\s-]*)?${MONTH},?[\\s/-]*(?:of\\s+)?${SHORT_YEAR}`, ([day, name, year]) => `${inFull(year)}-${month(name)}-${pad(day)}`],
  [`\\b${YEAR}[\\s,:/-]*${MONTH}\\b`, ([year, name]) => `${year}-${month(name)}-01`],
  [`\\b(\\d{1,2})${BETWEEN}${YEAR}\\b`, ([number, year]) => `${year}-${Number(number) > 12 ? '01' : pad(number)}-01`],
  [`\\b${PART}(?:\\s+(?:half[- ]?)?terms?)?(?:\\s+[12])?,?[\\s/-]*(?:(?:of|in)\\s+)?${SHORT_YEAR}`, ([part, year]) => `${inFull(year)}-${PARTS[part!]}-01`],
  [`\\b${YEAR}[\\s,:/-]*${PART}\\b`, ([year, part]) => `${year}-${PARTS[part!]}-01`],
  [`\\b${YEAR}${BETWEEN}(\\d{4}|\\d\\d)\\b`, ([from, to]) => schoolYear(from!, to!)],
  [`\\b([2-8]\\d)\\s*[-/–]\\s*(\\d\\d)\\b`, ([from, to]) => (Number(to) === Number(from) + 1 ? `20${from}-09-01` : null)],
  [`\\b${YEAR}\\b`, ([year]) => `${year}-01-01`],
  [`(?<!\\w)['’](\\d\\d)\\b`, ([year]) => `${inFull(year)}-01-01`],
] satisfies [string, Reading][]).map(([written, first]) => [new RegExp(written, 'g'), first as Reading] as const);

const UNITS = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'];
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const IN_WORDS = new RegExp(`\\b(two thousand(?: and)?|twenty)[ -](?:(${TENS.filter(Boolean).join('|')})(?:[ -](${UNITS.slice(1, 10).join('|')}))?|(${UNITS.slice(1).join('|')}))\\b`, 'g');

/** `twenty twenty-seven` and `two thousand and ninety` in figures; `twenty five` is no year. */
const yearsInFigures = (text: string): string =>
  text.replace(IN_WORDS, (whole, before: string, tens?: string, unit?: string, single?: string) => {
    const number = tens ? 10 * TENS.indexOf(tens) + (unit ? UNITS.indexOf(unit) : 0) : UNITS.indexOf(single!);
    return before === 'twenty' && number < 10 ? whole : String(2000 + number);
  });

/** The first days of the times that a text names, such as `spring term 2026`; none where it names no year. */
export function timesNamedIn(text: string): string[] {
  let left = yearsInFigures(asRead(text));
  return WRITTEN.flatMap(([written, first]) => {
    const found: string[] = [];
    left = left.replace(written, (whole: string, ...parts: unknown[]) => {
      const day = first(parts.slice(0, parts.findIndex((part) => typeof part === 'number')) as Parts, whole);
      if (day === null) return whole;
      found.push(day);
      return ' ; ';
    });
    return found;
  });
}

/** Words for what is still to come. */
const TO_COME =
  /\b(?:tomorrow|next|upcoming|forthcoming|coming|soon|not yet|still to come|later (?:this|today)|from now|from today|in the future|in (?:\S+ ){1,3}(?:days?|weeks?|fortnight|months?|terms|term['’]s|years?)(?:['’]s?)? time)\b/;

const LONGEST_AGO_YEARS = 10;

/** What is wrong with when something was done, told in words; null when nothing is. */
export function wrongWithPast(text: string, now: Date): string | null {
  const today = londonDay(now);
  const times = timesNamedIn(text);
  if (TO_COME.test(asRead(text)) || times.some((day) => day > today)) {
    return 'Say when it was done: the time that you name is still to come. Write years in full, as in 27 January 2026.';
  }
  const longAgo = monthsAfterDay(today, -12 * LONGEST_AGO_YEARS).slice(0, 4);
  return times.length > 0 && times.every((day) => day < longAgo) ? `Say when it was done, in the last ${LONGEST_AGO_YEARS} years.` : null;
}
