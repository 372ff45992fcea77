import fc from 'fast-check';
import { notificationJobs } from '../../src/notifications/index.js';
import type { Actor } from '../../src/platform/actor.js';
import { runDueJobs } from '../../src/platform/jobs/index.js';
import type { Message } from '../../src/platform/mail/index.js';
import { Refused } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';
import { makeJobsDue, noticesIn } from './support.js';

const PROVIDERS = 3;
const SCHOOLS = 6;

let server: TestApp;
let providers: { id: string; listing: string; people: Actor[] }[] = [];
let schools: { urn: number; leads: Actor[] }[] = [];
let officers: Actor[] = [];
/** The last step before the sequences. */
let before = 0;

beforeAll(async () => {
  server = await startServices();
  const { world } = server;
  for (let i = 0; i < 2; i++) officers.push(await world.officer('990'));
  for (let i = 0; i < PROVIDERS; i++) {
    const { id, listing, admin } = await world.awaiting();
    for (const kind of ['SAFEGUARDING', 'INSURANCE', 'INTERESTS'] as const) await server.app.directory.providers.recordCheck(officers[0]!, id, kind, '2035-12-31');
    providers.push({ id, listing, people: [admin, await world.person('PROVIDER_ADMIN', { providerId: id })] });
  }
  for (let i = 0; i < SCHOOLS; i++) {
    const urn = await world.school({ academy: i % 3 === 0 }); // of an unknown trust: officers confirm
    schools.push({ urn, leads: [await world.lead(urn), await world.lead(urn)] });
  }
  // Officers with an interest: in the first provider, in the first school.
  await world.give(officers[0]!.personId!, 'PROVIDER_EDITOR', { providerId: providers[0]!.id });
  await world.give(officers[1]!.personId!, 'SCHOOL_STAFF', { schoolUrn: schools[0]!.urn });
  officers = await Promise.all(officers.map(world.refresh));
  providers[0]!.people.push(officers[0]!);
  await server.app.db.query('CREATE SEQUENCE attempt');
  // Every third writing of notices meets a serialization failure and is made again; every thirteenth breaks for good.
  await server.app.db.query(`
    CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE nth bigint := nextval('attempt');
    BEGIN
      IF nth % 13 = 0 THEN RAISE EXCEPTION 'broken' USING ERRCODE = 'XX000'; END IF;
      IF nth % 3 = 0 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF;
      RETURN NULL;
    END $$`);
  await server.app.db.query('CREATE TRIGGER stumble AFTER INSERT ON notice FOR EACH STATEMENT EXECUTE FUNCTION stumble()');
});

const kinds = ['invite', 'give', 'give', 'decline', 'withdraw', 'flag', 'uphold', 'reject', 'confirmIndependence', 'suspend', 'reinstate'] as const;
const step = fc.record({ kind: fc.constantFrom(...kinds), provider: fc.nat(PROVIDERS - 1), school: fc.nat(SCHOOLS - 1), nth: fc.nat(1) });
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const done = new Map<string, number>();

/** Takes a step, or not: what is refused, and what breaks, leaves nothing behind. */
async function take({ kind, provider: p, school: s, nth }: Step): Promise<void> {
  const [provider, school, officer] = [providers[p]!, schools[s]!, officers[nth]!];
  const { recommendations, providers: service } = server.app.directory;
  const reason = 'A parent asked us to look into it.';
  try {
    if (kind === 'invite') await recommendations.invite(provider.people[nth]!, { providerId: provider.id, schoolUrn: school.urn, message: '' });
    else if (kind === 'give') await recommendations.give(school.leads[nth]!, server.world.recommendation(provider, school.urn));
    else if (kind === 'suspend') await service.act(provider.id, 'suspend', { actor: officer, reason });
    else if (kind === 'reinstate') await service.reinstate(provider.id, { actor: officer, reason });
    else {
      const [found] = await server.app.db.query<{ id: string }>('SELECT id FROM recommendation WHERE provider_id = $1 AND school_urn = $2 ORDER BY id DESC LIMIT 1', [provider.id, school.urn]);
      const actor = kind === 'decline' || kind === 'withdraw' ? school.leads[nth]! : officer;
      if (found) await recommendations.act(found.id, kind, { actor, reason });
    }
  } catch (error) {
    if (!(error instanceof Refused) && !String(error).includes('broken')) throw error;
  }
}

type Side = 'provider' | 'leads' | 'officers' | 'everyOfficer' | 'confirming';
/** Who is to be told, written down a second time, by hand. */
const TOLD: Record<string, Side[]> = {
  'Recommendation.invite': ['leads'],
  'Recommendation.give': ['provider', 'leads', 'confirming'],
  'Recommendation.decline': ['provider'],
  'Recommendation.withdraw': ['provider', 'leads'],
  'Recommendation.flag': ['provider', 'leads'],
  'Recommendation.uphold': ['provider', 'leads'],
  'Recommendation.reject': ['provider', 'leads'],
  'Recommendation.confirmIndependence': ['provider', 'leads'],
  'Provider.list': ['provider', 'officers'],
  'Provider.lapse': ['provider', 'officers'],
  'Provider.suspend': ['provider', 'everyOfficer'],
  'Provider.reinstate': ['provider', 'everyOfficer'],
  'Provider.reinstateAsLapsed': ['provider', 'everyOfficer'],
};

