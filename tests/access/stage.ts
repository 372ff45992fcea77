import type { Actor, Role } from '../../src/platform/actor.js';
import { newId } from '../../src/platform/id.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';
import { importSettings } from './imports.js';
import { type Asker, people, type Scope, TRUST } from './people.js';

export interface StagedProvider {
  id: string;
  name: string;
  /** A published listing. */
  listing: string;
  admin: Actor;
}

/** With a half-term within 30 days from now, so that there is something to say of deadlines. */
export const TERMS = [
  { name: 'Autumn term', startsOn: '2026-09-01', endsOn: '2026-09-25' },
  { name: 'Autumn term, second half', startsOn: '2026-10-05', endsOn: '2026-12-18' },
  { name: 'Spring term', startsOn: '2027-01-05', endsOn: '2027-03-26' },
  { name: 'Summer term', startsOn: '2027-04-13', endsOn: '2027-07-16' },
];

const REASON = 'A parent asked us to look into it.';

/**
 * The people of the matrix and the objects they ask about. Everything is made through the services; `school()` and
 * `provider()` give the people who belong to it their roles in each new one.
 */
export class Stage {
  readonly la = '990';
  readonly trust = TRUST;
  readonly askers: Asker[] = [];
  /** Ids of others' memberships, by their rows in the matrix. */
  readonly roles = new Map<string, string>();
  theSchool = 0;
  /** The assignment of the SIP of the matrix to the school. */
  theAssignment = '';
  /** Another SIP of the local authority. */
  theSip = '';

  private constructor(readonly server: TestServer) {}

  /**
   * A stage for the next test: a new one after each twenty, as every object adds to what its people are of, and all that
   * they are of is looked at whenever they become something more.
   */
  static next = async (stage: Stage | undefined): Promise<Stage> => (stage && ++stage.tests <= 20 ? stage : Stage.set(await startApp(undefined, { imports: importSettings })));

  private tests = 1;

  get world(): World {
    return this.server.world;
  }

  static async set(server: TestServer): Promise<Stage> {
    const stage = new Stage(server);
    const { world } = stage;
    const elsewhere = await world.school({ la: '990', trust: 'TR2', academy: true });
    await world.la('991');
    await stage.setTermDates();
    await server.app.db.query('INSERT INTO trust VALUES ($1, $1)', [TRUST]);
    await server.app.db.query(`UPDATE local_authority SET region = 'East Midlands' WHERE code = $1`, [stage.la]);
    for (const [who, role, scope] of people(elsewhere, (await world.listed({ la: '990' })).id)) {
      const { personId, email } = await world.person(role, scope);
      stage.askers.push({ who, personId, email, cookie: who === 'anon' ? null : await server.cookieOf({ personId }) });
    }
    stage.theSchool = await stage.school({ trust: TRUST });
    const [assignment] = await server.app.db.query<{ id: string }>('SELECT id FROM sip_assignment WHERE school_urn = $1', [stage.theSchool]);
    stage.theAssignment = assignment!.id;
    await stage.giveRolesToOthers(elsewhere);
    await stage.recommendation('GIVEN'); // from here on the people of the provider are that, whichever test comes first
    return stage;
  }

  private async setTermDates(): Promise<void> {
    const values = TERMS.map(({ name, startsOn, endsOn }) => `('${this.la}', 2026, '${name}', '${startsOn}', '${endsOn}')`).join();
    await this.server.app.db.query(`INSERT INTO term_date (la_code, school_year, name, starts_on, ends_on) VALUES ${values}`);
  }

  asker = (who: string): Asker => this.askers.find((asker) => asker.who === who)!;
  /** The person with the roles they hold now. */
  actor = (who: string): Promise<Actor> => this.world.refresh({ personId: this.asker(who).personId } as Actor);

  /** An academy of LA 990 whose people are the people of the matrix. */
  async school({ trust = null }: { trust?: string | null } = {}): Promise<number> {
    const urn = await this.world.school({ la: '990', academy: true, trust, federation: trust && 'F1', postcode: 'LE1 1AA' });
    await this.give('lead', 'SCHOOL_LEAD', { schoolUrn: urn });
    await this.give('staff', 'SCHOOL_STAFF', { schoolUrn: urn });
    await this.assign(this.asker('sip').personId, urn);
    return urn;
  }

  /** A provider of LA 990, or of the nation, whose people are the people of the matrix. */
  async provider(state: string): Promise<StagedProvider> {
    const { world } = this;
    switch (state) {
      case 'DRAFT':
        return this.joined(await world.provider());
      case 'DRAFT of the council':
        return this.joined(await this.entered('COUNCIL_SERVICE', 'COUNCIL', await world.officer('990')));
      case 'DRAFT of a national programme':
        return this.joined(await this.entered('NATIONAL_PROGRAMME', 'NATIONAL', await world.person('SYSTEM_ADMIN')));
      case 'AWAITING_RECOMMENDATIONS':
        return this.joined(await world.awaiting({ schoolUrn: await world.school() }));
      default:
        return this.onceListed(state);
    }
  }

