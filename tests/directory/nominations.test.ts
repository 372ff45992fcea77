import { actorOfPerson } from '../../src/identity/index.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';
import { Nominator } from './nominator.js';

let server: TestServer;
let world: World;
let n: Nominator;
beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
  n = new Nominator(server);
});
beforeEach(async () => {
  server.clock.advance({ minutes: 5 });
  await server.app.db.query('DELETE FROM rate_limit');
});

const query = async <Data>(actor: Parameters<TestServer['cookieOf']>[0], text: string, variables: Record<string, unknown>) =>
  (await server.graphql<Data>(text, variables, await server.cookieOf(actor))).data;

let names = 0;
/** The name under which a provider is nominated and then registers. */
const nextName = () => `Newcomer ${'abcdefghijklmnopqrstuvwxyz'[names++ % 26]!.repeat(3)} ${['Ash', 'Birch', 'Cedar', 'Elder', 'Hazel', 'Maple', 'Oak', 'Rowan'][names % 8]}`;

/** A provider whose profile is checked, of the person with the address. */
async function registered(name: string, facts: Parameters<World['checked']>[0] = {}) {
  const provider = await world.checked({ name, ...facts });
  return { ...provider, email: await n.emailOf(provider.admin) };
}
/** The address of somebody who will administer the provider. */
async function newcomer() {
  const name = nextName();
  const person = await world.person();
  const joins = async (provider: { id: string }) => {
    await world.give(person.personId, 'PROVIDER_ADMIN', { providerId: provider.id });
    return actorOfPerson(server.app.db, person.personId);
  };
  return { name, email: person.email, person, joins };
}

test('a provider that two schools have nominated registers, takes both up and is listed', async () => {
  const { name, email, person } = await newcomer();
  const [one, other] = [await n.nominated(email, { name }), await n.nominated(email, { name })];

  await server.deliver();
  const mail = server.outbox.filter((message) => message.to === email);
  expect(mail).toHaveLength(2);
  expect(mail[0]!.text).toContain('http://localhost/sign-in');
  expect(mail[0]!.text).not.toMatch(new RegExp(`${name}|Reading support|Coached|taught alike`));

  const cookie = await server.cookieOf(person);
  const { data } = await server.graphql<{ result: { id: string } }>(
    'mutation ($input: RegisterProviderInput!) { result: registerProvider(input: $input) { ... on Provider { id } } }',
    { input: { name, kind: 'COMPANY', assuringLa: await world.la('990') } },
    cookie,
  );
  const id = data.result.id;
  const admin = await world.refresh(person);
  const listing = await finish(id, admin);
  const way = 'query ($id: UUID!) { provider(id: $id) { wayToBeingListed { needed done detail } } }';
  const details = async (actor: Parameters<TestServer['cookieOf']>[0]) =>
    (await query<{ provider: { wayToBeingListed: { detail: string }[] } }>(actor, way, { id })).provider.wayToBeingListed.map(({ detail }) => detail).join('\n');
  const [school] = await server.app.db.query<{ name: string }>('SELECT name FROM school WHERE urn = $1', [one.urn]);
  expect(await details(admin)).toContain('Nominated by, and waits for you to take it up');
  expect(await details(admin)).toContain(school!.name);
  expect(await details(await world.officer('990'))).not.toContain('Nominated by');

  server.clock.advance({ days: 10 });
  const listed = async () => (await server.app.db.query<{ state: string }>('SELECT state FROM provider WHERE id = $1', [id]))[0]!.state;
  expect(await n.takeUp(admin, one.id, { id, listing })).toMatchObject({ state: 'TAKEN_UP', recommendation: { counts: true, state: 'GIVEN' } });
  expect(await listed()).toBe('AWAITING_RECOMMENDATIONS');
  expect(await n.takeUp(admin, other.id, { id, listing })).toMatchObject({ state: 'TAKEN_UP', recommendation: { counts: true } });
  expect(await listed()).toBe('LISTED');

  const [given] = await server.app.db.query<Record<string, unknown>>(
    `SELECT r.given_by, r.school_urn, r.what_was_done, r.when_done, r.what_changed, r.given_at, r.lapses_at - x.nominated_at > interval '1090 days' AS long, r.lapses_at < r.given_at + interval '3 years' AS "notLonger"
     FROM recommendation r JOIN nomination x ON x.recommendation_id = r.id WHERE x.id = $1`,
    [one.id],
  );
  expect(given).toMatchObject({ given_by: one.lead.personId, school_urn: one.urn, what_was_done: 'Coached three teachers of reading.', when_done: 'Spring term 2026', long: true, notLonger: true });
  const told = await n.notices(one.id, one.lead.personId);
  expect(told.map(({ kind }) => kind)).toEqual(['Nomination.takeUp']);
  expect(told[0]!.text).toContain('“Reading support”');

  expect(await withdrawn(one)).toBe('done');
  expect(await listed()).toBe('LAPSED');
});

