import type { AppealKind } from '../../src/directory/appeals/appealable.js';
import { ratingProcess } from '../../src/outcomes/rating.process.js';
import type { Actor } from '../../src/platform/actor.js';
import { move } from '../../src/platform/process/index.js';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

interface Answer {
  id?: string;
  state?: string;
  code?: string;
  message?: string;
}

async function ask(actor: Actor, mutation: string, variables: Record<string, unknown>, types: string): Promise<Answer> {
  const query = `mutation (${types}) { result: ${mutation} { ... on Appeal { id state } ... on Problem { code message } } }`;
  const { data, errors } = await server.graphql<{ result: Answer }>(query, variables, await server.cookieOf(actor));
  return errors ? { code: errors[0]!.extensions.code } : data.result;
}

const appeal = (actor: Actor, against: AppealKind, objectId: string, grounds = 'It is not so.') =>
  ask(actor, 'appealDecision(against: $against, objectId: $objectId, grounds: $grounds)', { against, objectId, grounds }, '$against: AppealKind!, $objectId: UUID!, $grounds: String!');
const judge = (actor: Actor, outcome: 'uphold' | 'overturn', id: string, reason = 'We have looked at both sides.') =>
  ask(actor, `${outcome}Decision(id: $id, reason: $reason)`, { id, reason }, '$id: UUID!, $reason: String!');
const withdraw = (actor: Actor, id: string) => ask(actor, 'withdrawAppeal(id: $id)', { id }, '$id: UUID!');

async function queue(actor: Actor): Promise<string[]> {
  const { data } = await server.graphql<{ appealsToJudge: { nodes: { id: string }[] } }>('{ appealsToJudge(first: 100, states: [OPEN]) { nodes { id } } }', {}, await server.cookieOf(actor));
  return data.appealsToJudge.nodes.map(({ id }) => id);
}

const stateOf = async (table: string, id: string) => (await server.app.db.query<{ state: string }>(`SELECT state FROM ${table} WHERE id = $1`, [id]))[0]!.state;
const subjects = async (personId: string | null) => (await server.app.db.query<{ subject: string }>('SELECT subject FROM notice WHERE person_id = $1', [personId])).map(({ subject }) => subject);

async function suspended(la: string) {
  const provider = await server.world.listed({ la });
  await server.app.directory.providers.act(provider.id, 'suspend', { actor: provider.officer, reason: 'Insurance in doubt' });
  return provider;
}

