import fc from 'fast-check';
import { listingsWithEvidence } from '../../src/outcomes/index.js';
import { evidenceFor } from '../../src/outcomes/evidence.read.js';
import type { Actor } from '../../src/platform/actor.js';
import type { RequestContext } from '../../src/platform/request.js';
import { startApp, type TestServer } from '../support/app.js';
import { runs } from '../support/runs.js';
import type { World } from '../support/world.js';
import { fewestTold } from './differencing.js';
import { type Planted, plantRating } from './plant.js';

let server: TestServer;
let world: World;
let outcomes: TestServer['app']['outcomes'];

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
  ({ outcomes } = server.app);
});

type Provider = Awaited<ReturnType<World['listed']>>;

/** The first day of the month after next, on which everything said by now stands. */
async function nextRelease(): Promise<void> {
  server.clock.advance({ days: 46 });
  await outcomes.releaseEvidence();
}

async function school(facts: object = {}) {
  const urn = await world.school(facts);
  return { schoolUrn: urn, personId: (await world.lead(urn)).personId };
}

const met = { asked: 0, result: 'MET', category: 'GOVERNANCE', phase: 'PRIMARY' };
const plant = async (provider: Provider, change: Partial<Planted> = {}) =>
  plantRating(server.app, { ...(await school()), providerId: provider.id, listingId: provider.listing, answers: [met], helpfulness: 3, category: 'GOVERNANCE', phase: 'PRIMARY', ...change });

const EVIDENCE = `tooFewYet says schools objectives { met partly notMet tooEarly } helpfulness { level count } changes { baseline after } words { id words hidden }`;
interface Evidence {
  tooFewYet: boolean;
  says: string;
  schools: number | null;
  objectives: Record<string, number> | null;
  helpfulness: { level: number; count: number }[] | null;
  changes: { baseline: string; after: string }[];
  words: { id: string; words: string; hidden: boolean }[];
}

async function evidenceOf(provider: Provider, args = ''): Promise<Evidence> {
  const { data, errors } = await server.graphql<{ listing: { evidenceOfOutcomes: Evidence } }>(`query ($id: UUID!) { listing(id: $id) { evidenceOfOutcomes${args} { ${EVIDENCE} } } }`, { id: provider.listing });
  expect(errors).toBeUndefined();
  return data.listing.evidenceOfOutcomes;
}

