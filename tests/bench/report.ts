import type { Comparison } from './served.js';
import type { Share } from './profile.js';

export type Cell = string | number;

export const say = (line = '') => void process.stdout.write(`${line}\n`);

/** Prints a Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const isNumber = head.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const printed = lines.map((line) => `| ${line.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' | ')} |`);
  printed.splice(1, 0, `|${widths.map((width, i) => '-'.repeat(width + 1) + (isNumber[i] ? ':' : '-')).join('|')}|`);
  printed.forEach(say);
  say();
}

/** What is measured over HTTP beside plain pg: medians, with the slowest and fastest run. */
export function comparisonTable(comparisons: readonly (readonly [what: string, Comparison])[]): void {
  table(
    ['', 'requests/s', 'slowest-fastest', 'p50 ms', 'p95 ms', 'CPU ms', 'plain pg requests/s', 'p50 ms', 'p95 ms', 'CPU ms', 'share of plain pg'],
    comparisons.map(([what, { api, raw }]) => [
      what,
      Math.round(api.requestsPerSecond),
      `${Math.round(api.slowest)}-${Math.round(api.fastest)}`,
      rounded(api.p50),
      rounded(api.p95),
      rounded(api.cpu),
      Math.round(raw.requestsPerSecond),
      rounded(raw.p50),
      rounded(raw.p95),
      rounded(raw.cpu),
      rounded(api.requestsPerSecond / raw.requestsPerSecond),
    ]),
  );
}

export function profileTable(what: string, { areas, functions }: { areas: Share[]; functions: Share[] }): void {
  const percent = ({ name, share }: Share) => [name, `${(share * 100).toFixed(1)} %`];
  say(`Where the process's time goes, ${what}: by area (from 1 % on), and the functions that take most.`);
  table(['area', 'share'], areas.filter(({ share }) => share >= 0.01).map(percent));
  table(['function', 'share'], functions.map(percent));
}

/** Two digits that say something. */
export const rounded = (value: number): number => (value >= 100 ? Math.round(value) : Number(value.toPrecision(value >= 10 ? 3 : 2)));
