import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request } from 'express';
import type { Logger } from '../platform/log.js';
import { metrics } from '../platform/metrics.js';
import type { Trace } from '../platform/trace.js';

/**
 * Writes a line for a request once it is over. Neither the address nor what was asked with it is in the line, since both
 * may tell who somebody is or what they look for: a page is told by the pattern of its route, a call of the API by its
 * root fields.
 */
export function logged(request: IncomingMessage, response: ServerResponse, trace: Trace, log: Logger): void {
  const begun = performance.now();
  response.once('close', () => {
    const ms = performance.now() - begun;
    const route = routeOf(request as Request);
    const operation = route === '/graphql' ? trace.operation : undefined;
    const { method = '' } = request;
    const status = response.writableFinished ? response.statusCode : 499; // the client has gone
    metrics.requests.observe({ method, route: operation ? labelOf(operation) : route, status }, ms / 1000);
    log.info(
      {
        id: trace.id,
        method,
        route,
        ...(operation && { operation }),
        status,
        ms: Math.round(ms * 10) / 10,
        databaseMs: Math.round(trace.databaseMs * 10) / 10,
        statements: trace.statements,
        actor: trace.actor ?? 'unknown',
        ...(trace.refused && { refused: trace.refused }),
      },
      'request',
    );
  });
}

/** `/listings/:id`; for what no route answers, only of what kind it is. */
function routeOf({ route, baseUrl = '', originalUrl = '' }: Request): string {
  if (/^\/graphql(\/|\?|$)/.test(originalUrl)) return '/graphql';
  if (typeof route?.path === 'string') return `${baseUrl}${route.path}`;
  return /^\/(assets|explorer)\//.exec(originalUrl)?.[0] ?? 'none';
}

/** The kind and first root field, which are few: `query search`. */
const labelOf = (operation: string): string => operation.split(',', 1)[0]!;
