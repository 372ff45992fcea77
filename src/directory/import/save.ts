import { system } from '../../platform/actor.js';
import type { UnitOfWork } from '../../platform/database/index.js';
import { advanceAll } from '../../platform/process/index.js';
import { knownNames } from '../alike.js';
import { beforeChange, keepChanges } from '../changes/field-changes.js';
import { keepObstacles } from '../interests/index.js';
import { type ListingFacts, listingProcess } from '../listing.process.js';
import { baseAt, newFacts } from '../provider.entry.js';
import { inWords, providerProcess } from '../provider.process.js';
import type { OnListingsChanged } from '../provider.service.js';
import { differs, type PlannedListing, planProvider, profileDiffers, type ProviderPlan } from './plan.js';
import { LISTING_COLUMNS, PROVIDER_COLUMNS, readStored, type Stored } from './stored.js';
import type { ProvidersImportSummary } from './summary.js';
import { keepVouched } from '../vouched/keep.js';
import type { WantedProvider } from './wanted.js';

type Saved = Pick<ProvidersImportSummary, 'providers' | 'listings' | 'unfinished' | 'left' | 'gone' | 'names'>;
/** A listing to be written, with the plan of its provider. */
type Writing = { plan: ProviderPlan; listing: PlannedListing };

/** Told once of all providers concerned. */
export type OnContacts = (tx: UnitOfWork, providerIds: readonly string[]) => Promise<void>;

interface Told {
  onListingsChanged: OnListingsChanged;
  onContactsChanged?: OnContacts;
  onContactsNamed?: OnContacts;
}

/**
 * Writes the difference between a spreadsheet and what is stored. The number of statements does not grow with it, but
 * for one that looks up each new postcode.
 */
export async function save(tx: UnitOfWork, wanted: readonly WantedProvider[], { onListingsChanged, onContactsChanged, onContactsNamed }: Told): Promise<Saved> {
  const stored = await readStored(tx, wanted.map(({ key }) => key));
  const left: Saved['left'] = [];
  const plans: ProviderPlan[] = [];
  for (const each of wanted) {
    const plan = planProvider(each, stored);
    const reason = whyLeft(each, plan, stored);
    if (reason) left.push({ line: each.line, provider: plan.before?.name ?? each.said.name, reason });
    else plans.push(plan);
  }
  for (const plan of plans) await findBase(tx, plan);

  const added = plans.filter(({ before }) => !before);
  const changed = plans.filter(profileDiffers);
  const newListings = plans.flatMap((plan) => plan.added.map((listing) => ({ plan, listing })));
  const changedListings = plans.flatMap((plan) => plan.changed);
  const profiles = await beforeChange(tx, 'Provider', changed.map(({ provider }) => provider.id));
  const offers = await beforeChange(tx, 'Listing', changedListings.map(({ id }) => id));
  await addProviders(tx, added);
  await changeProviders(tx, changed);
  await judgeNames(tx, [...added, ...changed.filter(({ before, provider }) => before!.name !== provider.name)]);
  await addListings(tx, newListings);
  await changeListings(tx, changedListings);
  await publishCompleted(tx, plans.flatMap((plan) => plan.completed.map((listing) => ({ plan, listing }))));
  const otherContact = changed.filter(({ before, provider }) => before!.contact_email !== provider.contact_email);
  if (otherContact.length > 0) await onContactsChanged?.(tx, otherContact.map(({ provider }) => provider.id));
  const naming = [...added, ...otherContact].filter(({ provider }) => provider.contact_email !== null);
  await onContactsNamed?.(tx, naming.map(({ provider }) => provider.id));
  await keepChanges(tx, profiles, system);
  await keepChanges(tx, offers, system);
  await keepVouched(tx, changedListings.map(({ id }) => id));
  await keepObstacles(tx, [...new Set(plans.filter((plan) => differs(plan)).map(({ provider }) => provider.id))]);
  await tell(tx, onListingsChanged, changed, [...newListings.map(({ listing }) => listing), ...changedListings]);

  return {
    providers: { added: added.length, changed: changed.length, unchanged: plans.length - added.length - changed.length, left: left.length },
    listings: { added: newListings.length, changed: changedListings.length, unchanged: plans.reduce((sum, { unchanged }) => sum + unchanged, 0) },
    unfinished: plans.flatMap(({ provider: { name }, drafts }) =>
      drafts.map(({ line, title, missing }) => ({ line, provider: name, title, lacks: inWords(missing) })),
    ),
    left,
    names: { added: added.map(({ provider }) => provider.name), changed: plans.filter((plan) => plan.before && differs(plan)).map(({ provider }) => provider.name) },
    gone: plans.flatMap(({ provider, gone }) => gone.map((title) => ({ provider: provider.name, title }))),
  };
}

/** Why nothing of a provider is written, although the spreadsheet says something new; null to go on. */
function whyLeft({ key }: WantedProvider, plan: ProviderPlan, { others }: Stored): string | null {
  if (!plan.before) return others.has(key) ? 'is in the directory already and did not come from a spreadsheet' : null;
  if (plan.before.state === 'WITHDRAWN') return 'has left the directory';
  // What its own people have made of it, or left as it was, is theirs: a new listing would be public under their name.
  const theirs = plan.before.own_people || plan.before.state !== 'AWAITING_RECOMMENDATIONS';
  return theirs && differs(plan) ? 'differs, but has people of its own who keep its entry' : null;
}

