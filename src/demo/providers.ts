import type { Assurance } from '../directory/index.js';
import type { Party } from '../platform/process/index.js';
import { ageInDays, dayOf, daysAfter, daysBefore, minutesAfter, plainDaysAfter } from './calendar.js';
import type { Chance } from './chance.js';
import { SYSTEM_ADMIN } from './content/people.js';
import { FERNSHIRE } from './content/places.js';
import type { ProviderContent } from './content/shapes.js';
import { type By, Life } from './life.js';
import { addListing } from './listings.js';
import { addMember } from './organisations.js';
import { addRecommendation, type Change } from './recommendations.js';
import type { Rows } from './rows.js';
import { addressIn, type KnownAuthority, type World } from './world.js';

const CHECKS = ['SAFEGUARDING', 'INSURANCE', 'INTERESTS'] as const;
const MINIMUM = 2;
const YEAR = 365;
const signpost: Party = { kind: 'SIGNPOST', id: 'signpost', name: 'Signpost' };

/** Adds a provider with its people, checks, listings, recommendations and history. @returns the ids of its listings */
export function addProvider(world: World, rows: Rows, content: ProviderContent): string[] {
  const { key, kind, contact, assurance = 'RECOMMENDED' } = content;
  const chance = world.chance(`provider ${key}`);
  const id = world.id('provider', key);
  const authority = world.authority(content.la ?? FERNSHIRE);
  const school = content.school === undefined ? null : world.school(content.school);
  const times = timesOf(world, content, chance);
  const enteredBy = { RECOMMENDED: contact.email, COUNCIL: authority.enters, NATIONAL: SYSTEM_ADMIN }[assurance];
  const provider: Party = { kind: 'PROVIDER', id, name: content.name };
  const administrator = world.inNameOf(enteredBy, provider);
  const officer = world.inNameOf(authority.checks, { kind: 'LOCAL_AUTHORITY', id: authority.code, name: authority.name });

  const life = new Life(rows, 'Provider', id);
  life.step('register', times.registered, administrator);
  const member = { role: 'PROVIDER_ADMIN', provider_id: id, confirmedBy: enteredBy, since: times.registered };
  addMember(world, rows, { ...member, email: contact.email, name: contact.name, title: contact.role });
  if (enteredBy !== contact.email) addMember(world, rows, { ...member, email: enteredBy, name: '', title: '' });
  const listingIds = content.listings.map((listing, i) => {
    const begun = begunAt(world, content, i, times, chance);
    return addListing(world, rows, { key: `${key} ${i}`, providerId: id, content: listing, begun }, administrator, chance);
  });
  if (!content.draft) publish(life, times.completed, assurance, administrator, officer);
  const changes = content.recommendations.flatMap((recommendation, i) =>
    addRecommendation(
      world,
      rows,
      {
        key: `${key} ${i}`,
        providerId: id,
        providerSchool: school?.urn ?? null,
        content: recommendation,
        age: times.ages[i]!,
        listingIds,
        administrator,
        officer,
      },
      chance,
    ),
  );
  const checks = content.checks ?? (assurance === 'NATIONAL' ? [] : CHECKS);
  if (assurance === 'RECOMMENDED' && checks.length === CHECKS.length) settle(life, changes);
  if (content.suspended) life.step('suspend', daysBefore(world.now, chance.between(4, 8), chance), officer, content.suspended);
  if (content.withdrawn) life.step('withdraw', daysBefore(world.now, chance.between(4, 8), chance), administrator, content.withdrawn);
  addChecks(world, rows, id, checks, authority, times.completed, chance);

  const base = school ?? addressIn(world.town(content.base), chance);
  rows.add('provider', {
    id,
    kind,
    assurance,
    state: life.state,
    name: content.name,
    summary: content.summary,
    description: content.description,
    website: content.website ?? null,
    contact_name: contact.name,
    contact_role: contact.role,
    contact_email: contact.email,
    contact_phone: contact.phone ?? null,
    base_postcode: base.postcode,
    base_easting: base.easting,
    base_northing: base.northing,
    school_urn: school?.urn ?? null,
    interests: content.interests,
    safeguarding: content.safeguarding,
    assuring_la: assurance === 'NATIONAL' ? null : authority.code,
    assured_by: content.assuredBy ?? null,
    assured_link: content.assuredLink ?? null,
    version: life.version,
    created_at: life.createdAt,
    updated_at: life.updatedAt,
    listed_at: life.entered.get('LISTED') ?? null,
  });
  return listingIds;
}