async function withdrawn({ id, lead }: { id: string; lead: Parameters<TestServer['cookieOf']>[0] }): Promise<string> {
  const [row] = await server.app.db.query<{ id: string }>('SELECT recommendation_id AS id FROM nomination WHERE id = $1', [id]);
  const { result } = await query<{ result: { code?: string } }>(lead, 'mutation ($id: UUID!) { result: withdrawRecommendation(id: $id) { ... on Problem { code } } }', { id: row!.id });
  return result.code ?? 'done';
}

async function finish(id: string, admin: Parameters<World['refresh']>[0]): Promise<string> {
  const { providers, listings } = server.app.directory;
  await providers.update(admin, id, 1, { summary: 'Helps schools teach reading.', contactName: 'Ada Example', contactEmail: 'office@newcomer.example', safeguarding: 'All staff are checked each year.', interests: '' });
  const listing = await listings.create(admin, id, {
    title: 'Support for reading', summary: 'A day a week in school.', categories: ['TEACHING_AND_LEARNING'], phases: ['PRIMARY'], delivery: ['IN_SCHOOL'], national: true,
    price: { kind: 'PRICED', pence: 45_000, unit: 'DAY', vat: 'ADDED', link: null },
  });
  await listings.act(listing, 'publish', { actor: admin });
  await server.app.directory.listings.update(admin, listing, 2, { title: 'Reading support' });
  await providers.act(id, 'complete', { actor: admin });
  const officer = await world.officer('990');
  for (const kind of ['SAFEGUARDING', 'INSURANCE', 'INTERESTS'] as const) await providers.recordCheck(officer, id, kind, world.dayIn(3000));
  return listing;
}

test('what is offered in place of what was nominated counts once the school has said that it is what it used', async () => {
  const { name, email, joins } = await newcomer();
  const { id, lead } = await n.nominated(email, { name, title: 'Governor training', categories: ['GOVERNANCE'] });
  const provider = await registered(name);
  const admin = await joins(provider);
  const { recommendation } = await n.takeUp(admin, id, provider);
  expect(recommendation).toMatchObject({ state: 'GIVEN', counts: false });
  expect((await n.notices(id, lead.personId))[0]!.text).toContain('It does not count yet for “Reading support”');
  const read = 'query ($id: UUID!) { recommendation(id: $id) { counts version vouchedFor { title categories changedAt } } }';
  const before = await query<{ recommendation: { version: number; vouchedFor: { title: string; changedAt: string | null }[] } }>(lead, read, { id: recommendation!.id });
  expect(before.recommendation.vouchedFor).toEqual([{ title: 'Governor training', categories: ['GOVERNANCE'], changedAt: expect.any(String) }]);
  const affirm = 'mutation ($id: UUID!, $version: Int!) { result: affirmRecommendation(id: $id, version: $version) { ... on Recommendation { counts } ... on Problem { code } } }';
  const version = before.recommendation.version;
  expect((await query<{ result: object }>(lead, affirm, { id: recommendation!.id, version })).result).toEqual({ counts: true });
});

