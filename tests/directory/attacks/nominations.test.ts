import { Nominator } from '../nominator.js';
import { Attacker, type Person, type Target } from './attacker.js';

/** A nomination gets round nothing that holds for giving a recommendation, or for asking for one. */

let a: Attacker;
let n: Nominator;
beforeAll(async () => {
  a = await Attacker.begin();
  n = new Nominator(a.server);
});
beforeEach(async () => {
  a.server.clock.advance({ minutes: 5 });
  await a.db.query('DELETE FROM rate_limit');
});

let names = 0;
const nextName = () => `${['Amber', 'Beryl', 'Coral', 'Dusky', 'Ebony', 'Fawny', 'Green', 'Hazel'][names % 8]} ${['Bridges', 'Castles', 'Daisies', 'Embers', 'Fields'][Math.floor(names++ / 8)]}`;

/** Somebody who will run a provider, nominated by the lead of a new school before it is there. */
async function nominated(facts: { trust?: string; academy?: boolean } = {}) {
  const name = nextName();
  const person = await a.world.person();
  const urn = await a.world.school(facts);
  const lead = await a.world.lead(urn);
  const { id } = await n.nominate(lead, n.input(urn, person.email, { name }));
  return { id: id!, name, person, urn, lead };
}

/** The provider that they register, with all its checks. */
async function registers({ name, person }: { name: string; person: Person }, facts: Parameters<typeof a.world.checked>[0] = {}): Promise<Target> {
  const provider = await a.world.checked({ name, ...facts });
  await a.world.give(person.personId, 'PROVIDER_ADMIN', { providerId: provider.id });
  return { ...provider, admin: await a.world.refresh(person) };
}

const counting = async ({ id }: Target) => (await a.db.query('SELECT FROM counting_recommendation WHERE provider_id = $1', [id])).length;

