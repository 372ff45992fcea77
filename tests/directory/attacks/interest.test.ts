import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import type { SchoolFacts, World } from '../support/world.js';

/** Ways of being listed without two independent schools, each as somebody would try it, over HTTP. */

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

const as = async (actor: Actor, query: string, variables: Record<string, unknown>): Promise<string> => {
  const { data, errors } = await server.graphql<{ result: { code?: string } | null }>(query, variables, await server.cookieOf(actor));
  return errors?.[0]?.extensions.code ?? data.result?.code ?? 'done';
};
const give = (lead: Actor, input: object) =>
  as(lead, 'mutation ($input: RecommendationInput!) { result: giveRecommendation(input: $input) { ... on Problem { code } } }', { input });
const GRANT = 'mutation ($input: GrantInput!) { result: grantMembership(input: $input) { ... on Membership { id } ... on Problem { code } } }';
const offer = async (actor: Actor, input: object) => (await server.graphql<{ result: { id: string } }>(GRANT, { input }, await server.cookieOf(actor))).data.result.id;
const accept = (person: Actor, id: string) => as(person, 'mutation ($id: UUID!) { result: acceptMembership(id: $id) { ... on Problem { code } } }', { id });
/** Gives a role by e-mail, which the person accepts. */
const grant = async (actor: Actor, to: Actor & { email: string }, input: object) => accept(to, await offer(actor, { email: to.email, ...input }));
const name = async (provider: { id: string; admin: Actor }, contactEmail: string) => {
  const [row] = await server.app.db.query<{ version: number }>('SELECT version FROM provider WHERE id = $1', [provider.id]);
  const query = 'mutation ($id: UUID!, $version: Int!, $input: ProfileInput!) { result: updateProvider(id: $id, version: $version, input: $input) { ... on Problem { code } } }';
  return as(provider.admin, query, { id: provider.id, version: row!.version, input: { contactEmail } });
};
const stateOf = async ({ id }: { id: string }) => (await server.app.db.query<{ state: string }>('SELECT state FROM provider WHERE id = $1', [id]))[0]!.state;
const leadWith = async (email: string, schoolUrn: number) => {
  const person = await world.lead(schoolUrn);
  await server.app.db.query('UPDATE person SET email = $2 WHERE id = $1', [person.personId, email]);
  return person;
};
const changeAddress = async (person: Actor & { email: string }, email: string) => {
  const codeTo = (to: string) => /^\d{6}/.exec(server.outbox.filter((mail) => mail.to === to).at(-1)!.text)![0];
  expect(await as(person, 'mutation ($email: String!) { result: requestEmailChange(email: $email) { ... on Problem { code } } }', { email })).toBe('done');
  await server.deliver();
  const confirm = 'mutation ($old: String!, $new: String!) { result: confirmEmailChange(oldCode: $old, newCode: $new) { ... on Problem { code } } }';
  expect(await as(person, confirm, { old: codeTo(person.email), new: codeTo(email) })).toBe('done');
  server.clock.advance({ minutes: 16 }); // past the window of the rate limits
};
const moved = (urn: number, trust: string) =>
  server.app.db.transaction(async (tx) => {
    await tx.query('INSERT INTO trust VALUES ($1, $1) ON CONFLICT DO NOTHING', [trust]);
    await tx.query('UPDATE school SET trust_id = $2 WHERE urn = $1', [urn, trust]);
    await server.app.directory.providers.settleAll(tx, null, 'IMPORT');
  });

