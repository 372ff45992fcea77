import { LRUCache } from 'lru-cache';
import type { Database } from '../../platform/database/index.js';
import { gathering } from '../../platform/database/gathered.js';
import { isId } from '../../platform/id.js';
import type { DocumentContent } from '../port.js';
import { searchedFields, type Text, textsOf } from './texts.js';
import { Unavailable } from './unavailable.js';

/** With more to exclude PostgreSQL is the faster one. */
const MOST_GONE = 500;
/** A change is published within a second; a publisher that dies is replaced within five. Later than that the index tells what was. */
const LATE_SECONDS = 10;
export const LATE = 'Changes have waited too long to be published to the search index.';
export const isLate = (waitingSeconds: number | null): boolean => waitingSeconds !== null && waitingSeconds > LATE_SECONDS;
/** Hardly anything has changed since. */
const RECENT_MS = 1000;

const MOST_BYTES = 32_000_000;
/** Measured, by character of what a listing says: mostly its words by themselves. */
const BYTES = 10;

/** What is true for every search. */
export interface Standing {
  /** Of the index that may be relied upon; null: there is none. */
  settingsHash: string | null;
  /** When the index was last changed; null while it is. */
  changedAt: string | null;
  /** Listings that are hidden, but perhaps still in the index. */
  gone: readonly string[];
  /** Of all LAs. */
  laCodes: readonly string[];
}

/** What PostgreSQL says at a moment. */
export interface Moment {
  /** The same object for as long as nothing in it changes. */
  standing: Standing;
  /** Whether changes wait to be published: what the index lacks may be among them. */
  waits: boolean;
  /** Those of the listings asked for that anyone may see, and others. */
  documents: ReadonlyMap<string, VisibleDocument>;
}

export interface VisibleDocument {
  id: string;
  version: number;
  content: DocumentContent;
  /** Once somebody has found it by words. */
  texts?: Text[];
}

interface Row {
  standing: string;
  waitingSeconds: number | null;
  documents: [id: string, version: number, content: DocumentContent | null][];
}

const MOMENT = `
  SELECT
    json_build_object(
      'settingsHash', (SELECT settings_hash FROM search_index),
      'changedAt', (SELECT changed_at FROM search_index),
      'gone', (SELECT coalesce(json_agg(listing_id), '[]') FROM (
        SELECT DISTINCT listing_id FROM search_outbox o WHERE gone AND NOT EXISTS (SELECT FROM search_document d WHERE d.listing_id = o.listing_id) LIMIT ${MOST_GONE + 1}
      ) AS hidden),
      'laCodes', (SELECT coalesce(json_agg(code), '[]') FROM living_authority)
    )::text AS standing,
    (SELECT extract(epoch FROM clock_timestamp() - at)::float8 FROM search_outbox ORDER BY id LIMIT 1) AS "waitingSeconds",
    (SELECT coalesce(json_agg(json_build_array(d.listing_id, d.version, CASE WHEN d.version <> known.version THEN d.content END)), '[]')
      FROM unnest($1::uuid[], $2::bigint[]) AS known (id, version) JOIN search_document d ON d.listing_id = known.id
      JOIN listing l ON l.id = d.listing_id AND l.state = 'PUBLISHED' JOIN provider p ON p.id = l.provider_id AND p.state = 'LISTED') AS documents`;

/**
 * Reads whether the index may be relied upon, and which listings anyone may see, with their documents. PostgreSQL is asked
 * each time, in one go for all searches that ask at the same time; it sends a document's content only where another
 * version was kept, or none.
 */
export class Moments {
  private readonly kept = new LRUCache<string, VisibleDocument>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ content: { title, summary, description } }) => BYTES * (200 + title.length + summary.length + description.length),
  });
  private readonly gather = gathering<string, Moment>();
  private last: { moment: Moment; said: string; at: number } | null = null;

  constructor(
    private readonly db: Database,
    private readonly settingsHash: () => Promise<string>,
  ) {}

  /** The last one, if that was just now. What is found by it holds if afterwards its standing is still the same. */
  recent(): Moment | null {
    return this.last && performance.now() - this.last.at < RECENT_MS ? this.last.moment : null;
  }

  /** @throws Unavailable if the index may not be relied upon */
  read(listingIds: readonly string[]): Promise<Moment> {
    return this.gather('', (ids) => this.readTogether(ids), listingIds.filter(isId));
  }

  /** The words of what documents say. */
  async textsOf(documents: readonly VisibleDocument[]): Promise<Text[]> {
    const without = documents.filter(({ texts }) => !texts);
    const made = await textsOf(this.db, without.map(({ content }) => content));
    for (const [i, document] of without.entries()) document.texts = searchedFields.flatMap((field) => made[i]![field]);
    return documents.flatMap(({ texts }) => texts!);
  }

  private async readTogether(ids: readonly string[]): Promise<Moment> {
    const known = ids.map((id) => this.kept.get(id));
    const [row] = await this.db.prepared<Row>('search moment', MOMENT, [ids, known.map((document) => document?.version ?? 0)]);
    const { standing: said, waitingSeconds, documents } = row!;
    const standing = said === this.last?.said ? this.last.moment.standing : (JSON.parse(said) as Standing);
    this.last = null;
    if (standing.settingsHash === null || standing.settingsHash !== (await this.settingsHash())) throw new Unavailable('The search index is being built.', false);
    if (isLate(waitingSeconds)) throw new Unavailable(LATE, false);
    if (standing.gone.length > MOST_GONE) throw new Unavailable('More has just been taken off the list than the search index can follow at once.', false);
    const before = new Map(ids.map((id, i) => [id, known[i]]));
    const visible = documents.map(([id, version, content]) => (content ? { id, version, content } : before.get(id)!));
    for (const document of visible) this.kept.set(document.id, document);
    const moment = { standing, waits: waitingSeconds !== null, documents: new Map(visible.map((document) => [document.id, document])) };
    this.last = { moment, said, at: performance.now() };
    return moment;
  }
}
