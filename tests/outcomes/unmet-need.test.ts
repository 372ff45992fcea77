import fc from 'fast-check';
import type { Category, SupportPhase } from '../../src/directory/index.js';
import { noteEmptySearch } from '../../src/outcomes/index.js';
import { readUnmetNeed } from '../../src/outcomes/unmet-need.read.js';
import { termDay } from '../../src/outcomes/unmet-need.release.js';
import type { Actor } from '../../src/platform/actor.js';
import { anonymous } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import { runs } from '../support/runs.js';
import type { World } from '../support/world.js';
import { fewestTold } from './differencing.js';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

let count = 0;
/** An LA of its own, with so many schools and a lead of each. */
async function authority(schools: number, phase = 'PRIMARY') {
  const la = await world.la(`U${count++}`);
  const leads: { urn: number; lead: Actor }[] = [];
  for (let i = 0; i < schools; i++) {
    const urn = await world.school({ la, phase });
    leads.push({ urn, lead: await world.lead(urn) });
  }
  return { la, schools: leads };
}

async function unmet({ urn, lead }: { urn: number; lead: Actor }, categories: Category[] = ['GOVERNANCE']): Promise<void> {
  const id = await world.openRequest(lead, urn, { categories });
  await server.app.brokerage.requests.act(id, 'closeUnmet', { actor: lead, reason: 'Nobody could help.' });
}

const search = (actor: Actor, categories: Category[] = [], phases: SupportPhase[] = []) => noteEmptySearch(server.app.db, server.clock, actor, { categories, phases });

/** Past the beginning of the next term. */
async function nextTerm(): Promise<void> {
  server.clock.advance({ days: 145 });
  await server.app.outcomes.releaseUnmetNeed();
}

const read = (la: string, choice: Partial<Parameters<typeof readUnmetNeed>[2]> = {}) => readUnmetNeed(server.app.db, la, { category: null, phase: null, since: null, ...choice });
const governance = async (la: string) => (await read(la)).byCategory.find(({ category }) => category === 'GOVERNANCE')!;

test('terms begin on fixed days', () => {
  expect(['2026-01-01', '2026-04-14', '2026-04-15', '2026-08-31', '2026-09-01', '2026-12-31'].map(termDay)).toEqual(['2026-01-01', '2026-01-01', '2026-04-15', '2026-04-15', '2026-09-01', '2026-09-01']);
});

describe('requests closed unmet', () => {
  test('are counted once a term, from five different schools on', async () => {
    const { la, schools } = await authority(5);
    for (const each of schools.slice(0, 4)) await unmet(each);
    await unmet(schools[0]!);
    await nextTerm();
    expect(await governance(la)).toMatchObject({ requests: null });
    await unmet(schools[4]!);
    await server.app.outcomes.releaseUnmetNeed();
    expect(await governance(la)).toMatchObject({ requests: null });
    await nextTerm();
    expect(await governance(la)).toMatchObject({ requests: { needs: 6, schools: 5 } });
    expect(await read(la, { phase: 'PRIMARY' })).toMatchObject({ requests: { needs: 6, schools: 5 } });
    expect(await read(la, { phase: 'SECONDARY' })).toMatchObject({ requests: null });
    expect(await read(la, { since: '2999-01-01' })).toMatchObject({ requests: null });
  });

  test('of different categories are in the whole where no category has enough', async () => {
    const { la, schools } = await authority(5);
    const categories: Category[] = ['GOVERNANCE', 'EARLY_YEARS', 'ASSESSMENT_AND_DATA', 'SEND_AND_INCLUSION', 'FINANCE_AND_OPERATIONS'];
    for (const [i, each] of schools.entries()) await unmet(each, [categories[i]!]);
    await nextTerm();
    expect(await read(la)).toMatchObject({ requests: { needs: 5, schools: 5 } });
    expect((await read(la)).byCategory.every(({ requests }) => requests === null)).toBe(true);
  });

  test('under several categories are needs in each', async () => {
    const { la, schools } = await authority(5);
    for (const each of schools) await unmet(each, ['GOVERNANCE', 'EARLY_YEARS']);
    await nextTerm();
    const { byCategory } = await read(la);
    expect(byCategory.filter(({ requests }) => requests?.needs === 5).map(({ category }) => category)).toEqual(['EARLY_YEARS', 'GOVERNANCE']);
  });
});

