import { attempt, Problem } from '../../src/platform/problem.js';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});
beforeEach(() => server.clock.advance({ days: 2 }));

const INVITE = 'mutation ($input: InvitationInput!) { result: inviteRecommendation(input: $input) { __typename ... on Problem { code message } } }';
const answers = (results: string[]) => Object.fromEntries([...new Set(results)].map((each) => [each, results.filter((other) => other === each).length]));

async function invite(cookie: string, providerId: string, email: string): Promise<{ __typename: string; message?: string }> {
  const { data } = await server.graphql<{ result: { __typename: string; message?: string } }>(INVITE, { input: { providerId, schoolUrn: await server.world.school(), message: 'Words of my own', email } }, cookie);
  return data.result;
}
const mailsTo = async (email: string) => {
  await server.deliver();
  return server.outbox.filter(({ to }) => to === email).length;
};

test('one account cannot go on writing to a stranger', async () => {
  const { id, admin } = await server.world.awaiting();
  const cookie = await server.cookieOf(admin);
  const results = [];
  for (let i = 0; i < 8; i++) results.push(await invite(cookie, id, i % 2 ? 'Stranger@example.net' : 'stranger@example.net'));
  expect(results.map((each) => each.__typename)).toEqual([...Array(3).fill('Recommendation'), ...Array(5).fill('TooManyAttempts')]);
  expect(results.at(-1)!.message).toMatch(/^That is as often as this may be done in a day\. You can go on after \d+ \w+, \d\d:\d\d\.$/);
  expect(await mailsTo('stranger@example.net')).toBe(3);
  server.clock.advance({ days: 1 });
  expect((await invite(cookie, id, 'stranger@example.net')).__typename).toBe('Recommendation');
});

test('nor by the other addresses of their mailbox', async () => {
  const { id, admin } = await server.world.awaiting();
  const cookie = await server.cookieOf(admin);
  const asked = ['plus@example.net', 'plus+1@example.net', 'PLUS+2@example.net', 'plus+3@example.net', 'ｐlus+4@example.net', 'plus+5+6@ｅxample。net'];
  const results = [];
  for (const email of asked) results.push((await invite(cookie, id, email)).__typename);
  const offered = await attempt(() => server.app.identity.memberships.grant(admin, { role: 'PROVIDER_EDITOR', providerId: id, email: 'plus+7@example.net', title: '' }));
  const change = 'mutation ($email: String!) { result: requestEmailChange(email: $email) { ... on Problem { code } } }';
  const changed = (await server.graphql<{ result: { code?: string } }>(change, { email: 'plus+8@example.net' }, cookie)).data.result.code;
  expect([...results, offered instanceof Problem && offered.code, changed]).toEqual([...Array(3).fill('Recommendation'), ...Array(3).fill('TooManyAttempts'), 'TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS']);
  for (const email of ['pl(1)us@example.net', 'x:plus@example.net', 'plus(2)@example.net']) expect([email, (await invite(cookie, id, email)).__typename]).toEqual([email, 'ValidationProblem']);
});

test('nor can many accounts together, by invitations and roles alike', async () => {
  const email = 'crowd@example.net';
  const results = [];
  for (let i = 0; i < 14; i++) {
    const { id, admin } = await server.world.awaiting();
    if (i % 2 === 0) results.push((await invite(await server.cookieOf(admin), id, email)).__typename);
    else {
      const granted = await attempt(() => server.app.identity.memberships.grant(admin, { role: 'PROVIDER_EDITOR', providerId: id, email, title: '' }));
      results.push(granted instanceof Problem ? 'TooManyAttempts' : 'Membership');
    }
  }
  expect(answers(results)).toEqual({ Recommendation: 5, Membership: 5, TooManyAttempts: 4 });
  expect(await mailsTo(email)).toBe(10);
});

test('one account cannot write to strangers without end', async () => {
  const { world, app } = server;
  const officer = await world.officer('990');
  const results = [];
  for (let i = 0; i < 62; i++) {
    const granted = await attempt(() => app.identity.memberships.grant(officer, { role: 'SIP', laCode: '990', email: `sip${i}@example.net`, title: '' }));
    results.push(granted instanceof Problem ? granted.code : 'done');
  }
  expect(answers(results)).toEqual({ done: 60, TOO_MANY_ATTEMPTS: 2 });
});

test('somebody asks for a role in ten schools a day', async () => {
  const { world, app } = server;
  const person = await world.person();
  const results = [];
  for (let i = 0; i < 12; i++) {
    const schoolUrn = await world.school();
    const asked = await attempt(() => app.identity.memberships.request(person, { role: 'SCHOOL_STAFF', schoolUrn, title: 'Teacher' }));
    results.push(asked instanceof Problem ? asked.code : 'done');
  }
  expect(answers(results)).toEqual({ done: 10, TOO_MANY_ATTEMPTS: 2 });
});
