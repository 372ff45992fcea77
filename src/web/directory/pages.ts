import { isId } from '../../platform/id.js';
import { notFound } from '../errors.js';
import { first } from '../forms.js';
import type { Pages, Visit } from '../site.js';
import { addressOf, type Choices, type Group, groups, readChoices, searchInput, withoutChoice } from './choices.js';

const PER_PAGE = 10;

interface FacetValue {
  value: string;
  label: string;
  count: number;
  chosen: boolean;
  /** Local authorities: whether whoever asks has a role there. */
  own?: boolean;
}

interface SearchData {
  search: {
    nodes: unknown[];
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    facets: { group: string; values: FacetValue[] }[];
    degraded: string | null;
  };
}

interface ListingData {
  listing: { availableActions?: { action: string; allowed: boolean; message: string | null }[] };
}

/** The directory: search and a listing. */
export function directoryPages(pages: Pages): void {
  pages.get('/', async (visit) => {
    const choices = readChoices(visit.request.query);
    const { search } = await visit.query<SearchData>('directory/search', { input: searchInput(choices), first: PER_PAGE, after: choices.after });
    const { hasNextPage, endCursor } = search.pageInfo;
    const ownLas = visit.actor.memberships.flatMap((each) => each.laCode ?? []);
    const facets = groups.map((group) => facetOf(group, choices, search, ownLas)).filter((facet) => facet.values.length > 0);
    return {
      view: 'directory/search',
      data: {
        search,
        query: choices.words,
        facets,
        tags: facets.flatMap(({ param, values }) => chosen(values).map(({ label, value }) => ({ label, remove: withoutChoice(choices, param, value) }))),
        clear: addressOf({ words: choices.words, chosen: {} }),
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
