import fc from 'fast-check';
import { demoLoaded, type DemoOptions, demoPeople, demoSize, loadDemo } from '../../src/demo/index.js';
import { roles } from '../../src/platform/actor.js';
import { OperatorError } from '../../src/platform/config.js';
import { checkDeferred } from '../../src/platform/bulk.js';
import type { Queryable } from '../../src/platform/database/index.js';
import { type Place, placeOf } from '../../src/schools/index.js';
import * as vocabulary from '../../src/directory/index.js';
import { freshDatabase } from '../support/database.js';
import { runs } from '../support/runs.js';
import { breaches } from './rules.js';

const now = new Date('2026-09-07T09:00:00Z');
const tables = [
  'local_authority', 'trust', 'federation', 'school', 'school_link', 'school_successor', 'partnership', 'partnership_school', 'person', 'membership', 'sip_assignment',
  'provider', 'provider_check', 'listing', 'recommendation', 'recommendation_listing', 'history',
];
/** What the product's services write in telling the stories: they give ids that are never the same. */
const storyTables = [
  'visit', 'agenda_point', 'shortlist', 'shortlist_item', 'referral', 'suggestion_request', 'suggestion', 'interest', 'request', 'request_person', 'request_school', 'invitation', 'question',
  'proposal', 'buying_record', 'engagement', 'engagement_objective', 'engagement_action', 'engagement_evidence', 'engagement_review', 'engagement_visitor', 'concern', 'rating',
  'rating_answer', 'evidence', 'listing_evidence', 'unmet_need', 'notice', 'term_date', 'purchase_limit', 'school_plan', 'sign_off_stand_in',
];
const ofDirectory = `WHERE process IN ('Provider', 'Listing', 'Recommendation')`;

/** One hash for each table, over all of its rows but the histories of stories. */
async function hashes(db: Queryable): Promise<Record<string, string>> {
  const [row] = await db.query<Record<string, string>>(
    `SELECT ${tables.map((table) => `(SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM ${table} t ${table === 'history' ? ofDirectory : ''}) AS ${table}`).join(', ')}`,
  );
  return row!;
}

async function values(db: Queryable, sql: string): Promise<string[]> {
  return (await db.query<{ value: string }>(`SELECT DISTINCT value FROM (${sql}) AS found (value) WHERE value IS NOT NULL`)).map((row) => row.value).sort();
}

const keys = (words: object) => Object.keys(words).sort();
type Db = Awaited<ReturnType<typeof freshDatabase>>['db'];

/** Makes a world, looks at it inside its transaction, and leaves nothing behind. */
async function lookAt<T>(db: Db, options: DemoOptions, look: (tx: Queryable) => Promise<T>): Promise<T> {
  let seen: T | undefined;
  const enough = new Error('seen enough');
  const loading = loadDemo(db, {
    now,
    ...options,
    afterListings: async (tx) => {
      await checkDeferred(tx);
      seen = await look(tx);
      throw enough;
    },
  });
  await expect(loading).rejects.toBe(enough);
  return seen!;
}

