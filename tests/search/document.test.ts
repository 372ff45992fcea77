import type { Database } from '../../src/platform/database/index.js';
import { rebuildDocuments, refreshDocuments, upgradeDocuments, refreshProviders } from '../../src/search/index.js';
import { freshDatabase } from '../support/database.js';
import { aListing, aProvider, beside, clear, prepare, type SchoolFacts, write } from './world.js';

interface Document {
  listing_id: string;
  version: number;
  content: Record<string, unknown>;
}

let db: Database;
const documents = () => db.query<Document>('SELECT * FROM search_document ORDER BY listing_id');
const contentOf = async (id: string) => (await documents()).find((each) => each.listing_id === id)?.content;
const update = (sql: string, ...parameters: unknown[]) => db.query(sql, parameters);

beforeAll(async () => {
  ({ db } = await freshDatabase());
  await prepare(db);
});
beforeEach(() => clear(db));

test('a document is the listing with its provider’s facts', async () => {
  const listing = aListing({
    provider: aProvider({ name: 'Orchard Partners', base: { easting: 460_000, northing: 310_000 } }),
    title: 'Phonics',
    summary: 'Daily',
    description: 'For all',
    keywords: ['reading'],
    categories: ['EARLY_YEARS'],
    ecmOutcomes: ['STAY_SAFE'],
    phases: ['PRIMARY'],
    deliveries: ['ONLINE'],
    priceKind: 'FREE',
  });
  await write(db, { listings: [listing] });
  expect(await contentOf(listing.id)).toEqual({
    title: 'Phonics',
    summary: 'Daily',
    description: 'For all',
    keywords: ['reading'],
    labels: ['Early years', 'Stay safe', 'Primary', 'Online', 'Company', 'Free'],
    providerId: listing.provider.id,
    providerName: 'Orchard Partners',
    categories: ['EARLY_YEARS'],
    ecmOutcomes: ['STAY_SAFE'],
    phases: ['PRIMARY'],
    deliveries: ['ONLINE'],
    kinds: ['COMPANY'],
    assurances: ['RECOMMENDED'],
    free: [true],
    priceBands: ['FREE'],
    hasCapacity: [true],
    schoolUrn: null,
    homeLa: null,
    national: false,
    laCodes: [],
    priceKind: 'FREE',
    pricePence: null,
    priceUnit: null,
    capacity: 'AVAILABLE',
    easting: 460_000,
    northing: 310_000,
    publishedAt: listing.publishedAt.getTime(),
  });
});

describe('the LAs that it covers', () => {
  const base = { easting: 400_000, northing: 300_000 };
  let urn = 100_000;
  const at = (la: string, dx: number, dy: number, status: SchoolFacts['status'] = 'OPEN') => ({ urn: urn++, la, status, easting: base.easting + dx, northing: base.northing + dy });
  const las = ['301', '302', '303', '304', '305'];
  const schools = [at('301', 3000, 4000), at('302', 3000, 4001), at('303', -5000, 0), at('304', 1000, 1000, 'CLOSED'), at('305', 4999, 4999)];
  const coverage = async (facts: Parameters<typeof aListing>[0]) => {
    const listing = aListing({ provider: aProvider({ base }), ...facts });
    await write(db, { las, schools, listings: [listing] });
    return (await contentOf(listing.id))!['laCodes'];
  };

  test('have an open school within the radius, the rim included', async () => {
    expect(await coverage({ radiusKm: 5 })).toEqual(['301', '303']);
  });

  test('or are named, each once', async () => {
    expect(await coverage({ radiusKm: 5, laCodes: ['304', '301'] })).toEqual(['301', '303', '304']);
  });

  test('are the named ones alone where the base is not known', async () => {
    expect(await coverage({ radiusKm: 5, laCodes: ['305'], provider: aProvider({ base: null }) })).toEqual(['305']);
  });

  test('are not listed for the whole country', async () => {
    expect(await coverage({ radiusKm: 5, laCodes: ['305'], national: true })).toEqual([]);
  });

  test('follow the schools at the next rebuild', async () => {
    const listing = aListing({ provider: aProvider({ base }), radiusKm: 5 });
    await write(db, { las, schools, listings: [listing] });
    await update(`UPDATE school SET status = 'CLOSED' WHERE la_code = '301'`);
    await rebuildDocuments(db);
    expect((await contentOf(listing.id))!['laCodes']).toEqual(['303']);
  });
});

describe('versions', () => {
  test('grow with each change, also over a removal, and stay where nothing changed', async () => {
    const provider = aProvider();
    const [listing, other] = [aListing({ provider }), aListing({ provider })];
    await write(db, { listings: [listing, other] });
    const versions = async () => Object.fromEntries((await documents()).map((each) => [each.listing_id, each.version]));
    const first = await versions();
    await write(db, { listings: [{ ...listing, title: 'Changed' }, other] });
    const second = await versions();
    expect(second[other.id]).toBe(first[other.id]);
    expect(second[listing.id]).toBeGreaterThan(first[listing.id]!);
    await write(db, { listings: [{ ...listing, state: 'DRAFT' }] });
    expect(await versions()).toEqual({ [other.id]: first[other.id] });
    await write(db, { listings: [listing] });
    expect((await versions())[listing.id]).toBeGreaterThan(second[listing.id]!);
    const before = await documents();
    await rebuildDocuments(db);
    expect(await documents()).toEqual(before);
  });
});

