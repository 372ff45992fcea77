import { isId } from '../../platform/id.js';
import { load } from '../../platform/request.js';
import { findSchools, postcodeOf, schoolByUrn } from '../../schools/index.js';
import { notFound, PageError } from '../errors.js';
import { first, invalid, newForm, refused } from '../forms.js';
import type { Pages, Visit } from '../site.js';
import { addressOf, type Choices, distances, type Group, groups, isUrn, nowhere, orders, readChoices, searchInput, withoutChoice } from './choices.js';

const PER_PAGE = 10;
const MOST_SCHOOLS = 100;
const POSTCODE_DISTRICT = /^[a-z]{1,2}\d[a-z\d]?$/i;

interface FacetValue {
  value: string;
  label: string;
  count: number;
  chosen: boolean;
  /** Local authorities: whether whoever asks has a role there. */
  own?: boolean;
}

interface Looser {
  without: string;
  also: string[];
  word: string | null;
  label: string;
  count: number;
}

interface SearchData {
  search: {
    nodes: unknown[];
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    facets: { group: string; values: FacetValue[] }[];
    looser: Looser[];
    awaiting: number | null;
    partly: boolean;
    degraded: string | null;
  };
}

interface ListingData {
  listing: { availableActions?: { action: string; allowed: boolean; message: string | null }[] };
}

/** The directory: search and a listing. */
export function directoryPages(pages: Pages): void {
  pages.get('/', async (visit) => {
    const { choices, search, wrongPlace, wordless } = await find(visit);
    const schools = await ownSchools(visit);
    const { hasNextPage, endCursor } = search.pageInfo;
    const ownLas = visit.actor.memberships.flatMap((each) => each.laCode ?? []);
    const facets = groups.map((group) => facetOf(group, choices, search, ownLas)).filter((facet) => facet.values.length > 0);
    const looser = search.looser.map((each) => ({ ...each, label: each.label.replace(/ook beyond [\d.]+ km/, `ook further than ${choices.place.within} miles`), address: looserAddress(choices, each) }));
    return {
      view: 'directory/search',
      status: 200,
      data: {
        search,
        query: choices.words,
        wordless,
        place: choices.place,
        form: wrongPlace ? refused({ near: wrongPlace }, noSuchPlace(wrongPlace), visit.request) : newForm(),
        schools,
        aroundSchool: await schoolName(visit, choices.place.near),
        distances,
        orders,
        looser,
        offered: looser.map(({ address }) => address),
        facets,
        tags: facets.flatMap(({ param, values }) => chosen(values).map(({ label, value }) => ({ label, remove: withoutChoice(choices, param, value) }))),
        clear: addressOf({ words: choices.words, chosen: {}, place: choices.place }),
        withoutWords: addressOf({ ...choices, words: '' }),
        from: choices.before + 1,
        to: choices.before + search.nodes.length,
        first: choices.after ? addressOf(choices) : null,
        next: hasNextPage ? addressOf(choices, { after: endCursor!, before: String(choices.before + search.nodes.length) }) : null,
      },
    };
  });

  pages.get('/listings/:id', async (visit) => {
    const { listing } = await readListing<ListingData>(visit, 'directory/listing');
    const actions = listing.availableActions ?? [];
    const publish = actions.find((each) => each.action === 'publish');
    const own = actions.some((each) => each.allowed);
    const whyNotPublish = own && !publish?.allowed ? publish?.message : null;
    return { view: 'directory/listing', data: { listing, own, whyNotPublish, done: first(visit.request.query['done']) } };
  });
}

interface Found {
  choices: Choices;
  search: SearchData['search'];
  /** A place that nobody knows: the search went without one. */
  wrongPlace: string | null;
  /** What was typed for words and has none in it, so that nothing was looked for. */
  wordless: string | null;
}

