import { Ctx, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { Rule, Seen } from '../platform/access.js';
import type { RequestContext } from '../platform/request.js';
import type { KeptIndex } from './kept-index.js';
import { isLate, LATE } from './meilisearch/moment.js';
import { Engines } from './search.type.js';
import { readState } from './sync/state.js';

/** Enough to see what is the matter. */
const MOST_REFUSED = 100;

@ObjectType({ description: 'A listing whose search document Meilisearch would not take. It is tried again when it changes.' })
class RefusedDocument {
  @Seen('parent', () => String, { description: 'The listing.' })
  listingId: string;

  @Seen('parent', () => String, { description: 'What Meilisearch said.' })
  error: string;

  @Seen('parent', () => Date, { description: 'When.' })
  at: Date;
}

@ObjectType({ description: 'How searching fares.' })
class SearchHealth {
  @Seen('parent', () => Engines, { description: 'What answers searches now.' })
  engine: keyof typeof Engines;

  @Seen('parent', () => String, { nullable: true, description: 'Why Meilisearch does not, though it should; null otherwise.' })
  degraded: string | null;

  @Seen('parent', () => Int, { description: 'Changes that wait to be published to the index.' })
  waiting: number;

  @Seen('parent', () => Int, { nullable: true, description: 'Seconds that the oldest of them has waited; null if none waits.' })
  oldestWaitingSeconds: number | null;

  @Seen('parent', () => Int, { nullable: true, description: 'Percent done of a build of the index; null unless one is under way.' })
  buildPercent: number | null;

  @Seen('parent', () => [RefusedDocument], { description: `What Meilisearch would not take, latest first; at most ${MOST_REFUSED}.` })
  refused: RefusedDocument[];
}

@Resolver()
export class SearchHealthResolver {
  constructor(private readonly index: KeptIndex | null) {}

  @Rule('systemAdmin')
  @Query(() => SearchHealth, { description: 'How searching fares: what answers, what waits to be published, what was refused.' })
  async searchHealth(@Ctx() { db }: RequestContext): Promise<SearchHealth> {
    const [state, waits, refused] = await Promise.all([
      readState(db),
      db.query<{ waiting: number; seconds: number | null }>('SELECT count(*)::int AS waiting, extract(epoch FROM clock_timestamp() - min(at))::int AS seconds FROM search_outbox'),
      db.query<RefusedDocument>('SELECT listing_id AS "listingId", error, at FROM search_refused ORDER BY at DESC, listing_id LIMIT $1', [MOST_REFUSED]),
    ]);
    const degraded = this.index && (state?.settingsHash ? (isLate(waits[0]!.seconds) ? LATE : this.index.engine.degraded) : 'The search index is being built.');
    return {
      engine: this.index && degraded === null ? 'MEILISEARCH' : 'POSTGRES',
      degraded,
      waiting: waits[0]!.waiting,
      oldestWaitingSeconds: waits[0]!.seconds,
      buildPercent: state?.buildAsked ? Math.floor((100 * state.built) / Math.max(1, state.toBuild)) : null,
      refused,
    };
  }
}
