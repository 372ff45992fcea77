import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request, RequestHandler } from 'express';
import { answerUnavailable } from '../platform/answer-unavailable.js';
import { limitBody } from '../platform/body-time.js';
import { type HttpLimits, OperatorError } from '../platform/config.js';
import type { Logger } from '../platform/log.js';
import { metrics } from '../platform/metrics.js';
import { currentTrace, newTrace, type Trace, traced } from '../platform/trace.js';
import { type Admission, isSignInPage } from './admission.js';
import { logged } from './request-log.js';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ListenerOptions {
  port: number;
  /** Null: all addresses of the machine. */
  host: string | null;
  limits: HttpLimits;
  /** Answered at once and beside all else, by path: how the service is. */
  vital: ReadonlyMap<string, Handler>;
  admission: Admission;
  /** Whether to believe the request id that a proxy in front gives. */
  behindProxy: boolean;
  log: Logger;
  /** How long at most a request may take to arrive that is given more time than others (`limitBody`), in ms. */
  uploadMs?: number;
}

/** A client that asks again as soon as it is refused takes the processor from those that are answered: it is held back a little. */
const SHED_PAUSE_MS = 100;
/** A request whose turn has not come by then is refused: nobody waits longer for no answer. */
const TURN_MS = 2500;
/** Sending an answer may take so many times as long as making it: by a poor signal a page takes its time. */
const SLOW_READERS = 4;
/** The longest body of an API call that is looked at while there is no place. */
const SIGN_IN_BYTES = 2000;
const SIGN_IN = /\b(sendSignInCode|signIn)\b/;
/** How often Node looks for connections that are too slow. */
const LOOK_MS = 1000;
const ID = /^[\w-]{8,64}$/;

/**
 * The HTTP server: what is answered at once, what is refused unread, by when everything is answered, and how it ends.
 * It listens before anything else is begun, so that a port in use is known first; until `serve` is called it answers 503.
 */
export class Listener {
  private handler: Handler | null = null;
  private draining = false;
  private readonly server: Server;

  private constructor(private readonly options: ListenerOptions) {
    const { bodyMs, keepAliveMs } = options.limits;
    this.server = createServer(
      { requestTimeout: Math.max(bodyMs, options.uploadMs ?? 0), headersTimeout: bodyMs, keepAliveTimeout: keepAliveMs, connectionsCheckingInterval: LOOK_MS },
      (request, response) => this.take(request, response),
    );
  }

  /** @throws OperatorError where the port cannot be had */
  static async listen(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options);
    await listenOn(listener.server, { ...options, setting: 'PORT' });
    return listener;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  serve(handler: Handler): void {
    this.handler = handler;
  }

  /** Tells clients to close their connections, with the next answer. */
  drain(): void {
    this.draining = true;
  }

  /** Takes no more connections, and ends what is open once it is answered, or after `patienceMs`. */
  async close(patienceMs: number): Promise<void> {
    this.drain();
    const closed = new Promise((resolve) => this.server.close(resolve));
    const idle = setInterval(() => this.server.closeIdleConnections(), 20); // those that become idle by an answer begun before
    const patience = setTimeout(() => this.server.closeAllConnections(), patienceMs);
    await closed;
    clearInterval(idle);
    clearTimeout(patience);
  }

  /**
   * For what has a body: it takes a place, and its time runs, from when the body is read. Whoever sends slowly holds up
   * nobody until then.
   * @param toSignIn whether it is somebody who signs in
   */
  gate(toSignIn: (request: Request) => boolean): RequestHandler {
    return (request, response, next) => {
      if (hasBody(request)) this.begin(request, response, toSignIn(request), next);
      else next();
    };
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    if (this.draining) response.setHeader('Connection', 'close');
    const path = request.url!.split('?', 1)[0]!;
    if (hasBody(request)) limitBody(request, response, this.options.limits.bodyMs);
    const vital = this.options.vital.get(path);
    if (vital) return vital(request, response);
    if (this.handler && this.options.admission.isFull && !isSignInPage(path)) return this.takeWhileFull(request, response, path);
    this.deal(request, response, path);
  }