test('a listing that is written as it was nominated counts from then on', async () => {
  const { name, email, joins } = await newcomer();
  const { id } = await n.nominated(email, { name, title: 'Phonics coaching' });
  const provider = await registered(name);
  const admin = await joins(provider);
  await server.app.directory.listings.update(admin, provider.listing, await versionOf(provider.listing), { title: 'Budget planning' }, true);
  const { recommendation } = await n.takeUp(admin, id, provider);
  expect(recommendation?.counts).toBe(false);
  await server.app.directory.listings.update(admin, provider.listing, await versionOf(provider.listing), { title: 'Coaching in phonics' }, true);
  expect(await server.app.db.query('SELECT id FROM counting_recommendation WHERE id = $1', [recommendation!.id])).toHaveLength(1);
});
const versionOf = async (id: string) => (await server.app.db.query<{ version: number }>('SELECT version FROM listing WHERE id = $1', [id]))[0]!.version;

test('a nomination answers the invitation that the provider has sent meanwhile', async () => {
  const { name, email, joins } = await newcomer();
  const { id, urn } = await n.nominated(email, { name });
  const provider = await registered(name);
  const admin = await joins(provider);
  const invitation = await server.app.directory.recommendations.invite(admin, { providerId: provider.id, schoolUrn: urn });
  expect((await n.takeUp(admin, id, provider)).recommendation).toEqual({ id: invitation, state: 'GIVEN', counts: true });
});

describe('what is typed', () => {
  test.each([
    ['no address', { email: ' ' }, 'Enter the provider’s e-mail address'],
    ['no e-mail address', { email: 'nobody' }, 'Enter an e-mail address'],
    ['a website without https', { website: 'http://example.org' }, 'must begin with https://'],
    ['no category', { categories: [] }, 'Choose what the support was about.'],
    ['no phase', { phases: [] }, 'Choose which pupils'],
    ['no delivery', { delivery: [] }, 'Choose how the support reached the school.'],
    ['a time to come', { whenDone: 'Spring term 2035' }, 'still to come'],
    ['an interest', { noInterest: false }, 'neither you nor the school has an interest'],
  ])('%s is refused', async (_what, change, message) => {
    const urn = await world.school();
    const answer = await n.nominate(await world.lead(urn), n.input(urn, 'somebody@provider.example', change));
    expect(answer.code).toBe('VALIDATION');
    expect(answer.message).toContain(message);
  });
});

