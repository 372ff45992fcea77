import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, FieldNode, GraphQLField, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { isAbstractType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { MOST_PER_PAGE } from '../platform/connection.js';
import type { Asked, RequestContext } from '../platform/request.js';

/** Size of the first page that a field of the document asks for, or the variable that has it; null for another page. */
type Size = number | { variable: string } | null;

/** What a document asks for, wherever and under whatever condition it asks. */
interface AskedByDocument {
  fields: Map<string, Set<string>>;
  sizes: Map<string, Size>;
}

export function askedBy(schema: GraphQLSchema, document: DocumentNode): AskedByDocument {
  const info = new TypeInfo(schema);
  const fields = new Map<string, Set<string>>();
  const sizes = new Map<string, Size>();
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: (node) => {
        const parent = info.getParentType();
        const field = info.getFieldDef();
        const name = node.name.value;
        if (!parent || !field || name.startsWith('__')) return;
        for (const type of isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent]) {
          fields.set(type.name, (fields.get(type.name) ?? new Set()).add(name));
          const size = sizeOf(node, field);
          if (size === undefined) continue;
          const key = `${type.name}.${name}`;
          sizes.set(key, sizes.has(key) && JSON.stringify(sizes.get(key)) !== JSON.stringify(size) ? null : size);
        }
      },
    }),
  );
  return { fields, sizes };
}

/** Undefined for what is no list of pages. */
function sizeOf({ arguments: given = [] }: FieldNode, { args }: GraphQLField<unknown, unknown>): Size | undefined {
  const first = args.find((arg) => arg.name === 'first');
  if (!first) return undefined;
  if (given.some((arg) => arg.name.value !== 'first')) return null;
  const value = given[0]?.value;
  if (!value) return first.defaultValue as number;
  if (value.kind === 'Variable') return { variable: value.name.value };
  return value.kind === 'IntValue' ? Number(value.value) : null;
}

/** What an operation asks for with these variables. */
export function askedWith({ fields, sizes }: AskedByDocument, operation: OperationDefinitionNode | undefined, variables: Record<string, unknown>): Asked {
  const defaultOf = (name: string) => {
    const value = operation?.variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue;
    return value?.kind === 'IntValue' ? Number(value.value) : null;
  };
  const pages = new Map<string, number>();
  for (const [field, size] of sizes) {
    const first = size !== null && typeof size === 'object' ? (variables[size.variable] ?? defaultOf(size.variable)) : size;
    if (typeof first === 'number' && Number.isInteger(first) && first >= 1 && first <= MOST_PER_PAGE) pages.set(field, first);
  }
  return { fields, pages };
}

/** Tells the reads what the operation asks for. They are looked up once for each document, unless variables have sizes of pages. */
export function askedPlugin(schema: GraphQLSchema): ApolloServerPlugin<RequestContext> {
  const known = new WeakMap<DocumentNode, AskedByDocument>();
  const fixed = new WeakMap<DocumentNode, Asked>();
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, operation, request, contextValue }) => {
        contextValue.loaders.clear(); // a page may run several operations: what one has read may lack what the next asks for
        contextValue.asked = fixed.get(document);
        if (contextValue.asked) return;
        let asked = known.get(document);
        if (!asked) known.set(document, (asked = askedBy(schema, document)));
        contextValue.asked = askedWith(asked, operation, request.variables ?? {});
        if (![...asked.sizes.values()].some((size) => typeof size === 'object' && size !== null)) fixed.set(document, contextValue.asked);
      },
    }),
  };
}
