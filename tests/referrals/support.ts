import type { Actor } from '../../src/platform/actor.js';
import type { TestServer } from '../support/app.js';

/** Asks as somebody, and gives the one field asked for. @throws when GraphQL answers with an error */
export async function ask<Answer = Record<string, any>>(server: TestServer, actor: Actor, query: string, variables: Record<string, unknown> = {}): Promise<Answer> {
  const { data, errors } = await server.graphql<Record<string, Answer>>(query, variables, actor.personId ? await server.cookieOf(actor) : null);
  if (errors) throw new Error(errors.map((error) => `${error.extensions.code} ${error.message}`).join('; '));
  return Object.values(data)[0]!;
}

/** The code of the error with which GraphQL refuses to run it at all. */
export async function refusalOf(server: TestServer, actor: Actor | null, query: string): Promise<string | undefined> {
  return (await server.graphql(query, {}, actor ? await server.cookieOf(actor) : null)).errors?.[0]?.extensions.code;
}

export const PROBLEM = '... on Problem { code message }';
