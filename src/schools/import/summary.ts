import { type ForeseenTold, MOST_FORESEEN } from './foreseen.js';
import type { GroupCounts } from './groups.js';

/** What an import did, or would do, for the person who started it. */
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
  /** Set where the file has groups or their members. */
  groups?: GroupCounts;
  /** Dates, ages, postcodes and website addresses that could not be read: what was known of them stays. */
  unreadable: number;
  /** The first of them, as they stand in the file. */
  unread: { line: number; column: string; value: string }[];
  /** What whoever imports should know of the file as a whole, in sentences without their end. */
  warnings: string[];
  /** The first name whose letters look as if they had been encoded twice. */
  garbled?: { line: number; text: string };
  /** Schools known as open, in authorities that the file has schools of, which it lacks: how many, and the first. */
  missing: { count: number; some: { urn: number; name: string }[] };
  /** Set by a check: what an import would do. */
  foreseen?: ForeseenTold;
  /** Rows that could not be used, by the line of the file that each begins on. */
  rejected: { line: number; reason: string }[];
}

export const emptySummary = (file: string): ImportSummary => ({
  file,
  rows: 0,
  schools: { added: 0, changed: 0, unchanged: 0, closed: 0, withoutPlace: 0, repeated: 0, elsewhere: 0 },
  links: { added: 0, changed: 0, unchanged: 0, removed: 0, waiting: 0, leftOut: 0, unclear: [] },
  unreadable: 0,
  unread: [],
  warnings: [],
  missing: { count: 0, some: [] },
  rejected: [],
});

const MOST_REJECTED_SHOWN = 50;
const MOST_UNREAD_SHOWN = 50;
/** So many are kept, of a file in which a whole column cannot be read. */
export const MOST_UNREAD = 200;
const MOST_VALUE = 60;

/** The summary as lines to print: what was rejected first, the counts last. */
export function formatSummary(summary: ImportSummary): string {
  const { file, rows, schools, links, groups, rejected, foreseen, missing } = summary;
  const lines = rejected.slice(0, MOST_REJECTED_SHOWN).map(({ line, reason }) => `${file}, line ${line}: ${reason}.`);
  if (rejected.length > MOST_REJECTED_SHOWN) lines.push(`… and ${number(rejected.length - MOST_REJECTED_SHOWN)} more rejected rows.`);
  lines.push(...unreadLines(summary), ...warningLines(summary));
  if (foreseen) lines.push(...foreseenLines(foreseen));

  lines.push(`${file}: ${count(rows, 'row')}, ${number(rejected.length)} rejected.${rows === rejected.length ? ' Nothing was imported.' : ''}`);
  if (anyOf(schools)) {
    lines.push(`Schools: ${written(schools)}; ${number(schools.closed)} newly closed.`);
  }
  if (anyOf(links)) {
    lines.push(`Successor links: ${written(links)}; ${number(links.leftOut)} left out (no succession, or unclear which way).`);
    if (links.removed > 0) lines.push(`${count(links.removed, 'succession')} said no more: what followed from ${links.removed === 1 ? 'it' : 'them'} has ended.`);
    if (links.waiting > 0) lines.push(`${count(links.waiting, 'link')} of schools that are not known yet: kept until they are.`);
    lines.push(...links.unclear.slice(0, MOST_REJECTED_SHOWN).map((pair) => `Left out: ${pair}.`));
  }
  if (groups) lines.push(`Groups: ${count(groups.changed, 'school')} changed; ${count(groups.leftOut, 'row')} left out (other kinds, closed, or schools that are not known).`);
  if (schools.withoutPlace > 0) lines.push(`${count(schools.withoutPlace, 'school')} without a usable grid reference: not found by distance.`);
  if (schools.elsewhere > 0) lines.push(`${count(schools.elsewhere, 'row')} left out: not schools in England.`);
  if (schools.repeated > 0) lines.push(`${count(schools.repeated, 'row')} said the same as a row before.`);
  if (foreseen && missing.count > 0) lines.push(missingLine(missing));
  if (foreseen) lines.push('This was a check: nothing was written.');
  return lines.join('\n');
}

function unreadLines({ file, unread, unreadable }: ImportSummary): string[] {
  if (unreadable === 0) return [];
  const shown = unread.slice(0, MOST_UNREAD_SHOWN).map(({ line, column, value }) => `${file}, line ${line}: ${column} “${short(value)}” cannot be read.`);
  const more = unreadable > shown.length ? [`… and ${number(unreadable - shown.length)} more like these.`] : [];
  return [...shown, ...more, `${count(unreadable, 'optional value')} could not be read: what was known stays as it was.`];
}

function warningLines({ file, warnings, garbled }: ImportSummary): string[] {
  const lines = warnings.map((warning) => `${file}: ${warning}.`);
  if (garbled) lines.push(`${file}, line ${garbled.line}: “${short(garbled.text)}” looks as if its letters had been encoded twice; it was taken as it is.`);
  return lines;
}

function foreseenLines({ added, changed, closed }: ForeseenTold): string[] {
  const most = <Item>(items: readonly Item[], line: (item: Item) => string) => items.slice(0, MOST_FORESEEN).map(line);
  return [
    ...most(added, ({ urn, name }) => `Would be added: ${name} (${urn}).`),
    ...most(changed, ({ urn, name, columns }) => `Would be changed: ${name} (${urn}): ${columns.join(', ').replaceAll('_', ' ')}.`),
    ...most(closed, ({ urn, name, openWork }) => `Would be closed: ${name} (${urn})${openWork ? `, where there is ${openWork}` : ''}.`),
  ];
}

function missingLine({ count: all, some }: ImportSummary['missing']): string {
  const names = some.map(({ urn, name }) => `${name} (${urn})`).join(', ');
  const more = all > some.length ? ` and ${number(all - some.length)} more` : '';
  return `${count(all, 'open school')} known here ${all === 1 ? 'is' : 'are'} not in this file and ${all === 1 ? 'stays as it is' : 'stay as they are'}: ${names}${more}.`;
}

const short = (text: string) => (text.length > MOST_VALUE ? `${text.slice(0, MOST_VALUE)}…` : text);
const written = (counts: { added: number; changed: number; unchanged: number }) =>
  `${number(counts.added)} added, ${number(counts.changed)} changed, ${number(counts.unchanged)} unchanged`;
const anyOf = (counts: Record<string, unknown>) => Object.values(counts).some((each) => typeof each === 'number' && each > 0);
const number = (value: number) => value.toLocaleString('en-GB');
const count = (value: number, what: string) => `${number(value)} ${what}${value === 1 ? '' : 's'}`;