interface Happened {
  id: number;
  /** The unit of work that it was part of. */
  unit: string;
  kind: string;
  personId: string | null;
  providerId: string;
  schoolUrn: number | null;
  /** Whether one by the same school or person was rejected before. */
  judged: boolean;
}

function expected({ kind, personId, providerId, schoolUrn, judged }: Happened): string[] {
  const provider = providers.find(({ id }) => id === providerId)!;
  const school = schools.find(({ urn }) => urn === schoolUrn);
  const impartial = officers.filter((officer) => !officer.memberships.some((each) => each.providerId === providerId || (school && each.schoolUrn === school.urn)));
  const sides: Record<Side, Actor[]> = {
    provider: provider.people,
    leads: school?.leads ?? [],
    officers: officers.filter((officer) => !officer.memberships.some((each) => each.providerId === providerId)),
    everyOfficer: officers,
    confirming: school && (judged || schools.indexOf(school) % 3 === 0) ? impartial : [],
  };
  const people = TOLD[kind]!.flatMap((side) => sides[side].map((each) => each.personId!));
  return [...new Set(people)].filter((each) => each !== personId).sort();
}

test('whatever happens at once, is made again or breaks, each step that stands has told each of its people once', async () => {
  before = (await server.app.db.query<{ id: number }>('SELECT max(id) AS id FROM history'))[0]!.id;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 12 }), async (steps) => {
      await Promise.all(steps.slice(0, 6).map(take));
      await Promise.all(steps.slice(6).map(take));
      server.clock.advance({ hours: 5 });
    }),
    { numRuns: runs(100) },
  );
  const happened = await server.app.db.query<Happened>(
    `SELECT h.id, h.xmin::text AS unit, h.process || '.' || h.transition AS kind, h.person_id AS "personId", coalesce(r.provider_id, h.object_id) AS "providerId", r.school_urn AS "schoolUrn", EXISTS (
       SELECT FROM history j JOIN recommendation earlier ON earlier.id = j.object_id
       WHERE j.transition = 'reject' AND j.id < h.id AND earlier.provider_id = r.provider_id AND (earlier.school_urn = r.school_urn OR earlier.given_by = h.person_id)) AS judged
     FROM history h LEFT JOIN recommendation r ON r.id = h.object_id WHERE h.id > $1 ORDER BY h.id`,
    [before],
  );
  const told = await noticesIn(server);
  // What one act does to a provider is one thing, of which a person is told once, however many steps it makes.
  const acts = new Map<string, Happened[]>();
  for (const each of happened) {
    done.set(each.kind, (done.get(each.kind) ?? 0) + 1);
    const act = `${each.unit} ${each.providerId}`;
    acts.set(act, [...(acts.get(act) ?? []), each]);
  }
  for (const steps of acts.values()) {
    const people = told.filter(({ historyId }) => steps.some(({ id }) => id === historyId)).map(({ personId }) => personId);
    expect([steps, people.sort()]).toEqual([steps, [...new Set(steps.flatMap(expected))].sort()]);
  }
  expect([...acts.values()].some((steps) => steps.length > 1)).toBe(true);
  expect(told.filter(({ historyId }) => historyId! > before && !happened.some(({ id }) => id === historyId))).toEqual([]);
  expect(done.size).toBeGreaterThan(5);
  const [stumbled] = await server.app.db.query<{ count: number }>(`SELECT last_value::int / 3 AS count FROM attempt`);
  expect(stumbled!.count).toBeGreaterThan(5);
});

test('each is mailed, by two workers that die now and then, at least once, and every repeat is the same mail', async () => {
  const sent: Message[] = [];
  let nth = 0;
  const jobs = notificationJobs(
    server.app.db,
    {
      send: async (message) => {
        if (++nth % 5 === 0) throw new Error('the mail server is away');
        sent.push(message);
        if (nth % 4 === 0) throw new Error('the worker died before it marked the mail');
      },
    },
    'http://localhost',
  );
  const work = async () => {
    for (let round = 0; round < 12; round++) {
      await makeJobsDue(server);
      await Promise.all([runDueJobs(server.app.db, jobs), runDueJobs(server.app.db, jobs)]);
    }
  };
  await work();
  const noon = new Date(`${server.clock.now().toISOString().slice(0, 10)}T12:00:00Z`);
  server.clock.advance({ days: 1, seconds: (noon.getTime() - server.clock.now().getTime()) / 1000 });
  await jobs.tasks['begin-the-day']!({});
  await work();

  const told = await noticesIn(server);
  expect(told.filter(({ mailedAt, withheldAt, historyId }) => historyId! > before && (!mailedAt || withheldAt))).toEqual([]);
  const mails = new Map(sent.map((message) => [message.id, message]));
  for (const message of sent) expect(message).toEqual(mails.get(message.id));
  expect(sent.length).toBeGreaterThan(mails.size);
  const atOnce = told.filter(({ digest }) => !digest).map(({ id }) => id);
  expect(atOnce.filter((id) => !mails.has(id))).toEqual([]);
  const digests = await server.app.db.query<{ id: string }>('SELECT id FROM notice_digest WHERE sent_at IS NOT NULL');
  expect([...mails.keys()].sort()).toEqual([...atOnce, ...digests.map(({ id }) => id)].sort());
});