describe('a director recommends their own company', () => {
  test('after ending the role in it for a moment', async () => {
    const provider = await world.checked();
    const { lead, input } = await world.recommender(provider);
    await world.give(lead.personId, 'PROVIDER_ADMIN', { providerId: provider.id });
    await server.app.db.query(`UPDATE membership SET ended_at = $2 WHERE person_id = $1 AND role = 'PROVIDER_ADMIN'`, [lead.personId, server.clock.now()]);
    expect(await give(await world.refresh(lead), input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('as its named contact, without any role in it', async () => {
    const provider = await world.checked();
    const { lead, input } = await world.recommender(provider);
    expect(await name(provider, lead.email.toUpperCase())).toBe('done');
    expect(await give(lead, input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('under another address of the same mailbox', async () => {
    const provider = await world.checked();
    const { urn, input } = await world.recommender(provider);
    await name(provider, 'dora@director.example');
    expect(await give(await leadWith('dora+head@director.example', urn), input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('as its contact, after changing their own address', async () => {
    const provider = await world.checked();
    const { lead, input } = await world.recommender(provider);
    await name(provider, lead.email);
    await changeAddress(lead, 'elsewhere@director.example');
    expect(await give(lead, input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('as its contact, signing in afresh with the address that they had', async () => {
    const provider = await world.checked();
    const former = await world.person();
    await changeAddress(former, 'now@director.example');
    await name(provider, 'now@director.example');
    const { urn, input } = await world.recommender(provider);
    expect(await give(await leadWith(former.email, urn), input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('by taking, as a lead who has recommended it, the address of its contact', async () => {
    const provider = await world.listed();
    await name(provider, 'desk@director.example');
    expect(await stateOf(provider)).toBe('LISTED');
    await changeAddress(provider.recommenders[0]!.lead, 'desk@director.example');
    expect(await stateOf(provider)).toBe('LAPSED');
  });

  test('through another lead of the school that they lead', async () => {
    const provider = await world.checked();
    const { urn, lead, input } = await world.recommender(provider);
    await world.give(provider.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: urn });
    expect(await give(lead, input)).toBe('HAS_INTEREST');
  });

  test('through a school of the trust in which they lead another', async () => {
    const provider = await world.checked();
    const { lead, input } = await world.recommender(provider, { trust: 'attack-1', academy: true });
    await world.give(provider.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: await world.school({ trust: 'attack-1', academy: true }) });
    expect(await give(lead, input)).toBe('HAS_INTEREST');
  });

  test('through a school of the trust that they lead', async () => {
    const provider = await world.checked();
    const { lead, input } = await world.recommender(provider, { trust: 'attack-2', academy: true });
    await world.give(provider.admin.personId!, 'TRUST_LEAD', { trustId: 'attack-2' });
    expect(await give(lead, input)).toBe('HAS_INTEREST');
  });

  test('through the school that they led until last year', async () => {
    const provider = await world.checked();
    const { urn, lead, input } = await world.recommender(provider);
    await world.give(provider.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: urn });
    await server.app.db.query(`UPDATE membership SET ended_at = $2 WHERE person_id = $1 AND role = 'SCHOOL_LEAD'`, [provider.admin.personId, server.clock.now()]);
    server.clock.advance({ days: 300 });
    expect(await give(lead, input)).toBe('HAS_INTEREST');
  });
});

describe('those who recommend are rewarded afterwards', () => {
  test('by being made members', async () => {
    const provider = await world.listed();
    expect(await grant(provider.admin, provider.recommenders[0]!.lead, { role: 'PROVIDER_EDITOR', providerId: provider.id })).toBe('done');
    expect(await stateOf(provider)).toBe('LAPSED');
  });

  test('by being made members later; what is only offered counts for nothing, so that nobody can de-list a provider by an offer', async () => {
    const provider = await world.listed();
    const { lead } = provider.recommenders[0]!;
    const id = await offer(provider.admin, { email: lead.email, role: 'PROVIDER_EDITOR', providerId: provider.id });
    expect(await stateOf(provider)).toBe('LISTED');
    expect(await accept(lead, id)).toBe('done');
    expect(await stateOf(provider)).toBe('LAPSED');
  });

  test('by being named as its contact', async () => {
    const provider = await world.listed();
    expect(await name(provider, provider.recommenders[1]!.lead.email)).toBe('done');
    expect(await stateOf(provider)).toBe('LAPSED');
  });

  test('through another lead of their school who joins it', async () => {
    const provider = await world.listed();
    const colleague = await world.lead(provider.recommenders[0]!.urn);
    expect(await grant(provider.admin, colleague, { role: 'PROVIDER_EDITOR', providerId: provider.id })).toBe('done');
    expect(await stateOf(provider)).toBe('LAPSED');
  });
});

describe('two words for one', () => {
  const pairs: [string, SchoolFacts][] = [['trust', { trust: 'attack-3', academy: true }], ['federation', { federation: 'attack-4' }]];
  test.each(pairs)('two schools of one %s', async (_what, facts) => {
    const provider = await world.checked();
    const [one, other] = [await world.recommender(provider, facts), await world.recommender(provider, facts)];
    expect([await give(one.lead, one.input), await give(other.lead, other.input)]).toEqual(['done', 'SAME_GOVERNING_BODY']);
  });

  test('a school that was in the trust when the other gave it, and has left it since', async () => {
    const provider = await world.checked();
    const one = await world.recommender(provider, { trust: 'attack-5', academy: true });
    const other = await world.recommender(provider, { trust: 'attack-5', academy: true });
    await give(one.lead, one.input);
    await moved(one.urn, 'attack-6');
    expect(await give(other.lead, other.input)).toBe('SAME_GOVERNING_BODY');
  });

  test('one person with two addresses of one mailbox and two schools', async () => {
    const provider = await world.checked();
    const [one, other] = [await world.recommender(provider), await world.recommender(provider)];
    expect(await give(await leadWith('sam@two.example', one.urn), one.input)).toBe('done');
    expect(await give(await leadWith('sam+two@two.example', other.urn), other.input)).toBe('SAME_PERSON_TWICE');
  });

  test('a head’s company and a head’s company, each from the other’s school', async () => {
    const [one, other] = [await world.checked(), await world.checked()];
    const [first, second] = [await world.recommender(other), await world.recommender(one)];
    await world.give(one.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: first.urn });
    await world.give(other.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: second.urn });
    expect(await give(first.lead, first.input)).toBe('done');
    expect(await give(second.lead, second.input)).toBe('RECIPROCAL');
  });
});

describe('the one who decides is of it', () => {
  test('an officer who is its contact records its checks', async () => {
    const provider = await world.checked();
    await name(provider, provider.officer.email);
    const query = 'mutation ($id: UUID!) { result: recordProviderCheck(id: $id, kind: INSURANCE, expiresOn: "2099-12-31") { ... on Problem { code } } }';
    expect(await as(provider.officer, query, { id: provider.id })).toBe('HAS_INTEREST');
  });

  test('an officer of it made the lead of a school that then recommends it', async () => {
    const provider = await world.checked();
    const urn = await world.school();
    const lead = await world.person();
    await world.give(provider.officer.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    expect(await grant(await world.refresh(provider.officer), lead, { role: 'SCHOOL_LEAD', schoolUrn: urn })).toBe('done');
    expect(await give(await world.refresh(lead), world.recommendation(provider, urn))).toBe('HAS_INTEREST');
  });
});

test('a trust that takes over does not de-list an honest provider overnight, and after sixty days only one of its schools counts', async () => {
  const provider = await world.listed();
  for (const { urn } of provider.recommenders) await moved(urn, 'attack-7');
  expect(await stateOf(provider)).toBe('LISTED');
  server.clock.advance({ days: 59 });
  await server.app.directory.recommendations.passTime();
  expect(await stateOf(provider)).toBe('LISTED');
  server.clock.advance({ days: 2 });
  await server.app.directory.recommendations.passTime();
  expect(await stateOf(provider)).toBe('LAPSED');
});
