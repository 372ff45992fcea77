import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import { GraphQLError, type GraphQLSchema, isLeafType, getNamedType, isListType, getNullableType, type OperationDefinitionNode, type TypeNode } from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import { LRUCache } from 'lru-cache';
import type { RequestContext } from '../platform/request.js';

export const MOST_DEPTH = 12;
export const MOST_COST = 10_000;
export const MOST_TOKENS = 3000;
/** Of validation, told at once: a document can be wrong in a thousand places. */
export const MOST_ERRORS = 5;
export const BODY_LIMIT = '200kb';

/** What a list without a page size counts for: histories, actions and the like are short. */
const SHORT_LIST = 5;

/** Validation rules and plugins against documents that are too long, deep, repetitive or full of aliases. */
export function documentLimits() {
  const { plugins, validationRules } = new ApolloArmor({
    maxDepth: { n: MOST_DEPTH, ignoreIntrospection: true },
    maxAliases: { n: 30, allowList: [] },
    maxDirectives: { n: 5 },
    maxTokens: { enabled: false }, // its errors come past Apollo's handling of syntax errors; graphql-js counts tokens itself
    costLimit: { enabled: false }, // it knows nothing of page sizes; costPlugin does
    blockFieldSuggestion: { enabled: false }, // the schema is public
  }).protect();
  return { plugins: plugins as ApolloServerPlugin<RequestContext>[], validationRules };
}

/** An object costs one, a leaf nothing, a page of a list its size times what an item costs. */
const estimator: ComplexityEstimator = ({ field, args, childComplexity }) => {
  if (isLeafType(getNamedType(field.type))) return 0;
  const first: unknown = args['first'];
  if (typeof first === 'number') return 1 + Math.max(first, 1) * childComplexity;
  const inPage = field.name === 'nodes' || field.name === 'edges';
  return 1 + (isListType(getNullableType(field.type)) && !inPage ? SHORT_LIST : 1) * childComplexity;
};

/**
 * Refuses an operation whose page sizes multiply to more than MOST_COST objects. An operation costs the same each time
 * that its sizes are the same, and is reckoned up once.
 */
export function costPlugin(schema: GraphQLSchema): ApolloServerPlugin<RequestContext> {
  const known = new LRUCache<string, number>({ max: 1000 });
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, request, operation, operationName, queryHash, contextValue }) => {
        const sizes = sizesOf(operation, request.variables);
        const key = sizes === null ? null : `${queryHash}:${operationName ?? ''}:${sizes}`;
        let cost = key === null ? undefined : known.get(key);
        if (cost === undefined) {
          try {
            cost = getComplexity({ estimators: [estimator], schema, query: document, variables: request.variables, operationName: operationName ?? undefined });
          } catch {
            return; // its variables cannot be read: the executor says so and runs nothing
          }
          if (key !== null) known.set(key, cost);
        }
        contextValue.cost = cost;
        if (cost <= MOST_COST) return;
        throw new GraphQLError(`This operation may load ${cost} objects; ${MOST_COST} are allowed. Ask for smaller pages.`, {
          extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
        });
      },
    }),
  };
}

const namedType = (type: TypeNode): string => (type.kind === 'NamedType' ? type.name.value : namedType(type.type));

/** The variables that a cost depends on besides the document: page sizes, and what @include asks. Null where one is of another type than it should be. */
function sizesOf(operation: OperationDefinitionNode | undefined, variables: Record<string, unknown> = {}): string | null {
  const values = (operation?.variableDefinitions ?? []).filter(({ type }) => ['Int', 'Boolean'].includes(namedType(type))).map(({ variable }) => variables[variable.name.value]);
  return values.every((value) => value == null || typeof value === 'number' || typeof value === 'boolean') ? values.map(String).join() : null;
}
