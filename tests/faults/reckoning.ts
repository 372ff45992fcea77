import { randomUUID } from 'node:crypto';
import { sleep } from '../support/process.js';
import { runs } from '../support/runs.js';
import { ask, Clients, type Creation, REGISTER, registration, SEND_CODE, type Sent } from './clients.js';
import type { Service } from './services.js';
import type { Person, Stage } from './stage.js';

/** Whether this is `npm run test:long`. In `npm test`, beside other tests, nothing is said of how long things take. */
export const long = runs(10) === 10;

export const CLIENTS = 20;
/** Milliseconds. An answer that takes longer counts as a hang, a service that takes longer to come back as one that does not. */
const LIMITS = long ? { answer: 10_000, back: 5_000 } : { answer: 20_000, back: 40_000 };
const FINISH = 30_000;
const ALL_MAIL = 60_000;

export interface Fault {
  name: string;
  /** How long it lasts. */
  seconds: number;
  /** The same in `npm test`; left out where it is made in the long run only. */
  briefly?: number;
  /** What has to be so before the clients begin. */
  prepare?(stage: Stage): Promise<void>;
  begin(stage: Stage): Promise<void> | void;
  /** The cause ends; what the test has ended is started again, as a supervisor would. */
  end(stage: Stage): Promise<void> | void;
}

/** Makes the fault under clients who work all the time, and holds what came of it against what was acknowledged. */
export async function underFault(stage: Stage, fault: Fault): Promise<void> {
  await fault.prepare?.(stage);
  for (const service of stage.services) service.harmed = false;
  stage.killedJobs = 0;
  const doubledBefore = new Set(stage.sink.doubled());
  const pids = new Map(stage.services.map((service) => [service, service.pid]));
  const [prober, ...people] = stage.nextPeople(CLIENTS + 1);
  const clients = new Clients(people, stage.serves, LIMITS.answer);
  try {
    await sleep(1500);
    await fault.begin(stage);
    await sleep(1000 * (long ? fault.seconds : fault.briefly!));
    await fault.end(stage);
    const ms = await comesBack(stage, prober!);
    await sleep(1000);
    await clients.stop(FINISH);
    if (long) process.stdout.write(`While ${fault.name}: ${figures(clients.sent)}; back ${ms} ms after the cause had ended\n`);
    expect(failures(clients.sent)).toEqual([]);
    expect(stage.services.flatMap(({ ends }) => ends)).toEqual([]);
    for (const [service, pid] of pids) if (!service.harmed) expect([service.name, service.pid]).toEqual([service.name, pid]);
    expect(clients.creations.filter(({ acknowledged }) => !acknowledged)).toEqual([]); // within half a minute of the end
    expect(await lostOrDoubled(stage, clients.creations)).toEqual([]);
    await allMailArrives(stage, clients.creations);
    const doubled = stage.sink.doubled().filter((id) => !doubledBefore.has(id));
    expect(doubled.slice(stage.killedJobs)).toEqual([]); // one that was killed between sending and writing down sends again
    expect(stage.services.flatMap(({ notJson }) => notJson)).toEqual([]);
  } catch (error) {
    if (long) process.stdout.write(`While ${fault.name}: ${figures(clients.sent)}; FAILED: ${(error as Error).message.slice(0, 1000)}\n`);
    throw stage.explained(error as Error);
  } finally {
    await clients.stop(0);
  }
}

/** Each service writes, each worker is ready, and a job is done, within the limit from now. @returns milliseconds till all was so */
async function comesBack(stage: Stage, prober: Person): Promise<number> {
  const from = Date.now();
  const notYet = new Map<string, string>();
  const until = async (name: string, attempt: () => Promise<string | null>) => {
    for (;;) {
      const trouble = await attempt();
      if (trouble === null) return notYet.delete(name);
      notYet.set(name, trouble);
      if (Date.now() - from > LIMITS.back) return false;
      await sleep(100);
    }
  };
  const email = `back-${randomUUID()}@example.org`;
  await Promise.all([
    ...stage.serves.map((service) =>
      until(`a write by ${service.name}`, () => probe(service, prober, REGISTER, { input: registration(), key: randomUUID() }))),
    ...stage.workers.map((service) => until(`${service.name} is ready`, async () => ((await service.isReady()) ? null : 'it is not'))),
    (async () => {
      if (!(await until('a sign-in code is asked for', () => probe(stage.serves[0]!, prober, SEND_CODE, { email })))) return;
      await until('the mail of a sign-in code', async () => (stage.sink.hasFor(email) ? null : 'it has not come'));
    })(),
  ]);
  if (notYet.size > 0) throw new Error(`Not back ${LIMITS.back} ms after the cause has ended: ${JSON.stringify([...notYet])}`);
  return Date.now() - from;
}