describe('the school', () => {
  test('nominates for itself alone, while it is open', async () => {
    const urn = await world.school();
    expect(await n.nominate(await world.lead(await world.school()), n.input(urn, 'p1@provider.example'))).toMatchObject({ code: 'NOT_ALLOWED' });
    const lead = await world.lead(urn);
    await server.app.db.query(`UPDATE school SET status = 'CLOSED' WHERE urn = $1`, [urn]);
    expect(await n.nominate(lead, n.input(urn, 'p1@provider.example'))).toMatchObject({ code: 'SCHOOL_NOT_OPEN' });
  });

  test('does it once for each address and name', async () => {
    const { urn, lead, id } = await n.nominated('once@provider.example', { name: 'Larchwood Literacy' });
    for (const change of [{ email: 'ONCE+more@provider.example', name: 'Quite other' }, { email: 'else@provider.example', name: 'Larchwod Literacy Ltd' }]) {
      expect(await n.nominate(lead, n.input(urn, change.email, change))).toMatchObject({ code: 'NOMINATED_TWICE' });
    }
    expect(await n.step(lead, 'withdrawNomination', id)).toMatchObject({ state: 'WITHDRAWN' });
    expect(await n.nominate(lead, n.input(urn, 'once@provider.example'))).toMatchObject({ state: 'OPEN' });
  });

  test('two leads at once: one of them', async () => {
    const urn = await world.school();
    const leads = [await world.lead(urn), await world.lead(urn), await world.lead(urn)];
    const answers = await Promise.all(leads.map((lead) => n.nominate(lead, n.input(urn, 'race@provider.example'))));
    expect(answers.map(({ state, code }) => state ?? code).sort()).toEqual(['NOMINATED_TWICE', 'NOMINATED_TWICE', 'OPEN']);
  });

  test('sends the same again under its key, and nothing is done twice', async () => {
    const urn = await world.school();
    const lead = await world.lead(urn);
    const input = n.input(urn, 'key@provider.example');
    const [first, again] = [await n.nominate(lead, input, 'a key'), await n.nominate(lead, input, 'a key')];
    expect(again.id).toBe(first.id);
    expect(await n.nominate(lead, { ...input, title: 'Other' }, 'a key')).toMatchObject({ code: 'CONFLICT' });
    await server.deliver();
    expect(server.outbox.filter(({ to }) => to === 'key@provider.example')).toHaveLength(1);
  });

  test('is pointed to a provider that it may see, and not to who is behind an address', async () => {
    const provider = await world.listed({ name: 'Juniper Sounds' });
    const draft = await world.provider({ name: 'Hidden Draft Harbour' });
    const [{ contact }] = (await server.app.db.query<{ contact: string }>('SELECT contact_email AS contact FROM provider WHERE id = $1', [provider.id])) as [{ contact: string }];
    const urn = await world.school();
    const lead = await world.lead(urn);
    for (const change of [{ name: 'The JUNIPER sounds Ltd' }, { email: contact }]) {
      expect(await n.nominate(lead, n.input(urn, 'new@provider.example', change))).toMatchObject({ code: 'ALREADY_REGISTERED', providerId: provider.id });
    }
    expect(await n.nominate(lead, n.input(urn, await n.emailOf(provider.admin)))).toMatchObject({ state: 'OPEN' });
    expect(await n.nominate(lead, n.input(urn, await n.emailOf(draft.admin), { name: 'Hidden Draft Harbour' }))).toMatchObject({ state: 'OPEN' });
  });
});

test('the person with the address says no, and is left alone by the school for a year', async () => {
  const person = await world.person();
  const { id, urn, lead } = await n.nominated(person.email);
  expect(await n.step(await world.person(), 'declineNomination', id)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await n.step(person, 'declineNomination', id)).toMatchObject({ state: 'DECLINED' });
  expect((await n.notices(id, lead.personId)).map(({ kind }) => kind)).toEqual(['Nomination.decline']);
  expect(await n.nominate(lead, n.input(urn, person.email.replace('@', '+x@')))).toMatchObject({ code: 'NOMINATION_DECLINED' });
  const history = await query<{ nomination: { history: { transition: string; person: unknown }[] } }>(lead, 'query ($id: UUID!) { nomination(id: $id) { history { transition person { name } } } }', { id });
  expect(history.nomination.history.at(-1)).toEqual({ transition: 'decline', person: null });
  server.clock.advance({ days: 367 });
  expect(await n.nominate(lead, n.input(urn, person.email))).toMatchObject({ state: 'OPEN' });
});

