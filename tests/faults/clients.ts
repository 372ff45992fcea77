import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { sleep } from '../support/process.js';
import { type Asking, type Reply, send } from './http.js';
import type { Service } from './services.js';
import type { Person } from './stage.js';

export const REGISTER = `mutation ($input: RegisterProviderInput!, $key: String) {
  answer: registerProvider(input: $input, idempotencyKey: $key) { ... on Provider { id } ... on Problem { code message } } }`;
const GRANT = `mutation ($input: GrantInput!, $key: String) {
  answer: grantMembership(input: $input, idempotencyKey: $key) { ... on Membership { id } ... on Problem { code message } } }`;
export const SEND_CODE = `mutation ($email: String!) {
  answer: sendSignInCode(email: $email) { ... on SignInCodeSent { __typename } ... on Problem { code message } } }`;
export const SEARCH = `query ($input: SearchInput) { answer: search(input: $input) { totalCount nodes { listing { id title } } } }`;

export const registration = () => ({ name: `Provider ${randomUUID()}`, kind: 'COMPANY', assuringLa: '990' });

/** `answered`: as it should be. `away`: 503 as it should be. `broken`: the connection. `hangs`: no answer in time. `wrong`: all else. */
export type Outcome = 'answered' | 'away' | 'broken' | 'hangs' | 'wrong';

export interface Sent {
  what: string;
  service: Service;
  outcome: Outcome;
  ms: number;
  detail: string;
  /** What was asked for, where it was answered. */
  answer?: { id?: string };
}

/** What a client wanted made, once. */
export interface Creation {
  kind: 'provider' | 'role' | 'code';
  /** The provider's name, or the address that a mail goes to. */
  name: string;
  /** Whether the client was told that it is done. */
  acknowledged: boolean;
  id: string | null;
}

const REST = 100;
const AGAIN_AFTER = 250;

/** Sends a GraphQL operation, or asks for a page, once. */
export async function ask(service: Service, what: string, path: string, asking: Asking): Promise<Sent> {
  const began = performance.now();
  const sent = (outcome: Outcome, detail = '', answer?: Sent['answer']): Sent =>
    ({ what, service, outcome, ms: performance.now() - began, detail, answer });
  try {
    const reply = await send(service.url + path, asking);
    if (reply.status === 503) return sent(...judgedAway(reply));
    if (reply.status !== 200) return sent('wrong', `${reply.status} ${reply.text.slice(0, 300)}`);
    if (asking.body === undefined) return sent('answered');
    const { data, errors } = JSON.parse(reply.text) as { data?: { answer: { code?: string; id?: string } }; errors?: unknown };
    if (errors || !data || data.answer.code) return sent('wrong', reply.text.slice(0, 300));
    return sent('answered', '', data.answer);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'HANGS') return sent('hangs', message);
    return sent(code === undefined ? 'wrong' : 'broken', `${code ?? ''} ${message}`);
  }
}

function judgedAway({ headers, text }: Reply): [Outcome, string] {
  if (!headers['retry-after']) return ['wrong', `503 without Retry-After: ${text.slice(0, 200)}`];
  if (!headers['content-type']?.includes('json')) return ['away', text.slice(0, 100)];
  const { errors } = JSON.parse(text) as { errors?: { extensions?: { code?: string } }[] };
  const right = errors?.every(({ extensions }) => extensions?.code === 'SERVICE_UNAVAILABLE');
  return right ? ['away', text.slice(0, 100)] : ['wrong', `503 that says ${text.slice(0, 200)}`];
}

/** People who work without a rest, each sending what was not acknowledged again, with the same key, to the next service. */
export class Clients {
  readonly sent: Sent[] = [];
  readonly creations: Creation[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private running = true;
  private giveUpAt = Infinity;
  private readonly loops: Promise<void>[];

  /** @param within milliseconds that a client waits for an answer */
  constructor(
    people: readonly Person[],
    private readonly services: readonly Service[],
    private readonly within: number,
  ) {
    this.loops = people.map((person, nth) => this.live(person, nth));
  }

  /** Lets each finish what it has begun. @param patience milliseconds for that */
  async stop(patience: number): Promise<void> {
    this.running = false;
    this.giveUpAt = Date.now() + patience;
    await Promise.all(this.loops);
    this.agent.destroy();
  }

  private async live(person: Person, nth: number): Promise<void> {
    await sleep((nth * REST) / 5); // not all in the same moment
    for (let turn = nth; this.running; turn++) {
      await this.create(person, turn, nth);
      await this.once(this.next(turn), 'search', '/graphql', person, nth, { query: SEARCH, variables: { input: { words: 'reading' } } });
      await this.once(this.next(turn + 1), 'page', '/', person, nth);
      await sleep(REST);
    }
  }

  private async create({ cookie, schoolUrn }: Person, turn: number, nth: number): Promise<void> {
    const [made, query, variables] = wish(turn, schoolUrn);
    this.creations.push(made);
    const body = { query, variables: { ...variables, key: randomUUID() } };
    for (let at = turn; !made.acknowledged && Date.now() < this.giveUpAt; at++) {
      const sent = await this.once(this.next(at), made.kind, '/graphql', { cookie }, nth, body);
      if (sent.outcome === 'answered') Object.assign(made, { acknowledged: true, id: sent.answer?.id ?? null });
      else await sleep(AGAIN_AFTER);
    }
  }

  private next = (turn: number): Service => this.services[turn % this.services.length]!;

  private async once(service: Service, what: string, path: string, { cookie }: Pick<Person, 'cookie'>, nth: number, body?: unknown) {
    const headers = { Cookie: cookie, 'X-Forwarded-For': `10.0.0.${nth + 1}` };
    const sent = await ask(service, what, path, { headers, body, agent: this.agent, within: this.within });
    this.sent.push(sent);
    return sent;
  }
}

/** What is wanted in this turn: mostly a provider; sometimes what leads to exactly one mail; sometimes a sign-in code. */
function wish(turn: number, schoolUrn: number): [Creation, string, Record<string, unknown>] {
  const tag = randomUUID();
  const wanted = { acknowledged: false, id: null };
  const email = `wished-${tag}@example.org`;
  if (turn % 12 === 0) return [{ ...wanted, kind: 'code', name: email }, SEND_CODE, { email }];
  if (turn % 4 === 0) return [{ ...wanted, kind: 'role', name: email }, GRANT, { input: { email, role: 'SCHOOL_STAFF', schoolUrn } }];
  const input = registration();
  return [{ ...wanted, kind: 'provider', name: input.name }, REGISTER, { input }];
}
