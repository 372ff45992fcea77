import { type App, createApp } from '../../src/app.js';
import { ManualClock } from '../../src/platform/clock.js';
import { type Config, readConfig } from '../../src/platform/config.js';
import { runDueJobs } from '../../src/platform/jobs/index.js';
import { createLog, type Logger } from '../../src/platform/log.js';
import type { Message } from '../../src/platform/mail/index.js';
import { Admission } from '../../src/server/admission.js';
import { createHttp } from '../../src/server/http.js';
import { Listener } from '../../src/server/listener.js';
import { cloneTemplate, dropClone, patientLimits } from './database.js';
import { atEnd } from './endings.js';
import { World } from './world.js';

export interface TestApp {
  app: App;
  world: World;
  clock: ManualClock;
  /** Every message sent so far, oldest first. Call `deliver` to have waiting ones sent. */
  outbox: Message[];
  deliver(): Promise<void>;
  /** Ends it before the file's end, with its database: for tests that begin many. */
  end(): Promise<void>;
}

export interface TestServer extends TestApp {
  url: string;
  /** A cookie header of a new session of that person. */
  cookieOf(person: { personId: string | null }): Promise<string>;
  /** Signs in as a person would, by the code in the mail. @returns the cookie header */
  signIn(email: string): Promise<string>;
  /** Sends an operation to /graphql. @returns status, data and errors as they came */
  graphql<Data = Record<string, never>>(query: string, variables?: Record<string, unknown>, cookie?: string | null): Promise<{ status: number; data: Data; errors?: GraphqlError[]; cookie: string | null }>;
}

export interface GraphqlError {
  message: string;
  path?: (string | number)[];
  extensions: { code: string };
}

function config(settings: Partial<Config> = {}): Config {
  const read = readConfig({ SESSION_SECRET: 'a secret for tests, long enough to be one', LOG_LEVEL: 'silent', PUBLIC_URL: 'http://localhost' });
  return { ...read, dataDir: '/nonexistent', port: 0, database: patientLimits, http: { ...read.http, requestMs: 60_000 }, ...settings };
}

/** The whole app on a database of its own, without HTTP. */
export async function startServices(settings: Partial<Config> = {}): Promise<TestApp> {
  const { url, name } = await cloneTemplate();
  const clock = new ManualClock();
  const outbox: Message[] = [];
  const mail = { send: async (message: Message) => void outbox.push(message) };
  const app = await createApp({ config: config(settings), databaseUrl: url, clock, mail });
  let open = true;
  const close = async () => {
    if (open) await app.close();
    open = false;
  };
  atEnd(close);
  const end = async () => {
    await close();
    await dropClone(name);
  };
  return { app, world: new World(app), clock, outbox, deliver: () => runDueJobs(app.db, app.jobs), end };
}

/** The whole app behind HTTP on a free port. */
export async function startApp(log: Logger = createLog(process.env['TEST_LOG'] ?? 'silent'), settings: Partial<Config> = {}): Promise<TestServer> {
  const services = await startServices(settings);
  const { app, clock } = services;
  const { http: limits } = config();
  const listening = await Listener.listen({ port: 0, host: '127.0.0.1', limits, vital: new Map(), admission: new Admission(1000, 1000), behindProxy: false, log });
  const http = await createHttp(app, config(settings), log);
  listening.serve(http.handler);
  atEnd(() => http.stop());
  atEnd(() => listening.close(3000));
  const url = `http://127.0.0.1:${listening.port}`;

  const graphql: TestServer['graphql'] = async (query, variables = {}, cookie = null) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(cookie ? { Cookie: cookie } : {}) },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as { data: never; errors?: GraphqlError[] };
    return { status: response.status, ...body, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? null };
  };

  return {
    ...services,
    url,
    graphql,
    cookieOf: async ({ personId }) => `signpost=${await app.db.transaction((tx) => app.identity.sessions.open(tx, personId!))}`,
    signIn: async (email) => {
      await graphql('mutation ($email: String!) { sendSignInCode(email: $email) { __typename } }', { email });
      await services.deliver();
      const codes = services.outbox.filter((message) => message.to === email.toLowerCase()).flatMap(({ text }) => /^\d{6}/.exec(text) ?? []);
      const code = codes.at(-1)!;
      const { cookie } = await graphql('mutation ($email: String!, $code: String!) { signIn(email: $email, code: $code) { __typename } }', { email, code });
      clock.advance({ minutes: 16 }); // past the window of the rate limits
      return cookie!;
    },
  };
}
