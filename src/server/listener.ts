import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpLimits, OperatorError } from '../platform/config.js';
import type { Logger } from '../platform/log.js';
import { metrics } from '../platform/metrics.js';
import { newTrace, traced } from '../platform/trace.js';
import { answerUnavailable } from '../platform/unavailable.js';
import { type Admission, type Lane, markCrowded } from './admission.js';
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
}

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
      { requestTimeout: bodyMs, headersTimeout: bodyMs, keepAliveTimeout: keepAliveMs, connectionsCheckingInterval: LOOK_MS },
      (request, response) => this.take(request, response),
    );
  }

  /** @throws OperatorError where the port cannot be had */
  static async listen(options: ListenerOptions): Promise<Listener> {
    const listener = new Listener(options);
    const { port, host } = options;
    await new Promise<void>((resolve, reject) => {
      listener.server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') reject(new OperatorError(`Port ${port} is in use. Stop what uses it, or set PORT to another one.`));
        else if (error.code === 'EACCES') reject(new OperatorError(`Port ${port} may not be used by this user. Set PORT to one above 1023.`));
        else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') reject(new OperatorError(`This machine has no address ${host}. Set HOST to one that it has.`));
        else reject(error);
      });
      listener.server.listen({ port, host: host ?? undefined }, resolve);
    });
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
    this.server.closeIdleConnections();
    const patience = setTimeout(() => this.server.closeAllConnections(), patienceMs);
    await closed;
    clearTimeout(patience);
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    if (this.draining) response.setHeader('Connection', 'close');
    const path = request.url!.split('?', 1)[0]!;
    const vital = this.options.vital.get(path);
    if (vital) return vital(request, response);

    const given = this.options.behindProxy ? String(request.headers['x-request-id'] ?? '') : '';
    const trace = newTrace(ID.test(given) ? given : undefined);
    const { handler } = this;
    if (!handler) return this.refuse(request, response, trace.id, 'starting');
    const lane = this.options.admission.enter(request, path);
    if (lane === null) return this.refuse(request, response, trace.id, 'too many requests');
    this.deal(request, response, handler, lane, trace);
  }

  private deal(request: IncomingMessage, response: ServerResponse, handler: Handler, lane: Lane, trace: ReturnType<typeof newTrace>): void {
    response.setHeader('X-Request-Id', trace.id);
    if (lane === 'crowded') markCrowded(request);
    const deadline = setTimeout(() => {
      metrics.refused.inc({ why: 'too slow' });
      answerUnavailable(request, response, trace.id);
    }, this.options.limits.requestMs);
    response.once('close', () => {
      clearTimeout(deadline);
      this.options.admission.leave(lane);
    });
    logged(request, response, trace, this.options.log);
    traced(trace, () => handler(request, response));
  }

  private refuse(request: IncomingMessage, response: ServerResponse, id: string, why: 'starting' | 'too many requests'): void {
    metrics.refused.inc({ why });
    answerUnavailable(request, response, id);
  }
}
