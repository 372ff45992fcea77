import { GraphQLError, type GraphQLScalarType, type GraphQLSchema, valueFromASTUntyped } from 'graphql';
import { GraphQLLocalDate, GraphQLUUID } from 'graphql-scalars';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Ids are taken in one case, as PostgreSQL gives them: they are compared as texts, and hashed with an idempotency key. */
function idOf(value: unknown): string {
  const id = typeof value === 'string' ? value.toLowerCase() : '';
  return UUID.test(id) ? id : refused(value, 'an id, like 0190a5a0-0000-7000-8000-000000000000');
}

const readDay = GraphQLLocalDate.parseValue;

/** PostgreSQL has no year 0. */
function dayOf(value: unknown): string {
  return typeof value === 'string' && value.startsWith('0000') ? refused(value, 'a day, like 2026-09-01') : (readDay(value) as string);
}

function refused(value: unknown, what: string): never {
  throw new GraphQLError(`${JSON.stringify(value)} is not ${what}.`);
}

/** Makes the library’s scalars take from outside only what PostgreSQL takes. */
export function narrowScalars(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type === GraphQLUUID) take(type, idOf);
    if (type === GraphQLLocalDate) take(type, dayOf);
  }
}

function take(scalar: GraphQLScalarType, read: (value: unknown) => string): void {
  scalar.parseValue = read;
  scalar.parseLiteral = (node, variables) => read(valueFromASTUntyped(node, variables));
}
