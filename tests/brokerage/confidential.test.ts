import fc from 'fast-check';
import { isObjectType } from 'graphql';
import { attempt } from '../../src/platform/problem.js';
import { Selections } from '../access/selection.js';
import { startApp, type TestServer } from '../support/app.js';
import { runs } from '../support/runs.js';
import type { World } from '../support/world.js';

let server: TestServer;
let world: World;
let providers: (Awaited<ReturnType<World['listed']>> & { cookie: string })[];
let whole: Record<'ProposalInvitation' | 'Proposal', string>;

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
  providers = [];
  for (let i = 0; i < 2; i++) {
    const provider = await world.listed();
    providers.push({ ...provider, cookie: await server.cookieOf(provider.admin) });
  }
  const { schema } = server.app;
  // Of what is an object by itself only the key is asked, of people and schools also the name.
  const objects = ['Provider', 'Listing', 'Person', 'School', 'SupportRequest', 'ProposalInvitation', 'Proposal', 'Engagement'];
  const selections = new Selections(schema, objects);
  const all = (name: string) => {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(name);
    return selections.all(type).replaceAll('person { id }', 'person { id name }').replaceAll('school { urn }', 'school { urn name town }');
  };
  whole = { ProposalInvitation: all('ProposalInvitation'), Proposal: all('Proposal') };
});

/** A school whose every word is a marker, its people and a confidential request. */
async function confidentialRequest() {
  const { db } = server.app;
  const tag = `marker${Math.random().toString(36).slice(2)}`;
  const mark = (what: string) => `${tag}-${what}`;
  const la = `L${tag.slice(-3)}`;
  await world.la(la, mark('la'));
  await db.query(`UPDATE local_authority SET region = 'East Midlands' WHERE code = $1`, [la]);
  const urn = await world.school({ la, name: mark('school'), postcode: 'ZZ9 9ZZ', trust: mark('trust') });
  await db.query('UPDATE school SET street = $2, town = $2, county = $2, locality = $2, website = $2 WHERE urn = $1', [urn, mark('place')]);
  const head = await world.lead(urn);
  await db.query('UPDATE person SET name = $2 WHERE id = $1', [head.personId, mark('person')]);
  const partner = await world.school({ la, name: mark('partner') });
  const partnerHead = await world.lead(partner);
  const id = await server.app.brokerage.requests.draft(head, urn, {
    need: 'Our younger readers fall behind.',
    triedInSchool: mark('tried'),
    triedInPartnership: mark('partnership'),
    confidential: true,
    partnerUrns: [partner],
    budgetPence: 100_000,
    phases: ['PRIMARY'],
  });
  await server.app.brokerage.requests.act(id, 'open', { actor: head });
  await server.app.brokerage.requests.join(partnerHead, id);
  return { id, urn, head, markers: [tag, String(urn), String(partner), head.personId, partnerHead.personId, 'ZZ9', `"${la}"`] };
}

type Case = Awaited<ReturnType<typeof confidentialRequest>>;
interface Invited {
  invitation: string | null;
  proposal: string | null;
  /** Everything that the provider has been told so far, as it came. */
  heard: string[];
  mayKnow: boolean;
}

const INPUT = { summary: 'A coach, six mornings.', pricePence: 90_000, vat: 'ADDED' };

/** What a provider may do or try with what it was sent, whether it is allowed or not. */
const providerActs: Record<string, (of: Invited, request: Case) => [query: string, variables: object] | null> = {
  open: ({ invitation }) => invitation ? ['mutation ($id: UUID!) { openInvitation(id: $id) ANSWER_INVITATION }', { id: invitation }] : null,
  ask: ({ invitation }) => invitation ? ['mutation ($id: UUID!) { askQuestion(invitationId: $id, text: "How many pupils?") ANSWER_INVITATION }', { id: invitation }] : null,
  decline: ({ invitation }) => invitation ? ['mutation ($id: UUID!) { declineInvitation(id: $id, reason: "No time") ANSWER_INVITATION }', { id: invitation }] : null,
  propose: ({ invitation }) => invitation ? ['mutation ($id: UUID!, $input: ProposalInput!) { submitProposal(invitationId: $id, input: $input) ANSWER_PROPOSAL }', { id: invitation, input: INPUT }] : null,
  revise: ({ proposal }) => proposal ? ['mutation ($id: UUID!, $input: ProposalInput!) { reviseProposal(id: $id, version: 1, input: $input) ANSWER_PROPOSAL }', { id: proposal, input: INPUT }] : null,
  withdraw: ({ proposal }) => proposal ? ['mutation ($id: UUID!) { withdrawProposal(id: $id) ANSWER_PROPOSAL }', { id: proposal }] : null,
  'try to see the request': (_of, { id }) => ['query ($id: UUID!) { supportRequest(id: $id) { id need school { name } } }', { id }],
  'try to choose': ({ proposal }) => proposal ? ['mutation ($id: UUID!) { chooseProposal(input: { proposalId: $id, version: 1, reasons: "Ours." }) { __typename ... on Problem { message } } }', { id: proposal }] : null,
  'try to invite': (_of, { id }) => ['mutation ($id: UUID!, $provider: UUID!) { inviteProvider(requestId: $id, providerId: $provider) { __typename ... on Problem { message } } }', { id, provider: providers[0]!.id }],
};

