import { newId } from '../../platform/id.js';
import { missingFromListing } from '../listing.process.js';
import { NEW_LISTING, NEW_PROVIDER, type ProviderColumns, type Stored, type StoredListing, type StoredProvider } from './stored.js';
import { groupBy, type ListingColumns, type WantedListing, type WantedProvider } from './wanted.js';

export interface PlannedProvider extends ProviderColumns {
  id: string;
  import_key: string;
}

export interface PlannedListing extends ListingColumns {
  id: string;
  provider_id: string;
  import_key: string;
  /** What publishing it still needs, in words that go on after `needs`. */
  missing: string[];
  line: number;
}

/** What is to be written of one provider of the spreadsheet. */
export interface ProviderPlan {
  before: StoredProvider | null;
  provider: PlannedProvider;
  added: PlannedListing[];
  changed: PlannedListing[];
  /** Of the changed ones: the drafts that are complete from now on. */
  completed: PlannedListing[];
  unchanged: number;
  /** Of all listings of the spreadsheet: those that are drafts afterwards, since they lack something. */
  drafts: PlannedListing[];
  /** Titles of listings of an earlier import that the spreadsheet no longer has. */
  gone: string[];
}

/** Compares what the spreadsheet has of a provider with what is stored of it. Pure but for new ids. */
export function planProvider(wanted: WantedProvider, stored: Stored): ProviderPlan {
  const before = stored.providers.get(wanted.key) ?? null;
  const id = before?.id ?? newId();
  const known: Omit<ProviderColumns, 'name'> = before ?? NEW_PROVIDER;
  const provider: PlannedProvider = {
    ...known,
    ...given(wanted.said),
    assuring_la: known.assuring_la ?? wanted.said.assuring_la ?? null, // an LA that may have checked it already is not exchanged
    id,
    import_key: wanted.key,
  };
  const plan: ProviderPlan = { before, provider, added: [], changed: [], completed: [], unchanged: 0, drafts: [], gone: [] };

  const own = stored.listings.get(id) ?? [];
  const [wantedOf, ownOf] = [groupBy(wanted.listings, ({ base }) => base), groupBy(own, ({ import_key }) => import_key.split('|')[1]!)];
  const pairs = new Map([...wantedOf].flatMap(([base, some]) => pair(wanted.key, some, ownOf.get(base) ?? [])));
  for (const listing of wanted.listings) {
    const known = pairs.get(listing);
    const importKey = importKeyOf(wanted.key, listing);
    const row = { ...(known ?? NEW_LISTING), ...(known ? placesFor(known, listing) : listing.otherwise), ...listing.said };
    const planned = { ...row, id: known?.id ?? newId(), provider_id: id, import_key: importKey, missing: missingFrom(row), line: listing.line };
    if ((!known || known.state === 'DRAFT') && planned.missing.length > 0) plan.drafts.push(planned);
    if (!known) plan.added.push(planned);
    else if (known.state === 'REMOVED' || same(known, { ...placesFor(known, listing), ...listing.said, import_key: importKey })) plan.unchanged++;
    else {
      plan.changed.push(planned);
      if (known.state === 'DRAFT' && planned.missing.length === 0) plan.completed.push(planned);
    }
  }
  const paired = new Set(pairs.values());
  plan.gone = own.filter((listing) => listing.state !== 'REMOVED' && !paired.has(listing)).map(({ title }) => title);
  return plan;
}

export const profileDiffers = ({ before, provider }: ProviderPlan): boolean => before !== null && !same(before, provider);
export const differs = (plan: ProviderPlan): boolean => profileDiffers(plan) || plan.added.length > 0 || plan.changed.length > 0;

/** Provider, base and subjects; the bar is in none of them. */
const importKeyOf = (provider: string, { base, subjects }: WantedListing) => [provider, base, subjects.join(',')].join('|');

/**
 * Which stored listing of one base each wanted one of it is: the one with the most subjects in common, so that a listing
 * stays the same one, with its recommendations, when a subject is added or is no longer offered everywhere.
 */
function pair(provider: string, wanted: readonly WantedListing[], stored: readonly StoredListing[]): [WantedListing, StoredListing][] {
  const candidates = wanted.flatMap((listing) =>
    stored.flatMap((known) => {
      const alike = known.import_key === importKeyOf(provider, listing) ? 1 : likeness(listing.subjects, known.import_key.split('|')[2]!.split(','));
      return alike > 0 ? [{ listing, known, alike }] : [];
    }),
  );
  const pairs = new Map<WantedListing, StoredListing>();
  const taken = new Set<StoredListing>();
  for (const { listing, known } of candidates.sort((a, b) => b.alike - a.alike)) {
    if (pairs.has(listing) || taken.has(known)) continue;
    pairs.set(listing, known);
    taken.add(known);
  }
  return [...pairs];
}

/** The part of all subjects of both that they have in common, from 0 to 1. */
function likeness(one: readonly string[], other: readonly string[]): number {
  return one.filter((subject) => other.includes(subject)).length / new Set([...one, ...other]).size;
}

/** Where places of a listing could not be read it stays where it was; only one that was nowhere takes those that could. */
const placesFor = ({ national, la_codes }: ListingColumns, { otherwise }: WantedListing): Partial<ListingColumns> =>
  national || la_codes.length > 0 || otherwise.national === undefined ? {} : { national: otherwise.national, la_codes: otherwise.la_codes };

const missingFrom = (row: ListingColumns) =>
  missingFromListing({
    summary: row.summary !== '',
    category: row.categories.length > 0,
    phase: row.phases.length > 0,
    delivery: row.delivery.length > 0,
    place: row.national || row.la_codes.length > 0,
    based: true,
  });

const same = (before: object, after: object) =>
  Object.entries(after).every(([column, value]) => JSON.stringify((before as Record<string, unknown>)[column]) === JSON.stringify(value));

/** Without what is not said. */
const given = <T extends object>(said: T) => Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as T;
