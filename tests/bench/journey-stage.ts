import type { App } from '../../src/app.js';
import type { Actor } from '../../src/platform/actor.js';
import { operationOf } from '../journeys/person.js';
import { World } from '../support/world.js';
import { daysFromNow, type Step, type Story } from './journey-steps.js';
import type { Operation } from './served.js';

const PROVIDERS = 30;
const LA = '990';
/** Beyond those of any demo. */
const FIRST_URN = 990_001;

type Provider = Awaited<ReturnType<World['listed']>>;

/** People and schools for a journey, in the demo's local authority, and their sessions. */
export class JourneyStage {
  readonly world: World;
  private readonly cookies = new Map<string, string>();
  private providers: Provider[] = [];

  constructor(readonly app: App) {
    this.world = new World(app, FIRST_URN);
  }

  async stories(count: number): Promise<Story[]> {
    for (let i = 0; i < PROVIDERS; i++) this.providers.push(await this.world.listed());
    const stories: Story[] = [];
    for (let i = 0; i < count; i++) {
      const urn = await this.world.school();
      const story = { urn, head: await this.world.lead(urn), sip: await this.world.sip(LA, urn), providers: [0, 1, 2].map((nth) => this.providers[(i + nth) % PROVIDERS]!), made: {} };
      await this.app.brokerage.signOffs.setPlan(story.head, urn, true);
      stories.push(story);
    }
    for (const person of [...stories.flatMap(({ head, sip }) => [head, sip]), ...this.providers.map(({ admin }) => admin)]) await this.signIn(person);
    return stories;
  }

  cookieOf = ({ personId }: Actor): string => this.cookies.get(personId!)!;

  async signIn({ personId }: Actor): Promise<string> {
    const token = await this.app.db.transaction((tx) => this.app.identity.sessions.open(tx, personId!));
    this.cookies.set(personId!, `signpost=${token}`);
    return `signpost=${token}`;
  }

  operation({ name, values, wanted = 'id' }: Step, story: Story): Operation {
    const variables = values(story);
    return { query: operationOf(this.app.schema.getMutationType()!.getFields()[name]!, variables, wanted), variables };
  }

  /** A request of a school with a proposal of each of so many providers, read already. */
  async requestWithProposals(count: number): Promise<{ id: string; head: Actor; providers: Provider[] }> {
    const urn = await this.world.school();
    const head = await this.world.lead(urn);
    const providers = this.providers.slice(0, count);
    const id = await this.world.openRequest(head, urn, { listingIds: providers.slice(0, 5).map(({ listing }) => listing) });
    for (const provider of providers) await this.world.proposed(head, id, provider);
    await this.app.brokerage.requests.act(id, 'read', { actor: head });
    return { id, head, providers };
  }

  /** A school with so many engagements under way, each with an action, evidence and a review. */
  async schoolWithEngagements(count: number): Promise<{ urn: number; head: Actor }> {
    const urn = await this.world.school();
    const head = await this.world.lead(urn);
    const { recordings, actions, evidence, reviews, engagements } = this.app.brokerage;
    for (let i = 0; i < count; i++) {
      const { listing, admin } = this.providers[i % PROVIDERS]!;
      const id = await recordings.record(head, { ...this.world.recording(listing, urn), startsOn: daysFromNow(0), endsOn: daysFromNow(60) });
      await engagements.act(id, 'confirm', { actor: admin });
      await engagements.act(id, 'start', { actor: head });
      await actions.add(head, id, { what: 'Buy books', owner: 'SCHOOL' });
      await evidence.want(head, id, { wanted: 'Reading ages' });
      await reviews.add(head, id, { heldOn: daysFromNow(0), rag: 'GREEN' });
    }
    return { urn, head };
  }
}
