import type { Bench } from './bench.js';
import { rounded, say, table } from './report.js';

const SIZES = [20_000, 100_000];

/** The generator of demos, the making of the search documents included. */
export async function demo(bench: Bench): Promise<void> {
  const made = [];
  for (const size of SIZES) made.push(await bench.demo(size));
  say('## Making a demo, its search documents included');
  table(['listings', 'seconds', 'listings/s'], made.map(({ listings, seconds }) => [listings, rounded(seconds), Math.round(listings / seconds)]));
}