describe('whoever nominates is the provider, or near to it', () => {
  test('with their own address, or another of the same mailbox', async () => {
    const urn = await a.world.school();
    const lead = await a.leadWith(`own-${urn}@school.example`, urn);
    for (const email of [lead.email, `own-${urn}+provider@school.example`]) expect(await n.nominate(lead, n.input(urn, email))).toMatchObject({ code: 'HAS_INTEREST' });
  });
  test('with an address that was theirs until today', async () => {
    const urn = await a.world.school();
    const lead = await a.leadWith(`before-${urn}@school.example`, urn);
    await a.changeAddress(lead, `after-${urn}@school.example`);
    expect(await n.nominate(lead, n.input(urn, lead.email))).toMatchObject({ code: 'HAS_INTEREST' });
  });
  test('with that of a colleague who leads the school, or one of its trust; and is not told which it is', async () => {
    const [urn, near] = [await a.world.school({ trust: 'TRN1' }), await a.world.school({ trust: 'TRN1' })];
    const lead = await a.world.lead(urn);
    const answers = [];
    for (const { email } of [await a.world.lead(urn), await a.world.lead(near), await a.world.person('TRUST_LEAD', { trustId: 'TRN1' }), lead]) answers.push(await n.nominate(lead, n.input(urn, email)));
    expect(answers.map(({ code }) => code)).toEqual(Array(4).fill('HAS_INTEREST'));
    expect(new Set(answers.map(({ message }) => message)).size).toBe(1);
  });
  test('with that of who made them a lead', async () => {
    const urn = await a.world.school();
    const [lead, officer] = [await a.world.lead(urn), await a.world.officer('990')];
    await a.db.query('UPDATE membership SET confirmed_by = $2 WHERE person_id = $1', [lead.personId, officer.personId]);
    expect(await n.nominate(lead, n.input(urn, officer.email))).toMatchObject({ code: 'HAS_INTEREST' });
  });
  test('with that of who made those a lead who made them one', async () => {
    const urn = await a.world.school();
    const [first, between, lead, officer] = [await a.world.lead(urn), await a.world.lead(urn), await a.world.lead(urn), await a.world.officer('990')];
    for (const [of, by] of [[lead, between], [between, first], [first, officer]] as const) await a.db.query('UPDATE membership SET confirmed_by = $2 WHERE person_id = $1', [of.personId, by.personId]);
    expect(await n.nominate(lead, n.input(urn, officer.email))).toMatchObject({ code: 'HAS_INTEREST' });
    const honest = await a.world.officer('990');
    await a.db.query('UPDATE membership SET confirmed_by = $2 WHERE person_id = $1', [first.personId, honest.personId]);
    expect((await n.nominate(lead, n.input(urn, officer.email))).code).toBeUndefined();
  });
  test('with that of a partner in another provider', async () => {
    const [provider, urn] = [await a.world.provider(), await a.world.school()];
    const lead = await a.world.lead(urn);
    await a.world.give(lead.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    expect(await n.nominate(await a.world.refresh(lead) as Person, n.input(urn, await n.emailOf(provider.admin)))).toMatchObject({ code: 'HAS_INTEREST' });
  });
  test('and takes the nominated address over afterwards', async () => {
    const urn = await a.world.school();
    const lead = await a.leadWith(`later-${urn}@school.example`, urn);
    const name = nextName();
    const { id } = await n.nominate(lead, n.input(urn, `taken-${urn}@provider.example`, { name }));
    await a.changeAddress(lead, `taken-${urn}@provider.example`);
    const provider = await registers({ name, person: lead });
    expect(await n.takeUp(provider.admin, id!, provider)).toMatchObject({ code: 'MEMBER_OF_PROVIDER' });
  });
  test('and joins the provider before it takes it up, even if they have left again', async () => {
    const to = await nominated();
    const provider = await registers(to);
    await a.grant(provider.admin, to.lead as Person, { role: 'PROVIDER_EDITOR', providerId: provider.id });
    await a.leave(await a.world.refresh(to.lead) as Person, 'PROVIDER_EDITOR');
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'MEMBER_OF_PROVIDER' });
    expect(await n.state(to.id)).toBe('OPEN');
  });
  test('and is named as its contact between the two, who is another when it is taken up', async () => {
    const to = await nominated();
    const provider = await registers(to);
    expect(await a.name(provider, to.lead.email)).toBe('done');
    a.server.clock.advance({ minutes: 5 });
    expect(await a.name(provider, 'another@provider.example')).toBe('done');
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'MEMBER_OF_PROVIDER' });
  });
  test('both sides are told plainly that it cannot be, and not what the tie is', async () => {
    const to = await nominated();
    const provider = await registers(to);
    await a.grant(provider.admin, to.lead as Person, { role: 'PROVIDER_EDITOR', providerId: provider.id });
    const { message } = await n.takeUp(provider.admin, to.id, provider);
    expect(message).toMatch(/or whoever nominated for it, is not independent of/);
    const told = (await n.notices(to.id, to.lead.personId)).at(-1)!;
    expect(told.kind).toBe('Nomination.obstruct');
    expect(told.text).toContain(message);
    expect((await n.notices(to.id, provider.admin.personId)).map(({ kind }) => kind)).toEqual(['Nomination.obstruct']);
  });
});

