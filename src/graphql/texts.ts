import type { ApolloServerPlugin } from '@apollo/server';
import { BREAK, type DocumentNode, visit } from 'graphql';
import { badInput } from '../platform/connection.js';
import type { RequestContext } from '../platform/request.js';
import { isText } from '../platform/text.js';
import { MOST_DEEP } from './given.js';

/** Refuses an operation with what is no text, in its document or its variables, before anything runs. */
export function textsPlugin(): ApolloServerPlugin<RequestContext> {
  const known = new WeakMap<DocumentNode, string | null>();
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, request }) => {
        let where = known.get(document);
        if (where === undefined) known.set(document, (where = inDocument(document)));
        where ??= inValue(request.variables, '');
        if (where !== null) badInput(`${where} has a character that no text can have: a control character, or half of a surrogate pair.`);
      },
    }),
  };
}

function inDocument(document: DocumentNode): string | null {
  let found: string | null = null;
  visit(document, {
    StringValue: ({ value, loc }) => {
      if (isText(value)) return undefined;
      found = `The text on line ${loc?.startToken.line ?? 1}`;
      return BREAK;
    },
  });
  return found;
}

/** Where in a value from outside the text stands, such as `$input.name`; null where all can be kept. */
function inValue(value: unknown, path: string, depth = 0): string | null {
  if (typeof value === 'string') return isText(value) ? null : `\`$${path}\``;
  if (value === null || typeof value !== 'object' || depth > MOST_DEEP) return null; // givenPlugin refuses what is deeper
  for (const [name, each] of Object.entries(value)) {
    const found = inValue(each, path === '' ? name : `${path}.${name}`, depth + 1);
    if (found !== null) return found;
  }
  return null;
}
