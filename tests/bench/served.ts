import { type ChildProcess, fork } from 'node:child_process';
import type { Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { type Answered, type Call, type Figures, median, once, run, WARM_SECONDS } from './load.js';
import { type Share, whereTimeGoes } from './profile.js';
import type { Waves } from './statements.js';

const SERVER = fileURLToPath(new URL('server.js', import.meta.url));

export interface Operation {
  query: string;
  variables?: Record<string, unknown>;
  /** Of the session in which it is sent; without, nobody has signed in. */
  cookie?: string;
}

/** An operation that the served app has answered without errors, and whose SQL is known there. */
export interface Recorded {
  api: Call;
  raw: Call;
}

export interface Comparison {
  api: Measured;
  raw: Measured;
}

/** Medians of the runs, and the slowest and fastest of them in requests per second. */
export interface Measured {
  requestsPerSecond: number;
  slowest: number;
  fastest: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  /** Milliseconds of processor time that the serving process, without PostgreSQL, takes for a request: steadier than the rest beside other work. */
  cpu: number;
}

/** The app served by a process of its own (server.ts). */
export class Served {
  private count = 0;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** @param env settings of Meilisearch; without, PostgreSQL searches */
  static start(databaseUrl: string, env: NodeJS.ProcessEnv = { MEILI_HOST: '' }): Promise<Served> {
    const execArgv = [...process.execArgv, '--max-semi-space-size=32']; // as `npm start` has it
    const child = fork(SERVER, [databaseUrl], { execArgv, env: { ...process.env, ...env, NODE_ENV: 'production' } });
    return new Promise((resolve, reject) => {
      child.once('message', (url) => resolve(new Served(child, url as string)));
      child.once('exit', (code) => reject(new Error(`The process that serves ended with ${code}.`)));
    });
  }

  async record(operation: Operation): Promise<Recorded> {
    const id = String(++this.count);
    const api = callOf(operation);
    const { data, errors } = await this.post<{ data: Record<string, unknown> | null; errors?: { message: string }[] }>(`/record/${id}`, api);
    if (errors || Object.values(data!).includes(null)) throw new Error(`${errors?.[0]?.message ?? 'Nothing is answered'} (${operation.query.slice(0, 60)} ${JSON.stringify(operation.variables)})`);
    return { api, raw: { path: `/raw/${id}`, body: '' } };
  }

  /** Has plain pg send these statements whenever it is called. */
  async give(waves: Waves): Promise<Call> {
    const id = String(++this.count);
    await this.post(`/give/${id}`, { body: JSON.stringify(waves) });
    return { path: `/raw/${id}`, body: '' };
  }

  /** Sends each call once. */
  once(calls: readonly Call[]): Promise<Answered> {
    return once(this.url, calls);
  }

  /** Runs the operations through the API and, in turns, their SQL by plain pg. */
  async compare(operations: readonly Recorded[], { seconds, repeat }: { seconds: number; repeat: number }): Promise<Comparison> {
    const runs: Record<keyof Recorded, Run[]> = { api: [], raw: [] };
    for (const side of sides) await this.run(operations, side, WARM_SECONDS);
    for (let i = 0; i < repeat; i++) {
      for (const side of sides) runs[side].push(await this.run(operations, side, seconds));
    }
    return { api: measured(runs.api), raw: measured(runs.raw) };
  }

  /** Where the process spends its time while the operations run through the API. */
  profile(operations: readonly Recorded[], seconds: number): Promise<{ areas: Share[]; functions: Share[] }> {
    return this.profileCalls(operations.map(({ api }) => api), seconds);
  }

  async profileCalls(calls: readonly Call[], seconds: number): Promise<{ areas: Share[]; functions: Share[] }> {
    await this.post('/profile/start');
    await run(this.url, calls, seconds);
    return whereTimeGoes(await this.post<Profiler.Profile>('/profile/stop'));
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    await ended;
  }

  private async run(operations: readonly Recorded[], side: keyof Recorded, seconds: number): Promise<Run> {
    const before = await this.post<number>('/cpu');
    const figures = await run(this.url, operations.map((each) => each[side]), seconds);
    return { ...figures, cpu: ((await this.post<number>('/cpu')) - before) / figures.requests };
  }

  private async post<Answer>(path: string, { body, headers = {} }: Omit<Call, 'path'> = { body: '' }): Promise<Answer> {
    const response = await fetch(this.url + path, { method: 'POST', body, headers });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}

/** An operation as the API takes it. */
export const callOf = ({ query, variables = {}, cookie }: Operation): Call => ({ path: '/graphql', body: JSON.stringify({ query, variables }), headers: cookie ? { Cookie: cookie } : {} });

type Run = Figures & { cpu: number };
const sides = ['api', 'raw'] as const;

function measured(runs: readonly Run[]): Measured {
  const of = (figure: keyof Run) => runs.map((each) => each[figure]);
  const rates = of('requestsPerSecond');
  return { requestsPerSecond: median(rates), slowest: Math.min(...rates), fastest: Math.max(...rates), p50: median(of('p50')), p95: median(of('p95')), cpu: median(of('cpu')) };
}
