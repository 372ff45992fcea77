import 'reflect-metadata';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { Session } from 'node:inspector/promises';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { createApp } from '../../src/app.js';
import { systemClock } from '../../src/platform/clock.js';
import { readConfig } from '../../src/platform/config.js';
import { createLog } from '../../src/platform/log.js';
import { createHttp } from '../../src/server/http.js';
import { SESSION_SECRET } from './secret.js';
import { recordStatements, replay, type Waves } from './statements.js';

/**
 * A process that serves the app on a free port, which it tells its parent, and beside it
 *   POST /record/ID  sends the operation in the body to the app and notes its SQL;
 *   POST /give/ID    takes the SQL in the body as if it had been noted;
 *   POST /raw/ID     runs that SQL by plain pg and sends the rows as JSON: what the rest costs is the difference;
 *   POST /cpu        tells the processor time used so far, in milliseconds;
 *   POST /profile/start, /profile/stop  a CPU profile of what happens between.
 */
const [databaseUrl] = process.argv.slice(2) as [string];
const { MEILI_HOST, MEILI_KEY, MEILI_INDEX_PREFIX } = process.env;
const config = { ...readConfig({ MEILI_HOST, MEILI_KEY, MEILI_INDEX_PREFIX, SESSION_SECRET, LOG_LEVEL: 'silent' }), production: true };
const app = await createApp({ config, databaseUrl, clock: systemClock, mail: { send: async () => {} } });
const log = createLog('error');
const { handler } = await createHttp(app, config, log);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
const recorded = new Map<string, Waves>();
const session = new Session();

const routes: Record<string, (id: string, request: IncomingMessage) => Promise<unknown>> = {
  raw: async (id) => {
    const waves = recorded.get(id)!;
    if (waves[0]?.[0]?.text !== 'BEGIN') return replay(pool, waves);
    const client = await pool.connect();
    try {
      return await replay(client, waves);
    } finally {
      client.release();
    }
  },
  record: async (id, request) => {
    let answer: unknown;
    const body = await textOf(request);
    const waves = await recordStatements(app.db, async () => {
      const response = await fetch(`${address()}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json', Cookie: request.headers.cookie ?? '' }, body });
      answer = await response.json();
    });
    for (const [nth, statement] of waves.flat().entries()) if (statement.values.length > 0) statement.name ??= `${id} ${nth}`; // prepared there, so here too
    recorded.set(id, waves);
    return answer;
  },
  give: async (id, request) => void recorded.set(id, JSON.parse(await textOf(request)) as Waves),
  cpu: async () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  profile: async (step) => {
    if (step === 'stop') {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      return profile;
    }
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 200 });
    return session.post('Profiler.start');
  },
};

const server = createServer((request, response) => {
  const [, route, id] = request.url!.split('/') as [string, string, string];
  const own = routes[route];
  if (!own) return (handler as RequestListener)(request, response);
  return void own(id, request).then(
    (answer) => send(response, 200, answer),
    (error: Error) => {
      log.error(error);
      send(response, 500, { error: error.message });
    },
  );
});
server.listen(0, '127.0.0.1', () => process.send!(address()));
process.once('disconnect', () => process.exit());

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function send(response: ServerResponse, status: number, answer: unknown): void {
  const body = JSON.stringify(answer ?? null);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }).end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