test('a suspension is overturned by a colleague of who decided it, and the provider is listed again', async () => {
  const provider = await suspended('821');
  const colleague = await server.world.officer('821');
  const { id, state } = await appeal(provider.admin, 'PROVIDER_SUSPENDED', provider.id);
  expect(state).toBe('OPEN');
  expect(await queue(colleague)).toEqual([id]);
  expect(await queue(provider.officer)).toEqual([]);
  expect(await judge(provider.officer, 'overturn', id!)).toMatchObject({ code: 'NOT_ALLOWED', message: 'You made this decision, so somebody else judges the appeal against it.' });
  expect(await stateOf('provider', provider.id)).toBe('SUSPENDED');
  expect(await judge(colleague, 'overturn', id!, ' ')).toMatchObject({ code: 'VALIDATION' });
  expect(await judge(colleague, 'overturn', id!)).toMatchObject({ state: 'OVERTURNED' });
  expect(await stateOf('provider', provider.id)).toBe('LISTED');
  expect(await queue(colleague)).toEqual([]);
  expect(await judge(colleague, 'uphold', id!)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  expect(await subjects(provider.admin.personId)).toContain('An appeal has been judged: the decision is overturned');
  expect(await subjects(provider.officer.personId)).toContain('An appeal has been judged: the decision is overturned');
  expect((await subjects(colleague.personId)).some((each) => each.endsWith('appeals against a decision'))).toBe(true);
});

test('it ends as lapsed where something is missing meanwhile', async () => {
  const provider = await suspended('822');
  const colleague = await server.world.officer('822');
  const { id } = await appeal(provider.admin, 'PROVIDER_SUSPENDED', provider.id);
  const [first] = provider.recommenders;
  await server.app.directory.recommendations.act(first!.recommendation, 'withdraw', { actor: first!.lead });
  expect(await judge(colleague, 'overturn', id!)).toMatchObject({ state: 'OVERTURNED' });
  expect(await stateOf('provider', provider.id)).toBe('LAPSED');
});

test('what is upheld stays as it was decided, and is not appealed again; a new decision is', async () => {
  const provider = await suspended('823');
  const colleague = await server.world.officer('823');
  const { id } = await appeal(provider.admin, 'PROVIDER_SUSPENDED', provider.id);
  expect(await appeal(provider.admin, 'PROVIDER_SUSPENDED', provider.id)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  expect(await judge(colleague, 'uphold', id!)).toMatchObject({ state: 'UPHELD' });
  expect(await stateOf('provider', provider.id)).toBe('SUSPENDED');
  expect(await appeal(provider.admin, 'PROVIDER_SUSPENDED', provider.id)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  const { providers } = server.app.directory;
  await providers.reinstate(provider.id, { actor: colleague, reason: 'It is insured' });
  expect(await appeal(provider.admin, 'PROVIDER_SUSPENDED', provider.id)).toMatchObject({ code: 'NOT_FOUND' });
  await providers.act(provider.id, 'suspend', { actor: colleague, reason: 'In doubt again' });
  expect(await appeal(provider.admin, 'PROVIDER_SUSPENDED', provider.id)).toMatchObject({ state: 'OPEN' });
});

test('only those whom it concerns appeal, and take an appeal back', async () => {
  const provider = await suspended('824');
  for (const other of [provider.officer, provider.recommenders[0]!.lead, await server.world.person()]) {
    expect(await appeal(other, 'PROVIDER_SUSPENDED', provider.id)).toMatchObject({ code: 'NOT_FOUND' });
  }
  const { id } = await appeal(provider.admin, 'PROVIDER_SUSPENDED', provider.id);
  const colleague = await server.world.officer('824');
  expect(await withdraw(colleague, id!)).toMatchObject({ code: 'NOT_ALLOWED' });
  expect(await withdraw(await server.world.person(), id!)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await withdraw(provider.admin, id!)).toMatchObject({ state: 'WITHDRAWN' });
  expect(await judge(colleague, 'overturn', id!)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
});

test('nobody judges where they have an interest; where the LA has nobody else, an officer of another or a system administrator does', async () => {
  const provider = await suspended('825');
  const interested = await server.world.officer('825');
  await server.world.give(interested.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
  const recommender = await server.world.officer('825');
  await server.world.give(recommender.personId, 'SCHOOL_LEAD', { schoolUrn: provider.recommenders[0]!.urn });
  await server.app.db.query('UPDATE recommendation SET given_by = $2 WHERE id = $1', [provider.recommenders[0]!.recommendation, recommender.personId]);
  const elsewhere = await server.world.officer('826');
  const admin = await server.world.person('SYSTEM_ADMIN');
  const { id } = await appeal(provider.admin, 'PROVIDER_SUSPENDED', provider.id);
  for (const officer of [interested, recommender, provider.officer]) expect(await queue(officer)).not.toContain(id);
  expect(await judge(await server.world.refresh(interested), 'uphold', id!)).toMatchObject({ code: 'HAS_INTEREST' });
  expect(await judge(recommender, 'uphold', id!)).toMatchObject({ code: 'NOT_FOUND' });
  expect([(await queue(elsewhere)).includes(id!), (await queue(admin)).includes(id!)]).toEqual([true, true]);
  expect((await subjects(admin.personId)).some((each) => each.endsWith('appeals against a decision'))).toBe(true);

  const colleague = await server.world.officer('825');
  expect([(await queue(elsewhere)).includes(id!), (await queue(admin)).includes(id!), (await queue(colleague)).includes(id!)]).toEqual([false, false, true]);
  expect(await judge(elsewhere, 'uphold', id!)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await judge(admin, 'uphold', id!)).toMatchObject({ code: 'NOT_ALLOWED' });
  await server.app.db.query('UPDATE membership SET ended_at = now() WHERE person_id = $1', [colleague.personId]);
  expect(await judge(elsewhere, 'overturn', id!)).toMatchObject({ state: 'OVERTURNED' });
  expect(await stateOf('provider', provider.id)).toBe('LISTED');
});

test('a second account of who decided, by the same mailbox, does not judge it', async () => {
  const provider = await suspended('827');
  const double = await server.world.officer('827');
  const address = (provider.officer as Actor & { email: string }).email.replace('@', '+second@');
  await server.app.db.query('UPDATE person SET email = $2 WHERE id = $1', [double.personId, address]);
  const { id } = await appeal(provider.admin, 'PROVIDER_SUSPENDED', provider.id);
  expect(await judge(double, 'uphold', id!)).toMatchObject({ code: 'NOT_ALLOWED' });
});

test('a rejected recommendation is restored and lists the provider again; the school may appeal as well as the provider', async () => {
  const provider = await server.world.listed({ la: '828' });
  const [first] = provider.recommenders;
  const { recommendations } = server.app.directory;
  await recommendations.act(first!.recommendation, 'flag', { actor: provider.officer, reason: 'A governor works there' });
  const flagged = await appeal(provider.admin, 'RECOMMENDATION_FLAGGED', first!.recommendation);
  await recommendations.act(first!.recommendation, 'reject', { actor: provider.officer, reason: 'He does' });
  expect(await stateOf('provider', provider.id)).toBe('LAPSED');
  const colleague = await server.world.officer('828');
  const { id } = await appeal(first!.lead, 'RECOMMENDATION_REJECTED', first!.recommendation, 'He left years ago.');
  expect(await judge(colleague, 'overturn', flagged.id!)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' }); // it has ended by itself
  expect(await stateOf('appeal', flagged.id!)).toBe('ENDED');
  expect(await judge(colleague, 'overturn', id!)).toMatchObject({ state: 'OVERTURNED' });
  expect([await stateOf('recommendation', first!.recommendation), await stateOf('provider', provider.id)]).toEqual(['GIVEN', 'LISTED']);
});

test('what is restored counts only as far as the rules let it: an interest that has come up meanwhile stands against it', async () => {
  const provider = await server.world.listed({ la: '829' });
  const [first] = provider.recommenders;
  const { recommendations } = server.app.directory;
  await recommendations.act(first!.recommendation, 'flag', { actor: provider.officer, reason: 'In doubt' });
  await server.world.give(first!.lead.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
  const { id } = await appeal(provider.admin, 'RECOMMENDATION_FLAGGED', first!.recommendation);
  expect(await judge(await server.world.officer('829'), 'overturn', id!)).toMatchObject({ state: 'OVERTURNED' });
  expect([await stateOf('recommendation', first!.recommendation), await stateOf('provider', provider.id)]).toEqual(['GIVEN', 'LAPSED']);
});

test('what stands again is earlier than what was given meanwhile from the other side, which gives way at once', async () => {
  const { world, app } = server;
  const { recommendations } = app.directory;
  const run = await world.school({ la: '831' });
  const company = await world.checked({ la: '831' });
  await world.give(company.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: run }); // whoever runs the company leads this school
  const theirs = await world.school({ la: '831' });
  const school = await world.checked({ la: '831', schoolUrn: theirs });
  const lead = await world.refresh(school.admin);
  const rejected = await recommendations.give(lead, world.recommendation(company, theirs));
  for (const step of ['flag', 'reject'] as const) await recommendations.act(rejected, step, { actor: company.officer, reason: 'It reads made up' });
  await recommendations.give(await world.lead(run), world.recommendation(school, run));
  const outside = await world.recommender(school);
  await recommendations.give(outside.lead, outside.input);
  expect(await stateOf('provider', school.id)).toBe('LISTED');
  const { id } = await appeal(lead, 'RECOMMENDATION_REJECTED', rejected);
  expect(await judge(await world.officer('831'), 'overturn', id!)).toMatchObject({ state: 'OVERTURNED' });
  expect([await stateOf('recommendation', rejected), await stateOf('provider', school.id)]).toEqual(['GIVEN', 'LAPSED']);
});

test('a role that was refused is in force once that is overturned', async () => {
  const urn = await server.world.school({ la: '830' });
  const person = await server.world.person();
  const { memberships } = server.app.identity;
  const role = await memberships.request(person, { role: 'SCHOOL_LEAD', schoolUrn: urn, title: 'Head' });
  const officer = await server.world.officer('830');
  expect(await appeal(person, 'ROLE_REFUSED', role)).toMatchObject({ code: 'NOT_FOUND' });
  await memberships.end(officer, role, { reason: 'We do not know you.' });
  expect(await appeal(officer, 'ROLE_REFUSED', role)).toMatchObject({ code: 'NOT_FOUND' });
  const { id } = await appeal(person, 'ROLE_REFUSED', role, 'I have been the head for a year.');
  const mine = await server.graphql('{ myAppeals { nodes { title decisionReason } } }', {}, await server.cookieOf(person));
  expect(mine.data).toEqual({ myAppeals: { nodes: [{ title: `A role in School ${urn} has been refused`, decisionReason: 'We do not know you.' }] } });
  expect(await judge(await server.world.officer('830'), 'overturn', id!)).toMatchObject({ state: 'OVERTURNED' });
  expect((await server.world.refresh(person)).memberships).toMatchObject([{ role: 'SCHOOL_LEAD', schoolUrn: urn }]);
});

test('words of a rating that were hidden are shown again', async () => {
  const { rating, lead, provider } = await server.world.rated();
  const [{ la }] = (await server.app.db.query<{ la: string }>('SELECT assuring_la AS la FROM provider WHERE id = $1', [provider.id])) as [{ la: string }];
  const officer = await server.world.officer(la);
  await server.app.db.transaction((tx) => move(tx, ratingProcess, rating, 'hideWords', { actor: officer, reason: 'It names a pupil', set: { words_hidden: true } }));
  const { id } = await appeal(lead, 'RATING_WORDS_HIDDEN', rating);
  expect(await judge(await server.world.officer(la), 'overturn', id!)).toMatchObject({ state: 'OVERTURNED' });
  expect(await server.app.db.query('SELECT words_hidden FROM rating WHERE id = $1', [rating])).toEqual([{ words_hidden: false }]);
});
