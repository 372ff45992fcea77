import fc from 'fast-check';
import { type Limit, needsOf, wholeCost } from '../../src/brokerage/proposals/limits.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';

describe('the whole cost', () => {
  test.each([
    ['ADDED', 10_000, 0, 0, 12_000],
    ['INCLUDED', 10_000, 0, 0, 10_000],
    ['NOT_CHARGED', 10_000, 500, 2_000, 12_500],
    ['ADDED', 10_001, 500, 2_000, 14_601],
    ['ADDED', 0, 1_000, 0, 1_200],
    ['INCLUDED', 10_000, 500, 0, 10_500],
    ['ADDED', 3, 0, 0, 4],
    ['ADDED', 2, 0, 0, 2],
  ] as const)('%s: %d pence, travel %d, cover %d: %d', (vat, pricePence, travelPence, coverPence, whole) => {
    expect(wholeCost({ pricePence, vat, travelPence }, coverPence)).toBe(whole);
  });
});

test('a choice needs what every limit below its cost asks for', () => {
  const limit = fc.record({ overPence: fc.integer({ min: 0, max: 100 }), quotes: fc.integer({ min: 1, max: 10 }), governorsApproval: fc.boolean() });
  fc.assert(
    fc.property(fc.array(limit), fc.integer({ min: 0, max: 110 }), fc.integer({ min: 0, max: 12 }), (limits: Limit[], pricePence, quotes) => {
      const needs = needsOf(limits, { pricePence, vat: 'INCLUDED', travelPence: 0 }, 0, quotes);
      let [most, governors] = [1, false];
      for (const each of limits) {
        if (each.overPence >= pricePence) continue;
        if (each.quotes > most) most = each.quotes;
        if (each.governorsApproval) governors = true;
      }
      expect(needs).toEqual({ wholeCostPence: pricePence, quotesNeeded: most, quotes, governorsApproval: governors });
    }),
    { numRuns: runs(2000) },
  );
});

describe('the limits of a school', () => {
  let services: TestApp;
  beforeAll(async () => {
    services = await startServices();
  });

  const codeOf = async (work: Promise<unknown>) => {
    const result = await attempt(() => work);
    return result instanceof Problem ? result.code : 'done';
  };

  test('are its LA’s until its trust has some, and stand before a choice', async () => {
    const { world, app } = services;
    const { limits, choices, requests } = app.brokerage;
    const urn = await world.school({ trust: 'TR9', academy: true });
    const head = await world.lead(urn);
    const officer = await world.officer('990');
    const trust = await world.person('TRUST_LEAD', { trustId: 'TR9' });
    const scheme = [{ overPence: 100_000, quotes: 3, governorsApproval: false }, { overPence: 200_000, quotes: 3, governorsApproval: true }];
    expect(await codeOf(limits.set(await world.officer('991'), { laCode: '990' }, scheme))).toBe('NOT_ALLOWED');
    expect(await codeOf(limits.set(head, { trustId: 'TR9' }, scheme))).toBe('NOT_ALLOWED');
    expect(await codeOf(limits.set(officer, { laCode: '990', trustId: 'TR9' }, scheme))).toBe('VALIDATION');
    expect(await codeOf(limits.set(officer, { laCode: '990' }, [scheme[0]!, scheme[0]!]))).toBe('VALIDATION');
    expect(await codeOf(limits.set(officer, { laCode: '990' }, scheme))).toBe('done');
    expect(await codeOf(limits.set(officer, { laCode: '990' }, scheme))).toBe('done');

    const provider = await world.listed();
    const proposed = async () => {
      const id = await world.openRequest(head, urn);
      const { proposal: proposalId } = await world.proposed(head, id, provider, { pricePence: 90_000, vat: 'ADDED' });
      await requests.act(id, 'read', { actor: head });
      return { proposalId, version: 1, reasons: 'It fits.' };
    };
    const first = await proposed();
    expect(await codeOf(choices.choose(head, first))).toBe('MORE_QUOTES_NEEDED');
    expect(await codeOf(choices.choose(head, { ...first, coverPence: 150_000, fewerQuotesReason: 'Nobody else can come.' }))).toBe('APPROVAL_NEEDED');
    expect(await codeOf(choices.choose(head, { ...first, coverPence: 150_000, fewerQuotesReason: 'Nobody else can come.', approverName: 'Cy Chair', approverRole: 'Chair of governors' }))).toBe('done');

    await limits.set(trust, { trustId: 'TR9' }, [{ overPence: 500_000, quotes: 2, governorsApproval: false }]);
    expect(await codeOf(choices.choose(head, await proposed()))).toBe('done');
    await limits.set(trust, { trustId: 'TR9' }, []);
    expect(await codeOf(choices.choose(head, await proposed()))).toBe('MORE_QUOTES_NEEDED');
  });
});