describe('searches without a result', () => {
  test('count once a day and school, and a SIP’s only beside five schools', async () => {
    const { la, schools } = await authority(5);
    const sip = await world.sip(la);
    for (const { lead } of schools.slice(0, 4)) {
      await search(lead, ['GOVERNANCE']);
      await search(lead, ['GOVERNANCE']);
    }
    await search(sip, ['GOVERNANCE'], ['PRIMARY']);
    await nextTerm();
    expect(await governance(la)).toMatchObject({ searches: null });
    await search(schools[4]!.lead, ['GOVERNANCE']);
    await nextTerm();
    expect(await governance(la)).toMatchObject({ searches: { needs: 6, schools: 5 } });
  });

  test('of people of no school and no LA leave no trace, and nobody’s leave words', async () => {
    const kept = async () => (await server.app.db.query('SELECT FROM search_miss')).length;
    const before = await kept();
    for (const actor of [anonymous, await world.person(), await world.officer('990'), await world.person('SYSTEM_ADMIN'), (await world.awaiting()).admin]) await search(actor, ['GOVERNANCE']);
    expect(await kept()).toBe(before);
    const columns = await server.app.db.query<{ name: string }>(`SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'search_miss' ORDER BY ordinal_position`);
    expect(columns.map(({ name }) => name)).toEqual(['id', 'day', 'la_code', 'school_urn', 'category', 'phase', 'unmet_need_id']);
  });
});

describe('for officers', () => {
  const ask = async (actor: Actor, laCode: string) => {
    const { data, errors } = await server.graphql<{ unmetNeed: object | null }>(
      'query ($la: String!) { unmetNeed(laCode: $la) { says requests { needs } searches { needs } byCategory { category requests { needs schools } searches { needs schools } } categoriesWithoutProvider } }',
      { la: laCode },
      await server.cookieOf(actor),
    );
    return errors ? errors[0]!.extensions.code : data.unmetNeed;
  };

  test('of the LA, and nobody else', async () => {
    const { la, schools } = await authority(5);
    for (const each of schools) await unmet(each);
    await nextTerm();
    const officer = await world.officer(la);
    expect(await ask(officer, la)).toMatchObject({ requests: { needs: 5 }, searches: null });
    expect(await ask(officer, '990')).toBeNull();
    expect(await ask(schools[0]!.lead, la)).toBe('FORBIDDEN');
    expect(await ask(await world.sip(la), la)).toBe('FORBIDDEN');
  });

  test('with the categories that no listed provider covers', async () => {
    const { la } = await authority(1);
    const officer = await world.officer(la);
    const missing = async () => ((await ask(officer, la)) as { categoriesWithoutProvider: string[] }).categoriesWithoutProvider;
    await world.listed();
    expect(await missing()).not.toContain('TEACHING_AND_LEARNING');
    expect(await missing()).toContain('GOVERNANCE');
    const provider = await world.listed();
    const offer = async (where: object) => {
      const id = await server.app.directory.listings.create(provider.admin, provider.id, { title: 'Clerking', summary: 'Clerks.', categories: ['GOVERNANCE'], phases: ['PRIMARY'], delivery: ['IN_SCHOOL'], price: { kind: 'BESPOKE', pence: null, unit: null, vat: null, link: null }, ...where });
      await server.app.directory.listings.act(id, 'publish', { actor: provider.admin });
    };
    await offer({ laCodes: [await world.la('elsewhere')] });
    expect(await missing()).toContain('GOVERNANCE');
    await offer({ laCodes: [la] });
    expect(await missing()).not.toContain('GOVERNANCE');
  });
});

test('no sequence of filters and terms tells what fewer than five schools needed', async () => {
  const miss = fc.record({ school: fc.nat({ max: 8 }), category: fc.constantFrom('GOVERNANCE' as const, 'EARLY_YEARS' as const, null), phase: fc.constantFrom('PRIMARY' as const, 'SECONDARY' as const, null) });
  const { db } = server.app;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(miss, { maxLength: 25 }), { minLength: 1, maxLength: 4 }), async (terms) => {
      const { la, schools } = await authority(8, 'ALL_THROUGH');
      const sip = await world.sip(la);
      const filters = [null, 'GOVERNANCE' as const, 'EARLY_YEARS' as const].flatMap((category) => [null, 'PRIMARY' as const, 'SECONDARY' as const].map((phase) => ({ category, phase })));
      const sums: { id: number; school: number | null }[][] = [];
      const days: (string | null)[] = [null];
      for (const misses of terms) {
        for (const { school, category, phase } of misses) await search(schools[school]?.lead ?? sip, category ? [category] : [], phase ? [phase] : []);
        await nextTerm();
        days.push(termDay(server.clock.now().toISOString().slice(0, 10)));
        const told = await db.query<{ id: number; school: number | null; category: string | null; phase: string | null; day: string }>(
          'SELECT m.id, m.school_urn AS school, n.category, n.phase, n.released_on AS day FROM search_miss m JOIN unmet_need n ON n.id = m.unmet_need_id WHERE m.la_code = $1',
          [la],
        );
        for (const since of days) {
          for (const filter of filters) {
            const within = told.filter(
              ({ category, phase, day }) => (filter.category === null || category === filter.category) && (filter.phase === null || phase === filter.phase) && (since === null || day >= since),
            );
            const { searches } = await read(la, { ...filter, since });
            expect(searches?.needs ?? 0).toBe(within.length);
            sums.push(within);
          }
        }
      }
      expect(fewestTold(sums)).toBeGreaterThanOrEqual(5);
    }),
    { numRuns: runs(100) },
  );
});