  /** A listed provider to which none of those who ask belongs, and that names this address as its contact. */
  async naming(contactEmail: string): Promise<string> {
    const { id } = await this.world.listed();
    await this.server.app.db.query('UPDATE provider SET contact_email = $2 WHERE id = $1', [id, contactEmail]);
    return id;
  }

  /** A provider that waits for recommendations and has no people, as after an import. */
  async providerOfNobody(): Promise<string> {
    const { id, admin } = await this.world.awaiting();
    await this.endLastRole(admin.personId!);
    return id;
  }

  /** A draft of a listed provider, with all that a listing needs. */
  async draftListing(): Promise<{ id: string; provider: StagedProvider }> {
    const provider = await this.provider('LISTED');
    const id = await this.server.app.directory.listings.create(provider.admin, provider.id, {
      title: 'Reading for parents',
      summary: 'An evening in school.',
      categories: ['TEACHING_AND_LEARNING'],
      phases: ['PRIMARY'],
      delivery: ['IN_SCHOOL'],
      radiusKm: 20,
      price: { kind: 'FREE', link: 'https://example.org/reading' },
      availableFrom: '2026-10-01',
    });
    return { id, provider };
  }

  /** A recommendation asked of, or given by, the school. What is given has been looked into once, for a reason. */
  async recommendation(state: string, providerState = 'LISTED'): Promise<{ id: string; provider: StagedProvider }> {
    const { recommendations, providers } = this.server.app.directory;
    const provider = await this.provider(providerState === 'AWAITING_RECOMMENDATIONS' ? providerState : 'LISTED');
    const schoolUrn = state === 'GIVEN, not confirmed as independent' ? await this.school() : this.theSchool;
    const id = await recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn, message: 'You had us in the spring.' });
    if (state === 'INVITED') return { id, provider };
    const officer = await this.actor('officer');
    await recommendations.give(await this.actor('lead'), this.world.recommendation(provider, schoolUrn));
    await recommendations.act(id, 'flag', { actor: officer, reason: REASON });
    if (state === 'REJECTED') await recommendations.act(id, 'reject', { actor: officer, reason: REASON });
    else if (state !== 'FLAGGED') await recommendations.act(id, 'uphold', { actor: officer, reason: REASON });
    if (state.startsWith('GIVEN, changed')) {
      const version = await this.versionOf('listing', provider.listing);
      await this.server.app.directory.listings.update(provider.admin, provider.listing, version, { title: 'Payroll' }, true);
      if (state.endsWith('affirmed')) await recommendations.affirm(await this.actor('lead'), id, await this.versionOf('recommendation', id));
    }
    if (providerState === 'SUSPENDED') await providers.act(provider.id, 'suspend', { actor: officer, reason: REASON });
    return { id, provider };
  }

  /** A role of somebody else. @returns the membership's id */
  async roleOf(role: Role, scope: Scope = {}): Promise<string> {
    const { personId } = await this.world.person(role, scope);
    return this.membershipOf(personId);
  }

  /** A role in a school, offered to that person by its lead. */
  async offer(personId: string): Promise<string> {
    const urn = await this.world.school();
    const { email } = (await this.server.app.db.query<{ email: string }>('SELECT email FROM person WHERE id = $1', [personId]))[0] ?? { email: 'nobody@example.org' };
    return this.server.app.identity.memberships.grant(await this.world.lead(urn), { role: 'SCHOOL_STAFF', schoolUrn: urn, email, title: '' });
  }

  /** Somebody who has asked to be the lead of the school. @returns the membership's id */
  async waitingLead(): Promise<string> {
    return this.identity.request(await this.world.person(), { role: 'SCHOOL_LEAD', schoolUrn: this.theSchool, title: 'Headteacher' });
  }

  /** A SIP's assignment to the school. @returns its id */
  async assignment(): Promise<string> {
    const { personId } = await this.world.person('SIP', { laCode: this.la });
    return this.assign(personId, this.theSchool);
  }

  /** A sign-in code as it is sent to that address. */
  async codeFor(email: string): Promise<string> {
    await this.server.app.identity.signIn.requestCode(email, '127.0.0.1');
    await this.server.deliver();
    return /^\d{6}/.exec(this.server.outbox.findLast((message) => message.to === email)!.text)![0];
  }

  async membershipOf(personId: string): Promise<string> {
    const rows = await this.server.app.db.query<{ id: string }>('SELECT id FROM membership WHERE person_id = $1 ORDER BY created_at, id', [personId]);
    return rows.at(-1)!.id;
  }

  async endLastRole(personId: string): Promise<void> {
    await this.server.app.db.query('UPDATE membership SET ended_at = $2 WHERE id = $1', [await this.membershipOf(personId), this.server.clock.now()]);
  }

  versionOf = async (table: 'provider' | 'listing' | 'recommendation', id: string): Promise<number> =>
    (await this.server.app.db.query<{ version: number }>(`SELECT version FROM ${table} WHERE id = $1`, [id]))[0]!.version;

  private get identity() {
    return this.server.app.identity.memberships;
  }

  private give = (who: string, role: Role, scope: Scope) => this.world.give(this.asker(who).personId, role, scope);

  private async giveRolesToOthers(elsewhere: number): Promise<void> {
    await this.assign(this.asker('another sip').personId, elsewhere);
    await this.identity.request(await this.actor('none'), { role: 'SCHOOL_LEAD', schoolUrn: this.theSchool, title: 'Headteacher' });
    await this.givenBefore('LA_OFFICER', { laCode: '990' });
    await this.give('none', 'SIP', { laCode: '990' });
    await this.assign(this.asker('none').personId, this.theSchool);
    await this.identity.end(await this.actor('none'), await this.membershipOf(this.asker('none').personId));
    const sip = await this.world.person('SIP', { laCode: '990' });
    this.theSip = sip.personId;
    this.roles.set('SIP of the local authority', await this.membershipOf(sip.personId));
    this.roles.set('SCHOOL_STAFF of the school', await this.roleOf('SCHOOL_STAFF', { schoolUrn: this.theSchool }));
    this.roles.set('SCHOOL_LEAD of the school, waiting', await this.waitingLead());
    this.roles.set('TRUST_LEAD of the trust', await this.roleOf('TRUST_LEAD', { trustId: TRUST }));
    this.roles.set('SYSTEM_ADMIN', await this.roleOf('SYSTEM_ADMIN'));
  }

  private assign = async (personId: string, schoolUrn: number) => this.identity.assignSip(await this.actor('officer'), { personId, schoolUrn });

  /** A role that `none` no longer has. */
  private async givenBefore(role: Role, scope: Scope): Promise<void> {
    const { personId } = this.asker('none');
    await this.world.give(personId, role, scope);
    await this.endLastRole(personId);
  }

  /** It has been suspended before, for a reason. */
  private async onceListed(state: string): Promise<StagedProvider> {
    const { providers, recommendations } = this.server.app.directory;
    const { recommenders, ...listed } = await this.world.listed();
    const provider = await this.joined(listed);
    await this.describe(provider);
    const by = { actor: await this.actor('officer'), reason: REASON };
    await providers.update(provider.admin, provider.id, await this.versionOf('provider', provider.id), { name: `${provider.name} and Friends` }); // waits for an officer
    await providers.act(provider.id, 'suspend', by);
    if (state !== 'SUSPENDED') await providers.reinstate(provider.id, by);
    if (state === 'LAPSED') await recommendations.act(recommenders[0]!.recommendation, 'withdraw', { actor: recommenders[0]!.lead });
    if (state === 'WITHDRAWN') await providers.act(provider.id, 'withdraw', { actor: provider.admin });
    return provider;
  }

  join = (provider: { id: string; listing: string; admin: Actor }): Promise<StagedProvider> => this.joined(provider);

  private async joined(provider: { id: string; listing: string; admin: Actor }): Promise<StagedProvider> {
    await this.give('admin', 'PROVIDER_ADMIN', { providerId: provider.id });
    await this.give('editor', 'PROVIDER_EDITOR', { providerId: provider.id });
    await this.give('both', 'PROVIDER_EDITOR', { providerId: provider.id });
    await this.givenBefore('PROVIDER_ADMIN', { providerId: provider.id });
    const [row] = await this.server.app.db.query<{ name: string }>('SELECT name FROM provider WHERE id = $1', [provider.id]);
    return { id: provider.id, listing: provider.listing, admin: provider.admin, name: row!.name };
  }

  /** A complete draft that is not listed by recommendations, with a free listing. */
  private async entered(kind: 'COUNCIL_SERVICE' | 'NATIONAL_PROGRAMME', assurance: 'COUNCIL' | 'NATIONAL', by: Actor) {
    const { providers, listings } = this.server.app.directory;
    const id = await providers.register(by, { name: `Free support ${newId()}`, kind, assurance, assuringLa: kind === 'COUNCIL_SERVICE' ? '990' : null });
    const admin = await this.world.refresh(by);
    const assured = assurance === 'NATIONAL' ? { assuredBy: 'The Department', assuredLink: 'https://example.org/assured' } : {};
    const contact = { contactName: 'Ada Example', contactEmail: `ada-${newId()}@example.org` };
    await providers.update(admin, id, 1, { summary: 'Free help.', safeguarding: 'Checked.', interests: '', ...contact, ...assured });
    const listing = await listings.create(admin, id, {
      title: 'Free support',
      summary: 'A visit.',
      categories: ['GOVERNANCE'],
      phases: ['PRIMARY'],
      delivery: ['ONLINE'],
      ...(assurance === 'COUNCIL' ? { laCodes: ['990'] } : { national: true }),
      price: { kind: 'FREE' },
    });
    await listings.act(listing, 'publish', { actor: admin });
    return { id, listing, admin };
  }

  /** Fills what a profile may leave out, so that every field has something to withhold. */
  private async describe({ id, admin }: StagedProvider): Promise<void> {
    await this.server.app.directory.providers.update(admin, id, await this.versionOf('provider', id), {
      website: 'https://example.org',
      contactPhone: '01632 960 001',
      basePostcode: 'LE1 1AA',
      assuredBy: 'The Department',
      assuredLink: 'https://example.org/assured',
    });
  }
}
