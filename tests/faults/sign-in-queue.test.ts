import { sleep } from '../support/process.js';
import { ask, SEND_CODE } from './clients.js';
import { long } from './reckoning.js';
import { Stage } from './stage.js';

/*
 * A sign-in code does not wait behind the notices of the day, however slow the mail server is with each of them.
 */
const NOTICES = long ? 1000 : 200;
const A_MESSAGE_TAKES = 3000;
const WITHIN = 10_000;

let stage: Stage;
let leads: Set<string>;
beforeAll(async () => {
  stage = await Stage.set({
    serves: 1,
    workers: 1,
    people: 0,
    // One step of the product's own tells all leads of a school.
    seed: async (world, app) => {
      const provider = await world.awaiting({ name: 'Many Notices' });
      const schoolUrn = await world.school();
      // as long work: who leads a school is checked anew for each of them
      const people = await app.db.longTransaction((tx) => tx.query<{ email: string }>(
        `WITH made AS (
           INSERT INTO person (id, email, name, created_at)
           SELECT gen_random_uuid(), 'lead-' || n || '@example.org', 'Lead ' || n, now() FROM generate_series(1, $1::int) n
           RETURNING id, email),
         given AS (
           INSERT INTO membership (id, person_id, role, school_urn, created_at, confirmed_at, confirmed_by)
           SELECT gen_random_uuid(), id, 'SCHOOL_LEAD', $2, now(), now(), id FROM made)
         SELECT email FROM made`,
        [NOTICES, schoolUrn],
      ));
      leads = new Set(people.map(({ email }) => email));
      await app.directory.recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn, message: '' });
    },
    slowMail: A_MESSAGE_TAKES,
  });
});
afterAll(() => stage?.close());

test(`a sign-in code while ${NOTICES} notices wait and each message takes ${A_MESSAGE_TAKES / 1000} s`, async () => {
  const { sink } = stage;
  const noticesSent = () => sink.accepted.filter(({ to }) => leads.has(to)).length;
  try {
    for (const until = Date.now() + 30_000; noticesSent() === 0; await sleep(50)) {
      if (Date.now() > until) throw new Error('No notice is sent at all.');
    }
    for (const email of ['first@example.org', 'second@example.org', 'third@example.org']) {
      const asked = Date.now();
      const body = { query: SEND_CODE, variables: { email } };
      const { outcome, detail } = await ask(stage.serves[0]!, 'code', '/graphql', { body, within: WITHIN });
      expect([outcome, detail]).toEqual(['answered', '']);
      while (!sink.hasFor(email) && noticesSent() < NOTICES) await sleep(50);
      expect(noticesSent()).toBeLessThan(NOTICES / 2); // it has overtaken
      if (long) expect(sink.accepted.find(({ to }) => to === email)!.at - asked).toBeLessThanOrEqual(WITHIN);
    }
    expect(sink.doubled()).toEqual([]);
  } catch (error) {
    throw stage.explained(error as Error);
  }
});
