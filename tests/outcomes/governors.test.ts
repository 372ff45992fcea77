import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

const PAGE = `query ($urn: Int!, $from: LocalDate!, $to: LocalDate!) {
  outcomesForGovernors(schoolUrn: $urn, from: $from, to: $to) {
    from to spentPence school { urn }
    sought { totalCount nodes { need state buyingRecord { wholeCostPence reasons } } }
    agreed { totalCount nodes { title providerName objectives { text } reviews { rag words } rating { helpfulness objectives { answers { result after } } } } }
  }
}`;

interface Page {
  spentPence: number;
  sought: { totalCount: number; nodes: { need: string }[] };
  agreed: { totalCount: number; nodes: { title: string; rating: object | null }[] };
}

async function pageFor(actor: Actor, urn: number, from = '2026-09-01', to = '2026-12-31'): Promise<Page | null | string> {
  const { data, errors } = await server.graphql<{ outcomesForGovernors: Page | null }>(PAGE, { urn, from, to }, await server.cookieOf(actor));
  return errors ? errors[0]!.extensions.code : data.outcomesForGovernors;
}

test('tells what the school sought, chose, spent and reached', async () => {
  const urn = await world.school();
  const lead = await world.lead(urn);
  const provider = await world.listed();
  const request = await world.openRequest(lead, urn, { need: 'Our younger readers fall behind.' });
  const { proposal } = await world.proposed(lead, request, provider, { travelPence: 5_000 });
  await server.app.brokerage.requests.act(request, 'read', { actor: lead });
  await server.app.brokerage.choices.choose(lead, { proposalId: proposal, version: 1, title: 'A coach', reasons: 'It fits.' });
  await world.rated({}, { schoolUrn: urn, title: 'Phonics', pricePence: 30_000, vat: 'ADDED' });
  await world.rated({}, { schoolUrn: urn, title: 'Mathematics', pricePence: 20_000, vat: 'INCLUDED' });

  const page = (await pageFor(lead, urn)) as Page;
  expect(page).toMatchObject({
    spentPence: 114_000 + 56_000,
    sought: { totalCount: 1, nodes: [{ need: 'Our younger readers fall behind.', state: 'AGREED', buyingRecord: { wholeCostPence: 114_000, reasons: 'It fits.' } }] },
  });
  expect(page.agreed.nodes.map(({ title }) => title)).toEqual(['A coach', 'Phonics', 'Mathematics']);
  expect(page.agreed.nodes.map(({ rating }) => rating)).toMatchObject([null, { helpfulness: 4, objectives: [{ answers: [{ result: 'MET' }] }] }, {}]);

  expect(await pageFor(lead, urn, '2025-09-01', '2025-12-31')).toMatchObject({ spentPence: 0, sought: { totalCount: 0 }, agreed: { totalCount: 0 } });
  const goingOn = { spentPence: 0, sought: { totalCount: 0 }, agreed: { nodes: [{ title: 'A coach' }] } };
  expect(await pageFor(lead, urn, '2027-09-01', '2027-12-31')).toMatchObject(goingOn);
  expect(await pageFor(lead, urn, '2026-12-31', '2026-09-01')).toBe('BAD_USER_INPUT');
});

test('has only what the asker may see, and nothing for others', async () => {
  const urn = await world.school();
  const [head, chair] = [await world.lead(urn), await world.lead(urn)];
  const id = await server.app.brokerage.recordings.record(chair, { ...world.recording((await world.awaiting()).listing, urn), title: 'About the head', allLeads: false });
  expect(id).toBeTruthy();
  expect(await pageFor(chair, urn)).toMatchObject({ spentPence: 36_000, agreed: { totalCount: 1 } });
  expect(await pageFor(head, urn)).toMatchObject({ spentPence: 0, agreed: { totalCount: 0 } });
  expect(await pageFor(await world.lead(await world.school()), urn)).toBeNull();
  expect(await pageFor(await world.assignedSip(urn), urn)).toBe('FORBIDDEN');
  expect(await pageFor(await world.officer('990'), urn)).toBe('FORBIDDEN');
});
