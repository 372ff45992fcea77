import { GraphQLError, type ValidationRule } from 'graphql';

/** Says of an operation of a kind that the schema does not have that there are none. (graphql-js 16 leaves it to the execution.) */
export const knownOperations: ValidationRule = (context) => ({
  OperationDefinition: (node) => {
    if (!context.getSchema().getRootType(node.operation)) context.reportError(new GraphQLError(`There are no ${node.operation}s here.`, { nodes: node }));
  },
});
