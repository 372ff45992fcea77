import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, GraphQLError, type GraphQLSchema, isNonNullType, Kind, type OperationDefinitionNode } from 'graphql';
import { TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { badInput } from '../platform/connection.js';
import type { RequestContext } from '../platform/request.js';

/** No input of the schema is half as deep; what reads values from outside may then call itself for each level. */
export const MOST_DEEP = 20;

/**
 * Refuses a request whose operation or variables cannot be used, before anything looks at them: an operation that the
 * document does not have, variables nested beyond any input, null where a value has to be. First of the plugins.
 */
export function givenPlugin(schema: GraphQLSchema): ApolloServerPlugin<RequestContext> {
  const known = new WeakMap<DocumentNode, Needed[]>();
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation, request }) => {
        if (!operation) return unresolved(request.operationName);
        const variables = request.variables ?? {};
        if (!isWithin(variables, MOST_DEEP)) badInput(`The variables are nested more than ${MOST_DEEP} levels deep.`);
        let needed = known.get(document);
        if (!needed) known.set(document, (needed = neededIn(schema, document)));
        const missing = needed.find(({ variable }) => isNull(operation, variable, variables));
        if (missing) badInput(`\`${missing.where}\` must not be null, and the variable \`$${missing.variable}\` is.`);
      },
    }),
  };
}

function unresolved(name: string | null | undefined): never {
  const message =
    name == null ? 'The document has several operations: say in `operationName` which.' : 'The document has no operation of the name in `operationName`.';
  throw new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status: 400 } } });
}

/** By levels and not by calls of itself: a body of 200 kB may be nested deeper than a stack is. */
function isWithin(value: unknown, most: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most + 1) return false;
    level = level.flatMap((each) => (each !== null && typeof each === 'object' ? Object.values(each) : []));
  }
  return true;
}

interface Needed {
  variable: string;
  /** Name of the argument, the input field or the directive’s argument. */
  where: string;
}

/**
 * Where a document has a variable in a place that takes no null. Validation lets one that may be null stand there if
 * the place, or the variable, has a default; graphql-js finds the null only while it executes, as if the fault were ours.
 */
function neededIn(schema: GraphQLSchema, document: DocumentNode): Needed[] {
  const info = new TypeInfo(schema);
  const found: Needed[] = [];
  let where = '';
  const named = { enter: (node: { name: { value: string } }) => void (where = node.name.value) };
  visit(
    document,
    visitWithTypeInfo(info, {
      Argument: named,
      ObjectField: named,
      VariableDefinition: () => false,
      Variable: ({ name }) => {
        if (isNonNullType(info.getInputType())) found.push({ variable: name.value, where });
      },
    }),
  );
  return found;
}

/** Whether the operation has the variable, and the caller says that it is null. */
function isNull(operation: OperationDefinitionNode, name: string, variables: Record<string, unknown>): boolean {
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name);
  if (!definition) return false;
  const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
  return given === null || (given === undefined && definition.defaultValue?.kind === Kind.NULL);
}
