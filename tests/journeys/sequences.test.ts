import fc from 'fast-check';
import { processes } from '../../src/app.js';
import { type AnyProcess, target } from '../../src/platform/process/definition.js';
import { isUnavailable } from '../../src/platform/database/index.js';
import { runDueJobs } from '../../src/platform/jobs/index.js';
import { Refused } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';
import { Cast, NobodyYet } from './cast.js';
import { type Deed, deedsOf } from './deeds.js';
import { STEPS, type Step, TOLD, wronglyTold } from './reckoning.js';

const STEPS_MADE = runs(20_000);
/** How often each transition is wanted, for which it goes on for a while; in the short run once will do. */
const AT_LEAST = process.env['LONG_TESTS'] === '1' ? 50 : 1;
/** Made by a spreadsheet alone, and tried with that: tests/directory/import.test.ts. */
const IMPORTED = ['Provider.reassign', 'Provider.import', 'Listing.import', 'Listing.importUnfinished'];
/** Made where names, people or bodies are alike, which those of the cast are not, and tried in tests/directory. */
const OF_ALIKE = ['Provider.confirmName', 'Provider.holdBack', 'Provider.confirmReturn', 'Recommendation.excuse'];

/**
 * What these journeys do not come to. A nomination is taken up by whoever has the address that was typed, who is none of the
 * cast, and leads who leave pass it on: tried in directory/nominations and directory/attacks/nominations. The others in directory/appeals,
 * directory/withholding, schools/partnerships, identity/leaving, brokerage/signing-again and brokerage/successors.
 */
const TRIED_APART = [
  /^(Appeal|ListingWithholding|PartnershipPlace|Nomination)\.|^Recommendation\.giveNominated$/,
  /OnAppeal$|\.handOver$|\.closeForLeaver$/,
  /^Engagement\.(acceptChangeToSign|acceptChangeAsSigned|signOffAgain)$/,
  /^(Request|Referral|Recommendation)\.(passOn|endWithSchool)$/,
  /^Concern\.takeBack$/,
  /^Engagement\.passSigning$|^Provider\.(nameContact|denyContact)$|^Recommendation\.awaitOfficer$/,
];

let services: TestApp;
let cast: Cast;
let deeds: Deed[];
const counts = new Map<string, number>();
let followed = 0;
let deaths = 0;
let refusals = 0;

beforeAll(async () => {
  services = await startServices();
  cast = await Cast.of(services, 6);
  deeds = deedsOf(cast);
  for (let i = 0; i < 6; i++) {
    const provider = await services.world.awaiting();
    for (const kind of ['SAFEGUARDING', 'INSURANCE', 'INTERESTS'] as const) await services.app.directory.providers.recordCheck(cast.officer(), provider.id, kind, '2035-12-31');
    for (const urn of [cast.urns[1]!, cast.urns[2]!]) await services.app.directory.recommendations.give(cast.lead(urn), services.world.recommendation(provider, urn));
  }
  followed = (await rows<{ id: number }>('SELECT max(id) AS id FROM history'))[0]!.id;
  await cast.refresh();
  await services.deliver();
});

/** Asks again where the connection was one that has just been cut. */
async function rows<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
  for (;;) {
    try {
      return await services.app.db.query<Row>(sql, parameters);
    } catch (error) {
      if (!isDeath(error)) throw error;
    }
  }
}
const countOf = (key: string) => counts.get(key) ?? 0;
/** What a death in the middle leaves to whoever was at work. */
const isDeath = (error: unknown) => isUnavailable(error) || /died in the middle/.test(String(error));

/** Deeds that there is something for now, the rarest first. */
async function possible(): Promise<Deed[]> {
  const looks = deeds.flatMap(({ find }, nth) => (find ? [`SELECT ${nth} AS nth WHERE EXISTS (${find})`] : []));
  const found = await services.app.db.prepared<{ nth: number }>('possible', `SELECT nth FROM (${looks.join(' UNION ALL ')}) possible WHERE $1::timestamptz IS NOT NULL`, [services.clock.now()]).catch(() => []);
  const nths = new Set(found.map(({ nth }) => nth));
  return deeds.filter(({ find }, nth) => !find || nths.has(nth)).sort((a, b) => countOf(a.key) - countOf(b.key));
}

