import type { Vat } from '../../src/directory/index.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';

// What a purchase costs is said before the choice, held against the limits, written into the record and told to governors:
// one sum, in which travel that the provider recharges bears VAT as the price does.

let server: TestServer;
let world: World;
beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

/** In pence, written down a second time. */
const sum = (vat: Vat, price: number, travel: number, cover: number) => (vat === 'ADDED' ? Math.round((price + travel) * 1.2) : price + travel) + cover;

const CASES: [Vat, number, number, number][] = [['ADDED', 100_000, 10_000, 0], ['ADDED', 0, 4_999, 1], ['ADDED', 33_333, 1, 20_000], ['INCLUDED', 100_000, 10_000, 5_000], ['NOT_CHARGED', 100_000, 10_000, 5_000]];

test.each(CASES)('VAT %s on %d pence, travel %d, cover %d: one sum everywhere', async (vat, pricePence, travelPence, coverPence) => {
  const { brokerage } = server.app;
  const provider = await world.listed();
  const la = await world.la(`8${String(CASES.findIndex((each) => each[0] === vat && each[1] === pricePence)).padStart(2, '0')}`);
  const urn = await world.school({ la });
  const [lead, officer] = [await world.lead(urn), await world.officer(la)];
  const whole = sum(vat, pricePence, travelPence, coverPence);
  const request = await world.openRequest(lead, urn);
  const { proposal } = await world.proposed(lead, request, provider, { vat, pricePence, travelPence });
  await brokerage.requests.act(request, 'read', { actor: lead });
  const cookie = await server.cookieOf(lead);
  const needs = async () => {
    const asking = `query ($id: UUID!, $cover: Int!) { proposal(id: $id) { choiceNeeds(coverPence: $cover) { wholeCostPence quotesNeeded governorsApproval } } }`;
    return (await server.graphql<{ proposal: { choiceNeeds: object } }>(asking, { id: proposal, cover: coverPence }, cookie)).data.proposal.choiceNeeds;
  };
  // A limit holds above its amount: at the sum it does not, a penny below it does.
  await brokerage.limits.set(officer, { laCode: la }, [{ overPence: whole, quotes: 3, governorsApproval: true }]);
  expect(await needs()).toEqual({ wholeCostPence: whole, quotesNeeded: 1, governorsApproval: false });
  await brokerage.limits.set(officer, { laCode: la }, [{ overPence: whole - 1, quotes: 2, governorsApproval: true }]);
  expect(await needs()).toEqual({ wholeCostPence: whole, quotesNeeded: 2, governorsApproval: true });
  const refused = await attempt(() => brokerage.choices.choose(lead, { proposalId: proposal, version: 1, reasons: 'It fits.', coverPence }));
  expect(refused).toBeInstanceOf(Problem);
  await brokerage.limits.set(officer, { laCode: la }, [{ overPence: whole, quotes: 2, governorsApproval: true }]);
  await brokerage.choices.choose(lead, { proposalId: proposal, version: 1, reasons: 'It fits.', coverPence });

  const { data } = await server.graphql<{ supportRequest: { buyingRecord: object }; outcomesForGovernors: object }>(
    `query ($id: UUID!, $urn: Int!, $day: LocalDate!) {
      supportRequest(id: $id) { buyingRecord { wholeCostPence pricePence travelPence coverPence vat } } outcomesForGovernors(schoolUrn: $urn, from: $day, to: $day) { spentPence } }`,
    { id: request, urn, day: world.dayIn(0) }, cookie,
  );
  expect(data.supportRequest.buyingRecord).toEqual({ wholeCostPence: whole, pricePence, travelPence, coverPence, vat });
  expect(data.outcomesForGovernors).toEqual({ spentPence: whole });
});

test('a price that changes by agreement is held against the limits with its travel, and told to governors so', async () => {
  const { brokerage } = server.app;
  const provider = await world.listed();
  const urn = await world.school({ la: await world.la('870') });
  const [lead, officer] = [await world.lead(urn), await world.officer('870')];
  const request = await world.openRequest(lead, urn);
  const { proposal } = await world.proposed(lead, request, provider, { vat: 'ADDED', pricePence: 100_000, travelPence: 10_000 });
  await brokerage.requests.act(request, 'read', { actor: lead });
  const id = await brokerage.choices.choose(lead, { proposalId: proposal, version: 1, reasons: 'It fits.', coverPence: 1_000 });
  await brokerage.limits.set(officer, { laCode: '870' }, [{ overPence: sum('ADDED', 110_000, 10_000, 1_000), quotes: 2, governorsApproval: false }]);
  const propose = (pricePence: number) => attempt(() => brokerage.changes.propose(lead, id, 1, { pricePence }));
  expect(await propose(110_001)).toMatchObject({ code: 'VALIDATION', fields: [{ field: 'pricePence' }] });
  await propose(110_000);
  const [change] = await server.app.db.query<{ id: string }>('SELECT id FROM engagement_change WHERE engagement_id = $1', [id]);
  await brokerage.changes.answer(provider.admin, change!.id, 'ACCEPTED');
  const { data } = await server.graphql<{ outcomesForGovernors: object }>(
    'query ($urn: Int!, $day: LocalDate!) { outcomesForGovernors(schoolUrn: $urn, from: $day, to: $day) { spentPence } }', { urn, day: world.dayIn(0) }, await server.cookieOf(lead));
  expect(data.outcomesForGovernors).toEqual({ spentPence: sum('ADDED', 110_000, 10_000, 1_000) });
});
