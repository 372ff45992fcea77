import type { Actor } from '../../src/platform/actor.js';
import { newId } from '../../src/platform/id.js';
import { startApp, type TestServer } from '../support/app.js';
import { endRoles, noticesIn, whoWasTold } from './support.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

const services = () => ({ ...server.app.directory, ...server.app.brokerage, ...server.app.referrals });

/** A school with a lead who acts, a colleague, a chair who sees what names them, a member of staff and a SIP. */
async function school() {
  const urn = await server.world.school();
  const [lead, colleague, staff, sip] = [await server.world.lead(urn), await server.world.lead(urn), await server.world.person('SCHOOL_STAFF', { schoolUrn: urn }), await server.world.assignedSip(urn)];
  return { urn, lead, colleague, staff, sip };
}

/** A listed provider with an administrator who acts and an editor. */
async function provider() {
  const made = await server.world.listed();
  const editor = await server.world.person('PROVIDER_EDITOR', { providerId: made.id });
  return { ...made, editor };
}

describe('who is told', () => {
  test('of a recommendation: the other side and colleagues, never who did it', async () => {
    const { recommendations } = services();
    const [theirs, ours] = [await school(), await provider()];
    const people = { ...theirs, admin: ours.admin, editor: ours.editor, officer: ours.officer } as unknown as Record<string, Actor>;
    const id = await recommendations.invite(ours.admin, { providerId: ours.id, schoolUrn: theirs.urn, message: '' });
    expect(await whoWasTold(server, id, 'Recommendation.invite', people)).toEqual(['colleague at once', 'lead at once']);
    await recommendations.give(theirs.lead, server.world.recommendation(ours, theirs.urn));
    expect(await whoWasTold(server, id, 'Recommendation.give', people)).toEqual(['admin at once', 'colleague in the digest', 'editor at once']);
    await recommendations.act(id, 'flag', { actor: ours.officer, reason: 'A parent asked us to look.' });
    expect(await whoWasTold(server, id, 'Recommendation.flag', people)).toEqual(['admin at once', 'colleague at once', 'editor at once', 'lead at once']);
    expect((await noticesIn(server, id)).at(-1)!.text).toContain('The reason given: A parent asked us to look.');
  });

  test('of what follows from somebody’s act: also they themselves, for the product did it', async () => {
    const made = await server.world.checked({ la: '997' });
    for (let i = 0; i < 2; i++) {
      const { lead, input } = await server.world.recommender(made);
      await server.app.directory.recommendations.give(lead, input);
    }
    expect(await whoWasTold(server, made.id, 'Provider.list', { admin: made.admin, officer: made.officer })).toEqual(['admin at once', 'officer in the digest']);
  });

  test('of a suspension: its people with the reason, every LA and the schools at work without it', async () => {
    const [theirs, ours] = [await school(), await provider()];
    const elsewhere = await server.world.officer('995');
    const requestId = await server.world.openRequest(theirs.lead, theirs.urn);
    await server.world.proposed(theirs.lead, requestId, ours);
    await services().providers.act(ours.id, 'suspend', { actor: ours.officer, reason: 'Candlewick' });
    const people = { lead: theirs.lead, colleague: theirs.colleague, admin: ours.admin, editor: ours.editor, elsewhere, officer: ours.officer };
    const told = await whoWasTold(server, ours.id, 'Provider.suspend', people);
    expect(told.filter((each) => !each.startsWith('somebody else'))).toEqual(['admin at once', 'colleague at once', 'editor at once', 'elsewhere at once', 'lead at once']);
    const knowing = (await noticesIn(server, ours.id)).filter(({ text }) => text.includes('Candlewick')).map(({ personId }) => personId);
    expect(knowing.sort()).toEqual([ours.admin.personId, ours.editor.personId].sort());
  });

  test('of a request that only some see: those; of one that is shared: the SIP, once it is open', async () => {
    const { requests } = services();
    const theirs = await school();
    const people = { ...theirs } as unknown as Record<string, Actor>;
    const secret = await server.world.openRequest(theirs.lead, theirs.urn, { allLeads: false, personIds: [theirs.staff.personId] });
    expect(await whoWasTold(server, secret, 'Request.open', people)).toEqual(['staff in the digest']);
    await requests.act(secret, 'share', { actor: theirs.lead });
    expect(await whoWasTold(server, secret, 'Request.share', people)).toEqual(['sip in the digest']);
    const drafted = await requests.draft(theirs.sip, theirs.urn, { need: 'Our younger readers fall behind.' });
    expect(await noticesIn(server, drafted)).toEqual([]);
    await requests.act(drafted, 'submit', { actor: theirs.sip });
    expect(await whoWasTold(server, drafted, 'Request.submit', people)).toEqual(['colleague at once', 'lead at once']);
  });

  test('of a choice: whoever was chosen learns the school’s name, whoever was not learns that', async () => {
    const [theirs, chosen, other] = [await school(), await provider(), await provider()];
    const requestId = await server.world.openRequest(theirs.lead, theirs.urn, { confidential: true });
    const first = await server.world.proposed(theirs.lead, requestId, chosen);
    const second = await server.world.proposed(theirs.lead, requestId, other);
    await services().requests.act(requestId, 'read', { actor: theirs.lead });
    const [{ version } = { version: 0 }] = await server.app.db.query<{ version: number }>('SELECT version FROM proposal WHERE id = $1', [first.proposal]);
    const engagement = await services().choices.choose(theirs.lead, { proposalId: first.proposal, version, title: 'Reading', reasons: 'It fits best.' });
    const name = `School ${theirs.urn}`;
    const told = async (id: string, kind: string) => (await noticesIn(server, id)).filter((notice) => notice.kind === kind);
    expect((await told(first.proposal, 'Proposal.choose')).map(({ text }) => text.includes(name))).toEqual([true, true]);
    expect((await told(second.proposal, 'Proposal.notChosen')).map(({ text, subject }) => `${subject} ${text}`.includes(name))).toEqual([false, false]);
    expect(await whoWasTold(server, engagement, 'Engagement.agree', theirs as never)).toEqual(['colleague in the digest']);
  });

  test('of an engagement: the other side, and the SIP only while it is shared', async () => {
    const { engagements } = services();
    const { id, urn, lead, provider } = await server.world.underWay();
    const sip = await server.world.assignedSip(urn);
    const people = { lead, sip, admin: provider.admin };
    expect(await whoWasTold(server, id, 'Engagement.record', people)).toEqual(['admin at once']);
    expect(await whoWasTold(server, id, 'Engagement.confirm', people)).toEqual(['lead at once']);
    expect(await whoWasTold(server, id, 'Engagement.start', people)).toEqual(['admin at once']);
    await engagements.act(id, 'shareWithSip', { actor: lead });
    await engagements.act(id, 'endEarly', { actor: provider.admin, reason: 'Our coach has left.' });
    expect(await whoWasTold(server, id, 'Engagement.endEarly', people)).toEqual(['lead at once', 'sip in the digest']);
  });

  test('of a concern: officers only once it has been passed on', async () => {
    const { concerns } = services();
    const { id: engagement, lead, provider } = await server.world.underWay();
    const officer = await server.world.officer('990');
    const people = { lead, officer, admin: provider.admin };
    const id = await concerns.raise(lead, engagement, 'Hollyhock');
    await concerns.answer(provider.admin, id, 'Larkspur');
    expect((await noticesIn(server, id)).map(({ personId }) => personId)).toEqual([provider.admin.personId, lead.personId]);
    await concerns.passOn(lead, id, 'Bramble');
    expect((await whoWasTold(server, id, 'Concern.passOn', people)).filter((each) => !each.startsWith('somebody'))).toEqual(['admin at once', 'officer at once']);
    expect((await noticesIn(server, id)).some(({ subject, text }) => /Hollyhock|Larkspur|Bramble/.test(subject + text))).toBe(false);
  });
});

