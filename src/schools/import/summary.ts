/** What an import did, for the person who started it. */
export interface ImportSummary {
  /** Name of the file, without its folder. */
  file: string;
  /** Rows of the file after the first line, blank ones apart. */
  rows: number;
  schools: {
    added: number;
    changed: number;
    unchanged: number;
    /** Of those changed: how many have closed since. */
    closed: number;
    /** Of all schools of the file: how many have no grid reference in Great Britain. */
    withoutPlace: number;
    /** Rows that say the same as a row before them. */
    repeated: number;
    /** Establishments that are no schools in England: Welsh and overseas ones, children's centres, universities. */
    elsewhere: number;
  };
  links: {
    added: number;
    changed: number;
    unchanged: number;
    /** Successions that were known and are said no more, or the other way round. */
    removed: number;
    /** Links of schools that are not known yet, kept until they are. */
    waiting: number;
    /** Links that are no successions, and pairs of schools of which nothing tells which succeeded which. */
    leftOut: number;
    /** Those pairs, in words. */
    unclear: string[];
  };
  /** Dates, ages, postcodes and website addresses that could not be read and were left empty. */
  unreadable: number;
  /** Rows that could not be used, by the line of the file that each begins on. */
  rejected: { line: number; reason: string }[];
}

export const emptySummary = (file: string): ImportSummary => ({
  file,
  rows: 0,
  schools: { added: 0, changed: 0, unchanged: 0, closed: 0, withoutPlace: 0, repeated: 0, elsewhere: 0 },
  links: { added: 0, changed: 0, unchanged: 0, removed: 0, waiting: 0, leftOut: 0, unclear: [] },
  unreadable: 0,
  rejected: [],
});

const MOST_REJECTED_SHOWN = 50;

/** The summary as lines to print: what was rejected first, the counts last. */
export function formatSummary({ file, rows, schools, links, unreadable, rejected }: ImportSummary): string {
  const lines = rejected.slice(0, MOST_REJECTED_SHOWN).map(({ line, reason }) => `${file}, line ${line}: ${reason}.`);
  if (rejected.length > MOST_REJECTED_SHOWN) lines.push(`… and ${number(rejected.length - MOST_REJECTED_SHOWN)} more rejected rows.`);

  lines.push(`${file}: ${count(rows, 'row')}, ${number(rejected.length)} rejected.`);
  if (anyOf(schools)) {
    lines.push(`Schools: ${written(schools)}; ${number(schools.closed)} newly closed.`);
  }
  if (anyOf(links)) {
    lines.push(`Successor links: ${written(links)}; ${number(links.leftOut)} left out (no succession, or unclear which way).`);
    if (links.removed > 0) lines.push(`${count(links.removed, 'succession')} said no more: what followed from ${links.removed === 1 ? 'it' : 'them'} has ended.`);
    if (links.waiting > 0) lines.push(`${count(links.waiting, 'link')} of schools that are not known yet: kept until they are.`);
    lines.push(...links.unclear.slice(0, MOST_REJECTED_SHOWN).map((pair) => `Left out: ${pair}.`));
  }
  if (schools.withoutPlace > 0) lines.push(`${count(schools.withoutPlace, 'school')} without a usable grid reference: not found by distance.`);
  if (schools.elsewhere > 0) lines.push(`${count(schools.elsewhere, 'row')} left out: not schools in England.`);
  if (schools.repeated > 0) lines.push(`${count(schools.repeated, 'row')} said the same as a row before.`);
  if (unreadable > 0) lines.push(`${count(unreadable, 'optional value')} could not be read and ${unreadable === 1 ? 'was' : 'were'} left empty.`);
  return lines.join('\n');
}

const written = (counts: { added: number; changed: number; unchanged: number }) =>
  `${number(counts.added)} added, ${number(counts.changed)} changed, ${number(counts.unchanged)} unchanged`;
const anyOf = (counts: Record<string, unknown>) => Object.values(counts).some((each) => typeof each === 'number' && each > 0);
const number = (value: number) => value.toLocaleString('en-GB');
const count = (value: number, what: string) => `${number(value)} ${what}${value === 1 ? '' : 's'}`;
