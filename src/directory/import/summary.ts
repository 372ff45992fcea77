/** What an import of providers did, for the person who started it. */
export interface ProvidersImportSummary {
  /** Name of the file, without its folder. */
  file: string;
  /** Rows of the file after the first line, blank ones apart. */
  rows: number;
  /** `left`: nothing of it was changed, see `left` below. */
  providers: { added: number; changed: number; unchanged: number; left: number };
  /** Of the providers that were not left. */
  listings: { added: number; changed: number; unchanged: number };
  /** Listings that are drafts because the file does not say all that publishing needs. */
  unfinished: { line: number; provider: string; title: string; lacks: string }[];
  /** Providers that are new, and those of which something is other than before: the entry or a listing. */
  names: { added: string[]; changed: string[] };
  /** Providers that the import does not touch, and why. */
  left: { line: number; provider: string; reason: string }[];
  /** Listings of an earlier import that the file no longer has: they stay as they are. */
  gone: { provider: string; title: string }[];
  /** Names of places that match no local authority and no region, each with the lines where it is found. */
  unmatched: { name: string; lines: number[] }[];
  /** Values that could not be used, although the rest of their row could. */
  leftOut: { line: number; what: string }[];
  /** Rows that could not be used, by the line of the file that each begins on. */
  rejected: { line: number; reason: string }[];
  /** Whether nothing was written. */
  check: boolean;
  /** How many local authorities there were to match with. */
  localAuthorities: number;
}

const MOST_SHOWN = 50;
const MOST_LINES = 5;

/** The summary as lines to print: what needs attention first, the counts last. */
export function formatProvidersSummary(summary: ProvidersImportSummary): string {
  const { file, rows, providers, listings } = summary;
  return [
    ...shown(summary.rejected, ({ line, reason }) => `${file}, line ${line}: ${reason}; the row is not used.`),
    ...shown(summary.leftOut, ({ line, what }) => `${file}, line ${line}: ${what}.`),
    ...shown(summary.unfinished, ({ line, provider, title, lacks }) => `${file}, line ${line}: “${title}” of ${provider} is a draft; it still needs ${lacks}.`),
    ...shown(summary.left, ({ line, provider, reason }) => `${file}, line ${line}: ${provider} ${reason}; nothing of it was changed.`),
    ...shown(summary.gone, ({ provider, title }) => `“${title}” of ${provider} is no longer in ${file}; it stays as it is.`),
    ...(summary.localAuthorities === 0 && summary.unmatched.length > 0
      ? ['No local authorities are known yet: import the schools first, then this file again.']
      : shown(summary.unmatched, ({ name, lines }) => `“${name}” matches no local authority or region (${linesInWords(lines)}).`)),
    ...(summary.check ? [...shown(summary.names.added, (name) => `Would be added: ${name}.`), ...shown(summary.names.changed, (name) => `Would be changed: ${name}.`)] : []),
    `${file}: ${count(rows, 'row')}, ${number(summary.rejected.length)} rejected.${rows === summary.rejected.length ? ' Nothing was imported.' : ''}`,
    `Providers: ${counts(providers)}, ${number(providers.left)} left alone.`,
    `Listings: ${counts(listings)}; ${count(summary.unfinished.length, 'draft')}.`,
    ...(summary.check ? ['This was a check: nothing was written.'] : []),
    ...(providers.added > 0 && !summary.check ? ['The providers added await recommendations: none is listed by the import.'] : []),
  ].join('\n');
}

function shown<Item>(items: readonly Item[], inWords: (item: Item) => string): string[] {
  const lines = items.slice(0, MOST_SHOWN).map(inWords);
  return items.length > MOST_SHOWN ? [...lines, `… and ${number(items.length - MOST_SHOWN)} more like these.`] : lines;
}

function linesInWords(lines: readonly number[]): string {
  const more = lines.length > MOST_LINES ? ` and ${number(lines.length - MOST_LINES)} more` : '';
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, MOST_LINES).join(', ')}${more}`;
}

const counts = ({ added, changed, unchanged }: ProvidersImportSummary['listings']) =>
  `${number(added)} added, ${number(changed)} changed, ${number(unchanged)} unchanged`;
const number = (value: number) => value.toLocaleString('en-GB');
const count = (value: number, what: string) => `${number(value)} ${what}${value === 1 ? '' : 's'}`;