describe('the school is near to the provider, now or when it nominated', () => {
  test('of one trust with the provider’s school', async () => {
    const to = await nominated({ trust: 'TRN2' });
    const own = await a.world.school({ trust: 'TRN2' });
    const provider = await registers(to, { schoolUrn: own });
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'OWN_TRUST' });
  });
  test('of one trust when it nominated, which it has left before it is taken up', async () => {
    const to = await nominated({ trust: 'TRN3' });
    const own = await a.world.school({ trust: 'TRN3' });
    const provider = await registers(to, { schoolUrn: own });
    await a.moved(to.urn, 'TRN4');
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'OWN_TRUST' });
  });
  test('led, until just within three years when it nominated, by somebody of the provider, which is longer ago now', async () => {
    const to = await nominated();
    const provider = await registers(to);
    const editor = await a.world.person('PROVIDER_EDITOR', { providerId: provider.id });
    await a.world.give(editor.personId, 'SCHOOL_LEAD', { schoolUrn: to.urn });
    const ended = new Date(a.server.clock.now().getTime() - 1070 * 86_400_000);
    await a.db.query(`UPDATE membership SET ended_at = $2 WHERE person_id = $1 AND role = 'SCHOOL_LEAD'`, [editor.personId, ended]);
    a.server.clock.advance({ days: 60 });
    await a.server.app.jobs.tasks['pass-time-for-memberships']!({});
    expect((await a.db.query('SELECT FROM membership WHERE person_id = $1 AND distant', [editor.personId])).length).toBe(1);
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'HAS_INTEREST' });
  });
  test('two that recommend each other', async () => {
    const one = await a.schoolProvider();
    const lead = await a.world.lead(one.urn);
    const other = await a.schoolProvider();
    await a.given(await a.world.lead(other.urn), a.world.recommendation(one, other.urn));
    const { id } = await n.nominate(lead, n.input(one.urn, await n.emailOf(other.admin)));
    expect(await n.takeUp(other.admin, id!, other)).toMatchObject({ code: 'RECIPROCAL' });
  });
  test('a small closed circle: it is given, and waits for an officer', async () => {
    const [x, y, z] = [await a.schoolProvider(), await a.schoolProvider(), await a.schoolProvider()];
    await a.given(await a.world.lead(x.urn), a.world.recommendation(y, x.urn));
    await a.given(await a.world.lead(y.urn), a.world.recommendation(z, y.urn));
    const { id } = await n.nominate(await a.world.lead(z.urn), n.input(z.urn, await n.emailOf(x.admin)));
    const [{ name }] = (await a.db.query<{ name: string }>('SELECT name FROM provider WHERE id = $1', [x.id])) as [{ name: string }];
    await n.rename(id!, name);
    const { recommendation } = await n.takeUp(x.admin, id!, x);
    expect(await a.standing(recommendation!.id)).toEqual({ obstacles: ['CIRCLE'], counts: false });
  });
  test('an academy whose trust is not known waits for an officer', async () => {
    const to = await nominated({ academy: true });
    const provider = await registers(to);
    expect((await n.takeUp(provider.admin, to.id, provider)).recommendation).toMatchObject({ counts: false });
  });
});

describe('one word becomes two', () => {
  test('a lead of two schools nominates for both', async () => {
    const to = await nominated();
    const second = await a.world.school();
    await a.world.give(to.lead.personId, 'SCHOOL_LEAD', { schoolUrn: second });
    const { id } = await n.nominate(await a.world.refresh(to.lead) as Person, n.input(second, to.person.email, { name: to.name }));
    const provider = await registers(to);
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ state: 'TAKEN_UP' });
    expect(await n.takeUp(provider.admin, id!, provider)).toMatchObject({ code: 'SAME_PERSON_TWICE' });
  });
  test('a school recommends, and its nomination is taken up besides', async () => {
    const to = await nominated();
    const provider = await registers(to);
    await a.given(to.lead, a.world.recommendation(provider, to.urn));
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'SAME_SCHOOL_TWICE' });
  });
  test('a nomination is taken up for two providers of one administrator', async () => {
    const to = await nominated();
    const [one, other] = [await registers(to), await registers({ ...to, name: nextName() })];
    expect(await n.takeUp(await a.world.refresh(to.person), to.id, one)).toMatchObject({ state: 'TAKEN_UP' });
    expect(await n.takeUp(await a.world.refresh(to.person), to.id, other)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
    expect(await counting(other)).toBe(0);
  });
});

