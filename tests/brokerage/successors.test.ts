import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import type { World } from '../support/world.js';

/** A school becomes another while drafts, referrals and invitations wait in it. */

let services: TestApp;
let world: World;
beforeAll(async () => {
  services = await startServices();
  ({ world } = services);
});

const codeOf = async (work: Promise<unknown>) => {
  const result = await attempt(() => work);
  return result instanceof Problem ? result.code : 'done';
};
const row = async (table: string, id: string) => (await services.app.db.query<{ state: string; urn: number }>(`SELECT state, school_urn AS urn FROM ${table} WHERE id = $1`, [id]))[0]!;
const told = async (id: string, { personId }: Actor) => (await services.app.db.query<{ kind: string }>('SELECT kind FROM notice WHERE object_id = $1 AND person_id = $2', [id, personId])).map(({ kind }) => kind);

/** As an import does it, and the jobs of the next hour. */
async function became(urn: number, ...successors: number[]): Promise<void> {
  const { app } = services;
  await app.db.transaction(async (tx) => {
    await tx.query(`UPDATE school SET status = 'CLOSED' WHERE urn = $1`, [urn]);
    await tx.query('INSERT INTO school_successor (urn, successor_urn) SELECT $1, unnest($2::int[])', [urn, successors]);
    await services.app.identity.memberships.carry(tx);
    await app.directory.providers.settleAll(tx, null, 'IMPORT');
  });
  await app.brokerage.requests.passTime();
  await app.referrals.referrals.passTime();
  await app.directory.recommendations.passTime();
}

/** A draft, a SIP's draft, a referral and an invitation to recommend, all waiting in one school. */
async function waiting() {
  const { brokerage, referrals, directory } = services.app;
  const urn = await world.school();
  const [head, sip, provider] = [await world.lead(urn), await world.assignedSip(urn), await world.listed()];
  const draft = await brokerage.requests.draft(head, urn, { need: 'Phonics.' });
  const sips = await brokerage.requests.draft(sip, urn, { need: 'Reading.' });
  await brokerage.requests.act(sips, 'submit', { actor: sip });
  const referral = await referrals.referrals.send(sip, { schoolUrn: urn, message: 'Look at this.', listings: [{ listingId: provider.listing, reason: '' }] });
  const invitation = await directory.recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn: urn });
  return { urn, head, sip, provider, draft, sips, referral, invitation };
}

test('one successor answers all of it, also by a lead who never led the former school', async () => {
  const { brokerage, referrals, directory } = services.app;
  const it = await waiting();
  const academy = await world.school();
  const newHead = await world.lead(academy);
  await became(it.urn, academy);
  for (const [table, id] of [['request', it.draft], ['request', it.sips], ['referral', it.referral], ['recommendation', it.invitation]] as const) {
    expect([table, (await row(table, id)).urn]).toEqual([table, academy]);
  }
  expect(await told(it.sips, newHead)).toContain('Request.passOn');
  expect(await told(it.invitation, newHead)).toContain('Recommendation.passOn');
  expect(await codeOf(brokerage.requests.act(it.draft, 'open', { actor: await world.refresh(it.head) }))).toBe('done');
  expect(await codeOf(brokerage.requests.act(it.sips, 'open', { actor: newHead }))).toBe('done');
  expect(await codeOf(referrals.referrals.accept(newHead, it.referral, { confidential: false }))).toBe('done');
  const given = await directory.recommendations.give(newHead, world.recommendation(it.provider, academy));
  expect(given).toBe(it.invitation);
});

test('a successor that has closed too is passed over', async () => {
  const it = await waiting();
  const [between, last] = [await world.school(), await world.school()];
  await services.app.db.query('INSERT INTO school_successor VALUES ($1, $2)', [between, last]);
  await services.app.db.query(`UPDATE school SET status = 'CLOSED' WHERE urn = $1`, [between]);
  await became(it.urn, between);
  for (const [table, id] of [['request', it.draft], ['request', it.sips], ['referral', it.referral], ['recommendation', it.invitation]] as const) {
    expect([table, (await row(table, id)).urn]).toEqual([table, last]);
  }
});

test('where there are several, what waits ends with a word, and each can be asked anew', async () => {
  const { directory } = services.app;
  const it = await waiting();
  const [one, two] = [await world.school(), await world.school()];
  await became(it.urn, one, two);
  expect(await Promise.all([row('request', it.draft), row('request', it.sips), row('referral', it.referral), row('recommendation', it.invitation)]).then((all) => all.map(({ state }) => state))).toEqual([
    'WITHDRAWN', 'WITHDRAWN', 'EXPIRED', 'EXPIRED',
  ]);
  expect(await told(it.sips, it.head)).toContain('Request.endWithSchool');
  expect(await told(it.referral, it.sip)).toContain('Referral.endWithSchool');
  expect(await told(it.invitation, it.provider.admin)).toContain('Recommendation.endWithSchool');
  expect(await codeOf(directory.recommendations.invite(it.provider.admin, { providerId: it.provider.id, schoolUrn: two }))).toBe('done');
});

test('a successor that was asked itself answers once', async () => {
  const { directory } = services.app;
  const [one, two, both] = [await world.school(), await world.school(), await world.school()];
  const provider = await world.listed();
  const ask = (schoolUrn: number) => directory.recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn });
  const [first, second] = [await ask(one), await ask(two)];
  await became(one, both);
  await became(two, both);
  expect([await row('recommendation', first), await row('recommendation', second)]).toEqual([{ state: 'INVITED', urn: both }, { state: 'EXPIRED', urn: two }]);
});
