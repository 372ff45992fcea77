import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Meilisearch, MeilisearchApiError, MeilisearchError, MeilisearchRequestError, type Task } from 'meilisearch';
import { OperatorError } from '../../platform/config.js';
import { send } from './http.js';

export interface MeiliOptions {
  host: string;
  /** The master key, from which two lesser ones are made; or a lesser one, used as it is; null where it needs none. */
  key: string | null;
  /** Every index's name begins with it. */
  prefix: string;
  /** The most that it may take for a search, and for a request of the publisher, in ms. */
  searchMs?: number;
  workMs?: number;
}

/** A task waits for those before it, of which one may be a whole index. */
const TASK_PATIENCE_MS = 900_000;

const ACTIONS = {
  search: ['search'],
  work: [
    'documents.add', 'documents.get', 'documents.delete', 'indexes.create', 'indexes.get', 'indexes.delete', 'indexes.swap',
    'settings.get', 'settings.update', 'tasks.get', 'stats.get',
  ],
} as const;
type Purpose = keyof typeof ACTIONS;

/** Meilisearch did not carry out what it was asked to. */
export class TaskFailed extends Error {
  constructor(
    message: string,
    /** The documents or settings are to blame, not the server. */
    readonly invalid: boolean,
  ) {
    super(message);
  }
}

/** A Meilisearch server, for searching and for work on the index, each by a key that can do nothing else. */
export class MeiliServer {
  readonly index: string;
  private readonly clients = new Map<Purpose, Promise<Meilisearch>>();

  constructor(private readonly options: MeiliOptions) {
    this.index = `${options.prefix}_listings`;
  }

  /** Gives up soon: somebody waits. */
  readonly forSearch = () => this.client('search');
  readonly forWork = () => this.client('work');

  /** Waits for a task that has been accepted. @throws TaskFailed; whatever `signal` is aborted with */
  async done(taskUid: number, signal?: AbortSignal): Promise<Task> {
    const client = await this.forWork();
    const until = performance.now() + TASK_PATIENCE_MS;
    for (let pause = 4; ; pause = Math.min(pause * 1.5, 200)) {
      const task = await orAborted(() => client.tasks.getTask(taskUid), signal);
      if (task.status === 'succeeded') return task;
      if (task.status === 'failed' || task.status === 'canceled') throw new TaskFailed(task.error?.message ?? 'the task was cancelled', task.error?.type === 'invalid_request');
      if (performance.now() > until) throw new TaskFailed('a task was not carried out in time', false);
      await sleep(pause, undefined, { signal });
    }
  }

  /** @throws OperatorError in one line, when it cannot be reached or does not accept the key */
  async check(): Promise<void> {
    try {
      await (await this.forWork()).getRawIndexes({ limit: 1 });
    } catch (error) {
      throw new OperatorError(this.explain(error));
    }
  }

  /** Has the keys looked up again when one is not accepted any more: the server may have been set up anew. */
  noteRefusal(error: unknown): void {
    if (isRefusal(error)) this.clients.clear();
  }

  /** What went wrong, in a line for the operator. */
  explain(error: unknown): string {
    const { host, prefix } = this.options;
    if (isRefusal(error)) return `Meilisearch at ${host} does not accept MEILI_KEY. It must be the master key, or a key for ${prefix}_* with the actions ${[...ACTIONS.search, ...ACTIONS.work].join(', ')}.`;
    const refused = error instanceof TaskFailed ? error : apiErrorOf(error);
    if (refused) return `Meilisearch at ${host} refuses: ${refused.message}`;
    const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
    if ([error, cause].some((each) => each instanceof SyntaxError)) return `What answers at ${host} is no Meilisearch.`;
    if (!(error instanceof MeilisearchError)) return message;
    return `Meilisearch cannot be reached at ${host}: ${cause?.message || cause?.code || message}.`;
  }

  private client(purpose: Purpose): Promise<Meilisearch> {
    const known = this.clients.get(purpose);
    if (known) return known;
    const made = this.connect(purpose);
    this.clients.set(purpose, made);
    made.catch(() => this.clients.delete(purpose)); // the next one tries again
    return made;
  }

  private async connect(purpose: Purpose): Promise<Meilisearch> {
    const { key } = this.options;
    if (key === null) return this.withKey(null, purpose);
    try {
      return this.withKey(await this.lesserKey(this.withKey(key, purpose), purpose), purpose);
    } catch (error) {
      if (isRefusal(error)) return this.withKey(key, purpose); // it cannot make keys: it is a lesser one
      throw error;
    }
  }

  private withKey(apiKey: string | null, purpose: Purpose): Meilisearch {
    const { host, searchMs = 500, workMs = 30_000 } = this.options;
    const access = apiKey === null ? {} : { apiKey };
    if (purpose === 'search') return new Meilisearch({ host, ...access, timeout: searchMs, httpClient: send });
    // A compressed answer, for which fetch asks by itself, comes some 40 ms later.
    return new Meilisearch({ host, ...access, timeout: workMs, requestInit: { headers: { 'Accept-Encoding': 'identity' } } });
  }

  /** The same one each time, and in each process: its id says what it may do. */
  private async lesserKey(master: Meilisearch, purpose: Purpose): Promise<string> {
    const key = { name: `Signpost: ${purpose}`, description: `Made by Signpost from the master key, for ${this.options.prefix}_*.`, actions: [...ACTIONS[purpose]], indexes: [`${this.options.prefix}_*`], expiresAt: null };
    const uid = createHash('sha256').update(JSON.stringify(key)).digest('hex').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
    try {
      return (await master.getKey(uid)).key;
    } catch (error) {
      if (codeOf(error) !== 'api_key_not_found') throw error;
    }
    try {
      return (await master.createKey({ uid, ...key })).key;
    } catch (error) {
      if (codeOf(error) === 'api_key_already_exists') return (await master.getKey(uid)).key; // another process was faster
      throw error;
    }
  }
}

/** Meilisearch's client is not given the signal: each of its requests would leave a listener there. */
async function orAborted<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work();
  signal.throwIfAborted();
  const ended = new AbortController();
  const aborted = once(signal, 'abort', { signal: ended.signal }).then(() => Promise.reject(signal.reason));
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    ended.abort();
  }
}

/** What Meilisearch has answered, which its client wraps as if it had not been reached; undefined where it did not answer. */
function apiErrorOf(error: unknown): MeilisearchApiError | undefined {
  const cause = error instanceof MeilisearchRequestError ? error.cause : error;
  return cause instanceof MeilisearchApiError ? cause : undefined;
}

export const codeOf = (error: unknown): string | undefined => apiErrorOf(error)?.cause?.code;
const isRefusal = (error: unknown) => [401, 403].includes(apiErrorOf(error)?.response.status ?? 0);
/** Whether it was asked what it cannot answer. */
export const isBadRequest = (error: unknown): boolean => apiErrorOf(error)?.response.status === 400;
