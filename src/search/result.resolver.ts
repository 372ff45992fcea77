import { Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql';
import { Rule } from '../platform/access.js';
import { load, type RequestContext } from '../platform/request.js';
import { localAuthorityByCode } from '../schools/index.js';
import { distanceKm, excerpt, mark, ringOf, why } from './explain.js';
import { LITTLE, looserSearches } from './loosen.js';
import type { Ring, SearchEngine } from './port.js';
import { countAwaiting, vouchingNearby } from './search.read.js';
import { Rings } from './search.input.js';
import { LooserSearch, MarkedText, SearchHit, SearchResult } from './search.type.js';

const NOBODY = { partnership: 0, la: 0 };

@Resolver(() => SearchHit)
export class SearchHitResolver {
  @Rule('public')
  @FieldResolver(() => [MarkedText], { description: 'Its title, what was searched for marked.' })
  title(@Root() { content, asked }: SearchHit): MarkedText[] {
    return mark(content.title, asked.isMatched);
  }

  @Rule('public')
  @FieldResolver(() => [MarkedText], { description: 'Its summary or, where only its description has what was searched for, that part; marked.' })
  excerpt(@Root() { content, asked }: SearchHit): MarkedText[] {
    return excerpt(content, asked.isMatched);
  }

  @Rule('public')
  @FieldResolver(() => [String], { description: 'Why it was found, in sentences.' })
  async why(@Root() { listing, content, asked: { query, around, isMatched } }: SearchHit, @Ctx() context: RequestContext): Promise<string[]> {
    const names = await Promise.all((query.laCodes ?? []).map(async (code) => [code, (await load(context, localAuthorityByCode, code))?.name] as const));
    const { neighbours } = around;
    const vouching = neighbours ? await load(context, vouchingNearby, { listingId: listing.id, neighbours }) : NOBODY;
    return why(content, { isMatched, las: new Map(names.filter((each): each is [string, string] => each[1] !== undefined)), vouching, ...(neighbours && { neighbours }) });
  }

  @Rule('public')
  @FieldResolver(() => Float, { nullable: true, description: 'Kilometres from `near` to where the provider is based; null where either is not known.' })
  distanceKm(@Root() { content, asked }: SearchHit): number | null {
    return distanceKm(content, asked.around.from);
  }

  @Rule('public')
  @FieldResolver(() => Rings, { nullable: true, description: 'How near it is to the school of `near`; null without one.' })
  ring(@Root() { content, asked: { around } }: SearchHit): Ring | null {
    return around.neighbours ? ringOf(content, around.neighbours) : null;
  }
}

@Resolver(() => SearchResult)
export class SearchResultResolver {
  constructor(private readonly engine: SearchEngine) {}

  @Rule('public')
  @FieldResolver(() => [LooserSearch], { description: 'Where little was found: what to give up to find more, most first.' })
  looser(@Root() { totalCount, asked }: SearchResult): Promise<LooserSearch[]> {
    return looserSearches(this.engine, asked.query, totalCount);
  }

  @Rule('public')
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Where little was found: how many providers that fit the categories, phases and local authorities still wait for recommendations; else null.',
  })
  async awaiting(@Root() { totalCount, asked }: SearchResult, @Ctx() { db }: RequestContext): Promise<number | null> {
    return totalCount < LITTLE ? countAwaiting(db, asked.query) : null;
  }
}
