import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import helmet from 'helmet';
import { type App, createApp, mailFolder, migrate } from './app.js';
import { createGraphqlServer } from './graphql/server.js';
import { contextMaker, explorerRoute, graphqlRoute } from './graphql/http.js';
import { systemClock } from './platform/clock.js';
import { type Config, OperatorError } from './platform/config.js';
import { EmbeddedPostgresError, runningEmbeddedPostgres, startEmbeddedPostgres } from './platform/embedded-postgres.js';
import { startWorker } from './platform/jobs.js';
import type { Logger } from './platform/log.js';
import { webRoutes } from './web/index.js';

export interface Running {
  url: string;
  app: App;
  stop(): Promise<void>;
}

/**
 * Finds the database: the one that DATABASE_URL names, else the embedded one, started here.
 * @param beside that of a running service will do: for commands
 */
export async function openDatabase(config: Config, { beside = false } = {}): Promise<{ url: string; embedded: boolean; stop(): Promise<void> }> {
  const running = config.databaseUrl ?? (beside ? await runningEmbeddedPostgres(config.dataDir) : null);
  if (running) return { url: running, embedded: false, stop: async () => {} };
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir });
    return { url: postgres.url, embedded: true, stop: () => postgres.stop() };
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw new OperatorError(error.message);
    throw error;
  }
}

/** Listens first, so that a port in use is known before anything else is begun; answers 503 until `serve` is called. */
export async function listen(port: number): Promise<{ port: number; serve(handler: express.Express): void; close(): Promise<void> }> {
  let handler: express.Express | null = null;
  const server = createServer((request, response) => {
    if (handler) return void handler(request, response);
    response.writeHead(503, { 'Retry-After': '2', 'Content-Type': 'text/plain' }).end('Signpost is starting.\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new OperatorError(`Port ${port} is in use. Stop what uses it, or set PORT to another one.`));
      else if (error.code === 'EACCES') reject(new OperatorError(`Port ${port} may not be used by this user. Set PORT to one above 1023.`));
      else reject(error);
    });
    server.listen(port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    serve: (ready) => {
      handler = ready;
    },
    close: () => closeServer(server),
  };
}

/** The HTTP side of an app: API, explorer, pages. */
export async function createHttp(app: App, config: Config, log: Logger): Promise<{ handler: express.Express; stop(): Promise<void> }> {
  const server = await createGraphqlServer(app.schema, log, !config.production);
  const secure = config.publicUrl.startsWith('https:');
  const makeContext = contextMaker({ db: app.db, clock: app.clock, sessions: app.identity.sessions, secure });

  const handler = express();
  handler.disable('x-powered-by');
  handler.disable('etag'); // a hash of the whole answer, which no client of an API asks for
  handler.set('trust proxy', config.trustedProxies);
  if (!config.production) handler.use('/explorer', explorerRoute('/explorer', '/graphql'));
  handler.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'self'"], formAction: ["'self'"], frameAncestors: ["'none'"], baseUri: ["'none'"], objectSrc: ["'none'"] },
      },
      strictTransportSecurity: secure,
    }),
  );
  handler.get('/health', async (_request, response) => {
    await app.db.query('SELECT 1');
    response.json({ status: 'ok' });
  });
  handler.use('/graphql', graphqlRoute(server, makeContext));
  handler.use(webRoutes({ server, makeContext, log, publicUrl: config.publicUrl, production: config.production, mailFolder: config.smtpUrl ? null : mailFolder(config) }));
  return { handler, stop: () => server.stop() };
}

/** Starts everything: database, migrations, demo on the first run, worker, API and pages. */
export async function serve(config: Config, log: Logger, firstRun: (app: App) => Promise<void>): Promise<Running> {
  const listening = await listen(config.port);
  const started: (() => Promise<void>)[] = [() => listening.close()];
  const stop = async () => {
    for (const each of started.splice(0).reverse()) await each().catch((error: Error) => log.warn(error.message));
  };
  try {
    const database = await openDatabase(config);
    started.unshift(() => database.stop());
    await migrate(database.url, systemClock);
    const app = await createApp({ config, databaseUrl: database.url, clock: systemClock });
    started.splice(1, 0, () => app.close());
    if (database.embedded) await firstRun(app);
    const http = await createHttp(app, config, log);
    started.push(() => http.stop());
    const worker = await startWorker(database.url, app.jobs, log);
    started.push(() => worker.stop());
    const publisher = app.search.index?.startPublisher(database.url, log);
    if (publisher) started.push(() => publisher.stop());
    listening.serve(http.handler);
    return { url: config.publicUrl, app, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Lets answers under way finish, for a few seconds. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const patience = setTimeout(() => server.closeAllConnections(), 3000);
  await closed;
  clearTimeout(patience);
}
