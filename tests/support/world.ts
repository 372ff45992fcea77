import type { App } from '../../src/app.js';
import { actorOfPerson } from '../../src/identity/index.js';
import type { Actor, Role } from '../../src/platform/actor.js';
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

  constructor(readonly app: App) {}

  async la(code: string, name = `Shire ${code}`): Promise<string> {
    await this.app.db.query('INSERT INTO local_authority (code, name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [code, name]);
    return code;
  }

  async school(facts: SchoolFacts = {}): Promise<number> {
    const urn = 900_001 + this.count++;
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
      contactEmail: 'ada@example.org',
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
      await this.app.directory.providers.recordCheck(officer, provider.id, kind, '9999-12-31');
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
    whenDone: 'Spring term 2026',
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
}
