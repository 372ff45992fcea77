import { ageInDays, dayOf, minutesAfter, plainDaysAfter } from './calendar.js';
import type { Chance } from './chance.js';
import type { ListingContent } from './content/shapes.js';
import { type By, Life } from './life.js';
import type { Rows } from './rows.js';
import type { World } from './world.js';

export interface ListingPlan {
  key: string;
  providerId: string;
  content: ListingContent;
  begun: Date;
}

/** Adds one listing of a provider. @returns its id */
export function addListing(world: World, rows: Rows, { key, providerId, content, begun }: ListingPlan, by: By, chance: Chance): string {
  const life = new Life(rows, 'Listing', world.id('listing', key));
  const { state = 'PUBLISHED', price } = content;
  const published = minutesAfter(begun, chance.between(10, 90));
  life.step('create', begun, by);
  if (state !== 'DRAFT') life.step('publish', published, by);
  if (state === 'REMOVED') life.step('remove', plainDaysAfter(published, ageInDays(published, world.now) / 2), by);
  const priced = typeof price === 'object' && 'pounds' in price ? price : null;
  const free = typeof price === 'object' && 'free' in price ? price : null;
  rows.add('listing', {
    id: life.id,
    provider_id: providerId,
    state: life.state,
    title: content.title,
    summary: content.summary,
    description: content.description,
    categories: content.categories,
    ecm_outcomes: content.outcomes,
    phases: content.phases,
    keywords: content.keywords,
    delivery: content.delivery,
    national: content.where.national ?? false,
    la_codes: content.where.las ?? [],
    radius_km: content.where.km ?? null,
    price_kind: priced ? 'PRICED' : free ? 'FREE' : 'BESPOKE',
    price_pence: priced ? Math.round(priced.pounds * 100) : null,
    price_unit: priced?.per ?? null,
    vat: priced?.vat ?? null,
    free_link: typeof free?.free === 'string' ? free.free : null,
    capacity: content.capacity ?? 'AVAILABLE',
    available_from: content.availableIn === undefined ? null : dayOf(plainDaysAfter(world.now, content.availableIn)),
    evidence: content.evidence ?? '',
    version: life.version,
    created_at: life.createdAt,
    updated_at: life.updatedAt,
    published_at: life.entered.get('PUBLISHED') ?? null,
  });
  return life.id;
}
