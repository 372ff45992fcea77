import type { Database } from '../../platform/database/index.js';
import { codeOf, type MeiliServer } from '../meilisearch/client.js';
import { type IndexSettings, sameSettings } from '../meilisearch/settings.js';
import { readState } from './state.js';

interface Counted {
  documents: number;
  waiting: boolean;
}

/** Tells whether the index is still the one that was built, and as we left it, by what can be asked in a moment. */
export class IndexCheck {
  /** When Meilisearch last changed it, all by us; null: not known. */
  private changedAt: string | null = null;

  constructor(
    private readonly db: Database,
    private readonly server: MeiliServer,
    private readonly expected: IndexSettings,
  ) {}

  /** Begins where whoever looked after it before has ended. @returns whether that was in the middle of a change, so that nobody knows what it has */
  async takeOver(): Promise<boolean> {
    const state = await readState(this.db);
    this.changedAt = state?.changedAt ?? null;
    return state?.settingsHash != null && this.changedAt === null;
  }

  /** Runs what changes some of the index. @returns null without running it, if somebody else has changed the index: afterwards that could not be told any more */
  async change<T>(work: () => Promise<T>): Promise<T | null> {
    return this.changedAt !== null && (await this.lastChange()) !== this.changedAt ? null : this.changing(work);
  }

  /** Runs what changes the index, whoever has changed it before: it is to be replaced. */
  async changing<T>(work: () => Promise<T>): Promise<T> {
    await this.note(null);
    const done = await work();
    await this.note(await this.lastChange());
    return done;
  }

  private async lastChange(): Promise<string> {
    return String((await (await this.server.forWork()).getRawIndex(this.server.index)).updatedAt);
  }

  private async note(changedAt: string | null): Promise<void> {
    await this.db.query('UPDATE search_index SET changed_at = $1', [changedAt]);
    this.changedAt = changedAt;
  }

  /** @returns what is wrong, in words for the log; null: nothing */
  async whatIsWrong(): Promise<string | null> {
    const state = await readState(this.db);
    if (!state?.settingsHash) return 'it is not built';
    if (state.settingsHash !== this.expected.hash) return 'its settings are of another version';
    const client = await this.server.forWork();
    try {
      const found = await client.getRawIndex(this.server.index);
      if (String(found.createdAt) !== state.madeAt) return 'another index is in its place';
      if (this.changedAt !== null && String(found.updatedAt) !== this.changedAt) return 'somebody else changed it';
      if (this.changedAt === null && !sameSettings(this.expected.settings, await client.index(this.server.index).getSettings())) return 'its settings were changed';
      const counted = await this.count();
      const { numberOfDocuments } = await client.index(this.server.index).getStats();
      if (!counted.waiting && numberOfDocuments !== counted.documents && !(await this.count()).waiting) return `it has ${numberOfDocuments} documents, not ${counted.documents}`;
      if (this.changedAt === null) await this.note(String(found.updatedAt));
      return null;
    } catch (error) {
      if (codeOf(error) === 'index_not_found') return 'it is not there';
      throw error;
    }
  }

  private async count(): Promise<Counted> {
    const [row] = await this.db.query<Counted>(
      `SELECT (SELECT count(*) FROM search_document d WHERE NOT EXISTS (SELECT FROM search_refused r WHERE r.listing_id = d.listing_id))::int AS documents, EXISTS (SELECT FROM search_outbox) AS waiting`,
    );
    return row!;
  }
}