async function findBase(tx: UnitOfWork, { before, provider }: ProviderPlan): Promise<void> {
  if (provider.base_postcode === null || (provider.base_postcode === before?.base_postcode && provider.base_easting !== null)) return;
  const { baseEasting, baseNorthing } = await baseAt(tx, provider.base_postcode);
  provider.base_easting = baseEasting;
  provider.base_northing = baseNorthing;
}

function addProviders(tx: UnitOfWork, plans: readonly ProviderPlan[]): Promise<void> {
  const facts = plans.map(({ provider }) => newFacts(provider.id, provider, 'RECOMMENDED'));
  return advanceAll(tx, providerProcess, 'import', null, facts, async (state) => {
    await tx.query(
      `INSERT INTO provider (id, import_key, ${PROVIDER_COLUMNS.join(', ')}, assurance, state, created_at, updated_at)
       SELECT id, import_key, ${PROVIDER_COLUMNS.join(', ')}, 'RECOMMENDED', $2, $3, $3 FROM jsonb_populate_recordset(NULL::provider, $1)`,
      [JSON.stringify(plans.map(({ provider }) => provider)), state, tx.now],
    );
  });
}

/** An imported name that is like another waits for an officer as a typed one does, also where both are of one spreadsheet. */
async function judgeNames(tx: UnitOfWork, plans: readonly ProviderPlan[]): Promise<void> {
  if (plans.length === 0) return;
  const known = await knownNames(tx);
  const judged = plans.map(({ provider }) => ({ id: provider.id, like: known.like({ ...provider, assurance: 'RECOMMENDED' }) }));
  await tx.query(
    `UPDATE provider SET alike_names = ARRAY(SELECT jsonb_array_elements_text(said.like)) FROM jsonb_to_recordset($1) AS said (id uuid, "like" jsonb)
     WHERE provider.id = said.id`,
    [JSON.stringify(judged)],
  );
}

async function addListings(tx: UnitOfWork, listings: readonly Writing[]): Promise<void> {
  const insert = (some: readonly Writing[]) => async (state: string) => {
    await tx.query(
      `INSERT INTO listing (id, provider_id, import_key, ${LISTING_COLUMNS.join(', ')}, state, created_at, updated_at, published_at)
       SELECT id, provider_id, import_key, ${LISTING_COLUMNS.join(', ')}, $2, $3, $3, CASE WHEN $2 = 'PUBLISHED' THEN $3::timestamptz END
       FROM jsonb_populate_recordset(NULL::listing, $1)`,
      [JSON.stringify(some.map(({ listing }) => listing)), state, tx.now],
    );
  };
  const complete = listings.filter(({ listing }) => listing.missing.length === 0);
  const unfinished = listings.filter(({ listing }) => listing.missing.length > 0);
  await advanceAll(tx, listingProcess, 'import', null, complete.map(factsOf), insert(complete));
  await advanceAll(tx, listingProcess, 'importUnfinished', null, unfinished.map(factsOf), insert(unfinished));
}

async function changeProviders(tx: UnitOfWork, plans: readonly ProviderPlan[]): Promise<void> {
  if (plans.length === 0) return;
  await tx.query(update('provider', PROVIDER_COLUMNS), [JSON.stringify(plans.map(({ provider }) => provider)), tx.now]);
}

async function changeListings(tx: UnitOfWork, listings: readonly PlannedListing[]): Promise<void> {
  if (listings.length === 0) return;
  await tx.query(update('listing', ['import_key', ...LISTING_COLUMNS]), [JSON.stringify(listings), tx.now]);
}

function publishCompleted(tx: UnitOfWork, listings: readonly Writing[]): Promise<void> {
  return advanceAll(tx, listingProcess, 'import', 'DRAFT', listings.map(factsOf), async (state) => {
    const ids = listings.map(({ listing }) => listing.id);
    await tx.query(`UPDATE listing SET state = $2, published_at = $3 WHERE id = ANY($1) AND state = 'DRAFT'`, [ids, state, tx.now]);
  });
}

/** A provider's name and base are part of what is found of each of its listings. */
async function tell(
  tx: UnitOfWork,
  onListingsChanged: OnListingsChanged,
  changed: readonly ProviderPlan[],
  listings: readonly PlannedListing[],
): Promise<void> {
  const ids = new Set(listings.map(({ id }) => id));
  if (changed.length > 0) {
    const theirs = await tx.query<{ id: string }>('SELECT id FROM listing WHERE provider_id = ANY($1)', [changed.map(({ provider }) => provider.id)]);
    for (const { id } of theirs) ids.add(id);
  }
  if (ids.size > 0) await onListingsChanged(tx, [...ids]);
}

const update = (table: string, columns: readonly string[]) => `
  UPDATE ${table} SET ${columns.map((column) => `${column} = said.${column}`).join(', ')}, version = ${table}.version + 1, updated_at = $2
  FROM jsonb_populate_recordset(NULL::${table}, $1) AS said WHERE said.id = ${table}.id`;

function factsOf({ plan: { provider, before }, listing }: Writing): ListingFacts {
  return {
    id: listing.id,
    state: 'DRAFT',
    providerId: provider.id,
    providerName: provider.name,
    providerState: before?.state ?? 'AWAITING_RECOMMENDATIONS',
    assurance: 'RECOMMENDED',
    beyondArea: false,
    free: listing.price_kind === 'FREE',
    missing: listing.missing,
  };
}
