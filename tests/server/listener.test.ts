import { Agent, get, request as send } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { limitBody } from '../../src/platform/body-time.js';
import { readConfig } from '../../src/platform/config.js';
import { createLog } from '../../src/platform/log.js';
import { signsIn } from '../../src/graphql/http.js';
import { Admission } from '../../src/server/admission.js';
import { type Handler, Listener, type ListenerOptions } from '../../src/server/listener.js';

const { http: limits } = readConfig({ SESSION_SECRET: 'a secret for tests, long enough to be one' });
const open: Listener[] = [];

afterAll(() => Promise.all(open.map((listener) => listener.close(0))));

async function listening(handler: Handler | null, options: Partial<ListenerOptions> = {}): Promise<{ url: string; port: number; listener: Listener }> {
  const listener = await Listener.listen({
    port: 0,
    host: '127.0.0.1',
    limits,
    vital: new Map([['/ping', (_request, response) => void response.end('ok')]]),
    admission: new Admission(2, 0),
    behindProxy: false,
    log: createLog('silent'),
    ...options,
  });
  if (handler) listener.serve(handler);
  open.push(listener);
  return { url: `http://127.0.0.1:${listener.port}`, port: listener.port, listener };
}

/** Deals with nothing before it is told to. */
function held(): { handler: Handler; count: () => number; release: () => void } {
  const waiting: (() => void)[] = [];
  return {
    handler: (_request, response) => void waiting.push(() => response.headersSent || response.end('done')),
    count: () => waiting.length,
    release: () => waiting.splice(0).forEach((each) => each()),
  };
}

const until = async (condition: () => boolean) => {
  while (!condition()) await sleep(5);
};

