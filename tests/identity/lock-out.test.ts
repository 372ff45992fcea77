import fc from 'fast-check';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';

let app: TestApp;
beforeAll(async () => {
  app = await startServices();
});
beforeEach(() => app.clock.advance({ minutes: 16 }));

const HOME = '198.51.100.1';
const signIns = () => app.app.identity.signIn;
const ask = async (email: string, from = HOME) => {
  const answer = await attempt(() => signIns().requestCode(email, from));
  return answer instanceof Problem ? answer : 'sent';
};
const enter = async (email: string, code: string, from = HOME) => {
  const answer = await attempt(() => signIns().signIn(email, code, from, null));
  return answer instanceof Problem ? answer.code : 'signed in';
};
/** The codes in the mailbox, newest first. */
async function mailbox(email: string): Promise<string[]> {
  await app.deliver();
  return app.outbox.filter(({ to }) => to === email).map(({ text }) => /^\S+/.exec(text)![0]).reverse();
}
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

test('a code that somebody else asks for leaves the one in hand alone', async () => {
  await ask('a@example.org');
  const [own] = await mailbox('a@example.org');
  for (let i = 0; i < 10; i++) await ask('a@example.org', `203.0.113.${i}`);
  expect(await enter('a@example.org', own!)).toBe('signed in');
});

test('guesses from elsewhere leave the tries of the one in hand alone', async () => {
  await ask('b@example.org');
  const [own] = await mailbox('b@example.org');
  for (let i = 0; i < 100; i++) expect(await enter('b@example.org', wrong(own!), `203.0.113.${i}`)).toBe('CODE_NOT_ACCEPTED');
  expect(await enter('b@example.org', own!)).toBe('signed in');
});

test('a code is taken from another place than where it was asked for, a few tries together for all other places', async () => {
  await ask('c@example.org');
  const [first] = await mailbox('c@example.org');
  expect(await enter('c@example.org', first!, '203.0.113.1')).toBe('signed in');
  await ask('c@example.org');
  const [own] = await mailbox('c@example.org');
  for (let i = 0; i < 4; i++) await enter('c@example.org', wrong(own!), `203.0.113.${i}`);
  expect(await enter('c@example.org', own!, '203.0.113.99')).toBe('CODE_NOT_ACCEPTED'); // guessing is over for all places but the one that asked
  await ask('c@example.org');
  const [long] = await mailbox('c@example.org');
  expect(long).toMatch(/^([2-9A-HJKMNP-TV-Z]{4}-){2}[2-9A-Z]{4}$/);
  expect(await enter('c@example.org', long!.toLowerCase().replaceAll('-', ' '), '203.0.113.99')).toBe('signed in');
  expect(await enter('c@example.org', long!)).toBe('CODE_NOT_ACCEPTED'); // used
});

test('whoever is refused a further code is told so, and has one that works and that no guess has ended', async () => {
  const refused = [];
  for (let i = 0; i < 20; i++) refused.push(await ask('d@example.org', `203.0.113.${i}`));
  expect(refused.filter((each) => each === 'sent')).toHaveLength(6);
  expect(refused.at(-1)).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', message: expect.stringMatching(/those in the newest messages work\. You can go on after \d+ \w+, \d\d:\d\d\.$/) });
  for (let i = 0; i < 500; i++) await enter('d@example.org', i % 2 ? 'AAAA-BBBB-CCCC' : '123456', `203.0.113.${i % 200}`);
  expect(await ask('d@example.org')).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
  expect(await enter('d@example.org', (await mailbox('d@example.org'))[0]!)).toBe('signed in');
});

test('short codes can be tried few times, however many places try', async () => {
  const email = 'e@example.org';
  for (let i = 0; i < 30; i++) await ask(email, `203.0.113.${i}`);
  const short = (await mailbox(email)).filter((code) => /^\d{6}$/.test(code));
  const taken = new Set<string>();
  let compared = 0;
  for (let i = 0; i < 200; i++) {
    const before = await tries(email);
    await enter(email, [...Array(50).keys()].map((n) => String(n).padStart(6, '0')).find((code) => !short.includes(code) && !taken.has(code)) ?? '000051', `203.0.113.${i % 60}`);
    compared += before - (await tries(email));
  }
  expect(short).toHaveLength(3);
  expect(compared).toBeLessThanOrEqual(3 * 5);
  const [pool] = await app.app.db.query<{ count: number }>('SELECT count FROM rate_limit WHERE key = $1', [`guess-at:${email}`]);
  expect(pool!.count).toBeGreaterThan(5); // the rest were not compared with anything
});
const tries = async (email: string) => (await app.app.db.query<{ tries: number }>('SELECT sum(tries_left)::int AS tries FROM sign_in_code WHERE email = $1', [email]))[0]!.tries;

test('whatever others ask for and guess, the owner of an address gets in within one code of their own', async () => {
  let person = 0;
  const strangers = fc.array(fc.record({ asks: fc.boolean(), from: fc.integer({ min: 1, max: 60 }), minutes: fc.constantFrom(0, 0, 0, 1, 5) }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(strangers, async (acts) => {
      const email = `owner${person++}@example.org`;
      for (const { asks, from, minutes } of acts) {
        app.clock.advance({ minutes });
        if (asks) await ask(email, `203.0.113.${from}`);
        else await enter(email, '000000', `203.0.113.${from}`);
      }
      const answer = await ask(email);
      const [newest] = await mailbox(email);
      expect([answer === 'sent' || answer.code, await enter(email, newest!)]).toEqual([expect.anything(), 'signed in']);
    }),
    { numRuns: runs(20) },
  );
});

test('nobody fills a mailbox by asking for its addresses with a plus, and whoever signs in with one still gets theirs', async () => {
  await ask('f+own@example.org');
  expect(await enter('f+own@example.org', (await mailbox('f+own@example.org'))[0]!)).toBe('signed in');
  app.clock.advance({ minutes: 16 });
  const sentTo = async () => (await app.deliver(), app.outbox.filter(({ to }) => /^f(\+.*)?@example\.org$/.test(to)).length);
  const before = await sentTo();
  for (let i = 0; i < 25; i++) expect(await ask(`f+${i}@example.org`, `203.0.113.${i % 3}`)).toBe('sent'); // the answer tells nothing
  expect((await sentTo()) - before).toBe(10);
  for (const own of ['f@example.org', 'f+own@example.org']) {
    expect(await ask(own)).toBe('sent');
    expect(await enter(own, (await mailbox(own))[0]!)).toBe('signed in');
  }
});