interface Times {
  registered: Date;
  completed: Date;
  /** Of each recommendation in days before now, oldest first. */
  ages: number[];
}

/** Spreads the recommendations over the time since the profile was complete; one that has lapsed is three years old. */
function timesOf({ now }: World, { draft, assurance, checks, recommendations }: ProviderContent, chance: Chance): Times {
  const lapsed = recommendations.some((each) => each.state === 'LAPSED');
  const waiting = assurance === undefined && (checks !== undefined || recommendations.filter((each) => each.state === undefined).length < MINIMUM);
  const age = draft ? chance.between(20, 60) : lapsed ? chance.between(1200, 1300) : waiting ? chance.between(100, 170) : chance.between(240, 900);
  const registered = daysBefore(now, age, chance);
  const completed = daysAfter(registered, chance.between(3, 20), chance);

  const [oldest, newest] = [Math.min(ageInDays(completed, now), 1000) - 25, 26];
  const slot = (oldest - newest) / recommendations.length;
  const ages = recommendations.map(({ state }, i) => {
    if (state === 'LAPSED') return 3 * YEAR + chance.between(10, 40);
    if (state === 'INVITED') return chance.between(5, 20);
    const end = Math.floor(oldest - i * slot);
    return Math.max(state === 'EXPIRED' ? 50 : newest, chance.between(Math.ceil(end - slot * 0.8), end));
  });
  return { registered, completed, ages };
}

/** The first listing is there before the profile is complete, each other one before somebody vouches for it. */
function begunAt({ now }: World, { recommendations }: ProviderContent, position: number, times: Times, chance: Chance): Date {
  const { registered, completed, ages } = times;
  if (position === 0) return minutesAfter(registered, chance.between(15, 60));
  const oldest = ageInDays(completed, now);
  const vouchedFor = ages.filter((_, i) => recommendations[i]!.of?.includes(position));
  const latest = Math.max(12, ...vouchedFor) + 4;
  return latest < oldest ? daysBefore(now, chance.between(latest, oldest), chance) : minutesAfter(registered, chance.between(70, 240));
}

/** A second officer lists a council service; who entered a national programme also lists it, in the name of Signpost. */
function publish(life: Life, at: Date, assurance: Assurance, { personId, party }: By, second: By): void {
  if (assurance === 'COUNCIL') life.step('publishCouncilService', at, second);
  else if (assurance === 'NATIONAL') life.step('publishNationalProgramme', at, { personId, party: signpost });
  else life.step('complete', at, { personId, party });
}

/** What the product would have done by itself whenever the number of recommendations that count changed. */
function settle(life: Life, changes: Change[]): void {
  let counting = 0;
  for (const { at, by } of changes.sort((a, b) => a.at.getTime() - b.at.getTime())) {
    counting += by;
    if (counting >= MINIMUM && life.state !== 'LISTED') life.step('list', at, null);
    if (counting < MINIMUM && life.state === 'LISTED') life.step('lapse', at, null);
  }
}

/** Checked when the profile was complete and again each year. */
function addChecks(world: World, rows: Rows, id: string, checks: readonly string[], authority: KnownAuthority, completed: Date, chance: Chance): void {
  for (const kind of checks) {
    const age = ageInDays(completed, world.now) - chance.between(2, 9);
    const checked = daysBefore(world.now, age > 300 ? chance.between(20, 300) : age, chance);
    rows.add('provider_check', {
      provider_id: id,
      kind,
      la_code: authority.code,
      checked_by: world.personId(authority.checks),
      checked_at: checked,
      expires_on: dayOf(plainDaysAfter(checked, YEAR)),
    });
  }
}