test('until the service is ready every request is told to come back, and the process is known to live', async () => {
  const { url } = await listening(null);
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await answer.text()).toContain('<h1>Sorry, the service is not available</h1>');
  const call = await fetch(`${url}/graphql`, { method: 'POST' });
  expect([call.status, ((await call.json()) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
  expect((await fetch(`${url}/ping`)).status).toBe(200);
});

test('beyond the bound requests are refused at once, but for health and signing in', async () => {
  const { handler, count, release } = held();
  const { url } = await listening(handler);
  const first = [fetch(url), fetch(url)];
  await until(() => count() === 2);
  expect((await fetch(url)).status).toBe(503);
  expect((await fetch(`${url}/ping`)).status).toBe(200);
  const signIn = fetch(`${url}/sign-in`);
  await until(() => count() === 3);
  release();
  expect((await Promise.all([...first, signIn])).map(({ status }) => status)).toEqual([200, 200, 200]);
  const next = fetch(url);
  await until(() => count() === 1);
  release();
  expect((await next).status).toBe(200);
});

test('what has a body takes its place once it is read, and then whoever signs in is let in', async () => {
  const { handler, count, release } = held();
  const app = express();
  const { url, listener } = await listening(app, { limits: { ...limits, requestMs: 60_000 } });
  app.use(express.json(), listener.gate(({ body }) => signsIn((body as { query: string }).query)), (request, response) => handler(request, response));
  const call = (query: string) => fetch(`${url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ query }) });
  const slow = send({ port: listener.port, host: '127.0.0.1', method: 'POST', headers: { 'Content-Type': 'application/json', 'Content-Length': 10 } });
  slow.on('error', () => {}).write('half'); // takes none
  const all = [call('{ search }'), call('{ search }')];
  await until(() => count() === 2);
  expect((await call('{ search }')).status).toBe(503);
  all.push(call('mutation { sendSignInCode }'));
  await until(() => count() === 3);
  release();
  expect((await Promise.all(all)).map(({ status }) => status)).toEqual([200, 200, 200]);
  slow.destroy();
});

test('who does not read an answer loses the connection, and holds no place for ever', async () => {
  const admission = new Admission(1, 0);
  const { port } = await listening((_request, response) => void response.end(Buffer.alloc(20_000_000)), { admission, limits: { ...limits, requestMs: 50 } });
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => {}).write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await until(() => admission.underWay === 1);
  await until(() => admission.underWay === 0);
  socket.destroy();
});

test('some wait for their turn, in order, and give up their place in the line when they go', async () => {
  const order: string[] = [];
  const admission = new Admission(1, 2);
  const enter = (name: string) => admission.enter(false, () => order.push(name));
  const [a, b, c, d] = [enter('a'), enter('b'), enter('c'), enter('d')];
  expect([order, admission.underWay, admission.inLine, d]).toEqual([['a'], 1, 2, null]);
  b!.leave();
  a!.leave();
  expect([order, admission.underWay, admission.inLine]).toEqual([['a', 'c'], 1, 0]);
  c!.leave();
  expect(admission.underWay).toBe(0);
  expect(enter('e')).not.toBeNull();
});

test.each([
  ['mutation { sendSignInCode(email: "a@b.example") { __typename } }', true],
  ['mutation ($email: String!) { signIn(email: $email, code: "1") { __typename } }', true],
  ['{ search(input: { words: "phonics" }) { totalCount } }', false],
  [undefined, false],
  [7, false],
])('%s signs in: %s', (query, expected) => expect(signsIn(query)).toBe(expected));

test('a request that is not answered in time is told to come back, and its connection goes on', async () => {
  const { handler, release } = held();
  const { port } = await listening(handler, { limits: { ...limits, requestMs: 50 } });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (path: string) =>
    new Promise<{ status: number; port: number }>((resolve, reject) => {
      get({ port, host: '127.0.0.1', path, agent }, (response) => {
        const { localPort } = response.socket;
        response.resume().on('end', () => resolve({ status: response.statusCode!, port: localPort! }));
      }).on('error', reject);
    });
  const late = await ask('/');
  release(); // what was asked for comes now, and nobody is told
  const after = await ask('/ping');
  expect([late.status, after]).toEqual([503, { status: 200, port: late.port }]);
  agent.destroy();
});

test('the time that a request may take includes the wait for its turn', async () => {
  const { url } = await listening(held().handler, { limits: { ...limits, requestMs: 2600 } });
  const { status } = await fetch(url, { signal: AbortSignal.timeout(4500) });
  expect(status).toBe(503);
});

test('a process that ends asks clients to close their connections, and waits for what is under way', async () => {
  const { handler, count, release } = held();
  const { url, listener } = await listening(handler);
  const under = fetch(url);
  await until(() => count() === 1);
  listener.drain();
  expect((await fetch(`${url}/ping`)).headers.get('connection')).toBe('close');
  const closed = listener.close(60_000);
  release();
  expect((await under).status).toBe(200);
  await closed;
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('who sends half a request loses the connection', async () => {
  const { port } = await listening(null, { limits: { ...limits, bodyMs: 200 } });
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => (answer += data));
  socket.write('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

test('only what is given more time may take longer to arrive, whatever is answered before', async () => {
  const handler: Handler = (request, response) => {
    if (request.url === '/early') return void response.end('early');
    if (request.url === '/send') limitBody(request, response, 60_000);
    request.on('data', () => {}).on('end', () => response.end('whole'));
  };
  const { port } = await listening(handler, { limits: { ...limits, bodyMs: 200 }, uploadMs: 60_000 });
  const slowly = async (path: string) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => (answer += data));
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${path === '/early' ? '' : 'Connection: close\r\n'}Content-Length: 4\r\n\r\nha`);
    await sleep(1500);
    const ended = socket.destroyed || socket.readableEnded;
    socket.write('lf');
    if (path === '/early') expect(ended).toBe(true);
    await closed;
    return answer;
  };
  expect(await slowly('/send')).toMatch(/^HTTP\/1\.1 200 [^]*whole/);
  expect(await slowly('/graphql')).toMatch(/^HTTP\/1\.1 408 /);
  expect(await slowly('/early')).toMatch(/^HTTP\/1\.1 200 [^]*early/);
});

test.each([
  [false, 'from-a-proxy-1', false],
  [true, 'from-a-proxy-1', true],
  [true, 'no "id"', false],
])('an id of a request is taken from a proxy only where there is one (%s, %s)', async (behindProxy, id, taken) => {
  const { port } = await listening((_request, response) => void response.end(), { behindProxy });
  const given = await new Promise<unknown>((resolve) => {
    send({ port, host: '127.0.0.1', headers: { 'X-Request-Id': id } }, (response) => resolve(response.resume().headers['x-request-id'])).end();
  });
  expect(given === id).toBe(taken);
  expect(given).toMatch(/^[\w-]{8,64}$/);
});