test('after a year it has expired, by the nightly job, and cannot be taken up before the job has run either', async () => {
  const { name, email, joins } = await newcomer();
  const { id } = await n.nominated(email, { name });
  server.clock.advance({ days: 364 });
  await server.app.jobs.tasks['pass-time-for-nominations']!({});
  expect(await n.state(id)).toBe('OPEN');
  const provider = await registered(name);
  const admin = await joins(provider);
  server.clock.advance({ days: 2 });
  expect(await n.takeUp(admin, id, provider)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  await server.app.jobs.tasks['pass-time-for-nominations']!({});
  expect(await n.state(id)).toBe('EXPIRED');
  expect(await n.takeUp(admin, id, provider)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
});

describe('two take it up at once', () => {
  test('one nomination becomes one recommendation', async () => {
    const { name, email, joins } = await newcomer();
    const { id } = await n.nominated(email, { name });
    const [one, other] = [await registered(name), await registered(nextName())];
    await joins(one);
    const admin = await joins(other);
    const answers = await Promise.all([n.takeUp(admin, id, one), n.takeUp(admin, id, other), n.takeUp(admin, id, one)]);
    expect(answers.filter(({ state }) => state === 'TAKEN_UP')).toHaveLength(1);
    expect(await server.app.db.query('SELECT FROM recommendation WHERE provider_id = ANY($1)', [[one.id, other.id]])).toHaveLength(1);
  });
  test('two nominations of one trust: one counts', async () => {
    const { name, email, joins } = await newcomer();
    const [one, other] = [await n.nominated(email, { name }, { trust: 'TN1' }), await n.nominated(email, { name }, { trust: 'TN1' })];
    const provider = await registered(name);
    const admin = await joins(provider);
    const answers = await Promise.all([n.takeUp(admin, one.id, provider), n.takeUp(admin, other.id, provider)]);
    expect(answers.map(({ state, code }) => state ?? code).sort()).toEqual(['SAME_GOVERNING_BODY', 'TAKEN_UP']);
  });
  test('under one key it is one, and the answer the same', async () => {
    const { name, email, joins } = await newcomer();
    const { id } = await n.nominated(email, { name });
    const provider = await registered(name);
    const admin = await joins(provider);
    const answers = await Promise.all([1, 2, 3].map(() => n.takeUp(admin, id, provider, [provider.listing], 'take up')));
    expect(new Set(answers.map((each) => each.recommendation!.id)).size).toBe(1);
    expect(await n.takeUp(admin, id, provider, [], 'take up')).toMatchObject({ code: 'CONFLICT' });
  });
});

describe('who nominated leaves', () => {
  const end = async (person: Parameters<World['refresh']>[0], acceptLeftWithout = false) => {
    const [role] = await server.app.db.query<{ id: string }>(`SELECT id FROM membership WHERE person_id = $1 AND role = 'SCHOOL_LEAD' AND ended_at IS NULL`, [person.personId]);
    const text = 'mutation ($id: UUID!, $accept: Boolean!) { result: endMembership(id: $id, acceptLeftWithout: $accept) { ... on Problem { code } ... on LeavesWithout { work { kind count says } } } }';
    return (await query<{ result: { code?: string; work?: { kind: string; count: number; says: string }[] } }>(person as never, text, { id: role!.id, accept: acceptLeftWithout })).result;
  };

  test('another lead is asked, and the provider told, until one stands by it', async () => {
    const { name, email, joins } = await newcomer();
    const { id, urn, lead } = await n.nominated(email, { name });
    const other = await world.lead(urn);
    expect(await n.standBy(other, id)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
    expect((await end(lead)).code).toBeUndefined();
    expect((await n.notices(id, other.personId)).map(({ kind }) => kind)).toContain('Nomination.passOn');
    const provider = await registered(name);
    const admin = await joins(provider);
    expect(await n.takeUp(admin, id, provider)).toMatchObject({ code: 'NOMINATION_OUTDATED' });
    await n.takeUp(admin, id, provider);
    expect((await n.notices(id, admin.personId)).map(({ kind }) => kind)).toEqual(['Nomination.obstruct']); // once of each reason
    expect((await n.notices(id, other.personId)).at(-1)!.text).toContain('no longer leads');
    expect(await n.standBy(other, id, false)).toMatchObject({ code: 'VALIDATION' });
    expect(await n.standBy(other, id)).toMatchObject({ state: 'OPEN' });
    expect(await n.takeUp(admin, id, provider)).toMatchObject({ state: 'TAKEN_UP', recommendation: { counts: true } });
    const [given] = await server.app.db.query<{ by: string }>('SELECT given_by AS by FROM recommendation WHERE provider_id = $1', [provider.id]);
    expect(given!.by).toBe(other.personId);
  });

  test('at the moment at which it is taken up: it is a recommendation, or waits for another lead', async () => {
    for (let i = 0; i < 4; i++) {
      const { name, email, joins } = await newcomer();
      const { id, urn, lead } = await n.nominated(email, { name });
      await world.lead(urn);
      const provider = await registered(name);
      const admin = await joins(provider);
      const [ended, taken] = await Promise.all([end(lead), n.takeUp(admin, id, provider)]);
      expect(ended.code).toBeUndefined();
      expect(['TAKEN_UP', 'NOMINATION_OUTDATED']).toContain(taken.state ?? taken.code);
      const passedOn = await server.app.db.query(`SELECT FROM history WHERE object_id = $1 AND transition = 'passOn'`, [id]);
      expect([await n.state(id), passedOn.length]).toEqual(taken.state ? ['TAKEN_UP', 0] : ['OPEN', 1]);
    }
  });

  test('where there is no other lead it is said before, and ended', async () => {
    const { id, lead } = await n.nominated('last@provider.example');
    const first = await end(lead);
    expect(first.work).toContainEqual({ kind: 'NOMINATIONS', count: 1, says: 'There is 1 open nomination of a provider, which ends with the school’s last lead.' });
    expect(await n.state(id)).toBe('OPEN');
    expect((await end(lead, true)).code).toBeUndefined();
    expect(await n.state(id)).toBe('WITHDRAWN');
  });
});

test('a school that closes ends its nominations; one that becomes another hands them on', async () => {
  const { app } = server;
  const [closes, becomes] = [await n.nominated('closes@provider.example'), await n.nominated('becomes@provider.example')];
  await app.db.query(`UPDATE school SET status = 'CLOSED' WHERE urn = ANY($1)`, [[closes.urn, becomes.urn]]);
  const next = await world.school();
  await app.db.query('INSERT INTO school_successor (urn, successor_urn) VALUES ($1, $2)', [becomes.urn, next]);
  const { carryNominations } = await import('../../src/directory/index.js');
  await app.db.transaction(async (tx) => {
    await app.identity.memberships.carry(tx);
    await carryNominations(tx);
  });
  await app.jobs.tasks['pass-time-for-nominations']!({});
  expect([await n.state(closes.id), await n.state(becomes.id)]).toEqual(['EXPIRED', 'OPEN']);
  const lead = await world.refresh(becomes.lead);
  const seen = await query<{ nomination: { needsAnotherLead: boolean; school: { urn: number } } }>(lead, 'query ($id: UUID!) { nomination(id: $id) { needsAnotherLead school { urn } } }', { id: becomes.id });
  expect(seen.nomination).toEqual({ needsAnotherLead: false, school: { urn: next } });
});

test('what came to nothing is deleted with its address, after the year in which the address is left alone', async () => {
  const person = await world.person();
  const { id, lead, urn } = await n.nominated(person.email);
  await n.step(person, 'declineNomination', id);
  const kept = async (days: number) => {
    server.clock.advance({ days });
    await server.app.jobs.tasks['remove-what-was-kept-long-enough']!({});
    return (await server.app.db.query('SELECT FROM nomination WHERE id = $1', [id])).length;
  };
  expect([await kept(399), await kept(2)]).toEqual([1, 0]);
  expect(await n.nominate(lead, n.input(urn, person.email))).toMatchObject({ state: 'OPEN' });
});

test('another lead who has an interest in the address does not stand by it', async () => {
  const { id, urn, lead } = await n.nominated('tied@provider.example');
  const [other, honest] = [await world.lead(urn), await world.lead(urn)];
  await server.app.db.query('UPDATE membership SET ended_at = $2 WHERE person_id = $1', [lead.personId, server.clock.now()]);
  await server.app.db.query(`UPDATE person SET email = 'tied+lead@provider.example' WHERE id = $1`, [other.personId]);
  expect(await n.standBy(other, id)).toMatchObject({ code: 'HAS_INTEREST' });
  expect(await n.standBy(await world.lead(await world.school()), id)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await n.standBy(honest, id)).toMatchObject({ code: 'HAS_INTEREST' }); // the address is that of a lead of the school now
});

test('one address is not written to without end', async () => {
  const codes: (string | undefined)[] = [];
  for (let i = 0; i < 6; i++) {
    const urn = await world.school();
    codes.push((await n.nominate(await world.lead(urn), n.input(urn, `many+${i}@provider.example`))).code);
  }
  expect(codes).toEqual([undefined, undefined, undefined, undefined, undefined, 'TOO_MANY_ATTEMPTS']);
});