describe('the demo', () => {
  let db: Db;
  let told: string[];
  beforeAll(async () => {
    ({ db } = await freshDatabase());
    await loadDemo(db, { now, afterListings: async (_tx, ids) => void (told = ids) });
  });

  test('has forty schools, sixty providers and a hundred and fifty listings, and tells the search of each', async () => {
    expect(demoSize).toEqual({ schools: 40, providers: 60, listings: 150 });
    for (const [table, count] of Object.entries({ school: 40, provider: 60, listing: 150 })) {
      expect([table, await db.query(`SELECT count(*) FROM ${table}`)]).toEqual([table, [{ count }]]);
    }
    const ids = await values(db, 'SELECT id::text FROM listing');
    expect([...told].sort()).toEqual(ids);
  });

  test('breaks no rule', async () => {
    expect(await breaches(db, now)).toEqual([]);
  });

  test('has each word of the directory’s vocabulary, and schools of every phase', async () => {
    expect(await values(db, 'SELECT kind FROM provider')).toEqual(keys(vocabulary.providerKinds));
    expect(await values(db, 'SELECT state FROM provider')).toEqual(keys(vocabulary.providerStates));
    expect(await values(db, 'SELECT assurance FROM provider')).toEqual(keys(vocabulary.assurances));
    expect(await values(db, 'SELECT state FROM listing')).toEqual(keys(vocabulary.listingStates));
    expect(await values(db, 'SELECT state FROM recommendation')).toEqual(keys(vocabulary.recommendationStates));
    expect(await values(db, 'SELECT independence FROM recommendation')).toEqual(['INDEPENDENT', 'UNCONFIRMED']);
    expect(await values(db, 'SELECT unnest(categories) FROM listing')).toEqual(keys(vocabulary.categories));
    expect(await values(db, 'SELECT unnest(ecm_outcomes) FROM listing')).toEqual(keys(vocabulary.ecmOutcomes));
    expect(await values(db, 'SELECT unnest(phases) FROM listing')).toEqual(keys(vocabulary.supportPhases));
    expect(await values(db, 'SELECT unnest(delivery) FROM listing')).toEqual(keys(vocabulary.deliveries));
    expect(await values(db, 'SELECT capacity FROM listing')).toEqual(keys(vocabulary.capacities));
    expect(await values(db, 'SELECT price_unit FROM listing')).toEqual(keys(vocabulary.priceUnits));
    expect(await values(db, 'SELECT vat FROM listing')).toEqual(keys(vocabulary.vatTreatments));
    expect(await values(db, 'SELECT phase FROM school')).toHaveLength(7);
    expect(await values(db, 'SELECT status FROM school')).toEqual(['CLOSED', 'OPEN']);
  });

  test('has somebody waiting with no recommendation, with one, and with two but a check outstanding', async () => {
    const waiting = await db.query<{ given: number; checks: number }>(
      `SELECT (SELECT count(*) FROM counting_recommendation r WHERE r.provider_id = p.id) AS given,
              (SELECT count(*) FROM provider_check c WHERE c.provider_id = p.id) AS checks
       FROM provider p WHERE state = 'AWAITING_RECOMMENDATIONS'`,
    );
    expect(waiting).toEqual(expect.arrayContaining([{ given: 0, checks: 3 }, { given: 1, checks: 3 }, { given: 2, checks: 2 }]));
  });

  test('has everybody whom it names to sign in as, one at least for each role', async () => {
    const held = new Set<string>();
    for (const { email, name } of demoPeople) {
      const memberships = await db.query<{ role: string }>(
        `SELECT m.role FROM person p JOIN membership m ON m.person_id = p.id
         WHERE p.email = $1 AND p.name = $2 AND m.confirmed_at IS NOT NULL AND m.ended_at IS NULL`,
        [email, name],
      );
      expect([email, memberships.length]).not.toEqual([email, 0]);
      for (const { role } of memberships) held.add(role);
    }
    expect([...held].sort()).toEqual([...roles].sort());
    const both = `SELECT m.role FROM membership m JOIN person p ON p.id = m.person_id WHERE p.email = 'head@market-ossing.example'`;
    expect(await values(db, both)).toEqual(['PROVIDER_ADMIN', 'SCHOOL_LEAD']);
    const assigned = `SELECT a.school_urn FROM sip_assignment a JOIN person p ON p.id = a.person_id WHERE p.email = 'sip@fernshire.example'`;
    expect(await values(db, assigned)).toHaveLength(8);
  });

  test('gives every open school a lead', async () => {
    expect(
      await db.query(
        `SELECT name FROM school s WHERE status = 'OPEN'
         AND NOT EXISTS (SELECT FROM membership m WHERE m.school_urn = s.urn AND m.role = 'SCHOOL_LEAD' AND m.confirmed_at IS NOT NULL)`,
      ),
    ).toEqual([]);
  });

  test('collides with nothing real: URNs, postcodes, addresses and phone numbers that are nobody’s', async () => {
    expect(await db.query(`SELECT urn FROM school WHERE urn < 900001 OR postcode !~ '^ZZ\\d+ \\d[A-Z]{2}$' OR website !~ '\\.example$'`)).toEqual([]);
    expect(await db.query(`SELECT email FROM person WHERE email !~ '\\.example$'`)).toEqual([]);
    expect(await db.query(`SELECT name FROM provider WHERE contact_email !~ '\\.example$' OR website !~ '\\.example(/|$)'`)).toEqual([]);
    expect(await db.query(`SELECT name FROM provider WHERE contact_phone !~ '^(01632 960|020 7946 0)\\d{3}$'`)).toEqual([]);
    expect(await db.query(`SELECT free_link FROM listing WHERE free_link !~ '\\.example/'`)).toEqual([]);
    const schools = await db.query<Place>('SELECT easting, northing, latitude, longitude FROM school');
    for (const school of schools) expect(placeOf(String(school.easting), String(school.northing))).toEqual(school);
  });

  test('repeats no sentence from one listing to another', async () => {
    const texts = await db.query<{ text: string }>('SELECT unnest(ARRAY[title, summary, description]) AS text FROM listing');
    const sentences = texts.flatMap(({ text }) => text.split(/(?<=[.?!]) /)).filter(Boolean);
    expect(sentences.filter((sentence, i) => sentences.indexOf(sentence) < i)).toEqual([]);
  });

  test('is loaded once', async () => {
    expect(await demoLoaded(db)).toBe(true);
    const before = await hashes(db);
    await expect(loadDemo(db, { now })).rejects.toThrow(OperatorError);
    expect(await hashes(db)).toEqual(before);
  });
});

