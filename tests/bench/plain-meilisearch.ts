import { Meilisearch } from 'meilisearch';
import type { Database } from '../../src/platform/database.js';
import { facetGroups } from '../../src/search/port.js';
import type { TestMeilisearch } from '../support/meilisearch-process.js';
import type { Call } from './load.js';

const INDEX = 'plain';
const AT_ONCE = 5000;
const groups = facetGroups.filter((group) => group !== 'rings');

/**
 * Meilisearch by itself, used as its documentation shows: documents with all that they say, which come back marked, and
 * a facet for each group. No synonyms, no order by chance, no check of what may be seen.
 */
export class PlainMeilisearch {
  private constructor(
    private readonly client: Meilisearch,
    private readonly key: string,
  ) {}

  static async build(server: TestMeilisearch, db: Database): Promise<PlainMeilisearch> {
    const client = new Meilisearch({ host: server.host, apiKey: server.key });
    const index = client.index(INDEX);
    await client.createIndex(INDEX, { primaryKey: 'id' });
    await index.updateSettings({
      searchableAttributes: ['title', 'providerName', 'keywords', 'summary', 'labels', 'description'],
      filterableAttributes: [...groups, 'national'],
      sortableAttributes: ['publishedAt'],
      proximityPrecision: 'byAttribute',
      faceting: { maxValuesPerFacet: 1000 },
    });
    const documents = await db.query<{ document: Record<string, unknown> }>(`SELECT content || jsonb_build_object('id', listing_id) AS document FROM search_document`);
    for (let from = 0; from < documents.length; from += AT_ONCE) {
      const { status, error } = await index.addDocuments(documents.slice(from, from + AT_ONCE).map(({ document }) => document)).waitTask({ timeout: 300_000 });
      if (status !== 'succeeded') throw new Error(`The plain index was not built: ${error?.message}`);
    }
    return new PlainMeilisearch(client, server.key);
  }

  /** The page of a search through the API, asked for here: ten hits with their texts marked, and the counts of each group without its own choice. */
  callFor({ body }: Call): Call {
    const { input, first } = (JSON.parse(body) as { variables: { input: Record<string, unknown[] | undefined> & { words?: string; order?: string }; first: number } }).variables;
    const { words: q = '', order } = input;
    const chosen = groups.filter((group) => input[group]?.length);
    const filterBut = (except: string | null) => chosen.filter((group) => group !== except).map((group) => `(${group} IN ${JSON.stringify(input[group]!.map(String))}${group === 'laCodes' ? ' OR national = true' : ''})`);
    const page = { q, filter: filterBut(null), facets: groups, limit: first, attributesToHighlight: ['title', 'summary'], attributesToCrop: ['description:30'], ...(order === 'NEWEST' && { sort: ['publishedAt:desc'] }) };
    const others = chosen.map((group) => ({ q, filter: filterBut(group), facets: [group], limit: 0 }));
    return { path: '/multi-search', body: JSON.stringify({ queries: [page, ...others].map((query) => ({ indexUid: INDEX, ...query })) }), headers: { Authorization: `Bearer ${this.key}` } };
  }

  async remove(): Promise<void> {
    await this.client.deleteIndex(INDEX).waitTask({ timeout: 60_000 });
  }
}