const schoolActs = ['invite 0', 'invite 1', 'answer', 'extend', 'share', 'read', 'reveal', 'choose 0', 'choose 1', 'withdraw', 'closeUnmet', 'pass time'] as const;
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ school: fc.constantFrom(...schoolActs, 'invite 0' as const, 'invite 1' as const) }) },
  { weight: 3, arbitrary: fc.record({ provider: fc.constantFrom(0, 1), act: fc.constantFrom(...Object.keys(providerActs)) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What a step of the school does; refusals are nothing to it. */
async function actOfSchool(what: (typeof schoolActs)[number], request: Case, invited: Invited[]): Promise<void> {
  const { requests, invitations, choices } = server.app.brokerage;
  const { id, head } = request;
  const nth = Number(what.split(' ')[1]);
  const done = await attempt<unknown>(async () => {
    switch (what) {
      case 'invite 0':
      case 'invite 1':
        return (invited[nth]!.invitation = await invitations.send(head, { requestId: id, providerId: providers[nth]!.id, listingId: providers[nth]!.listing }));
      case 'answer': {
        const [question] = await server.app.db.query<{ id: string }>('SELECT id FROM question WHERE request_id = $1 AND answer IS NULL LIMIT 1', [id]);
        return question && invitations.answer(head, question.id, 'Six.');
      }
      case 'extend':
        return requests.extend(head, id, '2027-01-01');
      case 'choose 0':
      case 'choose 1': {
        const [row] = await server.app.db.query<{ version: number }>('SELECT version FROM proposal WHERE id = $1', [invited[nth]!.proposal]);
        if (!row) return null;
        await choices.choose(head, { proposalId: invited[nth]!.proposal!, version: row.version, reasons: 'It fits.' });
        return (invited[nth]!.mayKnow = true);
      }
      case 'pass time':
        return requests.passTime();
      default:
        return requests.act(id, what, { actor: head, reason: 'Known to nobody else.' }).then(() => what);
    }
  });
  if (done === 'reveal') invited.forEach((each) => (each.mayKnow = true));
}

/** Asks as the provider; everything that comes back is kept. */
async function hear(nth: number, of: Invited, query: string, variables: object): Promise<Record<string, unknown>> {
  const problem = '__typename ... on Problem { code message } ... on ValidationProblem { fields { field message } }';
  const text = query
    .replace('ANSWER_INVITATION', `{ ${problem} ... on ProposalInvitation ${whole.ProposalInvitation} }`)
    .replace('ANSWER_PROPOSAL', `{ ${problem} ... on Proposal ${whole.Proposal} }`);
  const { data, errors } = await server.graphql<Record<string, unknown>>(text, variables as Record<string, unknown>, providers[nth]!.cookie);
  of.heard.push(JSON.stringify({ query, data, errors }));
  return data;
}

test('a provider that was invited learns nothing of a confidential school, whatever happens, until the school says so or chooses it', async () => {
  let answers = 0;
  let told = 0;
  const rows = await server.app.db.query<{ email: string }>('SELECT email FROM person WHERE id = ANY($1)', [providers.map(({ admin }) => admin.personId)]);
  const emails = rows.map(({ email }) => email);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 25 }), async (steps: Step[]) => {
      const request = await confidentialRequest();
      const invited: Invited[] = [0, 1].map(() => ({ invitation: null, proposal: null, heard: [], mayKnow: false }));
      for (const each of [{ school: 'invite 0' as const }, { school: 'invite 1' as const }, ...steps]) {
        if ('school' in each) await actOfSchool(each.school, request, invited);
        else {
          const sent = providerActs[each.act]!(invited[each.provider]!, request);
          if (sent) await hear(each.provider, invited[each.provider]!, ...sent);
        }
        for (const [nth, of] of invited.entries()) {
          const [own] = await server.app.db.query<{ id: string }>('SELECT id FROM proposal WHERE invitation_id = $1 ORDER BY id DESC LIMIT 1', [of.invitation]);
          of.proposal = own?.id ?? null;
          const proposal = of.proposal ? `proposal(id: "${of.proposal}") ${whole.Proposal}` : '';
          if (of.invitation) await hear(nth, of, `query ($id: UUID!) { proposalInvitation(id: $id) ${whole.ProposalInvitation} ${proposal} }`, { id: of.invitation });
          const all = of.heard.splice(0);
          answers += all.length;
          if (of.mayKnow) {
            if (all.some((text) => text.includes(request.markers[0]!))) told++;
            continue;
          }
          for (const text of all) for (const marker of request.markers) if (text.includes(marker)) throw new Error(`provider ${nth} is told ${marker}: ${text}`);
        }
      }
      for (const [nth, of] of invited.entries()) if (!of.mayKnow) await hear(nth, of, `{ myInvitations(first: 3) { nodes ${whole.ProposalInvitation} } }`, {});
      await server.deliver();
      const mail = server.outbox.filter(({ to }) => emails.includes(to)).map((message) => JSON.stringify(message));
      const others = invited.some((each) => each.mayKnow) ? [] : mail; // each request has markers of its own
      for (const text of [...others, ...invited.flatMap((each) => each.heard)]) for (const marker of request.markers) if (text.includes(marker)) throw new Error(`told ${marker}: ${text}`);
    }),
    { numRuns: runs(60) },
  );
  expect(answers).toBeGreaterThan(150);
  expect(told).toBeGreaterThan(5); // there was something to withhold
});

