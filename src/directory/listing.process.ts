import { worksForProvider } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';
import { NotAllowed, NotAllowedInThisState, type Problem } from '../platform/problem.js';
import type { Facts, ProcessDefinition } from '../platform/process/index.js';
import { beyondArea, inWords, ProfileIncomplete } from './provider.process.js';
import type { Assurance, ListingState, ProviderState } from './vocabulary.js';

export interface ListingFacts extends Facts<ListingState> {
  providerId: string;
  providerName: string;
  providerState: ProviderState;
  assurance: Assurance;
  free: boolean;
  /** A council’s own, and it reaches beyond the area of its local authority. */
  beyondArea: boolean;
  /** What the listing still lacks, in words that go on after `Add`. */
  missing: string[];
}

function mayPublish(facts: ListingFacts): Problem | null {
  if (facts.missing.length > 0) return new ProfileIncomplete(`Before this listing can be published, add ${inWords(facts.missing)}.`);
  return isFree(facts) ?? inItsArea(facts);
}

/** What is listed without recommendations is free to schools; what charges needs recommendations like every provider. */
export function isFree({ assurance, free }: Pick<ListingFacts, 'assurance' | 'free'>): Problem | null {
  if (free || assurance === 'RECOMMENDED') return null;
  return assurance === 'COUNCIL'
    ? new NotAllowed('A council’s own services are listed without recommendations only while they are free. Register what you charge for as a provider of its own.')
    : new NotAllowed('A national programme is listed without recommendations only while all that it offers is free to schools.');
}

/** Its officers speak for their own area, and so does the service. */
export const inItsArea = ({ beyondArea: beyond }: Pick<ListingFacts, 'beyondArea'>): Problem | null =>
  beyond ? new NotAllowed('A council’s own service is for the area of its local authority alone. Name that local authority, and no distance.') : null;

const inDirectory = (facts: ListingFacts): Problem | null =>
  facts.providerState === 'WITHDRAWN' ? new NotAllowedInThisState('The provider has left the directory.') : null;

export const listingProcess: ProcessDefinition<ListingState, ListingFacts> = {
  name: 'Listing',
  says: 'One thing that a provider offers. Schools find it while it is published and its provider listed.',
  table: 'listing',
  states: {
    DRAFT: { says: 'it is being written', why: 'The listing has not been published yet.' },
    PUBLISHED: { says: 'it can be found while its provider is listed', why: 'The listing is published already.' },
    REMOVED: { says: 'the provider has removed it', end: true, why: 'The listing has been removed.' },
  },
  who: {
    editor: {
      says: 'an administrator or editor of the provider',
      party: (facts, actor) => (worksForProvider(actor, facts.providerId) ? { kind: 'PROVIDER', id: facts.providerId, name: facts.providerName } : null),
    },
  },
  transitions: {
    create: { from: [null], to: 'DRAFT', by: ['editor'], label: 'Add a listing', says: 'A listing is begun.', guard: inDirectory },
    import: {
      from: [null, 'DRAFT'],
      to: 'PUBLISHED',
      by: [],
      label: 'Import',
      says: 'It is brought in from a spreadsheet, complete; or a later spreadsheet completes what an earlier one began.',
      guard: (facts) => inDirectory(facts) ?? mayPublish(facts),
    },
    importUnfinished: { from: [null], to: 'DRAFT', by: [], label: 'Import', says: 'It is brought in from a spreadsheet that leaves out something a school asks for.', guard: inDirectory },
    publish: {
      from: ['DRAFT'],
      to: 'PUBLISHED',
      by: ['editor'],
      label: 'Publish the listing',
      says: 'It says all that a school asks before it picks up the phone.',
      guard: (facts) => inDirectory(facts) ?? mayPublish(facts),
    },
    unpublish: { from: ['PUBLISHED'], to: 'DRAFT', by: ['editor'], label: 'Take the listing down', says: 'It can be published again.' },
    remove: { from: ['DRAFT', 'PUBLISHED'], to: 'REMOVED', by: ['editor'], label: 'Remove the listing', says: 'It is gone from the directory for good.' },
  },
  // The provider is the aggregate root: whether a listing can be found depends on both.
  lock: 'SELECT id FROM provider WHERE id = (SELECT provider_id FROM listing WHERE id = $1) FOR NO KEY UPDATE',
  facts: listingFacts,
};

/** What a published listing has to have. */
interface Contents {
  summary: boolean;
  category: boolean;
  phase: boolean;
  delivery: boolean;
  place: boolean;
  /** A base to which a distance, if there is one, can refer. */
  based: boolean;
}

/** What a listing still lacks, in words that go on after `Add`. */
export function missingFromListing({ summary, category, phase, delivery, place, based }: Contents): string[] {
  const needed: [boolean, string][] = [
    [summary, 'a summary'],
    [category, 'at least one category'],
    [phase, 'at least one phase'],
    [delivery, 'how it is delivered'],
    [place, 'where you offer it'],
    [based, 'your base’s postcode to the profile, since the listing says how far from it you go'],
  ];
  return needed.filter(([there]) => !there).map(([, what]) => what);
}

async function listingFacts(db: Queryable, ids: readonly string[]): Promise<ListingFacts[]> {
  const rows = await db.query<Omit<ListingFacts, 'missing'> & Contents>(
    `SELECT l.id, l.state, l.provider_id AS "providerId", p.name AS "providerName", p.state AS "providerState", p.assurance, l.price_kind = 'FREE' AS free, ${beyondArea('l', 'p')} AS "beyondArea",
            l.summary <> '' AS summary, l.categories <> '{}' AS category, l.phases <> '{}' AS phase, l.delivery <> '{}' AS delivery,
            l.national OR l.la_codes <> '{}' OR l.radius_km IS NOT NULL AS place, l.radius_km IS NULL OR p.base_easting IS NOT NULL AS based
     FROM listing l JOIN provider p ON p.id = l.provider_id WHERE l.id = ANY($1)`,
    [ids],
  );
  return rows.map(({ summary, category, phase, delivery, place, based, ...row }) => ({
    ...row,
    missing: missingFromListing({ summary, category, phase, delivery, place, based }),
  }));
}
