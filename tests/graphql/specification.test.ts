import { auditServer, serverAudits } from 'graphql-http';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

// Apollo's protection against forged requests asks for a header that a form on another site cannot send.
const fetchFn = (url: string, init?: RequestInit) => fetch(url, { ...init, headers: { ...init?.headers, 'Apollo-Require-Preflight': 'true' } });

describe('GraphQL over HTTP', () => {
  for (const audit of serverAudits({ url: () => `${server.url}/graphql`, fetchFn })) {
    test(audit.name, async () => {
      const result = await audit.fn();
      if (result.status === 'error') throw new Error(result.reason);
    });
  }

  test('of the audits, by GET and POST, at most one is not passed, and that is no error', async () => {
    const results = await auditServer({ url: `${server.url}/graphql`, fetchFn });
    const failed = results.filter(({ status }) => status !== 'ok');
    expect(results).toHaveLength(61);
    expect(failed.length).toBeLessThanOrEqual(1);
    expect(failed.filter(({ status }) => status === 'error')).toEqual([]);
  });
});

describe('compiled execution', () => {
  const GRANTED = '{ __typename ... on Membership { title } ... on Problem { code message } }';

  test('fills in the defaults of input fields, in the document and in variables', async () => {
    const officer = await server.cookieOf(await server.world.officer('990'));
    const urn = await server.world.school();
    const literal = `mutation { result: grantMembership(input: { email: "a@example.org", role: SCHOOL_STAFF, schoolUrn: ${urn} }) ${GRANTED} }`;
    const variable = `mutation ($input: GrantInput!) { result: grantMembership(input: $input) ${GRANTED} }`;
    const inside = `mutation ($email: String!) { result: grantMembership(input: { email: $email, role: SCHOOL_STAFF, schoolUrn: ${urn} }) ${GRANTED} }`;
    const granted = { data: { result: { __typename: 'Membership', title: '' } } };
    expect(await server.graphql(literal, {}, officer)).toMatchObject(granted);
    expect(await server.graphql(variable, { input: { email: 'b@example.org', role: 'SCHOOL_STAFF', schoolUrn: urn } }, officer)).toMatchObject(granted);
    expect(await server.graphql(inside, { email: 'c@example.org' }, officer)).toMatchObject(granted);
  });

  test('tells what is wrong with a variable', async () => {
    const { errors } = await server.graphql('query ($id: UUID!) { provider(id: $id) { id } }', { id: 'nonsense' });
    expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('$id') });
  });
});