/** What is rarest so far is done most often, so that in the end everything has been done. */
const rarest = (these: Deed[], nth: number): Deed => these[Math.floor(these.length * (nth / 1000) ** 3)]!;

/** @returns its key if it was done */
async function attemptDeed({ key, find, act }: Deed): Promise<string | null> {
  try {
    const [row] = find ? await rows(`SELECT * FROM (${find}) possible WHERE $1::timestamptz IS NOT NULL ORDER BY random() LIMIT 1`, [services.clock.now()]) : [{}];
    if (!row) return null;
    await act(row);
    return key;
  } catch (error) {
    if (!(error instanceof Refused) && !(error instanceof NobodyYet) && !isDeath(error)) throw new Error(`${key}: ${String(error)}`, { cause: error });
    refusals++;
    return null;
  }
}

const nightly = ['expire-checks', 'pass-time-for-recommendations', 'pass-time-for-requests', 'pass-time-for-engagements', 'pass-time-for-referrals', 'pass-time-for-ratings', 'release-evidence', 'begin-the-day'];

async function job(name: string): Promise<void> {
  try {
    if (name === 'mail') await runDueJobs(services.app.db, services.app.jobs);
    else await services.app.jobs.tasks[name]!({});
  } catch (error) {
    if (!isDeath(error)) throw new Error(`${name}: ${String(error)}`, { cause: error });
  }
}

/** Whoever sends the nth statement from now on dies with it. */
function dieAt(nth: number): void {
  let sent = 0;
  services.app.db.onStatement = () => {
    if (++sent !== nth) return;
    services.app.db.onStatement = undefined;
    deaths++;
    throw new Error('died in the middle');
  };
}

/** Ends the connection of somebody who is in the middle of a unit of work. */
async function cutOff(): Promise<void> {
  const cut = await rows(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' LIMIT 1`).catch(() => []);
  deaths += cut.length;
}

const batch = fc.noBias(fc.record({
  deeds: fc.array(fc.nat(999), { minLength: 2, maxLength: 4 }),
  stranger: fc.nat(9),
  hours: fc.oneof({ weight: 36, arbitrary: fc.nat(8) }, { weight: 3, arbitrary: fc.integer({ min: 20, max: 90 }) }, { weight: 1, arbitrary: fc.integer({ min: 900, max: 2600 }) }),
  job: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom(...nightly, 'mail') }),
  death: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant('cut' as const)) }),
}));
type Batch = typeof batch extends fc.Arbitrary<infer B> ? B : never;

async function make({ deeds: chosen, hours, job: due, death, stranger }: Batch): Promise<void> {
  services.clock.advance({ hours });
  const can = await possible();
  const doing = chosen.map((nth) => rarest(can, nth));
  if (stranger === 0) doing.push(meddling());
  if (typeof death === 'number') dieAt(death);
  const [done] = await Promise.all([
    Promise.all(doing.map(attemptDeed)),
    due && job(due),
    death === 'cut' && cutOff(),
  ]);
  services.app.db.onStatement = undefined;
  await follow(done.filter((key) => key !== null));
}

/** Somebody who has nothing to do with it tries. */
function meddling(): Deed {
  const { requests, engagements, proposals } = services.app.brokerage;
  const actor = cast.anybody();
  const tries: Deed[] = [
    { key: 'meddling with a request', find: 'SELECT id FROM request', act: ({ id }) => requests.act(id, 'withdraw', { actor, reason: 'Why not?' }) },
    { key: 'meddling with an engagement', find: 'SELECT id FROM engagement', act: ({ id }) => engagements.act(id, 'complete', { actor }) },
    { key: 'meddling with a proposal', find: 'SELECT id FROM proposal', act: ({ id }) => proposals.withdraw(actor, id) },
  ];
  return tries[countOf('Visit.plan') % tries.length]!;
}

