import type { Actor } from '../../../src/platform/actor.js';
import { startApp, type TestServer } from '../../support/app.js';
import type { World } from '../../support/world.js';

export type Person = Actor & { personId: string; email: string };
export interface Target {
  id: string;
  listing: string;
  admin: Actor;
  officer: Person;
}

/** Everything that somebody can try over HTTP who wants a provider listed without two independent schools. */
export class Attacker {
  private constructor(
    readonly server: TestServer,
    readonly world: World,
  ) {}

  static async begin(): Promise<Attacker> {
    const server = await startApp();
    return new Attacker(server, server.world);
  }

  get db() {
    return this.server.app.db;
  }

  /** `done`, or the code of the problem or fault. */
  async as(actor: Actor, query: string, variables: Record<string, unknown>): Promise<string> {
    const { data, errors } = await this.server.graphql<{ result: { code?: string } | null }>(query, variables, await this.server.cookieOf(actor as Person));
    return errors?.[0]?.extensions.code ?? data.result?.code ?? 'done';
  }

  /** A mutation that takes an id, and perhaps a reason. */
  step = (actor: Actor, mutation: string, id: string, reason?: string) =>
    reason === undefined
      ? this.as(actor, `mutation ($id: UUID!) { result: ${mutation}(id: $id) { ... on Problem { code } } }`, { id })
      : this.as(actor, `mutation ($id: UUID!, $reason: String!) { result: ${mutation}(id: $id, reason: $reason) { ... on Problem { code } } }`, { id, reason });

  give = (lead: Actor, input: object) => this.as(lead, 'mutation ($input: RecommendationInput!) { result: giveRecommendation(input: $input) { ... on Problem { code } } }', { input });

  /** Gives it and tells its id; for what goes through. */
  async given(lead: Actor, input: { providerId: string; schoolUrn: number }): Promise<string> {
    const outcome = await this.give(lead, input);
    if (outcome !== 'done') throw new Error(`not given: ${outcome}`);
    const [row] = await this.db.query<{ id: string }>(`SELECT id FROM recommendation WHERE provider_id = $1 AND school_urn = $2 AND state = 'GIVEN'`, [input.providerId, input.schoolUrn]);
    return row!.id;
  }

  async offer(actor: Actor, input: object): Promise<string> {
    const query = 'mutation ($input: GrantInput!) { result: grantMembership(input: $input) { ... on Membership { id } ... on Problem { code } } }';
    const { data } = await this.server.graphql<{ result: { id?: string; code?: string } }>(query, { input }, await this.server.cookieOf(actor as Person));
    return data.result.id ?? data.result.code!;
  }
  accept = (person: Actor, id: string) => this.step(person, 'acceptMembership', id);
  /** Gives a role by e-mail, which the person accepts. */
  grant = async (actor: Actor, to: Person, input: object) => this.accept(to, await this.offer(actor, { email: to.email, ...input }));
  /** Ends all roles of that kind, as the person who holds them. */
  async leave(person: Actor, role: string): Promise<void> {
    const rows = await this.db.query<{ id: string }>('SELECT id FROM membership WHERE person_id = $1 AND role = $2 AND ended_at IS NULL', [person.personId, role]);
    for (const { id } of rows) await this.as(person, 'mutation ($id: UUID!) { result: endMembership(id: $id) { ... on Problem { code } } }', { id });
  }

  async profile(provider: { id: string; admin: Actor }, input: object): Promise<string> {
    const [row] = await this.db.query<{ version: number }>('SELECT version FROM provider WHERE id = $1', [provider.id]);
    const query = 'mutation ($id: UUID!, $version: Int!, $input: ProfileInput!) { result: updateProvider(id: $id, version: $version, input: $input) { ... on Problem { code } } }';
    return this.as(provider.admin, query, { id: provider.id, version: row!.version, input });
  }
  /** Names somebody as the provider's contact. */
  name = (provider: { id: string; admin: Actor }, contactEmail: string) => this.profile(provider, { contactEmail });

  state = async ({ id }: { id: string }) => (await this.db.query<{ state: string }>('SELECT state FROM provider WHERE id = $1', [id]))[0]!.state;
  /** What stands against a recommendation, and whether it counts. */
  async standing(id: string): Promise<{ obstacles: string[]; counts: boolean }> {
    const [row] = await this.db.query<{ obstacles: string[]; counts: boolean }>(
      `SELECT obstacles, EXISTS (SELECT FROM counting_recommendation c WHERE c.id = r.id) AS counts FROM recommendation r WHERE id = $1`,
      [id],
    );
    return row!;
  }

  async leadWith(email: string, schoolUrn: number): Promise<Person> {
    const person = await this.world.lead(schoolUrn);
    await this.db.query('UPDATE person SET email = $2 WHERE id = $1', [person.personId, email]);
    return { ...person, email };
  }
  async called(person: Person, name: string): Promise<Person> {
    await this.db.query('UPDATE person SET name = $2 WHERE id = $1', [person.personId, name]);
    return person;
  }

  async changeAddress(person: Person, email: string): Promise<void> {
    const codeTo = (to: string) => /^\d{6}/.exec(this.server.outbox.findLast((mail) => mail.to === to && /^\d{6}/.test(mail.text))!.text)![0];
    const asked = await this.as(person, 'mutation ($email: String!) { result: requestEmailChange(email: $email) { ... on Problem { code } } }', { email });
    await this.server.deliver();
    const confirm = 'mutation ($old: String!, $new: String!) { result: confirmEmailChange(oldCode: $old, newCode: $new) { ... on Problem { code } } }';
    const done = await this.as(person, confirm, { old: codeTo(person.email), new: codeTo(email) });
    if (asked !== 'done' || done !== 'done') throw new Error(`the address was not changed: ${asked}, ${done}`);
    this.server.clock.advance({ minutes: 16 }); // past the window of the rate limits
  }

  /** As an import of schools does it, with what follows in the same transaction. */
  imported(change: string, parameters: unknown[]): Promise<void> {
    return this.db.transaction(async (tx) => {
      await tx.query(change, parameters);
      await this.server.app.directory.providers.settleAll(tx, null, 'IMPORT');
    });
  }
  async moved(urn: number, trust: string): Promise<void> {
    await this.db.query('INSERT INTO trust VALUES ($1, $1) ON CONFLICT DO NOTHING', [trust]);
    await this.imported('UPDATE school SET trust_id = $2 WHERE urn = $1', [urn, trust]);
  }

  /** The provider's first recommendation, so that one more lists it. */
  async almostListed(facts: Parameters<World['checked']>[0] = {}): Promise<Target> {
    const provider = await this.world.checked(facts);
    const { lead, input } = await this.world.recommender(provider);
    await this.given(lead, input);
    return provider;
  }

  /** Flags and rejects a recommendation, as the officer. */
  async rejected(provider: Target, id: string): Promise<void> {
    const outcomes = [await this.step(provider.officer, 'flagRecommendation', id, 'It reads made up.'), await this.step(provider.officer, 'rejectRecommendation', id, 'The school knows nothing of it.')];
    if (outcomes.join() !== 'done,done') throw new Error(`not rejected: ${outcomes.join()}`);
  }

  /** A school that is a provider, with all its checks. */
  async schoolProvider(): Promise<Target & { urn: number }> {
    const urn = await this.world.school();
    return { ...(await this.world.checked({ schoolUrn: urn })), urn };
  }
}
