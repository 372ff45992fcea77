import 'reflect-metadata';
import { type GraphQLObjectType, type GraphQLSchema, isObjectType, isUnionType, lexicographicSortSchema, printSchema } from 'graphql';
import { PageArguments } from '../platform/connection.js';
import { Problem } from '../platform/problem.js';
import { narrowScalars } from './scalars.js';
import { buildSchemaSync, getMetadataStorage, type NonEmptyArray } from 'type-graphql';

type ParamMetadata = ReturnType<typeof getMetadataStorage>['params'][number];

/** Assembles the schema from the resolvers of all rooms, which come as instances with what they need. */
export function buildGraphqlSchema(resolvers: readonly object[]): GraphQLSchema {
  const instances = new Map(resolvers.map((resolver) => [resolver.constructor, resolver]));
  giveRowsAsTheyAre();
  const schema = buildSchemaSync({
    resolvers: [...instances.keys()] as unknown as NonEmptyArray<Function>,
    container: { get: (type) => instances.get(type) },
    validate: false, // services validate, and answer with a problem
  });
  callDirectly(schema, instances);
  countTotalsOnDemand(schema);
  tellProblemsApart(schema);
  narrowScalars(schema);
  return schema;
}

/** A field resolver is given the row itself. (TypeGraphQL would copy it into an instance of its class, for each field.) */
function giveRowsAsTheyAre(): void {
  for (const param of getMetadataStorage().params) if (param.kind === 'root') param.getType = undefined;
}

/** What a field resolver may take that it can be given as it is. */
const asItIs = {
  root: (root: unknown, _args: unknown, _context: unknown) => root,
  args: (_root: unknown, args: unknown, _context: unknown) => args,
  context: (_root: unknown, _args: unknown, context: unknown) => context,
};

const isTakenAsItIs = (param: ParamMetadata) =>
  param.kind === 'args' ? param.getType() === PageArguments : (param.kind === 'root' || param.kind === 'context') && param.propertyName === undefined;

/**
 * Calls field resolvers straight away. (TypeGraphQL would sort their parameters anew at each call, which a list makes
 * for each of its rows.) Those with arguments of their own kind stay with TypeGraphQL, which converts these.
 */
function callDirectly(schema: GraphQLSchema, instances: ReadonlyMap<Function, object>): void {
  const { fieldResolvers, objectTypes } = getMetadataStorage();
  for (const { target, methodName, schemaName, getObjectType, params = [] } of fieldResolvers) {
    const instance = instances.get(target) as Record<string, (...values: unknown[]) => unknown> | undefined;
    const type = objectTypes.find((each) => each.target === getObjectType?.());
    if (!instance || !type || !params.every(isTakenAsItIs)) continue;
    const [first, second, third, ...more] = [...params].sort((a, b) => a.index - b.index).map(({ kind }) => asItIs[kind as keyof typeof asItIs]);
    if (more.length > 0) continue;
    (schema.getType(type.name) as GraphQLObjectType).getFields()[schemaName]!.resolve = (root, args, context) =>
      instance[methodName]!(first?.(root, args, context), second?.(root, args, context), third?.(root, args, context));
  }
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

