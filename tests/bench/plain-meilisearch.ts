import { Meilisearch } from 'meilisearch';
import type { Database } from '../../src/platform/database/index.js';
import { facetGroups } from '../../src/search/port.js';
import type { TestMeilisearch } from '../support/meilisearch-process.js';
import type { Call } from './load.js';

const INDEX = 'plain';
const AT_ONCE = 5000;
const TEXTS = ['title', 'providerName', 'keywords', 'labels', 'summary', 'description'];
const groups = facetGroups.filter((group) => group !== 'rings');

/**
 * Meilisearch by itself, asked in one request for all of a page that is an engine's to give: the ten hits in their order,
 * marked where there are words, and each group's counts without its own choice. An index fit for that, an attribute for
 * each group, but none of what the product has made of it: no synonyms, no check of what may be seen.
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
      searchableAttributes: TEXTS,
      filterableAttributes: [...groups, 'national'],
      sortableAttributes: ['publishedAt', 'chance'],
      rankingRules: ['sort', 'words', 'typo', 'proximity', 'attributeRank', 'chance:asc'],
      proximityPrecision: 'byAttribute',
      faceting: { maxValuesPerFacet: 1000 },
    });
    const documents = await db.query<{ document: Record<string, unknown> }>(`SELECT content || jsonb_build_object('id', listing_id, 'chance', hashtext(listing_id::text)) AS document FROM search_document`);
    for (let from = 0; from < documents.length; from += AT_ONCE) {
      const { status, error } = await index.addDocuments(documents.slice(from, from + AT_ONCE).map(({ document }) => document)).waitTask({ timeout: 300_000 });
      if (status !== 'succeeded') throw new Error(`The plain index was not built: ${error?.message}`);
    }
    return new PlainMeilisearch(client, server.key);
  }

  /** The page of a search through the API, asked for here. */
  callFor({ body }: Call): Call {
    const { input, first } = (JSON.parse(body) as { variables: { input: Record<string, unknown[] | undefined> & { words?: string; order?: string }; first: number } }).variables;
    const { words: q = '', order } = input;
    const chosen = groups.filter((group) => input[group]?.length);
    const filterBut = (except: string | null) => chosen.filter((group) => group !== except).map((group) => `(${group} IN ${JSON.stringify(input[group]!.map(String))}${group === 'laCodes' ? ' OR national = true' : ''})`);
    const counts = (counted: readonly string[]) => (counted.includes('laCodes') ? [...counted, 'national'] : counted);
    const page = {
      q,
      matchingStrategy: 'all',
      filter: filterBut(null),
      facets: counts(groups.filter((group) => !chosen.includes(group))),
      limit: first,
      attributesToRetrieve: ['id'],
      ...(q && { attributesToHighlight: TEXTS, attributesToCrop: ['description:30'] }),
      ...(order === 'NEWEST' && { sort: ['publishedAt:desc'] }),
    };
    const others = chosen.map((group) => ({ q, matchingStrategy: 'all', filter: filterBut(group), facets: counts([group]), limit: 0 }));
    return { path: '/multi-search', body: JSON.stringify({ queries: [page, ...others].map((query) => ({ indexUid: INDEX, ...query })) }), headers: { Authorization: `Bearer ${this.key}` } };
  }

  async remove(): Promise<void> {
    await this.client.deleteIndex(INDEX).waitTask({ timeout: 60_000 });
  }
}
