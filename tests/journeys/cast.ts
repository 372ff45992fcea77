import type { Actor } from '../../src/platform/actor.js';
import { londonDay } from '../../src/platform/clock.js';
import { newId } from '../../src/platform/id.js';
import type { TestApp } from '../support/app.js';

export class NobodyYet extends Error {}

/** Who takes part in the generated stories: schools with one lead or two and a SIP each, officers, and providers, of which there are ever more. */
export class Cast {
  readonly leads = new Map<number, Actor[]>();
  readonly sips = new Map<number, Actor>();
  readonly admins = new Map<string, Actor>();
  officers: Actor[] = [];
  system: Actor;

  constructor(readonly services: TestApp) {}

  static async of(services: TestApp, schools: number): Promise<Cast> {
    const cast = new Cast(services);
    const { world, app } = services;
    for (let i = 0; i < schools; i++) {
      const urn = await world.school({ academy: i % 3 === 0 }); // of an unknown trust: officers confirm
      cast.leads.set(urn, i % 2 === 0 ? [await world.lead(urn), await world.lead(urn)] : [await world.lead(urn)]);
      cast.sips.set(urn, await world.sip('990', urn));
      if (i % 2 === 0) await app.brokerage.signOffs.setPlan(cast.leads.get(urn)![0]!, urn, true);
    }
    cast.officers = [await world.officer('990'), await world.officer('990')];
    cast.system = await world.person('SYSTEM_ADMIN');
    await app.db.query(`INSERT INTO setting (name, value) VALUES ('digest-day', '"2000-01-01"') ON CONFLICT DO NOTHING`);
    return cast;
  }

  get urns(): number[] {
    return [...this.leads.keys()];
  }

  one = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)]!;
  /** Once in so many times. */
  perhaps = (times: number): boolean => Math.random() * times < 1;

  lead = (urn: number): Actor => this.one(this.leads.get(urn)!);
  sip = (urn: number): Actor => this.sips.get(urn)!;
  /** @throws NobodyYet of a provider that is being registered at this moment */
  admin = (providerId: string): Actor => {
    const admin = this.admins.get(providerId);
    if (!admin) throw new NobodyYet();
    return admin;
  };
  officer = (): Actor => this.one(this.officers);
  school = (): number => this.one(this.urns);
  partnerOf = (urn: number): number => this.urns[(this.urns.indexOf(urn) + 1) % this.urns.length]!;
  anybody = (): Actor => this.one([...this.leads.values(), [...this.sips.values()], [...this.admins.values()], this.officers].flat());
  person = (id: string): Actor => [...this.leads.values(), [...this.sips.values()]].flat().find(({ personId }) => personId === id)!;

  /** A day so many days from now. */
  day = (days: number): string => londonDay(new Date(this.services.clock.now().getTime() + days * 86_400_000));

  /** Who has become what since: officers the people of the council's services, others of what they have registered. */
  async refresh(): Promise<void> {
    const { world, app } = this.services;
    const members = await app.db.query<{ providerId: string; personId: string }>(`SELECT provider_id AS "providerId", person_id AS "personId" FROM membership WHERE role = 'PROVIDER_ADMIN' ORDER BY id`);
    const news = members.filter(({ providerId }) => !this.admins.has(providerId));
    if (news.length === 0) return;
    for (const { providerId, personId } of news) this.admins.set(providerId, await world.refresh({ personId } as Actor));
    this.officers = await Promise.all(this.officers.map(world.refresh));
    this.system = await world.refresh(this.system);
  }

  /** A provider in DRAFT, complete, with a published listing. */
  async register(): Promise<void> {
    await this.services.world.provider();
  }

  /** A draft that is not listed by recommendations. @returns its id, and who entered it */
  async enter(assurance: 'COUNCIL' | 'NATIONAL'): Promise<{ id: string; admin: Actor }> {
    const { providers, listings } = this.services.app.directory;
    const by = assurance === 'COUNCIL' ? this.officer() : this.system;
    const kind = assurance === 'COUNCIL' ? 'COUNCIL_SERVICE' : 'NATIONAL_PROGRAMME';
    const id = await providers.register(by, { name: `Free support ${newId()}`, kind, assurance, assuringLa: assurance === 'COUNCIL' ? '990' : null });
    const admin = await this.services.world.refresh(by);
    const assured = assurance === 'NATIONAL' ? { assuredBy: 'The Department', assuredLink: 'https://example.org/assured' } : {};
    await providers.update(admin, id, 1, { summary: 'Free help.', safeguarding: 'Checked.', interests: '', contactName: 'Ada Example', contactEmail: `ada-${newId()}@example.org`, ...assured });
    await listings.act(await listings.create(admin, id, { ...this.listing(true), ...(assurance === 'COUNCIL' && { national: false, laCodes: ['990'] }) }), 'publish', { actor: admin });
    return { id, admin };
  }

  listing = (free: boolean) => ({
    title: 'Reading support',
    summary: 'A day a week in school.',
    categories: ['TEACHING_AND_LEARNING' as const],
    phases: ['PRIMARY' as const],
    delivery: ['IN_SCHOOL' as const],
    national: true,
    price: free ? { kind: 'FREE' as const, link: 'https://example.org/free' } : { kind: 'PRICED' as const, pence: 45_000, unit: 'DAY' as const, vat: 'ADDED' as const, link: null },
  });
}
