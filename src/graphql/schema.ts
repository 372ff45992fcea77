import 'reflect-metadata';
import { type GraphQLSchema, isObjectType, isUnionType, lexicographicSortSchema, printSchema } from 'graphql';
import { Problem } from '../platform/problem.js';
import { buildSchemaSync, getMetadataStorage, type NonEmptyArray } from 'type-graphql';

/** Assembles the schema from the resolvers of all rooms, which come as instances with what they need. */
export function buildGraphqlSchema(resolvers: readonly object[]): GraphQLSchema {
  const instances = new Map(resolvers.map((resolver) => [resolver.constructor, resolver]));
  giveRowsAsTheyAre();
  const schema = buildSchemaSync({
    resolvers: [...instances.keys()] as unknown as NonEmptyArray<Function>,
    container: { get: (type) => instances.get(type) },
    validate: false, // services validate, and answer with a problem
  });
  countTotalsOnDemand(schema);
  tellProblemsApart(schema);
  return schema;
}

/** A field resolver is given the row itself. (TypeGraphQL would copy it into an instance of its class, for each field.) */
function giveRowsAsTheyAre(): void {
  for (const param of getMetadataStorage().params) if (param.kind === 'root') param.getType = undefined;
}

/** A connection's total is counted only where the operation asks for it. */
function countTotalsOnDemand(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.name.endsWith('Connection')) continue;
    const total = type.getFields()['totalCount'];
    if (total) total.resolve = ({ totalCount }: { totalCount: number | (() => Promise<number>) }) => (typeof totalCount === 'function' ? totalCount() : totalCount);
  }
}

/** In the union of a mutation's answers the thing itself comes first. (TypeGraphQL would answer with a promise, which compiled execution does not take.) */
function tellProblemsApart(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isUnionType(type)) continue;
    const success = type.getTypes()[0]!.name;
    type.resolveType = (value) => (value instanceof Problem ? value.constructor.name : success);
  }
}

export const printedSchema = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`;

