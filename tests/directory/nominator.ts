import type { Actor } from '../../src/platform/actor.js';
import type { TestServer } from '../support/app.js';

type Answer = { id?: string; state?: string; code?: string; message?: string; providerId?: string; recommendation?: { id: string; counts: boolean; state: string } | null };

const FIELDS = '__typename ... on Nomination { id state recommendation { id counts state } } ... on Problem { code message } ... on AlreadyRegistered { providerId }';

/** What schools and providers do with nominations, over HTTP. */
export class Nominator {
  private nth = 0;

  constructor(readonly server: TestServer) {}

  private async send(actor: Actor, query: string, variables: Record<string, unknown>): Promise<Answer> {
    const { data, errors } = await this.server.graphql<{ result: Answer }>(query, variables, await this.server.cookieOf(actor));
    return errors ? { code: errors[0]!.extensions.code, message: errors[0]!.message } : data.result;
  }

  /** A nomination of a provider that is what `world.provider` offers. */
  input(schoolUrn: number, email: string, change: object = {}) {
    return {
      schoolUrn,
      email,
      name: `Unregistered ${String.fromCharCode(65 + (this.nth % 26))}${String.fromCharCode(97 + (Math.floor(this.nth++ / 26) % 26))} reading`,
      title: 'Reading support',
      categories: ['TEACHING_AND_LEARNING'],
      phases: ['PRIMARY'],
      delivery: ['IN_SCHOOL'],
      whatWasDone: 'Coached three teachers of reading.',
      whenDone: 'Spring term 2026',
      whatChanged: 'Reading lessons are taught alike in all classes.',
      noInterest: true,
      ...change,
    };
  }

  nominate = (lead: Actor, input: object, key: string | null = null) =>
    this.send(lead, `mutation ($input: NominationInput!, $key: String) { result: nominateProvider(input: $input, idempotencyKey: $key) { ${FIELDS} } }`, { input, key });

  takeUp = (admin: Actor, id: string, provider: { id: string; listing: string }, listingIds = [provider.listing], key: string | null = null) =>
    this.send(admin, `mutation ($id: UUID!, $providerId: UUID!, $listingIds: [UUID!]!, $key: String) { result: takeUpNomination(id: $id, providerId: $providerId, listingIds: $listingIds, idempotencyKey: $key) { ${FIELDS} } }`, {
      id, providerId: provider.id, listingIds, key,
    });

  step = (actor: Actor, mutation: 'withdrawNomination' | 'declineNomination', id: string) => this.send(actor, `mutation ($id: UUID!) { result: ${mutation}(id: $id) { ${FIELDS} } }`, { id });

  standBy = (actor: Actor, id: string, noInterest = true) =>
    this.send(actor, `mutation ($id: UUID!, $noInterest: Boolean!) { result: standByNomination(id: $id, noInterest: $noInterest) { ${FIELDS} } }`, { id, noInterest });

  /** A new school whose lead nominates the address. @throws Error where it is refused */
  async nominated(email: string, change: object = {}, facts: { trust?: string; la?: string } = {}) {
    const urn = await this.server.world.school(facts);
    const lead = await this.server.world.lead(urn);
    const { id, code, message } = await this.nominate(lead, this.input(urn, email, change));
    if (!id) throw new Error(`not nominated: ${code} ${message}`);
    return { id, urn, lead };
  }

  state = async (id: string) => (await this.server.app.db.query<{ state: string }>('SELECT state FROM nomination WHERE id = $1', [id]))[0]!.state;
  notices = async (id: string, personId: string | null) =>
    (await this.server.app.db.query<{ kind: string; text: string }>('SELECT kind, text FROM notice WHERE object_id = $1 AND person_id = $2 ORDER BY created_at, id', [id, personId])).map(({ kind, text }) => ({ kind, text }));

  /** The names by which the address of a provider's administrator is known. */
  emailOf = async ({ personId }: Actor) => (await this.server.app.db.query<{ email: string }>('SELECT email FROM person WHERE id = $1', [personId]))[0]!.email;
  rename = (id: string, name: string) => this.server.app.db.query('UPDATE nomination SET name = $2, other_name = false WHERE id = $1', [id, name]);
}