describe('evidence', () => {
  test('is shown from three different schools on, and says so plainly before', async () => {
    const provider = await world.listed();
    const twice = await school();
    await plant(provider, twice);
    await plant(provider, twice);
    await plant(provider);
    await nextRelease();
    expect(await evidenceOf(provider)).toEqual({
      tooFewYet: true,
      says: 'Too few schools have said yet what came of this. It is shown once three different schools have.',
      schools: null,
      objectives: null,
      helpfulness: null,
      changes: [],
      words: [],
    });
    await plant(provider, { answers: [{ ...met, result: 'NOT_MET' }], helpfulness: 1 });
    await nextRelease();
    expect(await evidenceOf(provider)).toMatchObject({
      tooFewYet: false,
      says: '3 schools have said what came of this.',
      schools: 3,
      objectives: { met: 3, partly: 0, notMet: 1, tooEarly: 0 },
      helpfulness: [{ level: 1, count: 1 }, { level: 2, count: 0 }, { level: 3, count: 3 }, { level: 4, count: 0 }],
    });
  });

  test('of one more school waits for two others', async () => {
    const provider = await world.listed();
    for (let i = 0; i < 3; i++) await plant(provider);
    await nextRelease();
    const before = await evidenceOf(provider);
    await plant(provider, { answers: [{ ...met, result: 'NOT_MET' }] });
    await plant(provider);
    await nextRelease();
    expect(await evidenceOf(provider)).toEqual(before);
    await plant(provider);
    await nextRelease();
    expect(await evidenceOf(provider)).toMatchObject({ schools: 6, objectives: { met: 5, notMet: 1 } });
  });

  test('waits until a rating can be changed no more, and comes on the first of a month only', async () => {
    const provider = await world.listed();
    for (let i = 0; i < 3; i++) await plant(provider);
    server.clock.advance({ days: 13 });
    await outcomes.releaseEvidence();
    expect(await evidenceOf(provider)).toMatchObject({ tooFewYet: true });
    const released = await server.app.db.query<{ day: string }>(`SELECT day FROM release WHERE what = 'EVIDENCE' ORDER BY day DESC`);
    expect(released.every(({ day }) => day.endsWith('-01'))).toBe(true);
    await nextRelease();
    expect(await evidenceOf(provider)).toMatchObject({ schools: 3 });
    await Promise.all(Array.from({ length: 5 }, () => outcomes.releaseEvidence()));
    expect(await server.app.db.query('SELECT FROM evidence WHERE provider_id = $1', [provider.id])).toHaveLength(2);
  });

  test('counts a school and the one that took its place as the same', async () => {
    const provider = await world.listed();
    const [old, heir] = [await school(), await school()];
    await server.app.db.query('INSERT INTO school_successor (urn, successor_urn) VALUES ($1, $2)', [old.schoolUrn, heir.schoolUrn]);
    await plant(provider, old);
    await plant(provider, heir);
    await plant(provider);
    await nextRelease();
    expect(await evidenceOf(provider)).toMatchObject({ tooFewYet: true });
  });

  test('is told apart by category and phase where there are schools enough, and is whole without', async () => {
    const provider = await world.listed();
    for (let i = 0; i < 3; i++) await plant(provider);
    for (const category of ['EARLY_YEARS', 'SAFEGUARDING_AND_WELLBEING', 'FINANCE_AND_OPERATIONS']) await plant(provider, { answers: [{ ...met, category }], category });
    await nextRelease();
    expect(await evidenceOf(provider, '(category: GOVERNANCE, phase: PRIMARY)')).toMatchObject({ schools: 3, objectives: { met: 3 } });
    expect(await evidenceOf(provider, '(category: EARLY_YEARS)')).toMatchObject({ tooFewYet: true });
    expect(await evidenceOf(provider, '(phase: PRIMARY)')).toMatchObject({ schools: 6, objectives: { met: 6 } });
    expect(await evidenceOf(provider, '(phase: SECONDARY)')).toMatchObject({ tooFewYet: true });
    const { db } = server.app;
    expect(await listingsWithEvidence(db, { category: 'GOVERNANCE', phase: 'PRIMARY' })).toContain(provider.listing);
    expect(await listingsWithEvidence(db, { phase: 'PRIMARY' })).toContain(provider.listing);
    expect(await listingsWithEvidence(db, {})).toContain(provider.listing);
    expect(await listingsWithEvidence(db, { category: 'EARLY_YEARS' })).not.toContain(provider.listing);
  });

  test('counts what schools say later beside what was too early at first', async () => {
    const provider = await world.listed();
    for (let i = 0; i < 3; i++) await plant(provider, { answers: [{ ...met, result: 'TOO_EARLY' }, { ...met, asked: 6, result: 'MET' }, { ...met, asked: 6, result: 'TOO_EARLY' }] });
    await nextRelease();
    expect(await evidenceOf(provider)).toMatchObject({ objectives: { met: 3, partly: 0, notMet: 0, tooEarly: 3 } });
  });

  test('has figures only of ten pupils or more', async () => {
    const provider = await world.listed();
    const said = [
      { baseline: '12 of 30', after: '25 of 30', cohort: 30 },
      { baseline: '1 of 4', after: '3 of 4', cohort: 4 },
      { baseline: 'Few', after: '9 in all' },
      { baseline: 'Few', after: 'Nearly all' },
    ];
    for (const each of said) await plant(provider, { answers: [{ ...met, ...each }] });
    await nextRelease();
    const { changes } = await evidenceOf(provider);
    expect(changes.map(({ after }) => after).sort()).toEqual(['25 of 30', 'Nearly all']);
  });

  test('of a provider is that of all its listings', async () => {
    const provider = await world.listed();
    const other = await server.app.directory.listings.create(provider.admin, provider.id, { title: 'More support', categories: ['GOVERNANCE'], phases: ['PRIMARY'], delivery: ['IN_SCHOOL'], national: true, price: { kind: 'BESPOKE', pence: null, unit: null, vat: null, link: null } });
    await plant(provider);
    await plant(provider);
    await plant(provider, { listingId: other });
    await nextRelease();
    expect(await evidenceOf(provider)).toMatchObject({ tooFewYet: true });
    const { data } = await server.graphql<{ provider: { evidenceOfOutcomes: Evidence } }>(`query ($id: UUID!) { provider(id: $id) { evidenceOfOutcomes(category: GOVERNANCE) { ${EVIDENCE} } } }`, { id: provider.id });
    expect(data.provider.evidenceOfOutcomes).toMatchObject({ schools: 3, objectives: { met: 3 } });
  });

  test('takes the same statements for many listings as for one, and tells nobody’s name', async () => {
    const provider = await world.listed();
    const name = `Unmistakable ${provider.id}`;
    for (let i = 0; i < 3; i++) await plant(provider, { ...(await school({ name })), words: `Helpful ${i}` });
    await nextRelease();
    const statements: string[] = [];
    const read = async (ids: string[]) => {
      statements.length = 0;
      const fields = ids.map((id, i) => `l${i}: listing(id: "${id}") { evidenceOfOutcomes { ${EVIDENCE} } by: evidenceOfOutcomes(category: GOVERNANCE) { ${EVIDENCE} } }`);
      server.app.db.onStatement = (sql) => statements.push(sql);
      const { data, errors } = await server.graphql<object>(`{ ${fields.join(' ')} }`);
      server.app.db.onStatement = undefined;
      expect(errors).toBeUndefined();
      expect(JSON.stringify(data)).not.toContain(name);
      return [...statements];
    };
    const others = [await world.listed(), await world.listed()].map(({ listing }) => listing);
    expect(await read([provider.listing, ...others])).toEqual(await read([provider.listing]));
  });
});

