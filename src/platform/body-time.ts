import type { IncomingMessage, ServerResponse } from 'node:http';

const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/** Ends the connection of whoever has not sent all of the request by then: Node does so by itself, but after the same time for all. */
export function limitBody(request: IncomingMessage, response: ServerResponse, ms: number): void {
  clearTimeout(timers.get(request));
  const timer = setTimeout(() => {
    if (request.complete || request.socket.destroyed) return;
    if (!response.headersSent) response.writeHead(408, { Connection: 'close' }).end();
    request.socket.destroySoon();
  }, ms).unref();
  timers.set(request, timer);
  request.once('end', () => clearTimeout(timer)); // not when it is answered: what is answered early may still be on its way
}
