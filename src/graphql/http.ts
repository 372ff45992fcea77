import { expressMiddleware } from '@as-integrations/express5';
import type { ApolloServer } from '@apollo/server';
import { getDistDirectory, renderAltair } from 'altair-static';
import { parseCookie, stringifySetCookie } from 'cookie';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import type { Sessions } from '../identity/index.js';
import { SESSION_DAYS } from '../identity/index.js';
import { callerOf } from '../platform/caller.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/index.js';
import type { RequestContext } from '../platform/request.js';
import { currentTrace } from '../platform/trace.js';
import { BODY_LIMIT } from './limits.js';
import { checkWaste, type Waste } from './waste.js';

export interface ContextOptions {
  db: Database;
  clock: Clock;
  sessions: Sessions;
  /** Whether people reach the service by https only. */
  secure: boolean;
}

/** Makes the context of a request, for the API and the pages alike: who asks, by the session cookie. */
export function contextMaker({ db, clock, sessions, secure }: ContextOptions) {
  const cookie = secure ? '__Host-signpost' : 'signpost';
  return async (request: Request, response: Response): Promise<RequestContext> => {
    const sessionToken = parseCookie(request.headers.cookie ?? '')[cookie] ?? null;
    const actor = await sessions.actor(db, sessionToken, clock.now());
    const trace = currentTrace();
    if (trace) trace.actor = actor.kind;
    return {
      actor,
      db,
      clock,
      address: callerOf(request.ip),
      sessionToken,
      setSession: (token) => {
        if (response.headersSent) return; // they were told meanwhile that it takes too long
        response.setHeader(
          'Set-Cookie',
          stringifySetCookie({ name: cookie, value: token ?? '', httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: token ? SESSION_DAYS * 86_400 : 0 }),
        );
      },
      loaders: new Map(),
    };
  };
}

/** Whether a GraphQL document asks for a sign-in code, or signs in. */
export const signsIn = (query: unknown): boolean => typeof query === 'string' && /\b(sendSignInCode|signIn)\b/.test(query);

export const queryOf = (request: Request): unknown => (request.body as { query?: unknown } | undefined)?.query;

/** `/graphql`: the API. @param gate may refuse a call once its body is read */
export function graphqlRoute(
  server: ApolloServer<RequestContext>,
  makeContext: ReturnType<typeof contextMaker>,
  gate: RequestHandler,
  waste: Waste,
): Router {
  const route = Router();
  route.use(express.json({ limit: BODY_LIMIT }));
  route.use(bodyErrors);
  route.use(gate);
  route.use(expressMiddleware(server, {
      context: async ({ req, res }) => {
        const context = await makeContext(req, res);
        if (context.actor.kind === 'anonymous' && !signsIn(queryOf(req))) checkWaste(waste, context); // before what is sent is parsed
        return context;
      },
    }));
  return route;
}

/** The explorer: Altair from its own package, so that it works without internet. Mounted at `path`. */
export function explorerRoute(path: string, endpoint: string): Router {
  const router = Router();
  const html = renderAltair({ baseURL: `${path}/`, endpointURL: endpoint, disableAccount: true, initialSettings: { 'banners.disable': true, 'alert.disableUpdateNotification': true } });
  router.get('/', (_request, response) => void response.type('html').send(html));
  router.use(express.static(getDistDirectory(), { index: false }));
  return router;
}

const bodyErrors: ErrorRequestHandler = (error: { type?: string; status?: number }, _request, response, next) => {
  if (!error.status) return next(error);
  const message = error.type === 'entity.too.large' ? `The body is larger than ${BODY_LIMIT}.` : 'The body is not JSON.';
  response.status(error.status).json({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
};
