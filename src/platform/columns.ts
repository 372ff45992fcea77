import type { RequestContext } from './request.js';

/**
 * The columns of a read in two parts: those that lists show, and those that are left out of the statement when the
 * operation asks for no field that needs them. Most of what a long list costs are the columns that nobody asked for.
 */
export interface Columns {
  /** Name of the GraphQL type that a row becomes. */
  type: string;
  /** Its fields, field resolvers among them, that need no more than `brief`. */
  fields: readonly string[];
  /** Select list for these fields, and for what the reader itself needs. */
  brief: string;
  /** Select list for all others. */
  rest: string;
}

/**
 * A statement over such columns in its two forms.
 * @returns for a request, the name under which the right form is prepared, and its SQL
 */
export function selecting({ type, fields, brief, rest }: Columns, name: string, sql: (columns: string) => string): (context: RequestContext) => [name: string, sql: string] {
  const inBrief = new Set(fields);
  const short: [string, string] = [`${name}-brief`, sql(brief)];
  const whole: [string, string] = [name, sql(`${brief}, ${rest}`)];
  return ({ asked }) => (asked && [...(asked.get(type) ?? [])].every((field) => inBrief.has(field)) ? short : whole);
}
