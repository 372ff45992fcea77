import type { Assurance, Category, ListingState, ProviderKind } from '../directory/index.js';
import type { Chance } from './chance.js';
import { audiences, firstNames, type Format, formats, placeBeginnings, placeEndings, providerNames, surnames, vats } from './content/growth.js';
import { providers as written } from './content/providers/index.js';
import { schools as writtenSchools } from './content/schools.js';
import type { ListingContent, ProviderContent, RecommendationContent } from './content/shapes.js';
import { placeName } from './grow-schools.js';
import type { KnownSchool, World } from './world.js';

const PLACES = placeBeginnings.length * placeEndings.length;

/** One of each kind in so many hundred. */
const kinds = shares<ProviderKind>({ SOLE_TRADER: 30, COMPANY: 27, SCHOOL: 15, CHARITY: 12, COUNCIL_SERVICE: 5, UNIVERSITY: 4, HUB: 4, NATIONAL_PROGRAMME: 3 });
type Fate = 'LISTED' | 'DRAFT' | 'AWAITING' | 'SUSPENDED' | 'LAPSED' | 'WITHDRAWN';
const fates = shares<Fate>({ LISTED: 88, DRAFT: 2, AWAITING: 5, SUSPENDED: 1, LAPSED: 2, WITHDRAWN: 2 });
const outcomes = written.flatMap((each) => each.recommendations).filter((each) => each.done && each.changed);
const models = written.flatMap((each) => each.listings).filter((each) => each.state === undefined);
/** What the hand-written listings say, a sentence at a time, by each of their categories. */
const sentences = new Map<Category, string[]>();
for (const model of models) {
  for (const category of model.categories) sentences.set(category, [...(sentences.get(category) ?? []), ...sentencesOf(model)]);
}

interface Area {
  la: string;
  towns: string[];
  schools: KnownSchool[];
}

/** So many providers beyond the hand-written ones, with so many listings between them: parts of those, put together anew. */
export function* growProviders(world: World, providers: number, listings: number): Generator<ProviderContent> {
  const all = [...world.schools.values()].filter((school) => school.open);
  const areas = areasOf(world, all);
  // One with twice as many schools has twice as many providers.
  const bySize = areas.flatMap((area) => area.schools.map(() => area));
  // A school that is a provider has an even URN and the schools that recommend it odd ones: none recommends back.
  const hosts = all.filter((school) => school.urn > writtenSchools.at(-1)!.urn && school.urn % 2 === 0);
  for (let i = 0; i < providers; i++) {
    const chance = world.chance(`grown provider ${i}`);
    const left = providers - i;
    const most = Math.max(1, Math.round((listings / left) * (0.4 + 1.2 * chance.next())));
    const share = left === 1 ? listings : Math.min(most, Math.max(0, listings - left + 1));
    listings -= share;

    const drawn = chance.pick(kinds);
    const host = drawn === 'SCHOOL' ? hosts.shift() : undefined;
    const kind = drawn === 'SCHOOL' && !host ? 'COMPANY' : drawn;
    const area = host ? areas.find((each) => each.la === host.la)! : chance.pick(bySize);
    yield grow(world, { key: `grown-${i}`, kind, area, all, host, listings: share }, chance);
  }
}

function areasOf(world: World, schools: KnownSchool[]): Area[] {
  return [...world.authorities.keys()].map((la) => ({
    la,
    towns: [...world.towns].flatMap(([name, town]) => (town.la === la ? name : [])),
    schools: schools.filter((school) => school.la === la),
  }));
}

interface Growing {
  key: string;
  kind: ProviderKind;
  area: Area;
  all: KnownSchool[];
  host: KnownSchool | undefined;
  listings: number;
}

function grow(world: World, { key, kind, area, all, host, listings: count }: Growing, chance: Chance): ProviderContent {
  const like = chance.pick(written.filter((each) => each.kind === kind && !each.draft));
  const assurance: Assurance | undefined = kind === 'NATIONAL_PROGRAMME' ? 'NATIONAL' : kind === 'COUNCIL_SERVICE' && chance.once(2) ? 'COUNCIL' : undefined;
  const fate = count === 0 ? 'DRAFT' : assurance ? 'LISTED' : chance.pick(fates);
  const model = modelFrom(chance);
  const [first, last] = [chance.pick(firstNames), chance.pick(surnames)];
  const words = { place: placeName(chance.between(0, PLACES - 1)), first, last, la: world.authority(area.la).name, topic: chance.pick(model.keywords) };
  const recommendations = fate === 'DRAFT' || assurance ? [] : recommendationsOf(givers(area, all, host, chance), fate, count, chance);
  const listings = Array.from({ length: count }, () => listingOf(chance.once(3) ? modelFrom(chance) : model, area, assurance !== undefined, words.place, chance));
  if (fate === 'DRAFT') for (const listing of listings) listing.state = 'DRAFT' satisfies ListingState;
  return {
    key,
    kind,
    assurance,
    name: (host?.name ?? '') + filled(chance.pick(providerNames[kind]), words),
    summary: like.summary,
    description: `${like.description} ${chance.pick(written).description}`,
    website: `https://${key}.example`,
    contact: { name: `${first} ${last}`, role: like.contact.role, email: `contact@${key}.example`, phone: `01632 960${chance.between(100, 999)}` },
    base: chance.pick(area.towns),
    school: host?.urn,
    interests: fate === 'DRAFT' ? null : chance.pick(written).interests ?? '',
    safeguarding: like.safeguarding,
    la: area.la,
    assuredBy: like.assuredBy,
    assuredLink: like.assuredLink,
    draft: fate === 'DRAFT' ? true : undefined,
    checks: fate === 'DRAFT' ? [] : undefined,
    suspended: fate === 'SUSPENDED' && recommendations.length > 1 ? 'Records that were asked for have not come.' : undefined,
    withdrawn: fate === 'WITHDRAWN' ? 'No longer offered.' : undefined,
    listings,
    recommendations,
  };
}

