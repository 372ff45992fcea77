import { actorOfPerson } from '../identity/index.js';
import type { Actor } from '../platform/actor.js';
import { londonDay } from '../platform/clock.js';
import { dayOf, daysAfter, daysBefore, minutesAfter } from './calendar.js';
import { providers } from './content/providers/index.js';
import type { Past } from './past.js';
import type { World } from './world.js';

/**
 * What some people have done, told as it happened: before each part it says when that was, in days before now (a whole
 * number of at least 1, falling on a working day) or as a moment. The product's own services do it, so that nothing
 * can happen in a story that could not happen otherwise.
 */
export type Story = (teller: Teller) => AsyncGenerator<number | Date, void>;

/** What stories are told with: the services, the people, and days that are counted from now. */
export class Teller {
  private readonly actors = new Map<string, Actor>();

  constructor(
    readonly past: Past,
    private readonly world: World,
  ) {}

  get brokerage() {
    return this.past.brokerage;
  }

  get referrals() {
    return this.past.referrals;
  }

  get ratings() {
    return this.past.outcomes.ratings;
  }

  get now(): Date {
    return this.world.now;
  }

  async person(email: string): Promise<Actor> {
    const known = this.actors.get(email);
    if (known) return known;
    const actor = await actorOfPerson(this.past.db, this.world.personId(email));
    this.actors.set(email, actor);
    return actor;
  }

  head = (urn: number): Promise<Actor> => this.person(this.world.school(urn).head);

  /** Whoever answers for a provider. */
  contact(key: string): Promise<Actor> {
    return this.person(providers.find((each) => each.key === key)!.contact.email);
  }

  provider = (key: string): string => this.world.id('provider', key);

  /** A provider's first listing, which is as old as the provider: stories name no other. */
  listing = (key: string): string => this.world.id('listing', `${key} 0`);

  /** The working day so many days before now, as a story that is told of that number of days falls on. */
  daysAgo = (days: number): string => dayOf(daysBefore(this.now, days, this.world.chance('day')));

  /** The working day so many days after now. */
  inDays = (days: number): string => dayOf(daysAfter(this.now, days, this.world.chance('day')));

  today = (): string => londonDay(this.now);

  /** Ids of an engagement's objectives, in their order. */
  objectivesOf = (engagementId: string): Promise<string[]> => this.ids('engagement_objective WHERE engagement_id = $1 ORDER BY nth', engagementId);

  /** Id of the first question that was asked about a request. */
  questionTo = async (requestId: string): Promise<string> => (await this.ids('question WHERE request_id = $1 ORDER BY asked_at', requestId))[0]!;

  /** Ids in a table, found by one value. */
  async ids(where: string, value: string): Promise<string[]> {
    return (await this.past.db.query<{ id: string }>(`SELECT id FROM ${where}`, [value])).map(({ id }) => id);
  }

  async version(table: 'engagement' | 'proposal' | 'request', id: string): Promise<number> {
    const [row] = await this.past.db.query<{ version: number }>(`SELECT version FROM ${table} WHERE id = $1`, [id]);
    return row!.version;
  }
}

interface Telling {
  at: Date;
  story: AsyncGenerator<number | Date, void>;
  momentOf(when: number | Date): Date;
}

/** Tells all of the stories, as if they had happened beside each other. */
export async function tellAll(past: Past, world: World, stories: Record<string, Story>): Promise<void> {
  const teller = new Teller(past, world);
  const tellings: Telling[] = [];
  for (const [name, story] of Object.entries(stories)) {
    const chance = world.chance(`story ${name}`);
    const momentOf = (when: number | Date) => (typeof when === 'number' ? daysBefore(world.now, when, chance) : when);
    await goOn(tellings, { story: story(teller), at: new Date(0), momentOf });
  }
  while (tellings.length > 0) {
    const next = tellings.reduce((first, each) => (each.at < first.at ? each : first));
    tellings.splice(tellings.indexOf(next), 1);
    past.moveTo(next.at);
    await goOn(tellings, next);
  }
}

/** Tells until the story says that time passes. */
async function goOn(tellings: Telling[], telling: Telling): Promise<void> {
  const { value, done } = await telling.story.next();
  if (done) return;
  const at = telling.momentOf(value);
  // Two parts may fall on the same day.
  const soonest = minutesAfter(telling.at, typeof value === 'number' ? 12 : 0);
  tellings.push({ ...telling, at: at < soonest ? soonest : at });
}
