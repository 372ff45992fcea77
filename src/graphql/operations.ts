import { GraphQLError, type ValidationRule } from 'graphql';

/** Says of an operation of a kind that the schema does not have that there are none. (graphql-js 16 leaves it to the execution.) */
export const knownOperations: ValidationRule = (context) => ({
  OperationDefinition: (node) => {
    if (!context.getSchema().getRootType(node.operation)) context.reportError(new GraphQLError(`There are no ${node.operation}s here.`, { nodes: node }));
  },
});

/** Within one pair of braces; clients that put documents together repeat across fragments. */
const MOST_REPETITIONS = 10;

/** Refuses a document that asks for one thing over and over: merging it takes time, and gives it once. */
export const fewRepetitions: ValidationRule = (context) => ({
  SelectionSet: ({ selections }) => {
    const asked = new Map<string, number>();
    for (const node of selections) {
      if (node.kind === 'InlineFragment') continue;
      const name = node.kind === 'Field' ? (node.alias ?? node.name).value : `...${node.name.value}`;
      const times = (asked.get(name) ?? 0) + 1;
      asked.set(name, times);
      if (times !== MOST_REPETITIONS + 1) continue;
      context.reportError(new GraphQLError(`\`${name}\` is asked for more than ${MOST_REPETITIONS} times in one place.`, { nodes: node }));
    }
  },
});
