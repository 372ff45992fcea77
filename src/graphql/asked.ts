import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, type GraphQLSchema, isAbstractType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { RequestContext } from '../platform/request.js';

/** The fields that a document asks of each type, by name, wherever and under whatever condition it asks. */
export function fieldsAsked(schema: GraphQLSchema, document: DocumentNode): Map<string, Set<string>> {
  const info = new TypeInfo(schema);
  const asked = new Map<string, Set<string>>();
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: ({ name }) => {
        const parent = info.getParentType();
        if (!parent || name.value.startsWith('__')) return;
        for (const type of isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent]) asked.set(type.name, (asked.get(type.name) ?? new Set()).add(name.value));
      },
    }),
  );
  return asked;
}

/** Tells the reads what the operation asks for. They are looked up once for each document. */
export function askedPlugin(schema: GraphQLSchema): ApolloServerPlugin<RequestContext> {
  const known = new WeakMap<DocumentNode, Map<string, Set<string>>>();
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, contextValue }) => {
        let asked = known.get(document);
        if (!asked) known.set(document, (asked = fieldsAsked(schema, document)));
        contextValue.asked = asked;
        contextValue.loaders.clear(); // a page may run several operations: what one has read may lack what the next asks for
      },
    }),
  };
}
