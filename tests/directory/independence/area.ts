import type { UnitOfWork } from '../../../src/platform/database/index.js';
import type { Actor } from '../../../src/platform/actor.js';
import type { TestApp } from '../../support/app.js';
import type { Deed } from './commands.js';

type Person = Actor & { personId: string; email: string };
/** Of the schools, those that are providers themselves. */
const PROVIDERS_AT = [0, 4, 5, 6, 7, 8];
const SCHOOLS = 11;

/** Schools in and out of trusts, their leads, officers, and providers that they run or have nothing to do with. */
export class Area {
  private readonly schools: number[] = [];
  private readonly leads: Person[] = [];
  private readonly officers: Person[] = [];
  private readonly providers: Awaited<ReturnType<TestApp['world']['checked']>>[] = [];
  private system!: Person;

  private constructor(private readonly services: TestApp) {}

  static async begin(services: TestApp): Promise<Area> {
    const area = new Area(services);
    const { world } = services;
    for (let i = 0; i < SCHOOLS; i++) {
      area.schools.push(await world.school({ trust: ['a', 'b'][i] ?? null, federation: i === 2 ? 'f' : null, academy: i < 4 }));
    }
    for (const urn of area.schools) area.leads.push(await world.lead(urn));
    for (const at of PROVIDERS_AT) area.providers.push(await world.checked({ schoolUrn: area.schools[at]!, name: `School provider ${'ABCDEFGHIJK'[at]} of ${'qwertyuiopas'[at]!.repeat(8)}` }));
    for (const name of ['Ash and Partners', 'Birchwood Training']) area.providers.push(await world.checked({ name }));
    for (let i = 0; i < 3; i++) area.officers.push(await world.officer('990'));
    area.system = await world.person('SYSTEM_ADMIN');
    return area;
  }

  private pick = <T>(from: readonly T[], at: number): T => from[at % from.length]!;
  private get persons(): Person[] {
    return [...this.leads, ...this.officers];
  }
  private officer = (at: number) => this.services.world.refresh(this.pick(this.officers, at));
  private rows = <Row extends object>(sql: string, parameters: unknown[] = []) => this.services.app.db.query<Row>(sql, parameters);
  private versionOf = async (table: string, id: string) => (await this.rows<{ version: number }>(`SELECT version FROM ${table} WHERE id = $1`, [id]))[0]!.version;

  /** A recommendation in one of these states, with a lead of its school. */
  private async recommendation(states: readonly string[], at: number): Promise<{ id: string; provider: string; lead: Actor } | null> {
    const found = await this.rows<{ id: string; provider: string; school: number }>(
      'SELECT id, provider_id AS provider, school_urn AS school FROM recommendation WHERE state = ANY($1) ORDER BY id', [states]);
    if (found.length === 0) return null;
    const { id, provider, school } = this.pick(found, at);
    const [lead] = await this.leadsOf(school);
    return { id, provider, lead: await this.services.world.refresh(lead ?? this.leads[0]!) };
  }

  /** Who leads a school by now, the first of them first. */
  private leadsOf = (urn: number): Promise<Actor[]> =>
    this.rows<Actor>(`SELECT person_id AS "personId" FROM membership WHERE school_urn = $1 AND role = 'SCHOOL_LEAD' AND ended_at IS NULL AND confirmed_at IS NOT NULL ORDER BY created_at, id`, [urn]);

  private async give(urn: number, provider: { id: string; listing: string }, person: Actor): Promise<unknown> {
    const { app, world } = this.services;
    return app.directory.recommendations.give(await world.refresh(person), { ...world.recommendation(provider, urn), whenDone: 'Last year' });
  }

