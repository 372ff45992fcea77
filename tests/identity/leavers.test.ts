import fc from 'fast-check';
import type { Actor, Role } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';
import { orphansIn } from './orphans.js';

let services: TestApp;
beforeAll(async () => {
  services = await startServices();
});

const codeOf = async (work: Promise<unknown>) => {
  const result = await attempt(() => work);
  return result instanceof Problem ? result.code : 'done';
};

const nat = fc.nat(1000);
/** How many of each there are, and who does what: numbers are taken modulo what there is. */
const worlds = fc.record({
  leads: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 2 }),
  staff: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 2, maxLength: 2 }),
  sips: fc.array(fc.record({ schools: fc.subarray([0, 1]), ofProvider: fc.nat(4).map((n) => n === 0) }), { minLength: 1, maxLength: 3 }),
  officers: fc.integer({ min: 1, max: 2 }),
  standIn: fc.option(nat),
  editors: fc.nat(1),
  plans: fc.subarray([0, 1]),
  requests: fc.array(fc.record({ school: fc.nat(1), by: nat, allLeads: fc.boolean(), others: fc.array(nat, { maxLength: 2 }), open: fc.boolean() }), { maxLength: 4 }),
  engagements: fc.array(fc.record({ school: fc.nat(1), by: nat, allLeads: fc.boolean(), shared: fc.boolean(), action: fc.boolean() }), { maxLength: 3 }),
  sipWork: fc.array(fc.record({ kind: fc.constantFrom('visit', 'draft', 'referral', 'question'), sip: nat, school: nat }), { maxLength: 5 }),
  endings: fc.array(fc.record({ which: nat, by: nat, to: fc.option(nat), accept: fc.boolean() }), { minLength: 12, maxLength: 12 }),
});
type World = typeof worlds extends fc.Arbitrary<infer W> ? W : never;

const seen = new Map<string, number>();
const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
let nth = 0;

