import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/index.js';
import type { Logger } from '../platform/log.js';
import { SearchWithFallback } from './fallback.js';
import { codeOf, type MeiliOptions, MeiliServer } from './meilisearch/client.js';
import { MeilisearchSearch } from './meilisearch/engine.js';
import { indexSettings } from './meilisearch/settings.js';
import type { SearchEngine } from './port.js';
import { Publisher } from './sync/publisher.js';
import { type Drift, reconcile } from './sync/reconcile.js';
import { askForBuild, keepIndex, readState } from './sync/state.js';

/** The index in Meilisearch, with all that keeps it true. */
export class KeptIndex {
  readonly engine: SearchWithFallback;
  private readonly server: MeiliServer;
  private hash: Promise<string> | null = null;

  constructor(
    private readonly db: Database,
    clock: Clock,
    options: MeiliOptions,
    postgres: SearchEngine,
  ) {
    this.server = new MeiliServer(options);
    this.engine = new SearchWithFallback(new MeilisearchSearch(db, clock, this.server, () => this.settingsHash(), postgres), postgres);
  }

  /** Publishes changes, and builds the index where that is needed, unless another process does. */
  startPublisher(log: Logger | null = null): { stop(): Promise<void> } {
    return new Publisher(this.db, this.server, log).start();
  }

  /**
   * Has the index built anew: by the service that runs, or if none does, here.
   * @returns how many documents it has
   * @throws OperatorError when Meilisearch cannot be used. What was asked for stays so
   */
  async reindex(onProgress: (done: number, of: number) => void): Promise<number> {
    await this.server.check();
    await keepIndex(this.db, this.server.index);
    const { builds } = (await readState(this.db))!;
    await askForBuild(this.db);
    const publisher = this.startPublisher();
    try {
      for (let round = 1; ; round++) {
        const state = await readState(this.db);
        if (state && state.builds > builds && state.changedAt !== null) return state.built; // all of it done: stopped sooner, the next publisher would compare everything
        if (state) onProgress(state.built, state.toBuild);
        if (round % 10 === 0) await this.server.check();
        await sleep(200);
      }
    } finally {
      await publisher.stop();
    }
  }

  /** Compares the index with the database and puts right what differs. Where there is none, it is built anew. */
  async reconcile(signal?: AbortSignal): Promise<Drift> {
    await this.server.check();
    if (!(await this.isThere())) {
      await keepIndex(this.db, this.server.index);
      await askForBuild(this.db);
      const [row] = await this.db.query<{ documents: number }>('SELECT count(*)::int AS documents FROM search_document');
      return { compared: 0, missing: row!.documents, stale: 0, extra: 0 };
    }
    return reconcile(this.db, this.server, signal);
  }

  private async isThere(): Promise<boolean> {
    try {
      await (await this.server.forWork()).getRawIndex(this.server.index);
      return true;
    } catch (error) {
      if (codeOf(error) === 'index_not_found') return false;
      throw error;
    }
  }

  private settingsHash(): Promise<string> {
    this.hash ??= indexSettings(this.db).then(({ hash }) => hash);
    this.hash.catch(() => (this.hash = null));
    return this.hash;
  }
}
