import { Chance } from '../../src/demo/chance.js';
import type { Bench } from './bench.js';
import { type Kind, kinds, mix, searches } from './queries.js';
import { comparisonTable, profileTable, say } from './report.js';
import { type Comparison, type Recorded, Served } from './served.js';

const SIZES = [1000, 20_000];
/** So many of each kind; what they are is in queries.ts. */
export const DIFFERENT: Record<Kind, number> = { filtered: 60, words: 40, browse: 2 };

/** The search of the start page, by kind of query and in the usual mix. */
export async function search(bench: Bench): Promise<void> {
  for (const listings of SIZES) {
    const served = await Served.start((await bench.demo(listings)).url);
    try {
      const recorded: Record<Kind, Recorded[]> = { filtered: [], words: [], browse: [] };
      for (const kind of kinds) {
        for (const operation of searches(kind, DIFFERENT[kind])) recorded[kind].push(await served.record(operation));
      }
      const mixed = usualMix(recorded);

      const comparisons: [string, Comparison][] = [];
      for (const kind of kinds) comparisons.push([kind, await served.compare(recorded[kind], bench.options)]);
      comparisons.push([kinds.map((kind) => `${mix[kind]} % ${kind}`).join(', '), await served.compare(mixed, bench.options)]);
      say(`## Search of ${listings.toLocaleString('en')} listings, as the start page asks: ten hits with providers and recommendations, all facets`);
      comparisonTable(comparisons);
      if (bench.options.profile) profileTable(`the usual mix of searches, ${listings.toLocaleString('en')} listings`, await served.profile(mixed, bench.options.seconds));
    } finally {
      await served.stop();
    }
  }
}

export function usualMix(recorded: Record<Kind, Recorded[]>): Recorded[] {
  const row = kinds.flatMap((kind) => Array.from({ length: mix[kind] }, (_, i) => recorded[kind][i % recorded[kind].length]!));
  return new Chance('usual mix').several(row, row.length);
}
