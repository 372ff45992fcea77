import type { Database } from '../../platform/database.js';
import { codeOf, type MeiliServer } from '../meilisearch/client.js';
import { type IndexSettings, sameSettings } from '../meilisearch/settings.js';
import { readState } from './state.js';

interface Counted {
  documents: number;
  waiting: boolean;
}

/** Tells whether the index is still the one that was built, by what can be asked in a moment. */
export class IndexCheck {
  /** When Meilisearch last changed it, as far as that was for us. */
  private updatedAt: string | null = null;

  constructor(
    private readonly db: Database,
    private readonly server: MeiliServer,
    private readonly expected: IndexSettings,
  ) {}

  /** Takes its present state as the one that it has by us: after something was published. */
  async seen(): Promise<void> {
    this.updatedAt = String((await (await this.server.forWork()).getRawIndex(this.server.index)).updatedAt);
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
      const foreign = this.updatedAt !== null && String(found.updatedAt) !== this.updatedAt;
      if (foreign) return 'somebody else changed it';
      if (this.updatedAt === null && !sameSettings(this.expected.settings, await client.index(this.server.index).getSettings())) return 'its settings were changed';
      const counted = await this.count();
      const { numberOfDocuments } = await client.index(this.server.index).getStats();
      if (!counted.waiting && numberOfDocuments !== counted.documents && !(await this.count()).waiting) return `it has ${numberOfDocuments} documents, not ${counted.documents}`;
      this.updatedAt = String(found.updatedAt);
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