test('whom the school chooses learns its name; the other, its words and people never', async () => {
  const { requests } = server.app.brokerage;
  const request = await confidentialRequest();
  const [first, second] = [await world.proposed(request.head, request.id, providers[0]!), await world.proposed(request.head, request.id, providers[1]!)];
  await requests.act(request.id, 'read', { actor: request.head });
  await server.app.brokerage.choices.choose(request.head, { proposalId: first.proposal, version: 1, reasons: 'It fits.' });
  const school = async (nth: number, invitation: string) => {
    const { data } = await server.graphql<{ proposalInvitation: { brief: { school: { urn: number } | null; triedInSchool: string | null }; history: { onBehalfOf: object | null }[] } }>(
      'query ($id: UUID!) { proposalInvitation(id: $id) { brief { school { urn } triedInSchool } history { onBehalfOf { id } person { id } } } }',
      { id: invitation },
      providers[nth]!.cookie,
    );
    return data.proposalInvitation;
  };
  expect((await school(0, first.invitation)).brief.school).toEqual({ urn: request.urn });
  const other = await school(1, second.invitation);
  expect(other.brief).toEqual({ school: null, triedInSchool: null });
  expect(other.history[0]).toEqual({ onBehalfOf: null, person: null });
});

test('who else was invited, and what others propose, is told to no provider', async () => {
  const request = await confidentialRequest();
  const [first, second] = [await world.proposed(request.head, request.id, providers[0]!), await world.proposed(request.head, request.id, providers[1]!)];
  const found = async (query: string, id: string, actor: { cookie: string }) => (await server.graphql<{ found: object | null }>(query, { id }, actor.cookie)).data.found;
  expect(await found('query ($id: UUID!) { found: proposal(id: $id) { id } }', second.proposal, providers[0]!)).toBeNull();
  expect(await found('query ($id: UUID!) { found: proposalInvitation(id: $id) { id } }', second.invitation, providers[0]!)).toBeNull();
  const seen = JSON.stringify(await found(`query ($id: UUID!) { found: proposalInvitation(id: $id) ${whole.ProposalInvitation} }`, first.invitation, providers[0]!));
  for (const marker of [providers[1]!.id, second.invitation, second.proposal]) expect(seen).not.toContain(marker);
});
