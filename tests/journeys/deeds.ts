import type { RequestStep } from '../../src/brokerage/requests/request.service.js';
import type { Cast } from './cast.js';

/** One of those on which it is possible, as far as a plain look tells. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Row = any;

/** Something that somebody does: the transition that it is for, on what it is possible, and how it is done. */
export interface Deed {
  key: string;
  /** SQL of those on which it is possible now, $1 the moment; where there is nothing to look for, null. */
  find: string | null;
  act(row: Row): Promise<unknown>;
}

const REASON = 'It was looked into.';

/** Every transition that people make, in all processes; what the product does follows from these, or from time. */
export function deedsOf(cast: Cast): Deed[] {
  const { directory, brokerage, referrals, outcomes, db } = cast.services.app;
  const { providers, listings, recommendations, waitingChanges } = directory;
  const { requests, invitations, proposals, choices, recordings, engagements, actions, evidence, reviews, changes, concerns } = brokerage;
  const { ratings } = outcomes;
  const by = (actor: Row, reason: string | null = REASON) => ({ actor, reason });
  const deed = (key: string, find: string | null, act: Deed['act']): Deed => ({ key, find, act });
  const all = async <T>(sql: string, parameters: unknown[]): Promise<T[]> => db.query<T>(sql, parameters);

  const provider = (states: string) => `SELECT id FROM provider WHERE state IN (${states}) AND assurance = 'RECOMMENDED'`;
  const recommendation = (states: string, more = 'true') => `SELECT id, provider_id, school_urn AS urn FROM recommendation WHERE state IN (${states}) AND ${more}`;
  /** A directory in which nobody is listed any more has nothing to tell. */
  const many = `(SELECT count(*) FROM provider listed WHERE listed.state = 'LISTED' AND listed.assurance = 'RECOMMENDED') > 4`;
  const few = `NOT ${many}`;
  const canRecommend = (states: string) => `
    SELECT p.id, s.urn, (SELECT l.id FROM listing l WHERE l.provider_id = p.id AND l.state = 'PUBLISHED' LIMIT 1) AS listing FROM provider p CROSS JOIN school s
    WHERE p.state IN (${states}) AND p.assurance = 'RECOMMENDED' AND EXISTS (SELECT FROM listing l WHERE l.provider_id = p.id AND l.state = 'PUBLISHED') AND s.urn IN (${cast.urns.join()})
      AND NOT EXISTS (SELECT FROM recommendation r WHERE r.provider_id = p.id AND r.school_urn = s.urn AND r.state IN ('GIVEN', 'FLAGGED', 'INVITED'))`;
  const published = (free: boolean) => `
    SELECT l.id, l.provider_id FROM listing l JOIN provider p ON p.id = l.provider_id WHERE l.state = 'PUBLISHED' AND p.state = 'LISTED' AND l.price_kind ${free ? '=' : '<>'} 'FREE'`;
  const checkAll = async (id: string) => {
    for (const kind of ['SAFEGUARDING', 'INSURANCE', 'INTERESTS'] as const) await providers.recordCheck(cast.officer(), id, kind, cast.day(600));
  };

  /** Schools whose plan has, or has not, what they agree signed off. */
  const needsPlan = (needs: boolean) => cast.urns.filter((_, i) => (i % 2 === 0) === needs);

  const aboutProviders: Deed[] = [
    deed('Provider.register', null, () => cast.register()),
    deed('Provider.complete', provider(`'DRAFT'`), async ({ id }) => {
      await providers.act(id, 'complete', by(cast.admin(id)));
      await checkAll(id);
    }),
    deed('Provider.publishCouncilService', null, async () => {
      const { id } = await cast.enter('COUNCIL');
      await providers.act(id, 'publishCouncilService', by(cast.officers.find(({ memberships }) => !memberships.some(({ providerId }) => providerId === id)) ?? cast.system));
    }),
    deed('Provider.publishNationalProgramme', null, async () => {
      const { id, admin } = await cast.enter('NATIONAL');
      await providers.act(id, 'publishNationalProgramme', by(admin));
    }),
    deed('Provider.list', provider(`'AWAITING_RECOMMENDATIONS', 'LAPSED'`), async ({ id }) => {
      await checkAll(id);
      const schools = await all<Row>(canRecommend(`'AWAITING_RECOMMENDATIONS', 'LAPSED'`) + ' AND p.id = $1 AND NOT s.academy', [id]);
      for (const { urn, listing } of schools.slice(0, 2)) await recommendations.give(cast.lead(urn), cast.services.world.recommendation({ id, listing }, urn));
    }),
    deed('Provider.lapse', recommendation(`'GIVEN'`, `(SELECT state FROM provider p WHERE p.id = provider_id) = 'LISTED' AND ${many}`), async ({ provider_id }) => {
      const given = await all<Row>(`SELECT id, school_urn AS urn FROM recommendation WHERE state = 'GIVEN' AND provider_id = $1`, [provider_id]);
      for (const { id, urn } of given.slice(1)) await recommendations.act(id, 'withdraw', by(cast.lead(urn), null));
    }),
    deed('Provider.proposeChanges', `SELECT id, name, version FROM provider WHERE state = 'LISTED' AND assurance = 'RECOMMENDED'`, ({ id, name, version }) =>
      providers.update(cast.admin(id), id, version, { name: `${name.slice(0, 40)} ${version}` }),
    ),
    ...(['confirm', 'refuse'] as const).map((how) =>
      deed(`Provider.${how}Changes`, `SELECT id FROM provider p WHERE state <> 'WITHDRAWN' AND EXISTS (SELECT FROM provider_change w WHERE w.provider_id = p.id AND w.answer IS NULL)`, ({ id }) =>
        how === 'confirm' ? waitingChanges.confirm(id, null, { actor: cast.officer() }) : waitingChanges.refuse(id, null, { actor: cast.officer(), reason: REASON }),
      ),
    ),
    deed('Provider.suspend', `${provider(`'LISTED'`)} AND ${many}`, ({ id }) => providers.act(id, 'suspend', by(cast.officer()))),
    deed('Provider.reinstate', provider(`'SUSPENDED'`), ({ id }) => providers.reinstate(id, by(cast.officer()))),
    deed('Provider.reinstateAsLapsed', provider(`'SUSPENDED'`), async ({ id }) => {
      const given = await all<Row>(`SELECT id, school_urn AS urn FROM recommendation WHERE state = 'GIVEN' AND provider_id = $1`, [id]);
      for (const each of given.slice(1)) await recommendations.act(each.id, 'withdraw', by(cast.lead(each.urn), null));
      await providers.reinstate(id, by(cast.officer()));
    }),
    deed('Provider.withdraw', `${provider(`'DRAFT', 'AWAITING_RECOMMENDATIONS', 'LAPSED', 'SUSPENDED'`)} AND id NOT IN (SELECT id FROM provider ORDER BY id LIMIT 4)`, ({ id }) => providers.act(id, 'withdraw', by(cast.admin(id), null))),
    deed('Recommendation.invite', canRecommend(`'AWAITING_RECOMMENDATIONS', 'LISTED', 'LAPSED'`), ({ id, urn }) => recommendations.invite(cast.admin(id), { providerId: id, schoolUrn: urn, message: '' })),
    deed('Recommendation.give', canRecommend(`'AWAITING_RECOMMENDATIONS', 'LISTED', 'LAPSED'`), ({ id, urn, listing }) => recommendations.give(cast.lead(urn), cast.services.world.recommendation({ id, listing }, urn))),
    deed('Recommendation.decline', recommendation(`'INVITED'`), ({ id, urn }) => recommendations.act(id, 'decline', by(cast.lead(urn), null))),
    deed('Recommendation.confirmIndependence', recommendation(`'GIVEN'`, `independence = 'UNCONFIRMED'`), ({ id }) => recommendations.act(id, 'confirmIndependence', by(cast.officer(), null))),
    deed('Recommendation.flag', recommendation(`'GIVEN'`, many), ({ id }) => recommendations.act(id, 'flag', by(cast.officer()))),
    deed('Recommendation.uphold', recommendation(`'FLAGGED'`), ({ id }) => recommendations.act(id, 'uphold', by(cast.officer()))),
    deed('Recommendation.reject', recommendation(`'FLAGGED'`), ({ id }) => recommendations.act(id, 'reject', by(cast.officer()))),
    deed('Recommendation.renew', recommendation(`'GIVEN'`, `lapses_at <= $1::timestamptz + interval '170 days'`), ({ id, urn }) => recommendations.renew(cast.lead(urn), id, true)),
    deed('Recommendation.withdraw', recommendation(`'GIVEN', 'FLAGGED'`, many), ({ id, urn }) => recommendations.act(id, 'withdraw', by(cast.lead(urn), null))),
    deed(
      'Recommendation.change',
      `SELECT l.id, l.provider_id, l.version FROM listing l JOIN provider p ON p.id = l.provider_id WHERE p.state = 'LISTED' AND l.state = 'PUBLISHED' AND ${many}
         AND EXISTS (SELECT FROM recommendation_listing n JOIN recommendation r ON r.id = n.recommendation_id WHERE n.listing_id = l.id AND n.changed_at IS NULL AND r.state = 'GIVEN')`,
      ({ id, provider_id, version }) => listings.update(cast.admin(provider_id), id, version, { title: ['Payroll', 'Debating', 'Roofing', 'Chess'][version % 4]! }, true),
    ),
    deed(
      'Recommendation.affirm',
      `SELECT r.id, r.school_urn AS urn, r.version FROM recommendation r WHERE r.state = 'GIVEN' AND EXISTS (SELECT FROM recommendation_listing n WHERE n.recommendation_id = r.id AND n.changed_at IS NOT NULL)`,
      ({ id, urn, version }) => recommendations.affirm(cast.lead(urn), id, version),
    ),
    deed('Listing.create', provider(`'LISTED'`), ({ id }) => listings.create(cast.admin(id), id, cast.listing(true))),
    deed('Listing.publish', `SELECT l.id, l.provider_id FROM listing l JOIN provider p ON p.id = l.provider_id WHERE l.state = 'DRAFT' AND p.state = 'LISTED'`, ({ id, provider_id }) => listings.act(id, 'publish', by(cast.admin(provider_id), null))),
    deed('Listing.unpublish', published(true), ({ id, provider_id }) => listings.act(id, 'unpublish', by(cast.admin(provider_id), null))),
    deed('Listing.remove', `SELECT id, provider_id FROM listing WHERE state = 'DRAFT'`, ({ id, provider_id }) => listings.act(id, 'remove', by(cast.admin(provider_id), null))),
  ];

  const visit = (states: string, more = 'true') => `SELECT id, school_urn AS urn, version FROM visit WHERE state IN (${states}) AND ${more}`;
  const referral = `SELECT id, school_urn AS urn FROM referral WHERE state = 'SENT'`;
  const question = `SELECT id, asked_by FROM suggestion_request WHERE state = 'OPEN'`;
  const aboutReferrals: Deed[] = [
    deed('Visit.plan', null, () => {
      const urn = cast.school();
      return referrals.visits.plan(cast.sip(urn), { schoolUrn: urn, date: cast.day(7), focus: 'Reading' });
    }),
    deed('Visit.change', visit(`'PLANNED'`), ({ id, urn }) => referrals.visits.change(id, { date: cast.day(9), focus: 'Writing' }, by(cast.sip(urn), null))),
    deed('Visit.addAgendaPoint', visit(`'PLANNED'`, 'visit_on >= $1::date'), ({ id, urn }) => referrals.visits.addAgendaPoint(cast.lead(urn), id, { text: 'Our budget' })),
    deed('Visit.removeAgendaPoint', `SELECT a.id, v.school_urn AS urn FROM agenda_point a JOIN visit v ON v.id = a.visit_id WHERE v.state = 'PLANNED' AND v.visit_on >= $1::date`, ({ id, urn }) => referrals.visits.removeAgendaPoint(cast.lead(urn), id)),
    deed('Visit.writeNote', visit(`'PLANNED', 'HELD'`, 'visit_on <= $1::date'), ({ id, urn }) => referrals.visits.writeNote(id, 'It went well.', by(cast.sip(urn), null))),
    deed('Visit.cancel', visit(`'PLANNED'`), ({ id, urn }) => referrals.visits.cancel(id, by(cast.sip(urn), null))),
    deed('Referral.send', published(false), ({ id }) => {
      const urn = cast.school();
      return referrals.referrals.send(cast.sip(urn), { schoolUrn: urn, message: 'Try these.', listings: [{ listingId: id, reason: '' }] });
    }),
    deed('Referral.accept', referral, ({ id, urn }) => referrals.referrals.accept(cast.lead(urn), id, { confidential: false })),
    deed('Referral.decline', referral, ({ id, urn }) => referrals.referrals.decline(cast.lead(urn), id, {})),
    deed('Referral.withdraw', referral, ({ id, urn }) => referrals.referrals.withdraw(cast.sip(urn), id)),
    deed('Suggestion request.ask', null, () => referrals.suggestions.ask(cast.sip(cast.school()), { question: 'A coach for new teachers' })),
    deed('Suggestion request.suggest', `${question}`, async ({ id, asked_by }) => {
      const [listing] = await all<Row>(`${published(false)} LIMIT 1`, []);
      const other = [...cast.sips.values()].find(({ personId }) => personId !== asked_by)!;
      return listing && referrals.suggestions.suggest(other, { requestId: id, listingId: listing.id, reason: 'They did well.' });
    }),
    deed('Suggestion request.close', question, ({ id, asked_by }) => referrals.suggestions.close(cast.person(asked_by), id)),
  ];

  const request = (states: string, more = 'true') => `SELECT id, version, school_urn AS urn, drafted_by_sip AS sip, submitted_at, closes_at FROM request r WHERE state IN (${states}) AND ${more}`;
  /** What is ended is ended only where enough is left. */
  const more = (than: number, what: string) => `(SELECT count(*) FROM ${what}) > ${than}`;
  const manyOpen = more(2, `request WHERE state = 'OPEN'`);
  const manyLive = more(1, `invitation WHERE state IN ('SENT', 'OPENED')`);
  const ofRequest = (step: RequestStep, key: string, find: string, whose: 'school' | 'sip' = 'school') =>
    deed(`Request.${key}`, find, ({ id, urn }) => requests.act(id, step, by(whose === 'school' ? cast.lead(urn) : cast.sip(urn))));
  const live = `SELECT i.id, i.provider_id, i.request_id, r.school_urn AS urn FROM invitation i JOIN request r ON r.id = i.request_id JOIN provider p ON p.id = i.provider_id
    WHERE r.state = 'OPEN' AND r.proposals_read_at IS NULL AND i.expires_at > $1 AND p.state IN ('LISTED', 'LAPSED')`;
  const proposal = `SELECT q.id, q.version, q.provider_id, r.school_urn AS urn FROM proposal q JOIN request r ON r.id = q.request_id JOIN provider p ON p.id = q.provider_id
    WHERE q.state = 'SUBMITTED' AND r.state = 'OPEN' AND p.state IN ('LISTED', 'LAPSED')`;
  const choosing = (signOff: boolean) => deed(
    signOff ? 'Engagement.agreeForSignOff' : 'Engagement.agree',
    `${proposal} AND r.proposals_read_at IS NOT NULL AND ${signOff ? '' : 'NOT '}EXISTS (SELECT FROM school_plan plan WHERE plan.school_urn = r.school_urn AND plan.sign_off_needed)`,
    ({ id, version, urn }) => choices.choose(cast.lead(urn), { proposalId: id, version, reasons: 'It fits.' }),
  );
  /** What comes of a request in the end, from its beginning: where everybody waits for everybody it comes about too seldom. */
  const twoToInvite = `SELECT min(l.id::text) AS id FROM (${published(false)}) l HAVING count(DISTINCT l.provider_id) > 1`;
  const asked = async (urn: number) => {
    const lead = cast.lead(urn);
    const id = await requests.draft(lead, urn, { need: 'Reading.', confidential: true, closesOn: cast.day(60) });
    await requests.act(id, 'open', by(lead));
    const invitable = await all<Row>(`SELECT DISTINCT ON (l.provider_id) l.* FROM (${published(false)}) l ORDER BY l.provider_id LIMIT 2`, []);
    const sent = await Promise.all(invitable.map((listing) => invitations.send(lead, { requestId: id, providerId: listing.provider_id, listingId: listing.id })));
    const propose = (most = 2) => Promise.all(sent.slice(0, most).map((invitation, nth) => proposals.submit(cast.admin(invitable[nth].provider_id), invitation, { summary: 'Coaching.', pricePence: 50_000, vat: 'ADDED' })));
    return { id, lead, propose };
  };
  const agreed = (signOff: boolean) => deed(signOff ? 'Engagement.agreeForSignOff' : 'Engagement.agree', twoToInvite, async () => {
    const { id, lead, propose } = await asked(cast.one(needsPlan(signOff)));
    const [proposalId] = await propose();
    await requests.act(id, 'read', by(lead));
    await choices.choose(lead, { proposalId: proposalId!, version: 1, reasons: 'It fits.' });
  });
  const inOneGo: Deed[] = [
    agreed(true),
    agreed(false),
    deed('Proposal.notChosen', twoToInvite, async () => {
      const { id, lead, propose } = await asked(cast.school());
      await propose();
      await requests.act(id, 'closeUnmet', by(lead));
    }),
    deed('Invitation.cancel', twoToInvite, async () => {
      const { id, lead } = await asked(cast.school());
      await requests.act(id, 'withdraw', by(lead));
    }),
    deed('Request.reveal', twoToInvite, async () => {
      const { id, lead } = await asked(cast.school());
      await requests.act(id, 'reveal', by(lead));
    }),
    deed('Request.join', null, async () => {
      const urn = cast.school();
      const id = await requests.draft(cast.lead(urn), urn, { need: 'Reading.', partnerUrns: [cast.partnerOf(urn)], closesOn: cast.day(60) });
      await requests.act(id, 'open', by(cast.lead(urn)));
      await requests.join(cast.lead(cast.partnerOf(urn)), id);
    }),
    deed('Invitation.reopen', twoToInvite, async () => {
      const { id, lead, propose } = await asked(cast.school());
      await propose(1);
      // One provider has answered; the time of the other is over.
      await all(`UPDATE invitation SET expires_at = $2 WHERE request_id = $1 AND state = 'SENT'`, [id, cast.services.clock.now()]);
      await cast.services.app.jobs.tasks['pass-time-for-requests']!({});
      await requests.act(id, 'read', by(lead));
      await requests.reopen(lead, id, cast.day(12));
    }),
  ];
  const aboutRequests: Deed[] = [
    deed('Request.start', null, () => {
      const urn = cast.school();
      return requests.draft(cast.lead(urn), urn, { need: 'Reading.', confidential: cast.perhaps(2), partnerUrns: [cast.partnerOf(urn)], allLeads: !cast.perhaps(8), closesOn: cast.day(cast.perhaps(4) ? 25 : 300) });
    }),
    deed('Request.submit', request(`'DRAFT'`, 'drafted_by_sip IS NOT NULL'), ({ id, urn }) => requests.act(id, 'submit', by(cast.sip(urn)))),
    deed('Request.start', null, () => {
      const urn = cast.school();
      return requests.draft(cast.sip(urn), urn, { need: 'Writing.', closesOn: cast.day(200) });
    }),
    ofRequest('open', 'open', request(`'DRAFT', 'AWAITING_SCHOOL'`, '(drafted_by_sip IS NULL OR submitted_at IS NOT NULL) AND (closes_at IS NULL OR closes_at > $1)')),
    deed('Request.join', `${request(`'OPEN'`)} AND EXISTS (SELECT FROM request_school j WHERE j.request_id = r.id AND j.joined_at IS NULL)`, ({ id, urn }) => requests.join(cast.lead(cast.partnerOf(urn)), id)),
    ofRequest('share', 'share', request(`'OPEN'`, 'NOT shared_with_sip')),
    ofRequest('unshare', 'unshare', request(`'OPEN'`, 'shared_with_sip')),
    ofRequest('reveal', 'reveal', request(`'OPEN'`, 'confidential')),
    deed('Request.answer', `SELECT n.id, r.school_urn AS urn FROM question n JOIN request r ON r.id = n.request_id WHERE r.state = 'OPEN' AND n.answer IS NULL`, ({ id, urn }) => invitations.answer(cast.lead(urn), id, 'Six.')),
    deed('Request.extend', request(`'OPEN'`, 'proposals_read_at IS NULL'), ({ id, urn, closes_at }) =>
      requests.extend(cast.lead(urn), id, new Date(Math.max(closes_at.getTime(), cast.services.clock.now().getTime()) + 10 * 86_400_000).toISOString().slice(0, 10))),
    ofRequest('read', 'read', request(`'OPEN'`, `proposals_read_at IS NULL AND EXISTS (SELECT FROM proposal q WHERE q.request_id = r.id AND q.state = 'SUBMITTED')`)),
    deed('Request.reopenRound', request(`'OPEN'`, 'proposals_read_at IS NOT NULL'), ({ id, urn }) => requests.reopen(cast.lead(urn), id, cast.day(12))),
    deed('Invitation.reopen', request(`'OPEN'`, `proposals_read_at IS NOT NULL AND EXISTS (SELECT FROM invitation i WHERE i.request_id = r.id AND i.state = 'EXPIRED')`), ({ id, urn }) =>
      requests.reopen(cast.lead(urn), id, cast.day(12))),
    deed('Request.amend', request(`'OPEN'`, 'NOT EXISTS (SELECT FROM proposal q WHERE q.request_id = r.id)'), ({ id, version, urn }) => requests.update(cast.lead(urn), id, version, { need: 'Reading in Year 2.' })),
    ofRequest('closeUnmet', 'closeUnmet', request(`'OPEN'`, manyOpen)),
    ofRequest('withdraw', 'withdraw', request(`'DRAFT', 'AWAITING_SCHOOL', 'OPEN'`, manyOpen)),
    deed('Proposal.notChosen', request(`'OPEN'`, `${manyOpen} AND EXISTS (SELECT FROM proposal q WHERE q.request_id = r.id AND q.state = 'SUBMITTED')`), ({ id, urn }) => requests.act(id, 'closeUnmet', by(cast.lead(urn)))),
    deed('Invitation.cancel', request(`'OPEN'`, `${manyOpen} AND EXISTS (SELECT FROM invitation i WHERE i.request_id = r.id AND i.state IN ('SENT', 'OPENED'))`), ({ id, urn }) => requests.act(id, 'withdraw', by(cast.lead(urn)))),
    deed('Invitation.send', `${request(`'OPEN'`, 'closes_at > $1 AND proposals_read_at IS NULL')}`, async ({ id, urn }) => {
      const invitable = await all<Row>(`${published(false)} AND NOT EXISTS (SELECT FROM invitation i WHERE i.request_id = $1 AND i.provider_id = p.id) ORDER BY random() LIMIT 2`, [id]);
      return Promise.all(invitable.map((listing) => invitations.send(cast.lead(urn), { requestId: id, providerId: listing.provider_id, listingId: listing.id })));
    }),
    deed('Invitation.open', `${live} AND i.state = 'SENT'`, ({ id, provider_id }) => invitations.act(id, 'open', by(cast.admin(provider_id), null))),
    deed('Invitation.ask', `${live} AND i.state IN ('SENT', 'OPENED') AND r.questions_until > $1`, ({ id, provider_id }) => invitations.ask(cast.admin(provider_id), id, 'How many?')),
    deed('Invitation.decline', `${live} AND i.state IN ('SENT', 'OPENED') AND ${manyLive}`, ({ id, provider_id }) => invitations.act(id, 'decline', by(cast.admin(provider_id), null))),
    deed('Proposal.submit', `${live} AND i.state IN ('SENT', 'OPENED', 'RESPONDED') AND NOT EXISTS (SELECT FROM proposal q WHERE q.invitation_id = i.id AND q.state <> 'WITHDRAWN')`, ({ id, provider_id }) =>
      proposals.submit(cast.admin(provider_id), id, { summary: 'Coaching.', pricePence: 50_000, vat: 'ADDED', startsOn: cast.day(20), endsOn: cast.day(60) })),
    deed('Proposal.revise', `${proposal} AND r.closes_at > $1 AND r.proposals_read_at IS NULL`, ({ id, version, provider_id }) => proposals.revise(cast.admin(provider_id), id, version, { pricePence: 40_000 })),
    deed('Proposal.withdraw', proposal, ({ id, provider_id }) => proposals.withdraw(cast.admin(provider_id), id)),
    choosing(true),
    choosing(false),
    ...inOneGo,
  ];

  const engagement = (states: string, more = 'true') => `SELECT e.id, e.version, e.provider_id, e.school_urn AS urn FROM engagement e WHERE state IN (${states}) AND ${more}`;
  const ANY = `'AWAITING_SIGN_OFF', 'AGREED', 'IN_PROGRESS'`;
  const WORK = `'AGREED', 'IN_PROGRESS'`;
  const step = (key: Parameters<typeof engagements.act>[1], find: string, who: 'lead' | 'sip' | 'admin') =>
    deed(`Engagement.${key}`, find, ({ id, urn, provider_id }) => engagements.act(id, key, by(who === 'admin' ? cast.admin(provider_id) : cast[who](urn))));
  const recording = (needs: boolean) => deed(needs ? 'Engagement.recordForSignOff' : 'Engagement.record', `${published(false)} AND p.id IN (SELECT id FROM provider WHERE state = 'LISTED' AND assurance = 'RECOMMENDED' ORDER BY id LIMIT 2)`, ({ id }) => {
    const urns = needsPlan(needs);
    const urn = cast.one(urns);
    return recordings.record(cast.lead(urn), { ...cast.services.world.recording(id, urn), startsOn: cast.day(30), endsOn: cast.day(90), sharedWithSip: cast.perhaps(2) });
  });
  const PENDING = `EXISTS (SELECT FROM engagement_change c WHERE c.engagement_id = e.id AND c.answer IS NULL)`;
  const pendingChange = `SELECT c.id, c.proposed_by_party AS side, e.school_urn AS urn, e.provider_id FROM engagement_change c JOIN engagement e ON e.id = c.engagement_id
    WHERE c.answer IS NULL AND e.state IN (${ANY})`;
  const otherOf = ({ side, urn, provider_id }: Row) => (side === 'SCHOOL' ? cast.admin(provider_id) : cast.lead(urn));
  const ready = `(origin <> 'RECORDED' OR confirmed_at IS NOT NULL) AND (NOT pupils_concerned OR safeguarding_confirmed_at IS NOT NULL)`;
  const aboutEngagements: Deed[] = [
    recording(true),
    recording(false),
    deed('Engagement.recordUse', published(true), ({ id }) => {
      const urn = cast.school();
      return recordings.use(cast.lead(urn), { listingId: id, schoolUrn: urn, usedOn: cast.day(0), objective: { text: 'All read.' } });
    }),
    step('signOff', engagement(`'AWAITING_SIGN_OFF'`), 'sip'),
    step('sendBack', engagement(`'AWAITING_SIGN_OFF'`), 'sip'),
    step('confirm', engagement(`'AGREED'`, `origin = 'RECORDED' AND confirmed_at IS NULL`), 'admin'),
    step('disown', engagement(`'AWAITING_SIGN_OFF', 'AGREED'`, `origin = 'RECORDED' AND confirmed_at IS NULL`), 'admin'),
    step('start', engagement(`'AGREED'`, `${ready} AND starts_on <= $1::timestamptz::date`), 'lead'),
    deed('Engagement.setObjectives', engagement(ANY), ({ id, version, urn }) => engagements.setObjectives(cast.lead(urn), id, version, [{ text: 'All read.', category: 'TEACHING_AND_LEARNING', phase: 'PRIMARY' }])),
    deed('Engagement.addAction', engagement(ANY), ({ id, urn }) => actions.add(cast.lead(urn), id, { what: 'Buy books', owner: 'SCHOOL', dueOn: cast.day(5) })),
    deed('Engagement.completeAction', `SELECT a.id, e.school_urn AS urn FROM engagement_action a JOIN engagement e ON e.id = a.engagement_id WHERE a.done_at IS NULL AND e.state IN (${WORK})`, ({ id, urn }) => actions.complete(cast.lead(urn), id)),
    deed('Engagement.addEvidence', engagement(ANY), ({ id, urn }) => evidence.want(cast.lead(urn), id, { wanted: 'Reading ages', dueOn: cast.day(9) })),
    deed('Engagement.giveEvidence', `SELECT v.id, e.school_urn AS urn FROM engagement_evidence v JOIN engagement e ON e.id = v.engagement_id WHERE v.given_at IS NULL AND e.state IN (${WORK}, 'COMPLETED')`, ({ id, urn }) => evidence.give(cast.lead(urn), id, { given: 'Up.' })),
    deed('Engagement.setReviewDates', engagement(ANY), ({ id, version, urn }) => reviews.setDates(cast.lead(urn), id, version, [cast.day(14)])),
    deed('Engagement.addReview', engagement(`${WORK}, 'COMPLETED'`, `origin <> 'FREE_RESOURCE'`), ({ id, urn }) => reviews.add(cast.lead(urn), id, { heldOn: cast.day(0), rag: 'AMBER', words: 'Half way.', figures: [] })),
    deed('Engagement.setVisitors', engagement(ANY), ({ id, version, provider_id }) => engagements.setVisitors(cast.admin(provider_id), id, version, [{ name: 'Ada Example' }])),
    deed('Engagement.confirmSafeguarding', engagement(ANY, 'EXISTS (SELECT FROM engagement_visitor v WHERE v.engagement_id = e.id)'), ({ id, version, provider_id }) => engagements.confirmSafeguarding(cast.admin(provider_id), id, version, 'Checked.')),
    deed('Engagement.setPupilsConcerned', engagement(ANY), ({ id, version, urn }) => engagements.setPupilsConcerned(cast.lead(urn), id, version, cast.perhaps(3))),
    step('shareWithSip', engagement(`${ANY}, 'COMPLETED', 'ENDED_EARLY'`, 'NOT shared_with_sip'), 'lead'),
    step('stopSharing', engagement(`${WORK}, 'COMPLETED', 'ENDED_EARLY'`, 'shared_with_sip'), 'lead'),
    step('complete', engagement(`'IN_PROGRESS'`), 'lead'),
    step('takeBackCompletion', engagement(`'COMPLETED'`, `origin <> 'FREE_RESOURCE' AND NOT EXISTS (SELECT FROM rating r WHERE r.engagement_id = e.id)`), 'lead'),
    deed('Engagement.proposeChange', engagement(ANY, `NOT ${PENDING}`), ({ id, version, urn, provider_id }) =>
      changes.propose(cast.perhaps(2) ? cast.lead(urn) : cast.admin(provider_id), id, version, { endsOn: cast.day(120) })),
    deed('Engagement.acceptChange', pendingChange, (row) => changes.answer(otherOf(row), row.id, 'ACCEPTED')),
    deed('Engagement.declineChange', pendingChange, (row) => changes.answer(otherOf(row), row.id, 'DECLINED')),
    deed('Engagement.withdrawChange', pendingChange, ({ id, urn, provider_id, side }) => changes.answer(side === 'SCHOOL' ? cast.lead(urn) : cast.admin(provider_id), id, 'WITHDRAWN')),
    step('endEarly', engagement(ANY), 'lead'),
  ];

  const concern = (states: string, more = 'true') => `SELECT c.id, e.school_urn AS urn, e.provider_id, c.raised_by_party AS side FROM concern c JOIN engagement e ON e.id = c.engagement_id WHERE c.state IN (${states}) AND ${more}`;
  const otherSide = ({ side, urn, provider_id }: Row) => (side === 'SCHOOL' ? cast.admin(provider_id) : cast.lead(urn));
  const finished = `SELECT e.id, e.school_urn AS urn, ARRAY(SELECT o.id FROM engagement_objective o WHERE o.engagement_id = e.id ORDER BY o.nth) AS objectives FROM engagement e
    WHERE e.state IN ('COMPLETED', 'ENDED_EARLY') AND (e.started_at IS NOT NULL OR e.starts_on <= e.finished_at::date) AND (e.origin <> 'RECORDED' OR e.confirmed_at IS NOT NULL) AND NOT EXISTS (SELECT FROM rating r WHERE r.engagement_id = e.id)`;
  const rating = (more: string) => `SELECT r.id, r.version, r.words_id, r.school_urn AS urn, r.provider_id, ARRAY(SELECT o.id FROM engagement_objective o WHERE o.engagement_id = r.engagement_id ORDER BY o.nth) AS objectives
    FROM rating r WHERE ${more}`;
  const said = (objectives: string[], result: 'MET' | 'TOO_EARLY') => ({
    understood: true,
    objectives: objectives.map((objectiveId) => ({ objectiveId, result, baseline: 'Two of six.', after: 'Six.' })),
    helpfulness: 3,
    wouldRecommend: true,
    words: 'Patient and well prepared.',
  });
  const ofProvider = `EXISTS (SELECT FROM engagement e WHERE e.id = r.engagement_id AND e.origin <> 'FREE_RESOURCE')`;
  const aboutOutcomes: Deed[] = [
    deed('Concern.raise', engagement(`${WORK}, 'COMPLETED'`, `origin <> 'FREE_RESOURCE'`), ({ id, urn, provider_id }) => concerns.raise(cast.perhaps(2) ? cast.lead(urn) : cast.admin(provider_id), id, 'No room was free.')),
    deed('Concern.answer', concern(`'RAISED'`), (row) => concerns.answer(otherSide(row), row.id, 'There will be.')),
    deed('Concern.answerLate', concern(`'PASSED_ON'`, 'c.answered_at IS NULL'), (row) => concerns.answer(otherSide(row), row.id, 'There will be.')),
    deed('Concern.passOn', concern(`'RAISED', 'ANSWERED'`), ({ id, urn }) => concerns.passOn(cast.lead(urn), id, 'Please help.')),
    deed('Concern.resolve', concern(`'RAISED', 'ANSWERED', 'PASSED_ON'`), ({ id, urn }) => concerns.resolve(cast.lead(urn), id, REASON)),
    deed('Rating.give', finished, ({ id, urn, objectives }) => ratings.give(cast.lead(urn), id, said(objectives, cast.perhaps(2) ? 'MET' : 'TOO_EARLY'))),
    deed('Rating.change', rating(`r.state = 'GIVEN' AND r.reply IS NULL AND r.changeable_until > $1`), ({ id, version, urn, objectives }) => ratings.change(cast.lead(urn), id, version, said(objectives, 'TOO_EARLY'))),
    deed('Rating.reply', rating(`r.reply IS NULL AND ${ofProvider}`), ({ id, provider_id }) => ratings.reply(cast.admin(provider_id), id, 'Thank you.')),
    deed('Rating.mendReply', rating(`r.reply IS NOT NULL AND r.reply_read_at IS NULL AND ${ofProvider}`), ({ id, provider_id }) => ratings.mendReply(cast.admin(provider_id), id, 'Thank you very much.')),
    deed('Rating.followUp', rating(`r.state = 'GIVEN' AND r.asked_again > 0`), ({ id, urn, objectives }) => ratings.followUp(cast.lead(urn), id, said(objectives, cast.perhaps(2) ? 'MET' : 'TOO_EARLY').objectives)),
    deed('Rating.offerToBeAsked', rating('r.contact_id IS NULL'), ({ id, urn }) => ratings.setMayBeAsked(cast.lead(urn), id, true)),
    deed('Rating.stopBeingAsked', rating('r.contact_id IS NOT NULL'), ({ id, urn }) => ratings.setMayBeAsked(cast.lead(urn), id, false)),
    deed('Rating.hideWords', rating('r.evidence_id IS NOT NULL AND NOT r.words_hidden'), ({ words_id }) => ratings.moderate(cast.officer(), words_id, 'hideWords', REASON)),
    deed('Rating.showWords', rating('r.words_hidden'), ({ words_id }) => ratings.moderate(cast.officer(), words_id, 'showWords', REASON)),
  ];
  /** Waits for a deadline that is near: the clock goes on to it, and a worker does what is due. */
  const wait = (key: string, find: string, job: string) => deed(key, `SELECT due FROM (${find}) deadline WHERE due <= $1::timestamptz + interval '40 days'`, async ({ due }) => {
    const seconds = (due.getTime() - cast.services.clock.now().getTime()) / 1000;
    if (seconds > 0) cast.services.clock.advance({ seconds: seconds + 1 });
    await cast.services.app.jobs.tasks[job]!({});
  });
  const waiting: Deed[] = [
    wait('Recommendation.expire', `SELECT expires_at AS due FROM recommendation WHERE state = 'INVITED'`, 'pass-time-for-recommendations'),
    wait('Recommendation.lapse', `SELECT lapses_at AS due FROM recommendation WHERE state IN ('GIVEN', 'FLAGGED')`, 'pass-time-for-recommendations'),
    wait('Referral.expire', `SELECT expires_at AS due FROM referral WHERE state = 'SENT'`, 'pass-time-for-referrals'),
    wait('Suggestion request.expire', `SELECT expires_at AS due FROM suggestion_request WHERE state = 'OPEN'`, 'pass-time-for-referrals'),
    wait('Invitation.expire', `SELECT expires_at AS due FROM invitation WHERE state IN ('SENT', 'OPENED')`, 'pass-time-for-requests'),
    wait('Engagement.startOnDay', `SELECT starts_on::timestamptz + interval '1 hour' AS due FROM engagement WHERE state = 'AGREED' AND ${ready}`, 'pass-time-for-engagements'),
    wait('Engagement.fallDue', `SELECT a.due_on::timestamptz + interval '1 hour' AS due FROM engagement_action a JOIN engagement e ON e.id = a.engagement_id
      WHERE NOT a.told_due AND a.done_at IS NULL AND e.state IN (${WORK})`, 'pass-time-for-engagements'),
  ];
  /** Done first wherever there is something for it. */
  const caring: Deed[] = [
    { ...aboutProviders.find(({ key }) => key === 'Provider.list')!, key: 'caring for the directory', find: `${provider(`'AWAITING_RECOMMENDATIONS', 'LAPSED'`)} AND ${few}` },
    { ...aboutProviders.find(({ key }) => key === 'Provider.reinstate')!, key: 'caring for the suspended', find: `${provider(`'SUSPENDED'`)} AND ${few}` },
    { ...aboutProviders.find(({ key }) => key === 'Provider.complete')!, key: 'caring for drafts', find: `${provider(`'DRAFT'`)} AND ${few}` },
  ];
  return [...caring, ...waiting, ...aboutProviders, ...aboutReferrals, ...aboutRequests, ...aboutEngagements, ...aboutOutcomes];
}