/** Makes a world of an LA of its own. @returns its code and everybody in it */
async function make(plan: World): Promise<{ la: string; people: string[]; providerId: string }> {
  const { world, app } = services;
  const { brokerage, referrals } = app;
  const la = await world.la(`9${100 + nth++}`);
  const urns = [await world.school({ la }), await world.school({ la })];
  const people: (Actor & { personId: string })[] = [];
  const add = async (role: Role, scope: object) => {
    const person = await world.person(role, scope);
    people.push(person);
    return person;
  };
  const provider = await world.listed({ la });
  await app.db.query(`UPDATE membership SET ended_at = now() WHERE la_code = $1 AND role = 'LA_OFFICER'`, [la]); // whoever checked the provider
  for (let i = 0; i < plan.officers; i++) await add('LA_OFFICER', { laCode: la });
  for (let i = 0; i < plan.editors; i++) await add('PROVIDER_EDITOR', { providerId: provider.id });
  const schools = [];
  for (const [i, schoolUrn] of urns.entries()) {
    const leads = [];
    for (let n = 0; n < plan.leads[i]!; n++) leads.push(await add('SCHOOL_LEAD', { schoolUrn }));
    const staff = [];
    for (let n = 0; n < plan.staff[i]!; n++) staff.push(await add('SCHOOL_STAFF', { schoolUrn }));
    if (plan.plans.includes(i)) await brokerage.signOffs.setPlan(leads[0]!, schoolUrn, true);
    schools.push({ urn: schoolUrn, leads, all: [...leads, ...staff] });
  }
  const sips: Actor[] = [];
  for (const { schools: of, ofProvider } of plan.sips) {
    const sip = await world.sip(la, ...of.map((i) => urns[i]!));
    if (ofProvider) await world.give(sip.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    people.push(sip as Actor & { personId: string; email: string });
    sips.push(await world.refresh(sip));
  }
  const officer = people[0]!;
  if (plan.standIn !== null) await brokerage.signOffs.setStandIn(officer, la, [officer, ...sips][plan.standIn % (1 + sips.length)]!.personId!);
  for (const { school, by, allLeads, others, open } of plan.requests) {
    const { urn, all } = schools[school]!;
    const personIds = others.map((other) => all[other % all.length]!.personId);
    const drafter = all[by % all.length]!;
    const id = await brokerage.requests.draft(drafter, urn, { need: 'Reading.', allLeads, personIds });
    if (open) await attempt(() => brokerage.requests.act(id, 'open', { actor: drafter }));
  }
  for (const { school, by, allLeads, shared, action } of plan.engagements) {
    const { urn, leads } = schools[school]!;
    const lead = leads[by % leads.length]!;
    const id = await brokerage.recordings.record(lead, { ...world.recording(provider.listing, urn), allLeads, sharedWithSip: shared });
    if (action) await brokerage.actions.add(lead, id, { what: 'Look at books', owner: 'SIP' });
  }
  for (const { kind, sip, school } of plan.sipWork) {
    const actor = sips[sip % sips.length]!;
    const urn = actor.sipSchools[school % Math.max(1, actor.sipSchools.length)];
    const day = world.dayIn(5);
    if (kind === 'question') await attempt(() => referrals.suggestions.ask(actor, { question: 'Who helps?' }));
    else if (urn === undefined) continue;
    else if (kind === 'visit') await referrals.visits.plan(actor, { schoolUrn: urn, date: day, focus: 'Reading' });
    else if (kind === 'draft') await brokerage.requests.draft(actor, urn, { need: 'Reading.' });
    else await attempt(() => referrals.referrals.send(actor, { schoolUrn: urn, message: 'Look.', listings: [{ listingId: provider.listing, reason: '' }] }));
  }
  people.push(provider.admin as Actor & { personId: string; email: string });
  return { la, people: people.map(({ personId }) => personId), providerId: provider.id };
}

/** Ends one role or assignment, and holds what comes of it against what there was to say before. */
async function end({ la, people, providerId }: Awaited<ReturnType<typeof make>>, { which, by, to, accept }: World['endings'][number]): Promise<void> {
  const { app, world } = services;
  const { memberships } = app.identity;
  const held = await app.db.query<{ id: string; personId: string; kind: string }>(
    `SELECT id, person_id AS "personId", role AS kind FROM membership WHERE person_id = ANY($1) AND ended_at IS NULL
     UNION ALL SELECT id, person_id, 'ASSIGNMENT' FROM sip_assignment WHERE person_id = ANY($1) AND ended_at IS NULL ORDER BY id`,
    [people],
  );
  if (held.length === 0) return;
  const { id, personId, kind } = held[which % held.length]!;
  const actorId = by % 3 === 0 || people.length === 0 ? personId : people[by % people.length]!;
  const actor = await world.refresh({ personId: actorId } as Actor);
  const work = { la, providerId };
  const before = await orphansIn(app.db, work);
  const said = await memberships.whatHangs(actor, id);
  const named = to === null ? null : ([...(said?.successors.map((each) => each.id) ?? []), ...people][to % ((said?.successors.length ?? 0) + 1)] ?? null);
  const leave = (how: object) => codeOf(kind === 'ASSIGNMENT' ? memberships.endSipAssignment(actor, id, how) : memberships.end(actor, id, how));
  const code = await leave({ successorId: named, acceptLeftWithout: accept });
  const left = [...(await orphansIn(app.db, work))].filter((each) => !before.has(each));
  note(code);
  if (code !== 'done') {
    if (left.length > 0) throw new Error(`${code}, and yet left: ${left.join()}`);
    if (code !== 'LEAVES_WITHOUT') return;
    if (said!.work.length === 0) throw new Error('refused for what was not said before');
    note(`refused ${kind}`);
    // It was warranted: accepted, something is left with nobody.
    if (which % 2 === 0) return;
    if ((await leave({ successorId: named, acceptLeftWithout: true })) !== 'done') throw new Error('accepted, and refused all the same');
    if (![...(await orphansIn(app.db, work))].some((each) => !before.has(each))) throw new Error(`${kind}: nothing was left with nobody, but it was said: ${JSON.stringify(said!.work)}`);
    return;
  }
  if (left.length > 0 && said!.work.length === 0) throw new Error(`${kind} ended: ${left.join()} is with nobody, which was not said before`);
  if (left.length > 0 && !accept) throw new Error(`${kind} ended: ${left.join()} is with nobody, which nobody accepted`);
  if (said!.work.length > 0 && left.length === 0) note(`handed on ${kind}`);
}

test('ending any role in any situation leaves nothing with nobody, or it was said before', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (plan) => {
      const made = await make(plan);
      for (const ending of plan.endings) await end(made, ending);
    }),
    { numRuns: runs(200) },
  );
  expect([...seen.keys()]).toEqual(expect.arrayContaining(['done', 'LEAVES_WITHOUT', 'refused SCHOOL_LEAD', 'refused SIP', 'handed on SIP', 'handed on SCHOOL_LEAD']));
}, 3_600_000);
