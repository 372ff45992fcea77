import { loadDemo } from '../../src/demo/index.js';
import { systemClock } from '../../src/platform/clock.js';
import { createSearch } from '../../src/search/index.js';
import { type BenchPostgres, withClient, withDatabase } from './postgres.js';

export interface BenchOptions {
  /** Of each run. */
  seconds: number;
  /** How often each figure is measured. */
  repeat: number;
  /** Whether to say where the time goes. */
  profile: boolean;
}

export interface DemoDatabase {
  url: string;
  /** How long it took to make. */
  seconds: number;
  listings: number;
}

/** What every scenario is given. */
export class Bench {
  private readonly demos = new Map<number, Promise<DemoDatabase>>();

  constructor(
    readonly postgres: BenchPostgres,
    readonly options: BenchOptions,
  ) {}

  /** A demo of so many listings, made once in a run; not to be changed. */
  demo(listings: number): Promise<DemoDatabase> {
    let demo = this.demos.get(listings);
    if (!demo) this.demos.set(listings, (demo = this.makeDemo(listings)));
    return demo;
  }

  private async makeDemo(listings: number): Promise<DemoDatabase> {
    const url = await this.postgres.create();
    const size = { listings, providers: Math.ceil(listings * 0.4), schools: Math.max(40, Math.ceil(listings / 80)) };
    const seconds = await withDatabase(url, (db) => timed(() => loadDemo(db, { size, afterListings: createSearch(db, systemClock).rebuildIn })));
    await vacuum(url);
    return { url, seconds, listings };
  }
}

/** What autovacuum does within a minute of a change: until then the planner knows nothing of it. */
export const vacuum = (url: string) => withClient(url, (client) => client.query('VACUUM ANALYZE'));

/** @returns seconds */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