describe('what has been decided since is undone by what was said before', () => {
  test('the school has taken its recommendation back', async () => {
    const to = await nominated();
    const provider = await registers(to);
    const given = await a.given(to.lead, a.world.recommendation(provider, to.urn));
    expect(await a.step(to.lead, 'withdrawRecommendation', given)).toBe('done');
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'NOMINATION_OUTDATED' });
  });
  test('another lead of it has said no when it was asked', async () => {
    const to = await nominated();
    const provider = await registers(to);
    const asked = await a.server.app.directory.recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn: to.urn });
    expect(await a.step(await a.world.lead(to.urn), 'declineRecommendation', asked)).toBe('done');
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'NOMINATION_OUTDATED' });
  });
  test('an officer has rejected what the school said', async () => {
    const to = await nominated();
    const provider = await registers(to);
    await a.rejected(provider, await a.given(to.lead, a.world.recommendation(provider, to.urn)));
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'NOMINATION_OUTDATED' });
  });
  test('an officer has rejected it before it was nominated, so it waits', async () => {
    const provider = await a.world.checked();
    const { urn, lead, input } = await a.world.recommender(provider);
    await a.rejected(provider, await a.given(lead, input));
    a.server.clock.advance({ minutes: 5 });
    const { id } = await n.nominate(lead, n.input(urn, await n.emailOf(provider.admin)));
    const [{ name }] = (await a.db.query<{ name: string }>('SELECT name FROM provider WHERE id = $1', [provider.id])) as [{ name: string }];
    await n.rename(id!, name);
    const { recommendation } = await n.takeUp(provider.admin, id!, provider);
    expect(await a.standing(recommendation!.id)).toEqual({ obstacles: ['JUDGED_BEFORE'], counts: false });
  });
  test('the school has withdrawn the nomination', async () => {
    const to = await nominated();
    const provider = await registers(to);
    expect(await n.step(await a.world.lead(to.urn), 'withdrawNomination', to.id)).toMatchObject({ state: 'WITHDRAWN' });
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  });
});

