import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

const CHANGE = 'mutation ($name: String!) { result: changeMyName(name: $name) { ... on Viewer { name } ... on Problem { code } } }';
interface Deeds {
  recommendation: { givenBy: { name: string }; history: { transition: string; person: { name: string } | null }[] };
}

test('a changed name does not rewrite who did what', async () => {
  const { world } = server;
  const provider = await world.checked();
  const { lead, input } = await world.recommender(provider);
  await server.app.db.query(`UPDATE person SET name = '' WHERE id = $1`, [lead.personId]);
  const id = await server.app.directory.recommendations.give(lead, input);
  const cookie = await server.cookieOf(lead);
  const read = async () => {
    const query = 'query ($id: UUID!) { recommendation(id: $id) { givenBy { name } history { transition person { name } } } }';
    const { recommendation } = (await server.graphql<Deeds>(query, { id }, cookie)).data;
    return [recommendation.givenBy.name, ...recommendation.history.map(({ person }) => person?.name)];
  };
  const change = async (name: string) => {
    server.clock.advance({ minutes: 1 });
    return (await server.graphql<{ result: { name?: string; code?: string } }>(CHANGE, { name }, cookie)).data.result;
  };
  expect(await read()).toEqual(['', '']);
  expect(await change(' Ada\u200B  Example ')).toEqual({ name: 'Ada Example' });
  expect(await read()).toEqual(['Ada Example', 'Ada Example']); // nothing was known before
  await change('Somebody Else');
  await change('Another');
  expect(await read()).toEqual(['Ada Example', 'Ada Example']);
  await server.app.directory.recommendations.act(id, 'withdraw', { actor: lead });
  await change('A Fourth');
  expect((await read()).at(-1)).toBe('Another');
  expect(await server.app.db.query('SELECT name_at($1, $2) AS name', [lead.personId, server.clock.now()])).toEqual([{ name: 'A Fourth' }]);
});

test('a blank or invisible name is refused', async () => {
  const cookie = await server.cookieOf(await server.world.person());
  for (const name of ['', ' ', '\u200B', '\u2800', '\u202Eadam', 'R\u0435ader']) {
    expect([name, (await server.graphql<{ result: { code: string } }>(CHANGE, { name }, cookie)).data.result.code]).toEqual([name, 'VALIDATION']);
  }
});

test('two spellings of one address are one person', async () => {
  const { world } = server;
  const urn = await world.school();
  const cookie = await server.cookieOf(await world.lead(urn));
  const grant = `mutation ($email: String!, $urn: Int!) { result: grantMembership(input: { email: $email, role: SCHOOL_STAFF, schoolUrn: $urn }) {
    ... on Membership { email } ... on Problem { code } } }`;
  const given = async (email: string) => (await server.graphql<{ result: object }>(grant, { email, urn }, cookie)).data.result;
  for (const [one, other, kept] of [
    ['head@schüle.example', 'head@xn--schle-mva.example', 'head@xn--schle-mva.example'],
    ['zoe\u0308@otterholme.example', 'ZO\u00CB@otterholme.example', 'zo\u00EB@otterholme.example'],
  ]) {
    expect(await given(one!)).toEqual({ email: kept });
    expect(await given(other!)).toEqual({ code: 'ALREADY_MEMBER' });
  }
});
