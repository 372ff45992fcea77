import { LRUCache } from 'lru-cache';
import type { Database } from '../../platform/database.js';
import { gathered } from '../../platform/gathered.js';
import { isId } from '../../platform/id.js';
import type { DocumentContent } from '../port.js';
import { searchedFields, type Text, textsOf } from './texts.js';

const MOST_BYTES = 32_000_000;
/** Measured, by character of what a listing says: mostly its words by themselves. */
const BYTES = 10;

interface VisibleDocument {
  id: string;
  version: number;
  content: DocumentContent;
  /** Once somebody has found it by words. */
  texts?: Text[];
}

/**
 * The documents of listings that anyone may see. PostgreSQL is asked each time which these are; it
 * sends their content only where another version was kept, or none.
 */
export class VisibleDocuments {
  private readonly kept = new LRUCache<string, VisibleDocument>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ content: { title, summary, description } }) => BYTES * (200 + title.length + summary.length + description.length),
  });
  /** @returns those of these listings that are visible, among others */
  readonly read: (ids: readonly string[]) => Promise<ReadonlyMap<string, VisibleDocument>>;

  constructor(private readonly db: Database) {
    this.read = gathered((ids) => this.readTogether(ids.filter(isId)));
  }

  async textsOf(documents: readonly VisibleDocument[]): Promise<Text[]> {
    const without = documents.filter(({ texts }) => !texts);
    const made = await textsOf(this.db, without.map(({ content }) => content));
    for (const [i, document] of without.entries()) document.texts = searchedFields.flatMap((field) => made[i]![field]);
    return documents.flatMap(({ texts }) => texts!);
  }

  private async readTogether(ids: readonly string[]): Promise<Map<string, VisibleDocument>> {
    const known = ids.map((id) => this.kept.get(id));
    const [row] = await this.db.prepared<{ documents: [id: string, version: number, content: DocumentContent | null][] }>(
      'search documents',
      `SELECT coalesce(json_agg(json_build_array(d.listing_id, d.version, CASE WHEN d.version <> known.version THEN d.content END)), '[]') AS documents
       FROM unnest($1::uuid[], $2::bigint[]) AS known (id, version) JOIN search_document d ON d.listing_id = known.id
       JOIN listing l ON l.id = d.listing_id AND l.state = 'PUBLISHED' JOIN provider p ON p.id = l.provider_id AND p.state = 'LISTED'`,
      [ids, known.map((document) => document?.version ?? 0)],
    );
    const before = new Map(ids.map((id, i) => [id, known[i]]));
    return new Map(
      row!.documents.map(([id, version, content]) => {
        const document = content ? { id, version, content } : before.get(id)!;
        this.kept.set(id, document);
        return [id, document];
      }),
    );
  }
}