describe('it is taken up by somebody else, or for something else', () => {
  test('by a provider whose administrators do not have the address', async () => {
    const to = await nominated();
    await registers(to);
    const other = await a.world.checked();
    expect(await n.takeUp(other.admin, to.id, other)).toMatchObject({ code: 'NOT_FOUND' });
  });
  test('for a provider of others, by who has the address and edits it', async () => {
    const to = await nominated();
    const other = await a.world.checked();
    await a.world.give(to.person.personId, 'PROVIDER_EDITOR', { providerId: other.id });
    expect(await n.takeUp(await a.world.refresh(to.person), to.id, other)).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await n.takeUp(other.admin, to.id, other)).toMatchObject({ code: 'NOT_FOUND' });
  });
  test('by offering the address a role, which its holder has not accepted', async () => {
    const to = await nominated();
    const other = await a.world.checked();
    await a.offer(other.admin, { email: to.person.email, role: 'PROVIDER_ADMIN', providerId: other.id });
    expect(await n.takeUp(other.admin, to.id, other)).toMatchObject({ code: 'NOT_FOUND' });
  });
  test('by colleagues, once who has the address has left the provider', async () => {
    const to = await nominated();
    const provider = await a.world.checked({ name: to.name });
    await a.grant(provider.admin, to.person, { role: 'PROVIDER_ADMIN', providerId: provider.id });
    await a.leave(await a.world.refresh(to.person) as Person, 'PROVIDER_ADMIN');
    expect(await n.takeUp(provider.admin, to.id, provider)).toMatchObject({ code: 'NOT_FOUND' });
  });
  test('by a provider of another name, which waits until an officer has looked at it', async () => {
    const to = await nominated();
    const provider = await registers({ ...to, name: nextName() });
    const { recommendation } = await n.takeUp(provider.admin, to.id, provider);
    expect(await a.standing(recommendation!.id)).toEqual({ obstacles: ['OTHER_NAME'], counts: false });
    expect(await a.step(provider.admin, 'confirmIndependence', recommendation!.id)).toBe('FORBIDDEN');
    const why = 'query ($id: UUID!) { recommendation(id: $id) { awaitsConfirmation whyWaiting } }';
    const { data } = await a.server.graphql<{ recommendation: { whyWaiting: string[] } }>(why, { id: recommendation!.id }, await a.server.cookieOf(provider.officer));
    expect(data.recommendation).toMatchObject({ awaitsConfirmation: true, whyWaiting: [expect.stringContaining('another name')] });
    expect(await a.step(provider.officer, 'confirmIndependence', recommendation!.id)).toBe('done');
    expect(await a.standing(recommendation!.id)).toMatchObject({ counts: true });
  });
  test('for what schools cannot see: a draft, a listing of another, one that is not published', async () => {
    const to = await nominated();
    const draft = await a.world.provider({ name: to.name });
    await a.world.give(to.person.personId, 'PROVIDER_ADMIN', { providerId: draft.id });
    const admin = await a.world.refresh(to.person);
    expect(await n.takeUp(admin, to.id, draft)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
    await a.step(admin, 'completeProvider', draft.id);
    expect(await n.takeUp(admin, to.id, draft, [])).toMatchObject({ code: 'VALIDATION' });
    expect(await n.takeUp(admin, to.id, draft, [(await a.world.checked()).listing])).toMatchObject({ code: 'VALIDATION' });
    const hidden = await a.server.app.directory.listings.create(admin, draft.id, { title: 'Reading support' });
    expect(await n.takeUp(admin, to.id, draft, [draft.listing, hidden])).toMatchObject({ code: 'VALIDATION' });
    expect(await n.state(to.id)).toBe('OPEN');
  });
  test('for a listing of one line after it was taken up for another: it counts only as it was nominated', async () => {
    const to = await nominated();
    const provider = await registers(to);
    const { recommendation } = await n.takeUp(provider.admin, to.id, provider);
    const [{ version }] = (await a.db.query<{ version: number }>('SELECT version FROM listing WHERE id = $1', [provider.listing])) as [{ version: number }];
    await a.server.app.directory.listings.update(provider.admin, provider.listing, version, { title: 'Payroll', categories: ['FINANCE_AND_OPERATIONS'] }, true);
    expect(await a.standing(recommendation!.id)).toEqual({ obstacles: ['NOT_OFFERED'], counts: false });
  });
  test('while it is suspended', async () => {
    const to = await nominated();
    const provider = await registers(to);
    const given = await n.takeUp(provider.admin, to.id, provider);
    expect(given).toMatchObject({ state: 'TAKEN_UP' });
    const second = await a.world.recommender(provider);
    const { id } = await n.nominate(second.lead, n.input(second.urn, to.person.email));
    const third = await a.world.recommender(provider);
    await a.given(third.lead, third.input);
    expect(await a.step(provider.officer, 'suspendProvider', provider.id, 'It is looked into.')).toBe('done');
    expect(await n.takeUp(provider.admin, id!, provider)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  });
});

test('nobody but the two sides learns of a nomination: not the officer of either, not another school, not who is asked for another address', async () => {
  const to = await nominated();
  const provider = await registers(to);
  const query = 'query ($id: UUID!) { nomination(id: $id) { id email } nominations { totalCount nodes { id } } }';
  const seen = async (person: Parameters<typeof a.server.cookieOf>[0]) => (await a.server.graphql<{ nomination: { email: string | null } | null; nominations: { totalCount: number } }>(query, { id: to.id }, await a.server.cookieOf(person))).data;
  for (const other of [provider.officer, await a.world.officer('990'), await a.world.lead(await a.world.school()), await a.world.person()]) {
    expect(await seen(other)).toEqual({ nomination: null, nominations: { totalCount: 0, nodes: [] } });
  }
  expect((await seen(to.person)).nomination).toEqual({ id: to.id, email: to.person.email });
  const colleague = await a.world.person('PROVIDER_EDITOR', { providerId: provider.id });
  expect((await seen(colleague)).nomination).toEqual({ id: to.id, email: null });
});