  /** @throws Refused @returns null where there was nothing to be done */
  async perform(each: Deed): Promise<unknown> {
    const { app, world, clock } = this.services;
    const { providers, recommendations, appeals, listings, waitingChanges } = app.directory;
    switch (each.kind) {
      case 'give': {
        const urn = this.pick(this.schools, each.school);
        const leads = await this.leadsOf(urn);
        return leads.length === 0 ? null : this.give(urn, this.pick(this.providers, each.provider), this.pick(leads, each.lead));
      }
      case 'ring': {
        const at = this.pick(PROVIDERS_AT, each.from);
        return this.give(this.schools[at]!, this.pick(this.providers.slice(0, PROVIDERS_AT.length), each.to), this.leads[at]!);
      }
      case 'withdraw': {
        const found = await this.recommendation(['GIVEN', 'FLAGGED'], each.recommendation);
        return found && recommendations.act(found.id, 'withdraw', { actor: found.lead });
      }
      case 'decide': {
        const found = await this.recommendation(each.what === 'flag' || each.what === 'confirmIndependence' ? ['GIVEN'] : ['FLAGGED'], each.recommendation);
        return found && recommendations.act(found.id, each.what, { actor: await this.officer(each.officer), reason: 'It was looked into.' });
      }
      case 'appeal': {
        const found = await this.recommendation(['FLAGGED', 'REJECTED'], each.decision);
        if (!found) return null;
        const [{ state }] = (await this.rows<{ state: string }>('SELECT state FROM recommendation WHERE id = $1', [found.id])) as [{ state: string }];
        const by = each.byProvider ? this.providers.find(({ id }) => id === found.provider)!.admin : found.lead;
        return appeals.appeal(await world.refresh(by), state === 'FLAGGED' ? 'RECOMMENDATION_FLAGGED' : 'RECOMMENDATION_REJECTED', found.id, 'It is not so.');
      }
      case 'judge': {
        const open = await this.rows<{ id: string }>(`SELECT id FROM appeal WHERE state = 'OPEN' ORDER BY id`);
        return open.length === 0 ? null : appeals.judge(await this.officer(each.officer), this.pick(open, each.appeal).id, each.outcome, 'Both sides were heard.');
      }
      case 'join': {
        const { memberships } = app.identity;
        const person = this.pick(this.persons, each.person);
        const what = { email: person.email, role: each.as, title: '' } as const;
        const urn = this.pick(this.schools, each.of);
        const provider = this.pick(this.providers, each.of);
        const officer = await this.officer(each.of);
        const lead = await world.refresh(this.pick(this.leads, each.of));
        const id =
          each.as === 'PROVIDER_EDITOR'
            ? await memberships.grant(await world.refresh(provider.admin), { ...what, providerId: provider.id })
            : each.as === 'TRUST_LEAD'
              ? await memberships.grant(this.system, { ...what, trustId: this.pick(['a', 'b'], each.of) })
              : await memberships.grant(each.byLead ? lead : officer, { ...what, schoolUrn: urn });
        return each.accepts ? memberships.accept(person, id) : id;
      }
      case 'leave': {
        const held = await this.rows<{ id: string; person: string }>(
          `SELECT id, person_id AS person FROM membership WHERE ended_at IS NULL AND role IN ('SCHOOL_LEAD', 'TRUST_LEAD', 'PROVIDER_EDITOR', 'PROVIDER_ADMIN') ORDER BY id`);
        const { id, person } = this.pick(held, each.membership);
        return app.identity.memberships.end(await world.refresh({ personId: person } as Actor), id, { acceptLeftWithout: true });
      }
      case 'contact': {
        const { id, listing, admin } = this.pick(this.providers, each.provider);
        const { email } = this.pick(this.persons, each.person);
        const contactEmail = each.alias ? email.replace('@', '+work@').toUpperCase() : email;
        if (each.ofListing) return listings.update(admin, listing, await this.versionOf('listing', listing), { contactEmail });
        return providers.update(admin, id, await this.versionOf('provider', id), { contactEmail });
      }
      case 'import':
        return app.db.transaction(async (tx) => {
          await this.bring(tx, each);
          await app.identity.memberships.carry(tx); // both as signpost import-schools does it
          await providers.settleAll(tx, null, 'IMPORT');
        });
      case 'rename': {
        const { id, admin } = this.pick(this.providers, each.provider);
        return providers.update(admin, id, await this.versionOf('provider', id), { name: `${this.pick(['Alder', 'Beech', 'Cedar', 'Dogwood'], each.name)} ${each.provider % 8} ${'Learning'.repeat(1 + (each.provider % 8))}` });
      }
      case 'answerRename': {
        const { id } = this.pick(this.providers, each.provider);
        const officer = await this.officer(each.officer);
        return each.confirms ? waitingChanges.confirm(id, null, { actor: officer }) : waitingChanges.refuse(id, null, { actor: officer, reason: 'It is misleading.' });
      }
      case 'relist': {
        const { listing, admin } = this.pick(this.providers, each.provider);
        const { title, categories, phases, delivery } = each;
        return listings.update(admin, listing, await this.versionOf('listing', listing), { title, categories: [...categories], phases: [...phases], delivery: [...delivery] }, true);
      }
      case 'offer': {
        const { listing, admin } = this.pick(this.providers, each.provider);
        return listings.act(listing, each.isOn ? 'publish' : 'unpublish', { actor: admin });
      }
      case 'affirm': {
        const found = await this.recommendation(['GIVEN'], each.recommendation);
        return found && recommendations.affirm(found.lead, found.id, await this.versionOf('recommendation', found.id));
      }
      case 'policy':
        return app.directory.policies.save(each.minimum > 2 ? await this.officer(each.officer) : this.system, '990', { minimumRecommendations: each.minimum, checkLives: [] }, 'We have thought about it.');
      case 'suspend': {
        const { id } = this.pick(this.providers, each.provider);
        const by = { actor: await this.officer(each.officer), reason: 'It is in doubt.' };
        return each.ends ? providers.reinstate(id, by) : providers.act(id, 'suspend', by);
      }
      case 'time': // the first night first: nothing goes without its jobs for longer than a day
        for (const days of [1, each.days - 1]) {
          clock.advance({ days });
          await recommendations.passTime();
          await providers.passTimeForMemberships();
        }
        return undefined;
    }
  }

  /** What a new extract says of a school. */
  private async bring(tx: UnitOfWork, each: Extract<Deed, { kind: 'import' }>): Promise<void> {
    const urn = this.pick(this.schools, each.school);
    if (each.what === 'successor') {
      const became = this.pick(this.schools, each.school + each.trust + 1);
      if (became <= urn) return; // no school becomes what it was
      await tx.query('INSERT INTO school_successor (urn, successor_urn) VALUES ($1, $2) ON CONFLICT DO NOTHING', [urn, became]);
      return;
    }
    const [table, body] = each.what === 'trust' ? ['trust', ['a', 'b', 'c'][each.trust]] : ['federation', ['f', 'g'][each.federation]];
    if (body) await tx.query(`INSERT INTO ${table} VALUES ($1, $1) ON CONFLICT DO NOTHING`, [body]);
    await tx.query(`UPDATE school SET ${table}_id = $2 WHERE urn = $1`, [urn, body ?? null]);
  }
}