describe('loading', () => {
  test('gives the same rows for the same seed and moment, and others for another seed', async () => {
    const { db } = await freshDatabase();
    const first = await lookAt(db, { seed: 7 }, hashes);
    const again = await lookAt(db, { seed: 7 }, hashes);
    const other = await lookAt(db, { seed: 8 }, hashes);
    // but the history's, whose numbers go on from one try to the next
    expect({ ...again, history: '' }).toEqual({ ...first, history: '' });
    expect(other['listing']).not.toBe(first['listing']);
  });

  test('gives the same history too', async () => {
    const [one, two] = [await freshDatabase(), await freshDatabase()];
    await Promise.all([loadDemo(one.db, { now }), loadDemo(two.db, { now })]);
    expect(await hashes(two.db)).toEqual(await hashes(one.db));
  });

  test('leaves nothing when it fails', async () => {
    const { db } = await freshDatabase();
    await lookAt(db, {}, async () => {});
    expect(await demoLoaded(db)).toBe(false);
    for (const table of [...tables, ...storyTables]) expect([table, await db.query(`SELECT count(*) FROM ${table}`)]).toEqual([table, [{ count: 0 }]]);
  });

  test('tells the same stories for the same seed and moment', async () => {
    const { db } = await freshDatabase();
    const told = (tx: Queryable) => tx.query('SELECT process, transition, at, person_id, reason FROM history ORDER BY at, id');
    expect(await lookAt(db, {}, told)).toEqual(await lookAt(db, {}, told));
  });

  test('lets one of two at once go first, and tells the other', async () => {
    const { db } = await freshDatabase();
    const both = await Promise.allSettled([loadDemo(db, { now }), loadDemo(db, { now })]);
    expect(both.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((each) => each.status === 'rejected')).toMatchObject({ reason: expect.any(OperatorError) });
  });

  test('refuses less than the hand-written part, and listings that nobody is there to offer', async () => {
    const { db } = await freshDatabase();
    await expect(loadDemo(db, { size: { ...demoSize, listings: 100 } })).rejects.toThrow('at least 40 schools, 60 providers and 150 listings');
    await expect(loadDemo(db, { size: { ...demoSize, listings: 200 } })).rejects.toThrow('more than 60 providers');
  });

  test('makes any size of it, which breaks no rule either', async () => {
    const { db } = await freshDatabase();
    const moment = fc.date({ min: new Date('2025-01-01'), max: new Date('2032-12-31'), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(fc.nat(), moment, fc.nat(200), fc.integer({ min: 1, max: 300 }), fc.nat(600), async (seed, now, schools, providers, listings) => {
        const size = { schools: 40 + schools, providers: 60 + providers, listings: 150 + listings };
        const seen = await lookAt(db, { seed, size, now }, async (tx) => ({
          breaches: await breaches(tx, now),
          counts: await tx.query(
            `SELECT (SELECT count(*) FROM school) AS schools, (SELECT count(*) FROM provider) AS providers, (SELECT count(*) FROM listing) AS listings`,
          ),
        }));
        expect(seen).toEqual({ breaches: [], counts: [size] });
      }),
      { numRuns: runs(40) },
    );
  });

  test('leaves the hand-written part as it is in a demo of any size', async () => {
    const { db } = await freshDatabase();
    const written = (tx: Queryable) =>
      tx.query(
        `SELECT id, provider_id, title, published_at FROM listing
         WHERE provider_id NOT IN (SELECT id FROM provider WHERE website LIKE 'https://grown-%') ORDER BY id`,
      );
    const small = await lookAt(db, {}, written);
    const large = await lookAt(db, { size: { schools: 100, providers: 90, listings: 300 } }, written);
    expect(small).toHaveLength(150);
    expect(large).toEqual(small);
  });
});
