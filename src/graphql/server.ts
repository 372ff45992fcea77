import { randomUUID } from 'node:crypto';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled, ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Logger } from '../platform/log.js';
import type { RequestContext } from '../platform/request.js';
import { currentTrace } from '../platform/trace.js';
import { UNAVAILABLE, UNAVAILABLE_MESSAGE } from '../platform/answer-unavailable.js';
import { accessPlugin } from './access.js';
import { askedPlugin } from './asked.js';
import { compiledExecution } from './executor.js';
import { givenPlugin } from './given.js';
import { costPlugin, documentLimits, MOST_ERRORS, MOST_TOKENS } from './limits.js';
import { fewRepetitions, knownOperations } from './operations.js';
import { textsPlugin } from './texts.js';
import { TOO_OFTEN, Waste, wastePlugin } from './waste.js';

/** Codes of errors that are the caller's, and whose message is written for the caller. */
const CALLERS = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_TOO_LARGE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  TOO_OFTEN,
]);

export async function createGraphqlServer(
  schema: GraphQLSchema,
  log: Logger,
  introspection: boolean,
  waste = new Waste(),
): Promise<ApolloServer<RequestContext>> {
  const limits = documentLimits();
  const server = new ApolloServer<RequestContext>({
    gateway: compiledExecution(schema),
    plugins: [
      ...limits.plugins,
      givenPlugin(schema),
      accessPlugin(schema),
      textsPlugin(),
      costPlugin(schema),
      wastePlugin(waste),
      askedPlugin(schema),
      tracePlugin,
      callersStatusPlugin,
      ApolloServerPluginCacheControlDisabled(), // it hooks every field
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ] as ApolloServerPlugin<RequestContext>[],
    validationRules: [...limits.validationRules, knownOperations, fewRepetitions],
    parseOptions: { maxTokens: MOST_TOKENS },
    validationOptions: { maxErrors: MOST_ERRORS },
    introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    logger: { debug: () => {}, info: () => {}, warn: (message) => log.warn(message), error: (message) => log.error(message) },
    formatError: (formatted, error) => withoutSuggestion(maskFault(formatted, error, log), introspection),
  });
  await server.start();
  return server;
}

/** Mistakes in what is asked, of a request that is in order. */
const IN_DOCUMENT = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

/**
 * Apollo answers 500 to whatever a plugin refuses without a status of its own: what the caller did wrong is never a 5xx.
 * To a client that takes `application/json` alone, GraphQL over HTTP has mistakes in the document or the variables told
 * with status 200, since such a client cannot tell whether a 4xx comes from GraphQL or from something on the way.
 */
const callersStatusPlugin: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response: { http, body } }) => {
      const status = http.status ?? 200;
      if (status < 400 || body.kind !== 'single') return;
      const only = (codes: ReadonlySet<string>) => body.singleResult.errors?.every(({ extensions }) => codes.has(String(extensions?.['code']))) ?? false;
      if (status >= 500 && only(CALLERS)) http.status = 400;
      const takesJsonAlone = /^application\/json *(;[^,]*)?$/i.test(request.http?.headers.get('accept') ?? '');
      if (http.status === 400 && takesJsonAlone && only(IN_DOCUMENT)) http.status = 200;
    },
  }),
};

/** Notes what was asked, by the names of its root fields, which say nothing of who asks. */
const tracePlugin: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      const trace = currentTrace();
      if (!trace || !operation) return;
      const fields = operation.selectionSet.selections.map((each) => (each.kind === 'Field' ? each.name.value : '…'));
      trace.operation = `${operation.operation} ${[...new Set(fields)].slice(0, 10).join(',')}`;
    },
  }),
};

/** Where the schema is not told, neither is what a mistaken name may have been meant for: validation and variables say so alike. */
const withoutSuggestion = (error: GraphQLFormattedError, introspection: boolean): GraphQLFormattedError =>
  introspection ? error : { ...error, message: error.message.replace(/ Did you mean [^?]*\?/g, '') };

/** A fault is told to the log whole and to the caller as a number under which it can be found there. */
function maskFault(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  const code = String(formatted.extensions?.['code'] ?? '');
  const reference = currentTrace()?.id ?? randomUUID();
  if (code === UNAVAILABLE) return { message: UNAVAILABLE_MESSAGE, ...(formatted.path && { path: formatted.path }), extensions: { code, reference } };
  if (CALLERS.has(code)) return { ...formatted, extensions: { code } };
  if (isBadRequest(error)) return { ...formatted, extensions: { code: 'BAD_REQUEST' } };
  const fault = unwrapResolverError(error) as Error;
  log.error({ reference, path: formatted.path, fault: fault?.stack ?? String(fault) }, 'fault');
  return { message: `Something went wrong on our side (reference ${reference}).`, path: formatted.path, extensions: { code: 'INTERNAL_SERVER_ERROR', reference } };
}

/** What Apollo itself refuses of a request, without a code, such as a hash that is not the query's. */
const isBadRequest = (error: unknown): boolean => error instanceof GraphQLError && (error.extensions['http'] as { status?: number } | undefined)?.status === 400;
