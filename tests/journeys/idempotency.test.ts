import type { GraphQLField } from 'graphql';
import { type Attempt, attempts } from '../access/attempts.js';
import type { Asker } from '../access/people.js';
import { Stage } from '../access/stage.js';
import { type GraphqlError, startApp } from '../support/app.js';
import { operationOf } from './person.js';

/*
 * Every mutation of the schema that takes an idempotency key is sent twice, many times at once, and again after the
 * first attempt's connection died on the way to its commit: each time there is one effect, in all tables together.
 */
let stage: Stage;

/** Who is tried as the sender, in this order, till somebody may. */
const SENDERS = ['lead', 'sip', 'admin', 'officer', 'system', 'another sip', 'none'];
const AT_ONCE = 5;

type Mutation = GraphQLField<unknown, unknown>;
type Values = Record<string, unknown>;
interface Answer {
  data: { answer: { id?: string; problem?: string; words?: string } } | null;
  errors?: GraphqlError[];
}
interface Sender {
  asker: Asker;
  attempt: Attempt;
  effect: Effect;
}
/** How many rows there are more, by table. */
type Effect = Record<string, number>;

const sql = <Row>(text: string) => stage.server.app.db.query<Row>(text);

beforeAll(async () => {
  stage = await Stage.set(await startApp());
  // Whoever finishes the first effect after the sequence began anew loses the connection, before the commit.
  await sql('CREATE SEQUENCE effect START 2');
  await sql(`
    CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('effect') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
      RETURN NEW;
    END $$`);
  await sql('CREATE TRIGGER die BEFORE UPDATE ON idempotency_key FOR EACH ROW EXECUTE FUNCTION die()');
});

const mutations = (): Mutation[] => Object.values(stage.server.app.schema.getMutationType()!.getFields()).filter(({ args }) => args.some(({ name }) => name === 'idempotencyKey'));

const send = async (mutation: Mutation, values: Values, { cookie }: Asker): Promise<Answer> =>
  (await stage.server.graphql(operationOf(mutation, values, 'id'), values, cookie)) as unknown as Answer;

/** How many rows each table has; jobs too, for what is sent once is told once. */
async function rowsNow(): Promise<Effect> {
  const tables = await sql<{ name: string }>(`SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN ('session', 'rate_limit') ORDER BY 1`);
  const counts = [...tables.map(({ name }) => `SELECT '${name}' AS name, count(*) FROM "${name}"`), `SELECT 'jobs', count(*) FROM graphile_worker._private_jobs`];
  const rows = await stage.server.app.db.prepared<{ name: string; count: number }>('rows of each table', counts.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

async function effectOf<T>(work: () => Promise<T>): Promise<[T, Effect]> {
  const before = await rowsNow();
  const result = await work();
  const after = await rowsNow();
  return [result, Object.fromEntries(Object.entries(after).flatMap(([name, count]) => (count === before[name] ? [] : [[name, count - before[name]!]])))];
}

const NOTHING: Effect = {};
let keys = 0;
const key = () => `key ${keys++}`;

/** The arguments, with a key, on something that nothing was done to yet. */
const fresh = async ({ attempt, asker }: Pick<Sender, 'attempt' | 'asker'>): Promise<Values> => ({ ...(await attempt.args(stage, asker)), idempotencyKey: key() });

/** Somebody who may send it, with what comes of it: sent twice, one after the other. */
async function twice(mutation: Mutation): Promise<Sender> {
  const refusals: string[] = [];
  for (const [what, attempt] of Object.entries(attempts[mutation.name] ?? {})) {
    for (const who of SENDERS) {
      const asker = stage.asker(who);
      if (mutation.name === 'addToShortlist') await send(mutation, await fresh({ attempt, asker }), asker); // the first begins the shortlist itself
      const values = await fresh({ attempt, asker });
      const [first, effect] = await effectOf(() => send(mutation, values, asker));
      if (!first.data?.answer?.id) {
        refusals.push(`${who} on ${what}: ${JSON.stringify(first)}`);
        continue;
      }
      const [second, again] = await effectOf(() => send(mutation, values, asker));
      expect(second).toEqual(first);
      expect(again).toEqual(NOTHING);
      expect(effect['idempotency_key']).toBe(1);
      await attempt.undo?.(stage, asker);
      return { asker, attempt, effect };
    }
  }
  throw new Error(`Nobody could send ${mutation.name}: ${refusals.join('\n')}`);
}

/** Each attempt at these brings people of its own, who are told: how many notices there are says nothing there. */
const TOLD_TO_ITS_OWN = ['appealDecision', 'takeUpNomination'];
const withoutNotices = ({ notice: _notice, jobs: _jobs, ...effect }: Effect): Effect => effect;
const comparable = (mutation: Mutation, effect: Effect): Effect => (TOLD_TO_ITS_OWN.includes(mutation.name) ? withoutNotices(effect) : effect);

async function atOnce(mutation: Mutation, sender: Sender): Promise<void> {
  const values = await fresh(sender);
  const [answers, effect] = await effectOf(() => Promise.all(Array.from({ length: AT_ONCE }, () => send(mutation, values, sender.asker))));
  expect(answers.map(({ data }) => data?.answer.id)).toEqual(Array(AT_ONCE).fill(answers[0]!.data!.answer.id));
  expect(comparable(mutation, effect)).toEqual(comparable(mutation, sender.effect));
  await sender.attempt.undo?.(stage, sender.asker);
}

async function afterDeath(mutation: Mutation, sender: Sender): Promise<void> {
  const values = await fresh(sender);
  await sql('ALTER SEQUENCE effect RESTART WITH 1');
  const [died, nothing] = await effectOf(() => send(mutation, values, sender.asker));
  expect(died.errors?.map(({ extensions }) => extensions.code)).toEqual(['SERVICE_UNAVAILABLE']);
  expect(nothing).toEqual(NOTHING);
  const [answer, effect] = await effectOf(() => send(mutation, values, sender.asker));
  expect(answer.data?.answer.id).toBeDefined();
  expect(comparable(mutation, effect)).toEqual(comparable(mutation, sender.effect));
  await sender.attempt.undo?.(stage, sender.asker);
}

test('each creating mutation has one effect: sent twice, at once, and again after a death', async () => {
  const wrong: string[] = [];
  for (const mutation of mutations()) {
    try {
      await sql('DELETE FROM rate_limit');
      const sender = await twice(mutation);
      await atOnce(mutation, sender);
      await afterDeath(mutation, sender);
    } catch (error) {
      wrong.push(`${mutation.name}: ${(error as Error).message.slice(0, 1500)}`);
    }
  }
  process.stderr.write(`${mutations().length} creating mutations\n`);
  expect(wrong).toEqual([]);
});

/** What is created takes a key: a mutation that begins a process, or puts a row where none was, is not forgotten. */
test('what creates takes a key', async () => {
  const creating = /^(add|ask|assign|create|declare|draft|give|grant|invite|plan|raise|recommend|record|register|renew|request|send|submit|choose|accept)/;
  const without = Object.values(stage.server.app.schema.getMutationType()!.getFields())
    .filter(({ name, args }) => creating.test(name) && !args.some((each) => each.name === 'idempotencyKey'))
    .map(({ name }) => name);
  // What they do a second time is refused, or the same again.
  expect(without.sort()).toEqual([
    'acceptEngagementChange',
    'acceptMembership',
    'acceptPartnership',
    'giveEvidence',
    'inviteToPartnership',
    'recordProviderCheck',
    'requestEmailChange',
    'sendEngagementBack',
    'sendSignInCode',
    'submitSupportRequest',
  ]);
});
