import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { RequestContext } from '../platform/request.js';

/** In objects, as costs are. A caller may waste so much at once, and this much a second for good. */
const MOST = 300_000;
const A_SECOND = 500;
/** What an operation costs that comes to nothing, besides what it may load. */
const IN_VAIN = 100;
/** The whole schema is written out anew each time. */
const INTROSPECTION = 5000;

const IN_VAIN_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_TOO_LARGE',
  'OPERATION_RESOLUTION_FAILURE',
  'UNAUTHENTICATED',
  'FORBIDDEN',
]);

/** What looks for words. Other lists, such as those of one's own things, are often empty and cost nothing then. */
const SEARCHES = new Set(['search', 'schools']);

export const TOO_OFTEN = 'TOO_MANY_ATTEMPTS';

/**
 * What each caller has wasted of late: a bucket that runs empty by itself. It is this process's own, since what is
 * refused in vain must not cost a write each time; with several processes a caller may waste as many times as much.
 */
export class Waste {
  private readonly buckets = new LRUCache<string, { filled: number; at: number }>({ max: 20_000 });

  add(caller: string, cost: number, now: Date): void {
    this.buckets.set(caller, { filled: this.filled(caller, now) + cost, at: now.getTime() });
  }

  /** Seconds until the caller may go on; 0: at once. */
  wait(caller: string, now: Date): number {
    return Math.max(0, Math.ceil((this.filled(caller, now) - MOST) / A_SECOND));
  }

  private filled(caller: string, now: Date): number {
    const bucket = this.buckets.get(caller);
    return bucket ? Math.max(0, bucket.filled - (Math.max(0, now.getTime() - bucket.at) / 1000) * A_SECOND) : 0;
  }
}

const callerIn = ({ actor, address }: RequestContext) => actor.personId ?? address;

/** @throws GraphQLError with status 429 for a caller who has wasted too much */
export function checkWaste(waste: Waste, context: RequestContext): void {
  const seconds = waste.wait(callerIn(context), context.clock.now());
  if (seconds === 0) return;
  const when = `in ${seconds} second${seconds === 1 ? '' : 's'}`;
  throw new GraphQLError(`Too many operations in a short time were mistaken or found nothing. You can go on ${when}.`, {
    extensions: { code: TOO_OFTEN, http: { status: 429, headers: new Map([['retry-after', String(seconds)]]) } },
  });
}

/**
 * Counts against a caller what comes to nothing: what cannot be run, searches without a result, the schema told again.
 * Mutations of somebody who is signed in are run all the same, and so is signing in: they have limits of their own.
 */
export function wastePlugin(waste: Waste): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation, contextValue }) => {
        if (operation?.operation === 'query') checkWaste(waste, contextValue);
      },
      willSendResponse: async ({ operation, request, response: { body }, contextValue }) => {
        if (body.kind !== 'single') return;
        const { data, errors } = body.singleResult;
        const isMistaken = errors?.some(({ extensions }) => IN_VAIN_CODES.has(String(extensions?.['code']))) ?? false;
        const told = data && /\b__(schema|type)\b/.test(request.query ?? '') ? INTROSPECTION : 0;
        const cost = told + (isMistaken || findsNothing(operation, data) ? IN_VAIN + (errors ? 0 : (contextValue.cost ?? 0)) : 0);
        if (cost > 0) waste.add(callerIn(contextValue), cost, contextValue.clock.now());
      },
    }),
  };
}

/** Whether a search of the operation has found nothing. */
function findsNothing(operation: OperationDefinitionNode | undefined, data: Record<string, unknown> | null | undefined): boolean {
  return (operation?.selectionSet.selections ?? []).some((node) => {
    if (node.kind !== 'Field' || !SEARCHES.has(node.name.value)) return false;
    const field = data?.[node.alias?.value ?? node.name.value] ?? null;
    if (field === null || typeof field !== 'object') return false;
    const { totalCount, nodes, edges } = field as { totalCount?: unknown; nodes?: unknown; edges?: unknown };
    return totalCount === 0 || [nodes, edges].some((list) => Array.isArray(list) && list.length === 0);
  });
}
