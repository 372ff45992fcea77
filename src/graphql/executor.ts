import type { GatewayInterface, GatewayExecutor } from '@apollo/server-gateway-interface';
import { type DocumentNode, type ExecutionResult, getOperationAST, getVariableValues, GraphQLError, type GraphQLSchema } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';

/**
 * Executes operations compiled to JavaScript (graphql-jit), through the one door that Apollo Server leaves for another
 * executor. On a nested list this serves about a fifth more requests than graphql-js.
 */
export function compiledExecution(schema: GraphQLSchema): GatewayInterface {
  const compiled = new LRUCache<string, CompiledQuery>({ max: 500 });

  const executor: GatewayExecutor = async ({ document, operationName, queryHash, request, context }) => {
    const key = `${queryHash}:${operationName ?? ''}`;
    let query = compiled.get(key);
    if (!query) {
      const result = compileQuery(schema, document, operationName ?? undefined);
      if (!isCompiledQuery(result)) return withGraphqlErrors(result);
      compiled.set(key, (query = result));
    }
    const { errors, coerced } = coerce(document, operationName, request.variables ?? {});
    if (errors) return { errors: errors.map(({ message, nodes }) => new GraphQLError(message, { nodes, extensions: { code: 'BAD_USER_INPUT' } })) };
    return withGraphqlErrors((await query.query(undefined, context, coerced)) as ExecutionResult);
  };

  // graphql-jit does not fill in the defaults of input fields, so the variables are coerced as the specification says.
  const coerce = (document: DocumentNode, operationName: string | null | undefined, variables: Record<string, unknown>) =>
    getVariableValues(schema, getOperationAST(document, operationName)?.variableDefinitions ?? [], variables);

  return {
    load: async () => ({ executor }),
    onSchemaLoadOrUpdate: (tell) => {
      tell({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    stop: async () => {},
  };
}

/** Apollo and its plugins know only GraphQLError; graphql-jit has an error class of its own. */
function withGraphqlErrors(result: ExecutionResult): ExecutionResult {
  if (!result.errors) return result;
  return {
    ...result,
    errors: result.errors.map((error) => {
      const { message, nodes, path, originalError } = error;
      const extensions = (originalError instanceof GraphQLError ? originalError : error).extensions;
      return new GraphQLError(message, { nodes, path, originalError, extensions });
    }),
  };
}