/** What comes to nothing, or to another transition, where things are otherwise by then. */
const ELSE_TOO = ['Provider.list', 'Provider.lapse', 'Provider.reinstate', 'Provider.reinstateAsLapsed', 'Suggestion request.suggest', 'Invitation.send', 'Invitation.cancel', 'Proposal.notChosen', 'Concern.answer'];
/** Another worker may have done it first, or somebody what it waits for. */
const BY_TIME = /expire$|lapse$|startOnDay$|fallDue$/;

const processOf = new Map<string, AnyProcess>(processes.map((process) => [process.name, process]));
const lastState = new Map<string, string>();

/** Holds what was written since against the processes' data and the reckoning of who is told. */
async function follow(done: string[]): Promise<void> {
  const steps = await rows<Step>(STEPS, [followed]);
  await cast.refresh();
  for (const step of steps) {
    const [process, transition] = [processOf.get(step.key.split('.')[0]!)!, step.key.split('.')[1]!];
    const edge = process.transitions[transition];
    if (!edge?.from.includes(step.from) || target(edge, step.from) !== step.to) throw new Error(`${step.key} from ${step.from} to ${step.to} is no edge of the process`);
    const before = lastState.get(step.objectId);
    if (before !== undefined && before !== step.from) throw new Error(`${step.key} starts from ${step.from}, but it was ${before}`);
    lastState.set(step.objectId, step.to);
    const wrong = wronglyTold(cast, step);
    if (wrong) throw new Error(wrong);
    counts.set(step.key, countOf(step.key) + 1);
    followed = Math.max(followed, step.seq);
  }
  for (const key of new Set(done)) {
    if (!(key in TOLD)) continue;
    const conditional = ELSE_TOO.includes(key) || BY_TIME.test(key);
    if (!conditional && !steps.some((step) => step.key === key)) throw new Error(`${key} was answered as done, and is in no history`);
  }
  await holds(NOW, [steps.map(({ objectId }) => objectId)]);
}

/** The worker takes back, four hours later, what one that died had begun; and what failed is due again. */
const afterFourHours = () => rows('UPDATE graphile_worker._private_jobs SET run_at = now(), locked_at = NULL, locked_by = NULL');

/** Naive SQL, each giving what may not be; $1 the things that were just touched. */
const NOW: Record<string, string> = {
  'a request that is agreed without exactly one engagement': `SELECT r.id FROM request r WHERE r.id = ANY($1) AND (r.state = 'AGREED') <> ((SELECT count(*) FROM engagement e WHERE e.request_id = r.id) = 1)`,
  'two proposals chosen of a request': `SELECT request_id FROM proposal WHERE state = 'CHOSEN' AND request_id IN (SELECT request_id FROM proposal WHERE id = ANY($1)) GROUP BY request_id HAVING count(*) > 1`,
  'a live invitation of an ended request': `SELECT i.id FROM invitation i JOIN request r ON r.id = i.request_id WHERE r.id = ANY($1) AND r.state <> 'OPEN' AND i.state IN ('SENT', 'OPENED')`,
  'a proposal that waits for an ended request': `SELECT q.id FROM proposal q JOIN request r ON r.id = q.request_id WHERE r.id = ANY($1) AND r.state <> 'OPEN' AND q.state = 'SUBMITTED'`,
  'a listed provider with too few recommendations': `SELECT p.id FROM provider p WHERE p.state = 'LISTED' AND p.assurance = 'RECOMMENDED' AND $1::uuid[] IS NOT NULL
    AND (SELECT count(DISTINCT r.school_urn) FROM recommendation r WHERE r.provider_id = p.id AND r.state = 'GIVEN' AND r.independence <> 'UNCONFIRMED') < 2`,
};

