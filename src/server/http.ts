import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import helmet from 'helmet';
import { type App, mailFolder } from '../app.js';
import { contextMaker, explorerRoute, graphqlRoute, queryOf, signsIn } from '../graphql/http.js';
import { createGraphqlServer } from '../graphql/server.js';
import { Waste } from '../graphql/waste.js';
import type { Config } from '../platform/config.js';
import { isUnavailable } from '../platform/database/index.js';
import type { Logger } from '../platform/log.js';
import { currentTrace } from '../platform/trace.js';
import { answerUnavailable } from '../platform/answer-unavailable.js';
import { webRoutes } from '../web/index.js';
import { isSignInPage } from './admission.js';

/** Makes a middleware that lets a request in once its body is read, or refuses it. */
export type Gate = (toSignIn: (request: Request) => boolean) => RequestHandler;

const openGate: Gate = () => (_request, _response, next) => next();

/** The HTTP side of an app: API, explorer, pages. */
export async function createHttp(app: App, config: Config, log: Logger, gate: Gate = openGate): Promise<{ handler: express.Express; stop(): Promise<void> }> {
  const waste = new Waste();
  const server = await createGraphqlServer(app.schema, log, !config.production, waste);
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
  handler.use(keptNowhere);
  handler.use('/graphql', graphqlRoute(server, makeContext, gate((request) => signsIn(queryOf(request))), waste));
  handler.use(webRoutes({ server, makeContext, log, files: app.imports.files, uploadMs: config.imports.uploadMs, publicUrl: config.publicUrl, production: config.production, mailFolder: config.smtpUrl ? null : mailFolder(config), gate: gate(({ path }) => isSignInPage(path)) }));
  handler.use(lastResort(log));
  return { handler, stop: () => server.stop() };
}

/** What may be kept by a browser or a proxy says so itself; nothing else is, errors and answers of the API included. */
const keptNowhere: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

/** What no route has answered. Whoever was told meanwhile that it takes too long is not told again. */
const lastResort =
  (log: Logger): ErrorRequestHandler =>
  (error, request, response, _next) => {
    const reference = currentTrace()?.id ?? '';
    if (response.headersSent && (error as { code?: string }).code === 'ERR_HTTP_HEADERS_SENT') return;
    if (isUnavailable(error)) return answerUnavailable(request, response, reference);
    log.error({ reference, fault: (error as Error).stack ?? String(error) }, 'fault');
    if (!response.headersSent) response.status(500).type('text').send(`Something went wrong on our side (reference ${reference}).\n`);
  };