/** The search that the address asks for, as far as it can be made. */
async function find(visit: Visit): Promise<Found> {
  const typed = readChoices(visit.request.query);
  const wordless = typed.words !== '' && !/[\p{L}\p{N}]/u.test(typed.words) ? typed.words : null;
  const choices = await placed(visit, wordless ? { ...typed, words: '' } : typed);
  const ask = async (each: Choices) => (await visit.query<SearchData>('directory/search', { input: searchInput(each), first: PER_PAGE, after: each.after, near: each.place.near !== '' })).search;
  try {
    return { choices, search: await ask(choices), wrongPlace: null, wordless };
  } catch (error) {
    if (!choices.place.near || !(error instanceof PageError) || error.status !== 404) throw error;
    const without = { ...choices, place: nowhere, after: null, before: 0 };
    return { choices: without, search: await ask(without), wrongPlace: choices.place.near, wordless };
  }
}

const noSuchPlace = (near: string) => invalid({ near: `We do not know where “${near}” is. Type a postcode, its first half, or a school.` });

/** A school that is typed by its name becomes its URN. */
async function placed(visit: Visit, choices: Choices): Promise<Choices> {
  const { near } = choices.place;
  if (near === '' || isUrn(near) || postcodeOf(near) || POSTCODE_DISTRICT.test(near)) return choices;
  const { nodes } = await findSchools(visit.context.db, { text: near, first: 1 });
  return nodes[0] ? { ...choices, place: { ...choices.place, near: String(nodes[0].urn) } } : choices;
}

async function schoolName(visit: Visit, near: string): Promise<string | null> {
  return isUrn(near) ? ((await load(visit.context, schoolByUrn, Number(near)))?.name ?? null) : null;
}

/** The schools that the person has a role in or visits, to start from. */
async function ownSchools(visit: Visit): Promise<{ urn: number; name: string }[]> {
  const { memberships, sipSchools, trustSchools } = visit.actor;
  const urns = [...new Set([...memberships.flatMap((each) => each.schoolUrn ?? []), ...sipSchools, ...trustSchools])];
  if (urns.length === 0) return [];
  const found = await Promise.all(urns.slice(0, MOST_SCHOOLS).map((urn) => load(visit.context, schoolByUrn, urn)));
  return found.flatMap((school) => (school ? [{ urn: school.urn, name: school.name }] : [])).sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** The page that a looser search leads to. */
const looserAddress = (choices: Choices, { without, also, word }: Looser): string => addressOf([without, ...also].reduce((left, field) => withoutField(left, field, word), choices));

function withoutField(choices: Choices, field: string, word: string | null): Choices {
  const group = groups.find((each) => each.group === field);
  if (group) return { ...choices, chosen: { ...choices.chosen, [group.param]: [] } };
  if (field === 'withinKm') return { ...choices, place: { ...choices.place, within: '' } };
  if (field === 'notFromSchoolsWithinKm') return { ...choices, place: { ...choices.place, apart: '' } };
  return { ...choices, words: word === null ? '' : choices.words.split(/\s+/).filter((each) => each !== word).join(' ') };
}

/** A listing by the id in the address, with what else the operation asks for. @throws PageError 404 */
export async function readListing<Data extends { listing: object }>(visit: Visit, operation: string): Promise<Data> {
  const id = visit.param('id');
  const data = isId(id) ? await visit.query<Data & { listing: Data['listing'] | null }>(operation, { id, signedIn: visit.signedIn }) : null;
  if (!data?.listing) throw notFound('listing');
  return data;
}

/** A group with the counts beside its values; a value without a hit is left out unless it is chosen. */
function facetOf(group: Group, choices: Choices, { facets }: SearchData['search'], ownLas: string[]) {
  const picked = choices.chosen[group.param]!;
  const counted = facets.find((each) => each.group === group.group)?.values ?? [];
  const countOf = (value: string) => counted.find((each) => each.value === value)?.count ?? 0;
  const values: FacetValue[] = group.labels
    ? Object.entries(group.labels).map(([value, label]) => ({ value, label, count: countOf(value), chosen: picked.includes(value) }))
    : byName(counted.map((each) => ({ ...each, own: ownLas.includes(each.value) })));
  return { ...group, values: values.filter((each) => each.count > 0 || each.chosen), open: picked.length > 0 };
}

const chosen = (values: FacetValue[]) => values.filter((each) => each.chosen);

/** By name, whose area it is first. */
const byName = (values: FacetValue[]) => values.sort((a, b) => Number(b.own) - Number(a.own) || a.label.localeCompare(b.label, 'en'));
