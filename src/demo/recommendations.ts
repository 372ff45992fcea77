import { ageInDays, daysAfter, daysBefore, minutesAfter, plainDaysAfter, schoolYear, termBefore, yearsAfter } from './calendar.js';
import type { Chance } from './chance.js';
import type { RecommendationContent } from './content/shapes.js';
import { type By, Life } from './life.js';
import type { Rows } from './rows.js';
import type { KnownSchool, World } from './world.js';

/** Days after which an invitation expires, and years after which a recommendation lapses. */
const INVITATION_DAYS = 30;
const VALID_YEARS = 3;
/** What happens after it was given is older than so many days, more or less. */
const LAST_STEP = 12;

/** From this moment on one more recommendation counts (1), or one fewer (-1). */
export interface Change {
  at: Date;
  by: 1 | -1;
}

export interface RecommendationPlan {
  key: string;
  providerId: string;
  providerSchool: number | null;
  content: RecommendationContent;
  /** When it was given or, where it never was, when it was asked for: days before now. */
  age: number;
  /** Ids of the provider's listings, in their order. */
  listingIds: string[];
  administrator: By;
  officer: By;
}

/** Adds one recommendation with its history. @returns what it changed in the number that count */
export function addRecommendation(world: World, rows: Rows, plan: RecommendationPlan, chance: Chance): Change[] {
  const { content, age } = plan;
  const { state = 'GIVEN' } = content;
  const school = world.school(content.from);
  const life = new Life(rows, 'Recommendation', world.id('recommendation', plan.key));
  const lead = world.inNameOf(content.by ?? school.head, { kind: 'SCHOOL', id: String(school.urn), name: school.name });
  const first = daysBefore(world.now, age, chance);
  const neverGiven = state === 'INVITED' || state === 'DECLINED' || state === 'EXPIRED';
  const later = (most: number) => {
    const room = ageInDays(life.updatedAt, world.now) - LAST_STEP;
    return daysAfter(life.updatedAt, chance.between(2, Math.max(2, Math.min(most, room))), chance);
  };

  if (content.invited !== undefined) life.step('invite', neverGiven ? first : daysBefore(world.now, age + chance.between(3, 9), chance), plan.administrator);
  const expires = content.invited === undefined ? null : plainDaysAfter(life.createdAt, INVITATION_DAYS);
  if (state === 'DECLINED') life.step('decline', later(10), lead);
  if (state === 'EXPIRED') life.step('expire', minutesAfter(expires!, 20), null);
  if (!neverGiven) life.step('give', first, lead);
  const given = life.entered.get('GIVEN') ?? null;
  const lapses = given && yearsAfter(given, VALID_YEARS);
  if (state === 'FLAGGED' || state === 'REJECTED') life.step('flag', later(20), plan.officer, content.reason ?? null);
  if (state === 'REJECTED') life.step('reject', later(10), plan.officer, content.reason ?? null);
  if (state === 'WITHDRAWN') life.step('withdraw', later(200), lead);
  if (state === 'LAPSED') life.step('lapse', minutesAfter(lapses!, 20), null);

  rows.add('recommendation', {
    id: life.id,
    provider_id: plan.providerId,
    provider_school_urn: plan.providerSchool,
    school_urn: school.urn,
    state: life.state,
    invited_by: content.invited === undefined ? null : plan.administrator.personId,
    invited_at: content.invited === undefined ? null : life.createdAt,
    message: content.invited ?? '',
    expires_at: expires,
    given_by: given && lead.personId,
    given_at: given,
    lapses_at: lapses,
    governing_body: given && school.governingBody,
    independence: given && school.trustUnknown ? 'UNCONFIRMED' : 'INDEPENDENT',
    what_was_done: content.done ?? '',
    when_done: given ? whenDone(content.when ?? '{term}', given) : '',
    what_changed: content.changed ?? '',
    no_interest: given !== null,
    version: life.version,
    created_at: life.createdAt,
    updated_at: life.updatedAt,
  });
  for (const position of given ? (content.of ?? []) : []) {
    rows.add('recommendation_listing', { recommendation_id: life.id, listing_id: plan.listingIds[position] });
  }
  return given ? changes(life, given, school) : [];
}

function changes(life: Life, given: Date, school: KnownSchool): Change[] {
  if (school.trustUnknown) return [];
  const ended = life.entered.get('FLAGGED') ?? (life.state === 'GIVEN' ? null : life.updatedAt);
  return ended ? [{ at: given, by: 1 }, { at: ended, by: -1 }] : [{ at: given, by: 1 }];
}

const whenDone = (words: string, given: Date) => words.replace('{term}', termBefore(given)).replace('{year}', schoolYear(given));
