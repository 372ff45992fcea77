import fc from 'fast-check';
import type { Actor } from '../../src/platform/actor.js';
import { attempt } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import '../support/runs.js'; // its seed
import { unfairlyListed } from './judge.js';

const STEPS = 100;
/** A fortieth in `npm test`, since each import has all that stands judged again: it would take four minutes. */
const WANTED = process.env['LONG_TESTS'] === '1' ? 20_000 : 500;

let services: TestApp;

beforeAll(async () => {
  services = await startServices();
});

const nth = fc.nat({ max: 99 });
const command = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('give' as const), provider: nth, school: nth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), recommendation: nth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('reject' as const, 'confirm' as const), recommendation: nth }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), person: nth, provider: nth, school: nth, asMember: fc.boolean(), accepts: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), membership: nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('contact' as const), provider: nth, person: nth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('import' as const), school: nth, trust: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('time' as const), days: fc.constantFrom(1, 30, 61, 1100) }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

test(`${WANTED} generated steps leave no provider listed whose two the judge would not count`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: STEPS, maxLength: STEPS }), async (commands) => {
      const area = await Area.begin(services);
      for (const each of commands) {
        await attempt(() => area.perform(each));
        const unfair = await unfairlyListed(services.app.db, services.clock.now());
        if (unfair.length > 0) throw new Error(`${JSON.stringify(each)}: ${unfair.join('; ')}`);
      }
    }),
    { numRuns: WANTED / STEPS },
  );
}, 3_600_000);

/** Schools in and out of trusts, their leads, providers that they run or have nothing to do with. */
class Area {
  private readonly schools: number[] = [];
  private readonly leads: (Actor & { personId: string; email: string })[] = [];
  private readonly providers: Awaited<ReturnType<TestApp['world']['checked']>>[] = [];
  private readonly trusts: string[] = [];
  private officer!: Actor;

  private constructor(private readonly services: TestApp) {}

  static async begin(services: TestApp): Promise<Area> {
    const area = new Area(services);
    const { world } = services;
    const mark = Math.random().toString(36).slice(2);
    for (const name of ['a', 'b', 'c']) area.trusts.push(`${name}${mark}`);
    for (let i = 0; i < 8; i++) area.schools.push(await world.school({ trust: i < 3 ? area.trusts[i]! : null }));
    for (const urn of area.schools) area.leads.push(await world.lead(urn));
    for (const schoolUrn of [undefined, undefined, area.schools[0]!, area.schools[4]!]) area.providers.push(await world.checked(schoolUrn ? { schoolUrn } : {}));
    area.officer = await world.officer('990');
    return area;
  }

  private pick = <T>(from: readonly T[], at: number): T => from[at % from.length]!;

  async perform(each: Command): Promise<unknown> {
    const { app, world, clock } = this.services;
    const { providers, recommendations } = app.directory;
    switch (each.kind) {
      case 'give': {
        const lead = await world.refresh(this.pick(this.leads, each.school));
        return recommendations.give(lead, world.recommendation(this.pick(this.providers, each.provider), this.pick(this.schools, each.school)));
      }
      case 'reject':
      case 'confirm': {
        const rows = await app.db.query<{ id: string }>(`SELECT id FROM recommendation WHERE state = 'GIVEN' AND school_urn = ANY($1) ORDER BY id`, [this.schools]);
        if (rows.length === 0) return null;
        const [{ id }, by] = [this.pick(rows, each.recommendation), { actor: this.officer, reason: 'It was looked into.' }];
        if (each.kind === 'confirm') return recommendations.act(id, 'confirmIndependence', by);
        await recommendations.act(id, 'flag', by);
        return recommendations.act(id, 'reject', by);
      }
      case 'withdraw': {
        const rows = await app.db.query<{ id: string; school: number }>(`SELECT id, school_urn AS school FROM recommendation WHERE state = 'GIVEN' AND school_urn = ANY($1) ORDER BY id`, [this.schools]);
        if (rows.length === 0) return null;
        const { id, school } = this.pick(rows, each.recommendation);
        return recommendations.act(id, 'withdraw', { actor: await world.refresh(this.leads[this.schools.indexOf(school)]!) });
      }
      case 'join': {
        const { memberships } = app.identity;
        const person = this.pick(this.leads, each.person);
        const { email } = person;
        const provider = this.pick(this.providers, each.provider);
        const id = each.asMember
          ? await memberships.grant(provider.admin, { email, role: 'PROVIDER_EDITOR', providerId: provider.id, title: '' })
          : await memberships.grant(this.officer, { email, role: 'SCHOOL_LEAD', schoolUrn: this.pick(this.schools, each.school), title: '' });
        return each.accepts ? memberships.accept(person, id) : id;
      }
      case 'leave': {
        const rows = await app.db.query<{ id: string; person: string }>(
          `SELECT id, person_id AS person FROM membership WHERE ended_at IS NULL AND person_id = ANY($1) ORDER BY id`,
          [this.leads.map(({ personId }) => personId)],
        );
        const { id, person } = this.pick(rows, each.membership);
        return app.identity.memberships.end(await world.refresh(this.leads.find(({ personId }) => personId === person)!), id);
      }
      case 'contact': {
        const { id, admin } = this.pick(this.providers, each.provider);
        const [row] = await app.db.query<{ version: number }>('SELECT version FROM provider WHERE id = $1', [id]);
        return providers.update(admin, id, row!.version, { contactEmail: this.pick(this.leads, each.person).email });
      }
      case 'import': // as importSchools does it, with what follows in the same transaction
        return app.db.transaction(async (tx) => {
          const trust = this.trusts[each.trust] ?? null;
          if (trust) await tx.query('INSERT INTO trust VALUES ($1, $1) ON CONFLICT DO NOTHING', [trust]);
          await tx.query('UPDATE school SET trust_id = $2 WHERE urn = $1', [this.pick(this.schools, each.school), trust]);
          await providers.settleAll(tx, null, 'IMPORT');
        });
      case 'time':
        clock.advance({ days: each.days });
        await recommendations.passTime();
        return providers.passTimeForMemberships();
    }
  }
}
