import { startServices, type TestApp } from '../support/app.js';
import type { World } from '../support/world.js';

let services: TestApp;
let world: World;

beforeAll(async () => {
  services = await startServices();
  ({ world } = services);
});

const carry = () => services.app.db.transaction(services.app.identity.memberships.carry);
const held = async (urn: number) => {
  const rows = await services.app.db.query<{ email: string; role: string }>(
    `SELECT p.email, m.role FROM membership m JOIN person p ON p.id = m.person_id WHERE m.school_urn = $1 AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL
     UNION ALL SELECT p.email, 'its SIP' FROM sip_assignment a JOIN person p ON p.id = a.person_id WHERE a.school_urn = $1 AND a.ended_at IS NULL ORDER BY 1, 2`,
    [urn],
  );
  return rows.map(({ email, role }) => `${email} ${role}`);
};

/** Closes schools, which become one. */
async function become(urns: number[]): Promise<number> {
  const now = await world.school();
  for (const urn of urns) {
    await services.app.db.query(`UPDATE school SET status = 'CLOSED' WHERE urn = $1`, [urn]);
    await services.app.db.query('INSERT INTO school_successor (urn, successor_urn) VALUES ($1, $2)', [urn, now]);
  }
  return now;
}

test('who leads, works for or visits a school does so for what it became, once', async () => {
  const [one, other] = [await world.school(), await world.school()];
  const lead = await world.lead(one);
  await world.give(lead.personId, 'SCHOOL_LEAD', { schoolUrn: other });
  const staff = await world.person('SCHOOL_STAFF', { schoolUrn: other });
  const sip = await world.person('SIP', { laCode: '990' });
  for (const urn of [one, other]) await services.app.db.query('INSERT INTO sip_assignment VALUES (gen_random_uuid(), $1, $2, $3)', [sip.personId, urn, services.clock.now()]);
  const now = await become([one, other]);

  expect(await carry()).toEqual({ begun: 3, ended: 0 });
  const all = [`${lead.email} SCHOOL_LEAD`, `${staff.email} SCHOOL_STAFF`, `${sip.email} its SIP`];
  expect(await held(now)).toEqual(all.sort());
  expect(await held(one)).toEqual([`${lead.email} SCHOOL_LEAD`, `${sip.email} its SIP`].sort()); // what was begun there is still theirs
  expect(await carry()).toEqual({ begun: 0, ended: 0 });
});

test('whose word a role rests on, and since when, stays known; one that only waited there begins', async () => {
  const school = await world.school();
  const lead = await world.lead(school);
  services.clock.advance({ days: 100 });
  const now = await become([school]);
  await services.app.db.query(`INSERT INTO membership (id, person_id, role, school_urn, created_at) VALUES (gen_random_uuid(), $1, 'SCHOOL_LEAD', $2, now())`, [lead.personId, now]);
  expect(await carry()).toEqual({ begun: 1, ended: 0 });
  const roles = await services.app.db.query('SELECT confirmed_at, confirmed_by FROM membership WHERE person_id = $1', [lead.personId]);
  expect(roles).toHaveLength(2);
  expect(roles[0]).toEqual(roles[1]);
});

test('what was not confirmed, or has ended, is not carried, and what is ended there stays so', async () => {
  const school = await world.school();
  const [lead, ended, asking] = [await world.lead(school), await world.lead(school), await world.lead(school)];
  await services.app.db.query('UPDATE membership SET ended_at = now() WHERE person_id = $1', [ended.personId]);
  await services.app.db.query('UPDATE membership SET confirmed_at = NULL, confirmed_by = NULL WHERE person_id = $1', [asking.personId]);
  const now = await become([school]);
  expect(await carry()).toEqual({ begun: 1, ended: 0 });
  expect(await held(now)).toEqual([`${lead.email} SCHOOL_LEAD`]);
  await services.app.db.query('UPDATE membership SET ended_at = now() WHERE school_urn = $1', [now]);
  expect(await carry()).toEqual({ begun: 0, ended: 0 });
  expect(await held(now)).toEqual([]);
});