/** The same of everything that there is. */
const AT_LAST: Record<string, string> = {
  ...Object.fromEntries(processes.map(({ name, table }) => [
    `a ${name} in another state than its history says`,
    `SELECT x.id FROM ${table} x WHERE $1::uuid[] IS NOT NULL AND x.state IS DISTINCT FROM (SELECT to_state FROM history h WHERE h.process = '${name}' AND h.object_id = x.id ORDER BY h.id DESC LIMIT 1)`,
  ])),
  'a notice that was neither sent nor withheld': `SELECT id, kind, digest, digest_id FROM notice WHERE mailed_at IS NULL AND withheld_at IS NULL AND NOT (digest AND read_at IS NOT NULL) AND $1::uuid[] IS NOT NULL`,
  'two notices of one step to one person': `SELECT history_id FROM notice WHERE history_id IS NOT NULL AND $1::uuid[] IS NOT NULL GROUP BY history_id, person_id HAVING count(*) > 1`,
  'a rating of an engagement that is not finished': `SELECT r.id FROM rating r JOIN engagement e ON e.id = r.engagement_id WHERE e.state NOT IN ('COMPLETED', 'ENDED_EARLY') AND $1::uuid[] IS NOT NULL`,
  'an accepted referral without a request': `SELECT id FROM referral WHERE (state = 'ACCEPTED') <> (request_id IS NOT NULL) AND $1::uuid[] IS NOT NULL`,
  'a choice without a buying record': `SELECT e.id FROM engagement e WHERE (e.origin = 'CHOSEN') <> EXISTS (SELECT FROM buying_record b WHERE b.engagement_id = e.id) AND $1::uuid[] IS NOT NULL`,
};

async function holds(rules: Record<string, string>, parameters: unknown[]): Promise<void> {
  for (const [what, sql] of Object.entries(rules)) {
    const found = await rows(sql, parameters);
    if (found.length > 0) throw new Error(`${what}: ${JSON.stringify(found.slice(0, 3))}`);
  }
}

test(`${STEPS_MADE} steps over all processes, at the same time, by and by, with deaths in the middle: no illegal state, no notice lost or doubled`, async () => {
  let made = 0;
  const isEnough = () => made >= STEPS_MADE && (tooRare().length === 0 || made >= 1.5 * STEPS_MADE);
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 50, maxLength: 50 }), async (batches) => {
      for (const each of batches) {
        if (isEnough()) return;
        await make(each);
        made += each.deeds.length;
      }
    }),
    { numRuns: Math.ceil(STEPS_MADE / 50) },
  );
  expect(made).toBeGreaterThanOrEqual(STEPS_MADE);

  // In the end all that was killed is made up for: a worker that lives sends what waits.
  for (let i = 0; i < 3; i++) {
    services.clock.advance({ hours: 24 + 12 - services.clock.now().getUTCHours() }); // the next noon: digests go out by day
    await services.app.jobs.tasks['begin-the-day']!({});
    await afterFourHours();
    await services.deliver();
  }
  await holds({ ...NOW, ...AT_LAST }, [(await rows<{ id: string }>('SELECT id FROM request')).map(({ id }) => id)]);
  const sent = new Map<string, string>();
  for (const { id, ...message } of services.outbox) {
    const text = JSON.stringify(message);
    if ((sent.get(id) ?? text) !== text) throw new Error('two messages of one id');
    sent.set(id, text);
  }
  const unsent = await rows<{ id: string }>('SELECT id FROM notice WHERE NOT digest AND mailed_at IS NOT NULL');
  expect(unsent.filter(({ id }) => !sent.has(id))).toEqual([]);
}, 3_600_000);

const keys = processes
  .flatMap(({ name, transitions }) => Object.keys(transitions).map((transition) => `${name}.${transition}`))
  .filter((key) => ![...IMPORTED, ...OF_ALIKE].includes(key) && !TRIED_APART.some((apart) => apart.test(key)));
const tooRare = () => keys.filter((key) => countOf(key) < AT_LEAST).map((key) => [key, countOf(key)]);

test('every transition was made often enough', () => {
  expect(Object.keys(TOLD).sort()).toEqual([...keys].sort());
  const table = keys.map((key) => [countOf(key), key] as const).sort(([a], [b]) => a - b);
  if (process.env['JOURNEY_COUNTS'] === '1') process.stderr.write(`${table.map(([count, key]) => `${String(count).padStart(6)} ${key}`).join('\n')}\n`);
  process.stderr.write(`${table.reduce((sum, [count]) => sum + count, 0)} transitions, ${refusals} refused, ${deaths} deaths, until ${services.clock.now().toISOString().slice(0, 10)}\n`);
  expect(tooRare()).toEqual([]);
});