describe('reminders', () => {
  const begin = async (day: string) => {
    server.clock.advance({ seconds: (new Date(`${day}T12:00:00Z`).getTime() - server.clock.now().getTime()) / 1000 });
    await server.app.jobs.tasks['begin-the-day']!({});
  };
  const day = (inDays: number) => new Date(server.clock.now().getTime() + inDays * 86_400_000).toISOString().slice(0, 10);

  test('come once for each deadline, and again for another one', async () => {
    const [theirs, ours] = [await school(), await provider()];
    const requestId = await server.world.openRequest(theirs.lead, theirs.urn);
    const invitation = await services().invitations.send(theirs.lead, { requestId, providerId: ours.id });
    const reminded = () => whoWasTold(server, invitation, 'Reminder.invitation-closes', { admin: ours.admin, editor: ours.editor });
    await begin(day(18));
    expect(await reminded()).toEqual([]);
    await begin(day(2));
    await begin(day(1));
    expect(await reminded()).toEqual(['admin at once', 'editor at once']);
    await services().requests.extend(theirs.lead, requestId, day(2));
    await begin(day(1));
    expect((await reminded()).length).toBe(4);
  });

  test('never come of what has ended', async () => {
    const [theirs, ours] = [await school(), await provider()];
    const requestId = await server.world.openRequest(theirs.lead, theirs.urn);
    const invitation = await services().invitations.send(theirs.lead, { requestId, providerId: ours.id });
    await services().invitations.act(invitation, 'decline', { actor: ours.admin });
    await begin(day(20));
    expect((await noticesIn(server, invitation)).filter(({ kind }) => kind.startsWith('Reminder'))).toEqual([]);
  });

  test('of checks that expire reach the provider and its officers in that morning’s digest', async () => {
    const ours = await server.world.checked({ la: '996' });
    await services().providers.recordCheck(ours.officer, ours.id, 'INSURANCE', day(40));
    await begin(day(5));
    expect(await whoWasTold(server, ours.id, 'Reminder.check-expires', ours as never)).toEqual([]);
    await begin(day(10));
    await begin(day(1));
    expect(await whoWasTold(server, ours.id, 'Reminder.check-expires', ours as never)).toEqual(['admin in the digest', 'officer in the digest']);
    await server.deliver();
    expect((await noticesIn(server, ours.id)).filter(({ kind, mailedAt }) => kind === 'Reminder.check-expires' && mailedAt)).toHaveLength(2);
  });
});