describe('refreshing', () => {
  test('takes as many statements for one listing as for two hundred', async () => {
    const listings = Array.from({ length: 200 }, (_, i) => aListing({ title: `Listing ${i}`, laCodes: ['301'] }));
    await write(db, { las: ['301'], listings: [...listings.map((each) => ({ ...each, state: 'DRAFT' as const })), ...beside(listings)] });
    const count = async (ids: string[]) => {
      let statements = 0;
      await update(`UPDATE listing SET state = 'PUBLISHED' WHERE id = ANY($1)`, ids);
      db.onStatement = () => statements++;
      await db.transaction((tx) => refreshDocuments(tx, ids));
      db.onStatement = undefined;
      return statements;
    };
    const ids = listings.map(({ id }) => id);
    expect(await count(ids.slice(0, 1))).toBe(3);
    expect(await count(ids)).toBe(3);
    expect(await documents()).toHaveLength(400);
  });

  test('a provider refreshes all its listings', async () => {
    const provider = aProvider();
    await write(db, { listings: [aListing({ provider }), aListing({ provider }), aListing()] });
    await db.transaction(async (tx) => {
      await tx.query(`UPDATE provider SET state = 'LAPSED' WHERE id = $1`, [provider.id]);
      await refreshProviders(tx, [provider.id]);
    });
    expect(await documents()).toHaveLength(1);
  });

  test('listings that are not there is nothing', async () => {
    await db.transaction((tx) => refreshDocuments(tx, ['00000000-0000-7000-8000-000000000000']));
    await db.transaction((tx) => refreshDocuments(tx, []));
    expect(await documents()).toEqual([]);
  });

  test('a listing that goes takes everything along', async () => {
    await write(db, { listings: [aListing()] });
    await update(`UPDATE provider SET state = 'LAPSED'`);
    expect(await documents()).toHaveLength(1);
    await update('DELETE FROM listing');
    expect([await documents(), await db.query('SELECT FROM search_entry')]).toEqual([[], []]);
  });
});

describe('several at once', () => {
  test('writers of the same words in many listings all come through', async () => {
    const words = Array.from({ length: 60 }, (_, i) => `word${i}`);
    const listings = Array.from({ length: 24 }, (_, i) => aListing({ description: [...words.slice(i), ...words.slice(0, i)].join(' '), state: 'DRAFT' }));
    await write(db, { listings: [...listings, ...beside(listings)] });
    await Promise.all(
      Array.from({ length: 8 }, (_, writer) =>
        db.transaction(async (tx) => {
          for (const { id } of listings.filter((_, i) => i % 8 === writer)) {
            await tx.query(`UPDATE listing SET state = 'PUBLISHED' WHERE id = $1`, [id]);
            await refreshDocuments(tx, [id]);
          }
        }),
      ),
    );
    expect(await documents()).toHaveLength(48);
  });

  test('a rebuild brings nothing back that is hidden meanwhile', async () => {
    const listings = Array.from({ length: 40 }, (_, i) => aListing({ title: `Listing ${i}` }));
    const others = beside(listings);
    await write(db, { listings: [...listings, ...others] });
    const hide = (id: string) =>
      db.transaction(async (tx) => {
        // As every writer does: the provider first.
        await tx.query('SELECT FROM provider WHERE id = (SELECT provider_id FROM listing WHERE id = $1) FOR NO KEY UPDATE', [id]);
        await tx.query(`UPDATE listing SET state = 'DRAFT' WHERE id = $1`, [id]);
        await refreshDocuments(tx, [id]);
      });
    await update(`UPDATE listing SET summary = 'Everything is different now'`);
    await Promise.all([rebuildDocuments(db), ...listings.slice(0, 20).map(({ id }) => hide(id)), rebuildDocuments(db)]);
    const left = await documents();
    expect(left.map((each) => each.listing_id)).toEqual([...listings.slice(20), ...others].map(({ id }) => id).sort());
    expect(new Set(left.map((each) => each.content['summary']))).toEqual(new Set(['Everything is different now']));
  });
});

test('documents of an older version of the product are made anew, once', async () => {
  const listing = aListing({ title: 'Coaching', provider: aProvider({ base: { easting: 400_000, northing: 300_000 } }) });
  await write(db, { listings: [listing] });
  await update(`UPDATE search_entry SET place = NULL, terms = '{}'`);
  await update(`UPDATE search_document SET content = '{}'`);
  await update(`UPDATE setting SET value = '["older"]' WHERE name = 'search-documents'`);
  await upgradeDocuments(db);
  expect((await contentOf(listing.id))!['title']).toBe('Coaching');
  const entry = async () => (await db.query<{ easting: number; terms: string[]; xmin: string }>(`SELECT place[0] AS easting, terms, xmin FROM search_entry WHERE listing_id = $1`, [listing.id]))[0]!;
  const made = await entry();
  expect(made).toMatchObject({ easting: 400_000, terms: expect.arrayContaining(['hasCapacity:true']) });
  await upgradeDocuments(db);
  expect(await entry()).toEqual(made);
});