describe('words', () => {
  const moderate = async (actor: Actor, mutation: 'hideRatingWords' | 'showRatingWords', id: string, reason = 'It names a teacher.') => {
    const { data, errors } = await server.graphql<Record<string, { hidden?: boolean; code?: string }>>(
      `mutation ($id: UUID!, $reason: String!) { ${mutation}(id: $id, reason: $reason) { ... on RatingWords { hidden } ... on Problem { code } } }`,
      { id, reason },
      await server.cookieOf(actor),
    );
    return errors ? errors[0]!.extensions.code : (data[mutation]!.code ?? `hidden ${data[mutation]!.hidden}`);
  };

  test('can be hidden and shown by officers of the provider’s and the school’s LA without an interest, never the counts', async () => {
    const provider = await world.listed({ la: '991' });
    for (let i = 0; i < 3; i++) await plant(provider, { ...(await school({ la: '992' })), words: `Helpful ${i}` });
    await nextRelease();
    const before = await evidenceOf(provider);
    const [first, second] = before.words;
    const [ofProvider, ofSchool, elsewhere] = [await world.officer('991'), await world.officer('992'), await world.officer('993')];
    await world.give(ofProvider.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    expect(await moderate(await world.refresh(ofProvider), 'hideRatingWords', first!.id)).toBe('HAS_INTEREST');
    expect(await moderate(elsewhere, 'hideRatingWords', first!.id)).toBe('NOT_ALLOWED');
    expect(await moderate(provider.admin, 'hideRatingWords', first!.id)).toBe('FORBIDDEN');
    expect(await moderate(ofSchool, 'hideRatingWords', first!.id, ' ')).toBe('VALIDATION');
    const { data: public_ } = await server.graphql<{ ratingWords: { nodes: { id: string; version: number }[] } }>('{ ratingWords(first: 100) { nodes { id version } } }', {}, await server.cookieOf(ofSchool));
    const { version } = public_.ratingWords.nodes.find(({ id }) => id === first!.id)!;
    const asRead = 'mutation ($id: UUID!, $version: Int) { hideRatingWords(id: $id, reason: "It names a pupil.", version: $version) { ... on Problem { code } } }';
    const { data: refused } = await server.graphql<{ hideRatingWords: { code: string } }>(asRead, { id: first!.id, version: version - 1 }, await server.cookieOf(ofSchool));
    expect(refused.hideRatingWords.code).toBe('CONFLICT');
    expect(await moderate(ofSchool, 'hideRatingWords', first!.id)).toBe('hidden true');
    expect(await moderate(await world.officer('991'), 'hideRatingWords', second!.id)).toBe('hidden true');
    expect(await moderate(ofSchool, 'hideRatingWords', second!.id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    const after = await evidenceOf(provider);
    expect(after.words).toHaveLength(1);
    expect({ ...after, words: [], changes: [] }).toEqual({ ...before, words: [], changes: [] });
    const list = `{ ratingWords(hidden: true) { totalCount nodes { id hidden provider { id } } } }`;
    const { data } = await server.graphql<{ ratingWords: { totalCount: number; nodes: { id: string }[] } }>(list, {}, await server.cookieOf(ofSchool));
    expect(data.ratingWords.nodes.map(({ id }) => id).sort()).toEqual([first!.id, second!.id].sort());
    const { data: others } = await server.graphql<{ ratingWords: object }>(list, {}, await server.cookieOf(elsewhere));
    expect(others.ratingWords).toEqual({ totalCount: 0, nodes: [] });
    expect(await moderate(elsewhere, 'showRatingWords', first!.id)).toBe('NOT_FOUND');
    expect(await moderate(ofSchool, 'showRatingWords', first!.id)).toBe('hidden false');
    expect((await evidenceOf(provider)).words).toHaveLength(2);
  });

  test('are nobody’s to moderate before they are public', async () => {
    const provider = await world.listed();
    const { rating } = await plant(provider, { words: 'Helpful' });
    const [{ id } = { id: '' }] = await server.app.db.query<{ id: string }>('SELECT words_id AS id FROM rating WHERE id = $1', [rating]);
    expect(await moderate(await world.officer('990'), 'hideRatingWords', id)).toBe('NOT_FOUND');
  });
});

test('what is released cannot be changed, whoever writes', async () => {
  const provider = await world.listed();
  for (let i = 0; i < 3; i++) await plant(provider);
  await nextRelease();
  await expect(server.app.db.query('UPDATE evidence SET met = 9')).rejects.toThrow('stays as it is');
  await expect(server.app.db.query('DELETE FROM evidence')).rejects.toThrow('stays as it is');
});

describe('no sequence of filters and times', () => {
  const part = fc.record({ category: fc.constantFrom('GOVERNANCE', 'EARLY_YEARS', null), phase: fc.constantFrom('PRIMARY', 'SECONDARY', null) });
  const answer = part.chain((place) => fc.record({ asked: fc.constantFrom(0, 0, 0, 6), result: fc.constantFrom('MET', 'PARTLY', 'NOT_MET', 'TOO_EARLY') }).map((said) => ({ ...place, ...said })));
  const rating = fc.record({ school: fc.nat({ max: 5 }), listing: fc.nat({ max: 1 }), answers: fc.array(answer, { minLength: 1, maxLength: 2 }), helpfulness: fc.integer({ min: 1, max: 4 }), whole: part });
  const months = fc.array(fc.array(rating, { maxLength: 6 }), { minLength: 1, maxLength: 4 });

  test('tells what fewer than three schools answered; every count is the sum of what it is over', async () => {
    const schools = await Promise.all(Array.from({ length: 6 }, () => school()));
    const { db } = server.app;
    await fc.assert(
      fc.asyncProperty(months, async (batches) => {
        const provider = await world.listed();
        const second = await server.app.directory.listings.create(provider.admin, provider.id, { title: 'More', categories: ['GOVERNANCE'], phases: ['PRIMARY'], delivery: ['IN_SCHOOL'], national: true, price: { kind: 'BESPOKE', pence: null, unit: null, vat: null, link: null } });
        const filters = [null, 'GOVERNANCE', 'EARLY_YEARS'].flatMap((category) => [null, 'PRIMARY', 'SECONDARY'].map((phase) => ({ category, phase })));
        const keys = [
          ...[provider.listing, second].flatMap((id) => filters.map((filter) => ({ of: 'LISTING', id, ...filter }))),
          ...filters.map((filter) => ({ of: 'PROVIDER', id: provider.id, ...filter })),
        ] as Parameters<typeof evidenceFor>[1][number][];
        const sums: { RESULT: Told[][]; HELPFULNESS: Told[][] } = { RESULT: [], HELPFULNESS: [] };
        for (const batch of batches) {
          for (const { school: nth, listing, whole, ...said } of batch) await plant(provider, { ...schools[nth]!, ...said, ...whole, listingId: listing ? second : provider.listing });
          await nextRelease();
          const told = await toldOf(provider.id);
          const answers = await evidenceFor({ db } as RequestContext, keys);
          for (const [i, key] of keys.entries()) {
            const within = told.filter((each) => (key.of === 'PROVIDER' || each.listing === key.id) && (key.category === null || each.category === key.category) && (key.phase === null || each.phase === key.phase));
            const [results, helped] = (['RESULT', 'HELPFULNESS'] as const).map((kind) => within.filter((each) => each.kind === kind)) as [Told[], Told[]];
            const count = (result: string) => results.filter((each) => each.said === result).length;
            expect(answers[i]).toMatchObject({
              tooFewYet: within.length === 0,
              schools: within.length === 0 ? null : new Set(within.map((each) => each.school)).size,
              objectives: results.length === 0 ? null : { met: count('MET'), partly: count('PARTLY'), notMet: count('NOT_MET'), tooEarly: count('TOO_EARLY') },
            });
            expect(answers[i]!.helpfulness?.map((each) => each.count) ?? null).toEqual(helped.length === 0 ? null : ['1', '2', '3', '4'].map((level) => helped.filter((each) => each.said === level).length));
            sums.RESULT.push(results);
            sums.HELPFULNESS.push(helped);
          }
        }
        expect(fewestTold(sums.RESULT)).toBeGreaterThanOrEqual(3);
        expect(fewestTold(sums.HELPFULNESS)).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: runs(100) },
    );
  });

  interface Told {
    id: string;
    school: number;
    kind: 'RESULT' | 'HELPFULNESS';
    said: string;
    listing: string | null;
    category: string | null;
    phase: string | null;
  }

  /** What has been released so far, answer by answer, with the place at which it was. */
  const toldOf = (providerId: string) =>
    server.app.db.query<Told>(
      `SELECT a.id, r.school_urn AS school, 'RESULT' AS kind, a.result AS said, e.listing_id AS listing, e.category, e.phase
       FROM rating_answer a JOIN rating r ON r.id = a.rating_id JOIN evidence e ON e.id = a.evidence_id WHERE r.provider_id = $1
       UNION ALL SELECT r.id, r.school_urn, 'HELPFULNESS', r.helpfulness::text, e.listing_id, e.category, e.phase FROM rating r JOIN evidence e ON e.id = r.evidence_id WHERE r.provider_id = $1`,
      [providerId],
    );
});
