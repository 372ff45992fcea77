import { type ChildProcess, fork } from 'node:child_process';
import type { Profiler } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { type Call, type Figures, median, run } from './load.js';
import { type Share, whereTimeGoes } from './profile.js';

const SERVER = fileURLToPath(new URL('server.js', import.meta.url));

export interface Operation {
  query: string;
  variables?: Record<string, unknown>;
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
    const child = fork(SERVER, [databaseUrl], { env: { ...process.env, ...env, NODE_ENV: 'production' } });
    return new Promise((resolve, reject) => {
      child.once('message', (url) => resolve(new Served(child, url as string)));
      child.once('exit', (code) => reject(new Error(`The process that serves ended with ${code}.`)));
    });
  }

  async record({ query, variables = {} }: Operation): Promise<Recorded> {
    const id = String(++this.count);
    const body = JSON.stringify({ query, variables });
    const { errors } = await this.post<{ errors?: { message: string }[] }>(`/record/${id}`, body);
    if (errors) throw new Error(`${errors[0]!.message} (${query.slice(0, 60)} ${JSON.stringify(variables)})`);
    return { api: { path: '/graphql', body }, raw: { path: `/raw/${id}`, body: '' } };
  }

  /** Runs the operations through the API and, in turns, their SQL by plain pg. */
  async compare(operations: readonly Recorded[], { seconds, repeat }: { seconds: number; repeat: number }): Promise<Comparison> {
    const runs: Record<keyof Recorded, Run[]> = { api: [], raw: [] };
    for (const side of sides) await this.run(operations, side, 1); // warms up
    for (let i = 0; i < repeat; i++) {
      for (const side of sides) runs[side].push(await this.run(operations, side, seconds));
    }
    return { api: measured(runs.api), raw: measured(runs.raw) };
  }

  /** Where the process spends its time while the operations run through the API. */
  async profile(operations: readonly Recorded[], seconds: number): Promise<{ areas: Share[]; functions: Share[] }> {
    await this.post('/profile/start');
    await this.run(operations, 'api', seconds);
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

  private async post<Answer>(path: string, body = ''): Promise<Answer> {
    const response = await fetch(this.url + path, { method: 'POST', body });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}

type Run = Figures & { cpu: number };
const sides = ['api', 'raw'] as const;

function measured(runs: readonly Run[]): Measured {
  const of = (figure: keyof Run) => runs.map((each) => each[figure]);
  const rates = of('requestsPerSecond');
  return { requestsPerSecond: median(rates), slowest: Math.min(...rates), fastest: Math.max(...rates), p50: median(of('p50')), p95: median(of('p95')), cpu: median(of('cpu')) };
}
