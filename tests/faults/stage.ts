import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import pg from 'pg';
import { type App, createApp, migrate } from '../../src/app.js';
import { systemClock } from '../../src/platform/clock.js';
import { readConfig } from '../../src/platform/config.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js';
import type { TestMeilisearch } from '../support/meilisearch-process.js';
import { sleep } from '../support/process.js';
import { World } from '../support/world.js';
import { Proxy } from './proxy.js';
import { Service } from './services.js';
import { SmtpSink } from './smtp-sink.js';

const SECRET = 'a secret for the tests of faults, long enough';
const LA = '990';

// What was committed survives the kill of a process without fsync; only the machine's own end would need it.
const SETTINGS = { fsync: 'off', full_page_writes: 'off', max_connections: '160', max_wal_size: '96MB', min_wal_size: '32MB' };

/** Somebody with a session who leads a school. */
export interface Person {
  cookie: string;
  schoolUrn: number;
}

export interface StageOptions {
  serves?: number;
  workers?: number;
  people?: number;
  /** The services reach PostgreSQL without the proxy, which would take of the test's own time. */
  direct?: boolean;
  meilisearch?: TestMeilisearch;
  /** Of PostgreSQL; one of its own where left out. */
  dataDir?: string;
  settings?: Record<string, string>;
  /** Milliseconds that the mail server takes over each message from the beginning. */
  slowMail?: number;
  /** Makes more of a world before the services start. */
  seed?: (world: World, app: App) => Promise<void>;
}

/** A whole installation with real processes: PostgreSQL behind a proxy, a mail server, and the services. */
export class Stage {
  /** How many jobs may have been under way in the services that the test has killed. */
  killedJobs = 0;
  private readonly people: Person[] = [];

  private constructor(
    private readonly folder: string,
    private readonly dataDir: string,
    private postgres: EmbeddedPostgres,
    readonly proxy: Proxy,
    readonly sink: SmtpSink,
    readonly services: Service[],
  ) {}

  static async set(options: StageOptions = {}): Promise<Stage> {
    const { serves = 2, workers = 2, people = 20, meilisearch } = options;
    const folder = mkdtempSync(join(tmpdir(), 'signpost-faults-'));
    const dataDir = options.dataDir ?? join(folder, 'data');
    const postgres = await startEmbeddedPostgres({ dataDir, settings: SETTINGS });
    pointTo(postgres, folder);
    const proxy = await Proxy.start(join(folder, 'socket', '.s.PGSQL.5432'));
    const sink = await SmtpSink.start();
    if (options.slowMail) sink.become(options.slowMail);
    const settings: Record<string, string> = {
      NODE_ENV: 'production',
      DATABASE_URL: options.direct ? urlIn(folder) : `postgres://signpost@127.0.0.1:${proxy.port}/signpost`,
      SESSION_SECRET: SECRET,
      PUBLIC_URL: 'http://signpost.test',
      SMTP_URL: sink.url,
      DATA_DIR: join(folder, 'files'),
      TRUSTED_PROXIES: '1', // each client has an address of its own, for the rate limits
      ...(meilisearch && { MEILI_HOST: meilisearch.host, MEILI_KEY: meilisearch.key, MEILI_INDEX_PREFIX: meilisearch.prefix }),
      ...options.settings,
    };
    const services = await Promise.all([
      ...Array.from({ length: serves }, (_, i) => Service.of('serve', `serve ${i + 1}`, settings)),
      ...Array.from({ length: workers }, (_, i) => Service.of('worker', `worker ${i + 1}`, settings)),
    ]);
    const stage = new Stage(folder, dataDir, postgres, proxy, sink, services);
    try {
      await stage.fill(people, options.seed);
      for (const service of services) service.start();
      for (const service of services) await service.ready();
    } catch (error) {
      await stage.close();
      throw stage.explained(error as Error);
    }
    return stage;
  }

  get serves(): Service[] {
    return this.services.filter(({ kind }) => kind === 'serve');
  }

  get workers(): Service[] {
    return this.services.filter(({ kind }) => kind === 'worker');
  }

  /** People whom nobody was given before. */
  nextPeople(count: number): Person[] {
    const taken = this.people.splice(0, count);
    if (taken.length < count) throw new Error('There are no more people on this stage.');
    return taken;
  }

  /** Asks PostgreSQL itself, not by the proxy. */
  async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = await this.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** A connection to PostgreSQL itself. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: urlIn(this.folder) });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** Process id of PostgreSQL's first process. */
  postmaster = (): number => Number.parseInt(readFileSync(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);

  /** Starts it on the same data once more, after the test has ended it or it has ended itself. */
  async startPostgres(): Promise<void> {
    await this.postgres.stop(); // gives the folder back
    this.postgres = await startEmbeddedPostgres({ dataDir: this.dataDir, settings: SETTINGS });
    pointTo(this.postgres, this.folder);
  }

  /** kill -9, after it is known how many jobs could be under way there. */
  async kill(service: Service): Promise<void> {
    service.pause();
    await sleep(100); // what it had sent has arrived
    const [locked] = await this.sql<{ jobs: number }>(
      'SELECT count(*)::int AS jobs FROM graphile_worker._private_jobs WHERE locked_at IS NOT NULL',
    );
    this.killedJobs += locked!.jobs;
    await service.kill();
  }

  /** Tries jobs that have failed at once: a test asks whether they are done, not how long they rest between. */
  async hurryJobs(): Promise<void> {
    await this.sql('UPDATE graphile_worker._private_jobs SET run_at = now() WHERE run_at > now() AND attempts > 0 AND locked_at IS NULL');
  }

  /** The same error with what the services said last. */
  explained(error: Error): Error {
    for (const { name, said } of this.services) {
      error.message += `\n--- ${name}\n${said.slice(-6).map((line) => line.slice(0, 250)).join('\n')}`;
    }
    return error;
  }

  async close(): Promise<void> {
    for (const service of this.services) await service.kill();
    await this.proxy.close();
    await this.sink.close();
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async fill(count: number, seed?: StageOptions['seed']): Promise<void> {
    const databaseUrl = urlIn(this.folder);
    await migrate(databaseUrl, systemClock);
    const read = readConfig({ SESSION_SECRET: SECRET, LOG_LEVEL: 'silent', PUBLIC_URL: 'http://signpost.test' });
    const config = { ...read, dataDir: this.folder };
    const app = await createApp({ config, databaseUrl, clock: systemClock, mail: { send: async () => {} } });
    try {
      const world = new World(app);
      await world.la(LA);
      await world.listed({ name: 'Seeded Reading' });
      const schools: number[] = [];
      for (let i = 0; i < Math.min(count, 20); i++) schools.push(await world.school({ la: LA }));
      for (let i = 0; i < count; i++) {
        const schoolUrn = schools[i % schools.length]!;
        const { personId } = await world.lead(schoolUrn);
        const token = await app.db.transaction((tx) => app.identity.sessions.open(tx, personId));
        this.people.push({ cookie: `signpost=${token}`, schoolUrn });
      }
      await seed?.(world, app);
    } finally {
      await app.close();
    }
  }
}

const urlIn = (folder: string) => `postgres://signpost@${encodeURIComponent(join(folder, 'socket'))}:5432/signpost`;

/** Its socket has a folder of its own at each start; a link keeps the path to it the same. */
function pointTo(postgres: EmbeddedPostgres, folder: string): void {
  rmSync(join(folder, 'socket'), { force: true });
  symlinkSync(decodeURIComponent(/@([^:]+):/.exec(postgres.url)![1]!), join(folder, 'socket'));
}
