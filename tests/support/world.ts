import type { App } from '../../src/app.js';
import type { Recording } from '../../src/brokerage/engagements/engagement.recording.js';
import type { Proposing } from '../../src/brokerage/proposals/proposal.service.js';
import type { RequestChanges } from '../../src/brokerage/requests/request.contents.js';
import { actorOfPerson } from '../../src/identity/index.js';
import { londonDay } from '../../src/platform/clock.js';
import { daysAfterDay } from '../../src/platform/days.js';
import type { Actor, Role } from '../../src/platform/actor.js';
import type { RatingGiven } from '../../src/outcomes/rating.service.js';
import { newId } from '../../src/platform/id.js';

export interface SchoolFacts {
  la?: string;
  name?: string;
  status?: 'OPEN' | 'PROPOSED_TO_OPEN' | 'CLOSED';
  phase?: string;
  academy?: boolean;
  trust?: string | null;
  federation?: string | null;
  easting?: number;
  northing?: number;
  postcode?: string;
}

/** Builds what a test needs: organisations by SQL, as an import would bring them; all else through the services. */
export class World {
  private count = 0;

  /** @param firstUrn of the schools that are made, which must not be there yet */
  constructor(
    readonly app: App,
    private readonly firstUrn = 900_001,
  ) {}

  async la(code: string, name = `Shire ${code}`): Promise<string> {
    await this.app.db.query('INSERT INTO local_authority (code, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [code, name]);
    return code;
  }

  async school(facts: SchoolFacts = {}): Promise<number> {
    const urn = this.firstUrn + this.count++;
    const { name = `School ${urn}`, easting = 460_000, northing = 310_000 } = facts;
    const la = await this.la(facts.la ?? '990');
    if (facts.trust) await this.app.db.query('INSERT INTO trust VALUES ($1, $1) ON CONFLICT DO NOTHING', [facts.trust]);
    if (facts.federation) await this.app.db.query('INSERT INTO federation VALUES ($1, $1) ON CONFLICT DO NOTHING', [facts.federation]);
    await this.app.db.query(
      `INSERT INTO school (urn, la_code, name, type, status, phase, academy, trust_id, federation_id, postcode, easting, northing, latitude, longitude, search_text, imported_at)
       VALUES ($1, $2, $3, 'Community school', $4, $5, $6, $7, $8, $9, $10, $11, 52.6, -1.1, lower($3), $12)`,
      [urn, la, name, facts.status ?? 'OPEN', facts.phase ?? 'PRIMARY', facts.academy ?? false, facts.trust ?? null, facts.federation ?? null, facts.postcode ?? null, easting, northing, this.app.clock.now()],
    );
    return urn;
  }

  /** A person with one role in force, or none. */
  async person(role?: Role, scope: { schoolUrn?: number; trustId?: string; laCode?: string; providerId?: string } = {}): Promise<Actor & { personId: string; email: string }> {
    const id = newId();
    const email = `person-${this.count++}@example.org`;
    await this.app.db.query('INSERT INTO person (id, email, name, created_at) VALUES ($1, $2, $3, $4)', [id, email, `Person ${this.count}`, this.app.clock.now()]);
    if (role) await this.give(id, role, scope);
    return { ...(await actorOfPerson(this.app.db, id)), personId: id, email };
  }

  /** Gives a person one more role; read the actor again with `refresh`. */
  async give(personId: string, role: Role, scope: { schoolUrn?: number; trustId?: string; laCode?: string; providerId?: string } = {}): Promise<void> {
    await this.app.db.query(
      `INSERT INTO membership (id, person_id, role, school_urn, trust_id, la_code, provider_id, created_at, confirmed_at, confirmed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $2)`,
      [newId(), personId, role, scope.schoolUrn ?? null, scope.trustId ?? null, scope.laCode ?? null, scope.providerId ?? null, this.app.clock.now()],
    );
  }

  refresh = (actor: Actor): Promise<Actor> => actorOfPerson(this.app.db, actor.personId!);

  /** `2026-11-22`: the day in England so many days from the clock's. */
  dayIn = (days: number): string => daysAfterDay(londonDay(this.app.clock.now()), days);

  lead = (schoolUrn: number) => this.person('SCHOOL_LEAD', { schoolUrn });
  officer = async (laCode: string) => this.person('LA_OFFICER', { laCode: await this.la(laCode) });

  /** A provider in DRAFT whose profile is complete, with one published listing. */
  async provider(facts: { la?: string; name?: string; schoolUrn?: number } = {}): Promise<{ id: string; listing: string; admin: Actor }> {
    const la = await this.la(facts.la ?? '990');
    const person = await (facts.schoolUrn ? this.lead(facts.schoolUrn) : this.person());
    const { providers, listings } = this.app.directory;
    const id = await providers.register(person, {
      name: facts.name ?? `Provider ${this.count++}`,
      kind: facts.schoolUrn ? 'SCHOOL' : 'COMPANY',
      schoolUrn: facts.schoolUrn ?? null,
      assuringLa: la,
    });
    const admin = await this.refresh(person);
    await providers.update(admin, id, 1, {
      summary: 'Helps schools teach reading.',
      contactName: 'Ada Example',
      contactEmail: `ada-${this.count++}@example.org`,
      safeguarding: 'All staff are checked and trained each year.',
      interests: '',
    });
    const listing = await listings.create(admin, id, {
      title: 'Reading support',
      summary: 'A day a week in school.',
      categories: ['TEACHING_AND_LEARNING'],
      phases: ['PRIMARY'],
      delivery: ['IN_SCHOOL'],
      national: true,
      price: { kind: 'PRICED', pence: 45_000, unit: 'DAY', vat: 'ADDED', link: null },
    });
    await listings.act(listing, 'publish', { actor: admin });
    return { id, listing, admin };
  }

  /** The same, sent off for recommendations. */
  async awaiting(facts: Parameters<World['provider']>[0] = {}) {
    const provider = await this.provider(facts);
    await this.app.directory.providers.act(provider.id, 'complete', { actor: provider.admin });
    return provider;
  }

  /** The same, with all checks done by an officer. */
  async checked(facts: Parameters<World['provider']>[0] = {}) {
    const provider = await this.awaiting(facts);
    const officer = await this.officer(facts.la ?? '990');
    for (const kind of ['SAFEGUARDING', 'INSURANCE', 'INTERESTS'] as const) {
      await this.app.directory.providers.recordCheck(officer, provider.id, kind, this.dayIn(3650));
    }
    return { ...provider, officer };
  }

  /** A lead of a new open school, and what they would say for the provider. */
  async recommender(provider: { id: string; listing: string }, school: SchoolFacts = {}) {
    const urn = await this.school(school);
    const lead = await this.lead(urn);
    return { urn, lead, input: this.recommendation(provider, urn) };
  }

  recommendation = (provider: { id: string; listing: string }, schoolUrn: number) => ({
    providerId: provider.id,
    schoolUrn,
    listingIds: [provider.listing],
    whatWasDone: 'Coached three teachers of reading.',
    whenDone: `Spring term ${this.dayIn(0).slice(0, 4)}`,
    whatChanged: 'Reading lessons are taught alike in all classes.',
    noInterest: true,
  });

  /** A listed provider with two recommendations. */
  async listed(facts: Parameters<World['provider']>[0] = {}) {
    const provider = await this.checked(facts);
    const recommenders = [];
    for (let i = 0; i < 2; i++) {
      const recommender = await this.recommender(provider);
      const id = await this.app.directory.recommendations.give(recommender.lead, recommender.input);
      recommenders.push({ ...recommender, recommendation: id });
    }
    return { ...provider, recommenders };
  }

  /** A request of the school that providers can be invited to. */
  async openRequest(lead: Actor, schoolUrn: number, input: RequestChanges = {}): Promise<string> {
    const { requests } = this.app.brokerage;
    const id = await requests.draft(lead, schoolUrn, { need: 'Our younger readers fall behind.', ...input });
    await requests.act(id, 'open', { actor: lead });
    return id;
  }

  /** An invitation of the provider, answered by a proposal. */
  async proposed(lead: Actor, requestId: string, provider: { id: string; listing: string; admin: Actor }, input: Partial<Proposing> = {}): Promise<{ invitation: string; proposal: string }> {
    const { invitations, proposals } = this.app.brokerage;
    const invitation = await invitations.send(lead, { requestId, providerId: provider.id, listingId: provider.listing });
    const proposal = await proposals.submit(provider.admin, invitation, { summary: 'A coach, six mornings.', pricePence: 90_000, vat: 'ADDED', ...input });
    return { invitation, proposal };
  }

  /** A SIP of the LA, assigned to these of its schools. */
  async sip(laCode: string, ...schoolUrns: number[]): Promise<Actor & { personId: string }> {
    const { personId } = await this.person('SIP', { laCode: await this.la(laCode) });
    for (const urn of schoolUrns) {
      await this.app.db.query('INSERT INTO sip_assignment (id, person_id, school_urn, started_at) VALUES ($1, $2, $3, $4)', [newId(), personId, urn, this.app.clock.now()]);
    }
    return { ...(await actorOfPerson(this.app.db, personId)), personId };
  }

  /** Ends whatever assignments that SIP has. @returns the SIP without them */
  async unassigned(sip: Actor): Promise<Actor> {
    await this.app.db.query('UPDATE sip_assignment SET ended_at = $2 WHERE person_id = $1', [sip.personId, this.app.clock.now()]);
    return this.refresh(sip);
  }

  /** A SIP who is assigned to the school. */
  async assignedSip(schoolUrn: number) {
    const [school] = await this.app.db.query<{ la: string }>('SELECT la_code AS la FROM school WHERE urn = $1', [schoolUrn]);
    const { personId, email } = await this.person('SIP', { laCode: school!.la });
    await this.app.db.query('INSERT INTO sip_assignment (id, person_id, school_urn, started_at) VALUES ($1, $2, $3, $4)', [newId(), personId, schoolUrn, this.app.clock.now()]);
    return { ...(await actorOfPerson(this.app.db, personId)), personId, email };
  }

  recording = (listingId: string, schoolUrn: number): Recording => ({
    listingId,
    schoolUrn,
    startsOn: this.dayIn(0),
    endsOn: this.dayIn(90),
    pricePence: 30_000,
    vat: 'ADDED',
    pupilsConcerned: false,
    objective: { text: 'Every teacher of Year 1 teaches reading alike.' },
  });

  /** Support that a lead of a new school has recorded in one screen. */
  async recorded(change: Partial<Recording> = {}) {
    const provider = await this.awaiting();
    const urn = change.schoolUrn ?? (await this.school());
    const lead = await this.lead(urn);
    const id = await this.app.brokerage.recordings.record(lead, { ...this.recording(provider.listing, urn), ...change });
    return { id, urn, lead, provider };
  }

  /** The same, confirmed by the provider and started. */
  async underWay(change: Partial<Recording> = {}) {
    const engagement = await this.recorded(change);
    const { engagements } = this.app.brokerage;
    await engagements.act(engagement.id, 'confirm', { actor: engagement.provider.admin });
    await engagements.act(engagement.id, 'start', { actor: engagement.lead });
    return engagement;
  }

  /** Support that is completed, of a new school unless said otherwise. */
  async finished(change: Partial<Recording> = {}, provider?: { id: string; listing: string; admin: Actor }) {
    const { recordings, engagements } = this.app.brokerage;
    const by = provider ?? (await this.awaiting());
    const urn = change.schoolUrn ?? (await this.school());
    const lead = await this.lead(urn);
    const id = await recordings.record(lead, { ...this.recording(by.listing, urn), ...change });
    await engagements.act(id, 'confirm', { actor: by.admin });
    await engagements.act(id, 'start', { actor: lead });
    await engagements.act(id, 'complete', { actor: lead });
    const [objective] = await this.app.db.query<{ id: string }>('SELECT id FROM engagement_objective WHERE engagement_id = $1', [id]);
    return { id, urn, lead, provider: by, objective: objective!.id };
  }

  /** What a school says of support with one objective. */
  ratingOf = ({ objective }: { objective: string }, change: Partial<RatingGiven> = {}): RatingGiven => ({
    understood: true,
    objectives: [{ objectiveId: objective, result: 'MET', baseline: 'Each teacher had a way of their own.', after: 'All teach reading alike.' }],
    helpfulness: 4,
    wouldRecommend: true,
    words: 'Patient and well prepared.',
    mayBeAsked: false,
    ...change,
  });

  /** Support that is completed and rated. */
  async rated(change: Partial<RatingGiven> = {}, recording: Partial<Recording> = {}, provider?: { id: string; listing: string; admin: Actor }) {
    const engagement = await this.finished(recording, provider);
    return { ...engagement, rating: await this.app.outcomes.ratings.give(engagement.lead, engagement.id, this.ratingOf(engagement, change)) };
  }
}