describe('over HTTP', () => {
  const MINE = 'query ($first: Int, $after: String, $unreadOnly: Boolean) { myNotices(first: $first, after: $after, unreadOnly: $unreadOnly) { totalCount nodes { id kind subject text expected dueAt link readAt } pageInfo { hasNextPage endCursor } } viewer { unreadCount } }';
  const READ = 'mutation ($id: UUID!) { markNoticeRead(id: $id) { __typename ... on Notice { id readAt } ... on Problem { code } } }';
  const ALL = 'mutation { markAllNoticesRead { __typename ... on NoticesRead { count } } }';
  interface Mine {
    myNotices: { totalCount: number; nodes: { id: string; kind: string; readAt: string | null; link: string; dueAt: string | null }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    viewer: { unreadCount: number };
  }

  /** A lead whose school three providers have asked. */
  async function askedLead() {
    const theirs = await school();
    for (let i = 0; i < 3; i++) {
      const { id, admin } = await server.world.awaiting();
      await server.app.directory.recommendations.invite(admin, { providerId: id, schoolUrn: theirs.urn, message: '' });
    }
    return { ...theirs, cookie: await server.cookieOf(theirs.lead) };
  }

  test('one’s notices come newest first, page by page, read or not', async () => {
    const { cookie } = await askedLead();
    const { data } = await server.graphql<Mine>(MINE, { first: 2 }, cookie);
    expect(data).toMatchObject({ myNotices: { totalCount: 3, pageInfo: { hasNextPage: true } }, viewer: { unreadCount: 3 } });
    const rest = await server.graphql<Mine>(MINE, { first: 2, after: data.myNotices.pageInfo.endCursor }, cookie);
    const all = [...data.myNotices.nodes, ...rest.data.myNotices.nodes];
    expect([new Set(all.map(({ id }) => id)).size, all.every(({ kind, link, dueAt }) => kind === 'Recommendation.invite' && link.startsWith('/recommendations/') && dueAt)]).toEqual([3, true]);
    expect((await server.graphql(READ, { id: all[1]!.id }, cookie)).data).toMatchObject({ markNoticeRead: { __typename: 'Notice', readAt: expect.any(String) } });
    const unread = await server.graphql<Mine>(MINE, { first: 5, unreadOnly: true }, cookie);
    expect(unread.data.myNotices.nodes.map(({ id }) => id)).toEqual([all[0]!.id, all[2]!.id]);
    expect([unread.data.myNotices.totalCount, unread.data.viewer.unreadCount]).toEqual([2, 2]);
    expect((await server.graphql(ALL, {}, cookie)).data).toEqual({ markAllNoticesRead: { __typename: 'NoticesRead', count: 2 } });
    expect((await server.graphql(ALL, {}, cookie)).data).toEqual({ markAllNoticesRead: { __typename: 'NoticesRead', count: 0 } });
  });

  test('another’s are as if they were not there, and nobody who is not signed in has any', async () => {
    const { cookie, colleague } = await askedLead();
    const { data } = await server.graphql<Mine>(MINE, { first: 1 }, cookie);
    const other = await server.cookieOf(colleague);
    for (const id of [data.myNotices.nodes[0]!.id, newId()]) expect((await server.graphql(READ, { id }, other)).data).toEqual({ markNoticeRead: { __typename: 'NotFound', code: 'NOT_FOUND' } });
    expect((await server.graphql<Mine>(MINE, {}, cookie)).data.viewer.unreadCount).toBe(3);
    expect((await server.graphql('{ myNotices { totalCount } }')).errors?.[0]!.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('what was told in a role is gone with the role', async () => {
    const { cookie, lead } = await askedLead();
    await endRoles(server, lead);
    expect((await server.graphql<Mine>(MINE, {}, cookie)).data).toMatchObject({ myNotices: { totalCount: 0, nodes: [] }, viewer: { unreadCount: 0 } });
    expect((await server.graphql(ALL, {}, cookie)).data).toMatchObject({ markAllNoticesRead: { count: 0 } });
  });
});
