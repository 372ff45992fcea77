import type { SearchResponse } from 'meilisearch';
import type { Clock } from '../../platform/clock.js';
import type { Database } from '../../platform/database/index.js';
import { FEW, type SearchAnswer, type SearchEngine, type SearchQuery } from '../port.js';
import type { MeiliServer } from './client.js';
import { type Known, knownSince } from './known.js';
import { dailyOrder } from './daily-order.js';
import { matchedWords } from './matched.js';
import { type Moment, Moments, type VisibleDocument } from './moment.js';
import { orderedHits } from './ordered.js';
import { type Ask, type Counted, countedIn, FacetedQuery, totalOf } from './query.js';
import { readSituation, type Situation } from './situation.js';
import { together } from './together.js';
import { Deferred, Unavailable } from './unavailable.js';
import { queryOf } from './words.js';

/**
 * Searches in Meilisearch. PostgreSQL says what the words are and what has been hidden, and afterwards whether each hit may
 * be shown. Where that does not come out even, or the index is not what it should be, it does not answer: it throws
 * Unavailable.
 */
export class MeilisearchSearch implements SearchEngine {
  private readonly knownSince = knownSince();
  private readonly moments: Moments;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly server: MeiliServer,
    settingsHash: () => Promise<string>,
    /**
     * Answers where Meilisearch finds nothing or next to nothing: it takes no guess at some words, knows none to leave
     * out, or may have lost its documents.
     */
    private readonly second: SearchEngine,
  ) {
    this.moments = new Moments(db, settingsHash);
  }

  async search(query: SearchQuery): Promise<SearchAnswer> {
    try {
      return await this.find(query);
    } catch (error) {
      if (error instanceof Deferred) return this.second.search(query);
      throw error;
    }
  }

  /** By what PostgreSQL said just now for another search, which saves asking it beforehand; or else by what it says at this moment. */
  private async find(query: SearchQuery): Promise<SearchAnswer> {
    const recent = this.moments.recent();
    const [situation, moment] = await Promise.all([readSituation(this.db, query), recent ?? this.moments.read([])]);
    if (situation.typed.length === 0 && /[\p{L}\p{N}]/u.test(query.words ?? '')) return this.second.search(query);
    return (await this.findBy(moment, query, situation, moment === recent)) ?? (await this.findBy(await this.moments.read([]), query, situation))!;
  }

  /** @returns null if `before` is only assumed and does not hold any more */
  private async findBy(before: Moment, query: SearchQuery, { typed, places }: Situation, isAssumed = false): Promise<SearchAnswer | null> {
    const { q, asked, guessed } = queryOf(typed);
    const { standing } = before;
    const faceted = new FacetedQuery(query, q, standing, places);
    const ordered = query.order === 'DISTANCE' || (query.order === 'NEWEST' && q !== '');
    const page = ordered
      ? {}
      : { offset: query.offset, limit: query.limit, sort: query.order === 'NEWEST' ? ['publishedAt:desc', 'id:asc'] : dailyOrder(this.clock.now()), attributesToRetrieve: ['id'] };
    const known = this.knownSince(standing.changedAt);
    const { total, found, counted } = await this.askFor(query.limit > 0 || query.facets !== false ? page : null, faceted, known);
    const ids = (ordered ? await orderedHits(this.ask, this.db, query, faceted, total) : found).map(({ id }) => String(id));
    const after = isAssumed || ids.length > 0 ? await this.moments.read(ids) : before;
    if (isAssumed && after.standing !== standing) return null;

    if (total === 0 || (q !== '' && total < FEW)) {
      const waits = before.waits || after.waits;
      const words = query.words ?? '';
      if (waits || !known.isConfirmed(words, faceted.queries[0]!, total)) {
        const second = await this.second.search(query);
        if (second.partly || (total === 0 && second.total > 0 && (guessed || waits))) return second;
        if (total === 0 && second.total > 0) throw new Unavailable('The search index lacks what it should have.', true);
        if (!waits && second.total <= total) known.confirm(words, faceted.queries[0]!, total);
      }
    }
    const documents = ids.map((id) => visibleIn(after, id));
    return {
      hits: documents.map(({ id, content }) => ({ listingId: id, content })),
      total,
      facets: faceted.facets(counted),
      matched: q === '' ? [] : await matchedWords(this.db, asked, await this.moments.textsOf(documents)),
      partly: false,
      engine: 'MEILISEARCH',
      degraded: null,
    };
  }

  /** Whether it answers at all. @throws Unavailable */
  async probe(): Promise<void> {
    await this.ask([{ q: '', limit: 0 }]);
  }

  /**
   * The page and, in the same go, those of the counts that are not known. A page is asked for each time: neither hits nor
   * whether the server answers are to be guessed.
   * @param page null: only how many there are is wanted
   */
  private async askFor(page: object | null, { queries }: FacetedQuery, known: Known): Promise<{ total: number; found: SearchResponse['hits']; counted: Counted[] }> {
    const counted = queries.map((query) => known.counts(query));
    if (!page && counted[0]) return { total: counted[0].total, found: [], counted: [counted[0]] };

    const { facets, ...main } = queries[0]!;
    const others = queries.filter((_, i) => i > 0 && !counted[i]);
    const [answer, ...answers] = await this.ask([{ ...main, ...page, ...(facets && !counted[0] && { facets }) }, ...others]);
    const all = queries.map((query, i) => counted[i] ?? known.keep(query, countedIn(i === 0 ? answer! : answers.shift()!)));
    return { total: totalOf(answer!), found: answer!.hits, counted: all };
  }

  private readonly send = together(async (queries) => {
    const client = await this.server.forSearch();
    return (await client.multiSearch({ queries: queries.map((each) => ({ ...each, indexUid: this.server.index })) })).results;
  });

  private readonly ask: Ask = async (queries) => {
    try {
      return await this.send(queries);
    } catch (error) {
      this.server.noteRefusal(error);
      throw new Unavailable('The search index does not answer.', true, { cause: error });
    }
  };
}

/** @throws Unavailable unless it is a listing that anyone may see */
function visibleIn({ documents }: Moment, id: string): VisibleDocument {
  const document = documents.get(id);
  if (!document) throw new Unavailable('What was found changed at this moment.', false);
  return document;
}