function figures(sent: readonly Sent[]): string {
  const count = (wanted: Sent['outcome']) => sent.filter(({ outcome }) => outcome === wanted).length;
  const slowest = Math.max(0, ...sent.map(({ ms }) => Math.round(ms)));
  return `${count('answered')} requests answered, ${count('away')} with 503, ${count('broken')} broken, the slowest in ${slowest} ms`;
}

/** Sends an operation once. @returns null where it was done, else why not */
async function probe(service: Service, { cookie }: Person, query: string, variables: object): Promise<string | null> {
  const headers = { Cookie: cookie, 'X-Forwarded-For': '10.1.1.1' };
  const within = Math.min(LIMITS.answer, LIMITS.back);
  const { outcome, detail } = await ask(service, 'probe', '/graphql', { headers, body: { query, variables }, within });
  return outcome === 'answered' ? null : `${outcome} ${detail}`;
}

/** What no client should meet, with how often. A killed process breaks its connections, one that stands still lets callers wait. */
function failures(sent: readonly Sent[]): string[] {
  const excused = ({ outcome, service }: Sent) => service.harmed && (outcome === 'broken' || outcome === 'hangs');
  const bad = sent.filter((each) => !['answered', 'away'].includes(each.outcome) && !excused(each));
  const kinds = new Map<string, number>();
  for (const { what, service, outcome, detail } of bad) {
    const kind = `${what} at ${service.name}: ${outcome} ${detail.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…')}`;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return [...kinds].map(([kind, times]) => `${times} times ${kind}`);
}

/** Of what was acknowledged what is not there, or not under its id; of all that was tried what is there more than once. */
async function lostOrDoubled(stage: Stage, creations: readonly Creation[]): Promise<string[]> {
  const named = (kind: Creation['kind']) => creations.filter((each) => each.kind === kind).map(({ name }) => name);
  const rows = await stage.sql<{ name: string; ids: string[] }>(
    `SELECT name, array_agg(id::text) AS ids FROM provider WHERE name = ANY($1) GROUP BY name
     UNION ALL
     SELECT p.email, array_agg(m.id::text) FROM person p JOIN membership m ON m.person_id = p.id WHERE p.email = ANY($2) GROUP BY p.email`,
    [named('provider'), named('role')],
  );
  const found = new Map(rows.map(({ name, ids }) => [name, ids]));
  return creations.flatMap(({ kind, name, id, acknowledged }) => {
    const ids = found.get(name) ?? [];
    if (kind === 'code') return [];
    if (ids.length > 1) return [`${name} is there ${ids.length} times`];
    return acknowledged && ids[0] !== id ? [`${name} was acknowledged as ${id}, and there is ${ids[0] ?? 'none'}`] : [];
  });
}

/** That of each role is one mail, perhaps repeated under its id; that of each code at least one: it may have been asked for twice. */
async function allMailArrives(stage: Stage, creations: readonly Creation[]): Promise<void> {
  const mailed = creations.filter(({ kind, acknowledged }) => kind !== 'provider' && acknowledged);
  let missing = mailed;
  for (const until = Date.now() + ALL_MAIL; missing.length > 0 && Date.now() < until; await sleep(500)) {
    await stage.hurryJobs();
    missing = missing.filter(({ name }) => !stage.sink.hasFor(name));
  }
  expect(missing.map(({ name }) => name)).toEqual([]);
  const ids = new Map(mailed.map(({ name }) => [name, new Set<string>()]));
  for (const { to, id } of stage.sink.accepted) ids.get(to)?.add(id);
  const twice = mailed.filter(({ kind, name }) => kind === 'role' && ids.get(name)!.size > 1);
  expect(twice.map(({ name }) => name)).toEqual([]);
}