/** Some subjects are offered far more often than others. */
const modelFrom = (chance: Chance): ListingContent => models[Math.floor(models.length * chance.next() ** 1.7)]!;

function listingOf(model: ListingContent, area: Area, mustBeFree: boolean, place: string, chance: Chance): ListingContent {
  const format = chance.pick(formats);
  const [topic, other] = chance.several(model.keywords, 2) as [string, string];
  const words = { topic, other: other ?? topic, Topic: topic[0]!.toUpperCase() + topic.slice(1), place };
  const said = sentences.get(chance.pick(model.categories))!;
  const reach = chance.next();
  const priced = chance.next();
  return {
    title: filled(chance.once(2) ? format.title : `${format.title} ${chance.pick(audiences)}`, words),
    summary: filled(format.summary, words),
    description: [...new Set([...chance.several(sentencesOf(model), 2), ...chance.several(said, 2), `Based in ${place}.`])].join(' '),
    categories: model.categories,
    outcomes: model.outcomes,
    phases: someOf(model.phases, chance),
    keywords: [...new Set([topic, ...chance.several(model.keywords, 2), chance.pick(chance.pick(models).keywords)])],
    delivery: someOf(format.delivery, chance),
    where: reach < 0.3 ? { national: true } : reach < 0.65 ? { las: [area.la] } : { km: chance.between(10, 80) },
    price: mustBeFree || priced < 0.12 ? { free: true } : priced < 0.17 ? 'BESPOKE' : priceOf(format, chance),
    capacity: chance.pick(['AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'LIMITED', 'FULL']),
    evidence: model.evidence,
  };
}

const priceOf = ({ from, to, per }: Format, chance: Chance) => ({ pounds: chance.between(from, to), per, vat: chance.pick(vats) });

/** A few schools under different governing bodies, none of them the provider's own. */
function givers(area: Area, all: KnownSchool[], host: KnownSchool | undefined, chance: Chance): KnownSchool[] {
  const wanted = 2 + Math.floor(4 * chance.next() ** 2);
  const found = new Map<string, KnownSchool>();
  for (let tries = 0; found.size < wanted && tries < 40; tries++) {
    const school = chance.pick(chance.once(4) ? all : area.schools);
    const independent = !host || (school.urn % 2 === 1 && school.governingBody !== host.governingBody);
    if (independent && !school.trustUnknown && ![...found.values()].some((each) => each.head === school.head)) found.set(school.governingBody, school);
  }
  return [...found.values()];
}

function recommendationsOf(schools: KnownSchool[], fate: Fate, listings: number, chance: Chance): RecommendationContent[] {
  const given = fate === 'AWAITING' ? schools.slice(0, chance.between(0, 1)) : fate === 'LAPSED' ? schools.slice(0, 2) : schools;
  return given.map(({ urn }, i) => {
    const [{ done, when }, { changed }] = [chance.pick(outcomes), chance.pick(outcomes)];
    const state = fate === 'LAPSED' && i === 1 ? 'WITHDRAWN' : undefined;
    return { from: urn, state, of: [chance.between(0, listings - 1)], done, when, changed };
  });
}

function sentencesOf({ description }: ListingContent): string[] {
  return description.split(/(?<=[.?!]) /);
}

/** At least one of them, in their own order. */
function someOf<T>(items: readonly T[], chance: Chance): T[] {
  const kept = chance.several(items, chance.between(1, items.length));
  return items.filter((item) => kept.includes(item));
}

const filled = (pattern: string, words: Record<string, string>) => pattern.replace(/\{(\w+)\}/g, (_, word: string) => words[word]!);

function shares<Value extends string>(hundred: Record<Value, number>): Value[] {
  return Object.entries<number>(hundred).flatMap(([value, count]) => Array.from({ length: count }, () => value as Value));
}
