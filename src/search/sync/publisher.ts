import { type Database, LOCKS, type Session } from '../../platform/database/index.js';
import type { Logger } from '../../platform/log.js';
import type { MeiliServer } from '../meilisearch/client.js';
import { indexSettings } from '../meilisearch/settings.js';
import { build } from './build.js';
import { IndexCheck } from './check.js';
import { drain, somethingWaits } from './outbox.js';
import { reconcile } from './reconcile.js';
import { askForBuild, keepIndex, readState } from './state.js';

/** How soon another one takes over, and how soon something is tried again. */
const RETRY_MS = 1000;
/** A publisher that stands still for so long is followed by another. */
const SILENT_MS = 10_000;
/** How often the index is looked at where nothing changes. */
const CHECK_MS = 2000;

/**
 * Keeps the index true. Each process that runs jobs has one; the one that holds the lock works, the others wait for it
 * to end. Its connection is its own, so that the lock goes with it, whatever happens to the process.
 */
export class Publisher {
  private readonly ending = new AbortController();
  private wake: () => void = () => {};
  /** What the log was last told, that it is not told again each second. */
  private troubled: string | null = null;
  private wrong: string | null = null;
  private comparing: Promise<void> | null = null;

  constructor(
    private readonly db: Database,
    private readonly server: MeiliServer,
    private readonly log: Logger | null = null,
  ) {}

  start(): { stop(): Promise<void> } {
    const running = this.run();
    return {
      stop: async () => {
        this.ending.abort();
        this.wake();
        await running;
        await this.comparing;
      },
    };
  }

  private get ended(): boolean {
    return this.ending.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.ended) {
      try {
        await this.compete();
      } catch (error) {
        if (!this.ended) this.complain(error);
      }
      if (!this.ended) await this.pause(RETRY_MS);
    }
  }

  private complain(error: unknown): void {
    this.server.noteRefusal(error);
    const trouble = this.server.explain(error);
    if (trouble !== this.troubled) this.log?.error({ error: trouble }, 'the search index is not looked after');
    this.troubled = trouble;
  }

  private async compete(): Promise<void> {
    let lost = false;
    const lead = await this.db.openSession('publisher', SILENT_MS, () => {
      lost = true;
      this.wake();
    });
    lead.onNotification(() => this.wake());
    try {
      while (!this.ended && !lost) {
        const [row] = await lead.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [LOCKS.publisher]);
        if (row!.mine) return await this.lead(lead, () => lost);
        await this.pause(RETRY_MS);
      }
    } finally {
      await lead.close();
    }
  }

  private async lead(lead: Session, lost: () => boolean): Promise<void> {
    await lead.query('LISTEN search_outbox');
    await keepIndex(this.db, this.server.index);
    const check = new IndexCheck(this.db, this.server, await indexSettings(this.db));
    const drainInto = (indexes: readonly string[]) => drain(this.db, lead, this.server, indexes, this.ending.signal);
    if (await check.takeOver()) this.comparing ??= this.compare();
    for (let checkedAt = -Infinity; !this.ended && !lost(); ) {
      if (performance.now() - checkedAt >= CHECK_MS) {
        const wrong = await check.whatIsWrong();
        if (wrong) {
          if (wrong !== this.wrong) this.log?.warn(`the search index is built anew: ${wrong}`);
          await askForBuild(this.db, { wrong: true });
        }
        this.wrong = wrong;
        if ((await readState(this.db))?.buildAsked) {
          await build(this.db, this.server, { drainInto, changing: (work) => check.changing(work) }, this.ending.signal);
          this.log?.info('the search index is built');
        }
        checkedAt = performance.now();
        this.troubled = null;
      }
      const published = (await somethingWaits(this.db)) ? await check.change(() => drainInto([this.server.index])) : 0;
      if (published === null) checkedAt = -Infinity;
      else if (published === 0) await this.pause(CHECK_MS);
    }
  }

  /** Whoever published before was interrupted: what the index has is compared while it is used. */
  private async compare(): Promise<void> {
    try {
      await reconcile(this.db, this.server, this.ending.signal);
    } catch (error) {
      if (!this.ended) this.complain(error);
    } finally {
      this.comparing = null;
    }
  }

  /** Until something is to be done, or for that long. */
  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.ended) this.wake();
    });
  }
}
