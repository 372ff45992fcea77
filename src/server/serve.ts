import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type App, createApp, migrate } from '../app.js';
import { DatabaseClock, systemClock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { laneOf, startWorker } from '../platform/jobs/index.js';
import type { Logger } from '../platform/log.js';
import { Admission } from './admission.js';
import { openDatabase, waitForDatabase } from './open-database.js';
import { HealthMonitor } from './health.js';
import { createHttp } from './http.js';
import { Listener, listenOn } from './listener.js';
import { inTurn, type Running, type Step } from './shutdown.js';
import { warmUp } from './warm-up.js';
import { addGauges, healthEndpoints, metricsEndpoint } from './vital.js';

interface Parts {
  monitor: HealthMonitor | null;
  /** What is to be ended, the last first. */
  stopping: Step[];
}

const DRAIN_MS = 2500;
const STOP_MS = 3000;
const CLOSE_MS = 500;
const DATABASE_MS = 2500;
/** A process that only runs jobs needs no more: one for each job at the same time would be eight. */
const WORKER_POOL = 6;

/** Starts everything: database, migrations, demo on the first run, worker, API and pages. */
export async function serve(config: Config, log: Logger, firstRun: (app: App) => Promise<void>, asked?: AbortSignal): Promise<Running & { app: App }> {
  const parts: Parts = { monitor: null, stopping: [] };
  const admission = new Admission(config.http.atOnce, config.http.mostWaiting);
  const listener = await Listener.listen({
    port: config.port,
    host: config.host,
    limits: config.http,
    vital: new Map([...healthEndpoints(() => parts.monitor), ...(config.production ? [] : [metricsEndpoint])]),
    admission,
    behindProxy: config.trustedProxies > 0,
    uploadMs: config.imports.uploadMs,
    log,
  });
  let delayMs = 0;
  const stop = async ({ atOnce } = { atOnce: true }) => {
    parts.monitor?.drain();
    listener.drain();
    await sleep(atOnce ? 0 : delayMs);
    await inTurn(log, [{ what: 'requests', mostMs: DRAIN_MS + 200, run: () => listener.close(DRAIN_MS) }, ...parts.stopping.toReversed()]);
  };
  try {
    if (config.metricsPort !== null) await listenForManagement(config, parts);
    const database = await openDatabase(config);
    parts.stopping.push({ what: 'database', mostMs: DATABASE_MS, run: () => database.stop() });
    await waitForDatabase(database.url, config, log, asked);
    await migrate(database.url, systemClock, config.database);
    const clock = new DatabaseClock();
    const app = await createApp({ config, databaseUrl: database.url, clock, log });
    parts.stopping.push({ what: 'connections', mostMs: CLOSE_MS, run: () => app.close() });
    parts.monitor = watch(app, clock, log);
    parts.stopping.push({ what: 'watch', mostMs: CLOSE_MS, run: () => parts.monitor!.stop() });
    if (database.embedded) await firstRun(app);
    else delayMs = config.http.shutdownDelayMs; // the embedded one has no other process to turn to
    const http = await createHttp(app, config, log, (toSignIn) => listener.gate(toSignIn));
    await warmUp(http.handler, log);
    addGauges({ db: app.db, search: app.search, monitor: parts.monitor, admission });
    const worker = startWorker(app.db, app.jobs, log);
    const publisher = app.search.index?.startPublisher(log);
    parts.stopping.push({ what: 'API, jobs and publisher', mostMs: STOP_MS, run: () => Promise.all([http.stop(), worker.stop(), publisher?.stop()]) });
    listener.serve(http.handler);
    parts.monitor.started();
    return { app, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs jobs only, beside other processes that serve. */
export async function work(config: Config & { databaseUrl: string }, log: Logger, asked?: AbortSignal): Promise<Running> {
  const parts: Parts = { monitor: null, stopping: [] };
  const stop = async () => {
    parts.monitor?.drain();
    await inTurn(log, parts.stopping.toReversed());
  };
  try {
    if (config.metricsPort !== null) await listenForManagement(config, parts);
    await waitForDatabase(config.databaseUrl, config, log, asked);
    const database = { ...config.database, poolSize: WORKER_POOL };
    const clock = new DatabaseClock();
    const app = await createApp({ config: { ...config, database }, databaseUrl: config.databaseUrl, clock, log });
    parts.stopping.push({ what: 'connections', mostMs: CLOSE_MS, run: () => app.close() });
    parts.monitor = watch(app, clock, log);
    parts.stopping.push({ what: 'watch', mostMs: CLOSE_MS, run: () => parts.monitor!.stop() });
    addGauges({ db: app.db, search: app.search, monitor: parts.monitor, admission: null });
    const worker = startWorker(app.db, app.jobs, log);
    const publisher = app.search.index?.startPublisher(log);
    parts.stopping.push({ what: 'jobs and publisher', mostMs: STOP_MS + DRAIN_MS, run: () => Promise.all([worker.stop(), publisher?.stop()]) });
    parts.monitor.started();
    return { stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function watch(app: App, clock: DatabaseClock, log: Logger): HealthMonitor {
  const search = () => {
    if (!app.search.index) return null;
    const why = app.search.index.engine.degraded;
    return why === null ? ({ status: 'ok' } as const) : ({ status: 'degraded', why } as const);
  };
  const mailTasks = Object.keys(app.jobs.tasks).filter((task) => laneOf(app.jobs, task) !== 'WORK');
  const monitor = new HealthMonitor(app.db, log, { search }, mailTasks, clock);
  monitor.start();
  return monitor;
}

/** A port of its own for metrics and health, that need not be reachable for everybody. */
async function listenForManagement({ metricsPort, host }: Config, parts: Parts): Promise<void> {
  const answers = new Map([...healthEndpoints(() => parts.monitor), metricsEndpoint]);
  const server = createServer((request, response) => {
    const answer = answers.get(request.url!.split('?', 1)[0]!);
    if (answer) answer(request, response);
    else response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
  });
  await listenOn(server, { port: metricsPort!, host, setting: 'METRICS_PORT' });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  parts.stopping.push({ what: 'metrics', mostMs: CLOSE_MS, run: close });
}