  /** While there is no place, what surely signs nobody in is refused before anything is done for it. */
  private takeWhileFull(request: IncomingMessage, response: ServerResponse, path: string): void {
    const maySignIn = path === '/graphql' && request.method === 'POST' && Number(request.headers['content-length'] ?? Infinity) <= SIGN_IN_BYTES;
    if (!maySignIn) return this.shed(request, response, path);
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.once('end', () => {
      const body = Buffer.concat(pieces).toString();
      if (!SIGN_IN.test(body)) return this.shed(request, response, path);
      Object.assign(request, { body: parsed(body) }); // the parser leaves alone what has been read
      this.deal(request, response, path);
    });
  }

  private shed(request: IncomingMessage, response: ServerResponse, path: string): void {
    const id = randomUUID();
    const { method } = request;
    metrics.refused.inc({ why: 'too many requests' });
    this.options.log.info({ id, method, route: path === '/graphql' ? path : 'none', status: 503, refused: 'too many requests' }, 'request');
    setTimeout(() => answerUnavailable(request, response, id), SHED_PAUSE_MS);
  }

  private deal(request: IncomingMessage, response: ServerResponse, path: string): void {
    const given = this.options.behindProxy ? String(request.headers['x-request-id'] ?? '') : '';
    const trace = newTrace(ID.test(given) ? given : undefined);
    response.setHeader('X-Request-Id', trace.id);
    logged(request, response, trace, this.options.log);
    traced(trace, () => {
      const { handler } = this;
      if (!handler) refuse(request, response, trace, 'starting');
      else if (hasBody(request)) handler(request, response);
      else this.begin(request, response, isSignInPage(path), () => handler(request, response));
    });
  }

  /** Gives a request its place and its time; where there is no place, it is refused. */
  private begin(request: IncomingMessage, response: ServerResponse, toSignIn: boolean, go: () => void): void {
    const trace = currentTrace()!;
    let begun = false;
    const place = this.options.admission.enter(toSignIn, () => {
      begun = true;
      if (!response.headersSent && !response.destroyed) traced(trace, go);
    });
    if (!place) return refuse(request, response, trace, 'too many requests');
    const { requestMs } = this.options.limits;
    const turnMs = Math.min(TURN_MS, requestMs);
    let timer = setTimeout(() => {
      if (!begun) return refuse(request, response, trace, 'too many requests');
      timer = setTimeout(() => {
        if (!response.headersSent) refuse(request, response, trace, 'too slow');
        timer = setTimeout(() => request.socket.destroy(), SLOW_READERS * requestMs);
      }, requestMs - turnMs);
    }, turnMs);
    response.once('close', () => {
      clearTimeout(timer);
      place.leave();
    });
  }
}

/** @param setting the one that gives the port, for whoever has to change it @throws OperatorError where the port cannot be had */
export async function listenOn(server: Server, { port, host, setting }: { port: number; host: string | null; setting: 'PORT' | 'METRICS_PORT' }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new OperatorError(`Port ${port} is in use. Stop what uses it, or set ${setting} to another one.`));
      else if (error.code === 'EACCES') reject(new OperatorError(`Port ${port} may not be used by this user. Set ${setting} to one above 1023.`));
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') reject(new OperatorError(`This machine has no address ${host}. Set HOST to one that it has.`));
      else reject(error);
    });
    server.listen({ port, host: host ?? undefined }, resolve);
  });
}

/** A body that is not JSON is told to be none, as the parser would. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function refuse(request: IncomingMessage, response: ServerResponse, trace: Trace, why: string): void {
  trace.refused = why;
  metrics.refused.inc({ why });
  answerUnavailable(request, response, trace.id);
}
