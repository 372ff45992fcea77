import type { Asked, RequestContext } from './request.js';

/** What is read of a type, by the fields that need it: an operation pays for the columns that it asks for. */
export interface Columns {
  /** Name of the GraphQL type that a row becomes. */
  type: string;
  /** SQL of each column, by its name in the row. A field of that name needs it. */
  sql: Record<string, string>;
  /** Those that every row has, one at least. */
  always: readonly string[];
  /** Those that a cursor is made of, which few operations ask for. */
  cursor: readonly string[];
  /** Those that fields of other names need. A field that is neither here nor a column needs all of them. */
  needs: Record<string, readonly string[]>;
  /** Those that are moments: the row has a Date. */
  moments?: readonly string[];
  /** Completes a row. */
  finish?(row: never): void;
  /** Fields whose objects come along in the row (`carried`), without a statement of their own. */
  along?: Record<string, Along>;
}

/** One object, or the first page of a list, that comes along in the row that it belongs to. */
export interface Along {
  columns: Columns;
  /** The statement for a select list, which refers to the tables of the row that it comes along in; for a page without its limit. */
  sql: (select: string) => string;
  isPage: boolean;
}

/** What a row carries for a field: an object or null, or the rows of a page, one more than asked if there are so many. Undefined: it has to be loaded. */
export const carried = <Value>(row: object, field: string): Value | undefined => (row as { carried?: Record<string, Value> }).carried?.[field];

/** How many the list has of which a row carries the first page; undefined where that was not asked for. */
export const carriedCount = (row: object, field: string): number | undefined => carried(row, countOf(field));
const countOf = (field: string) => `${field} count`;

/** A read by a statement that is prepared in a form for each selection of columns. @returns the rows in its order */
export type Read<Row> = (context: Pick<RequestContext, 'db' | 'asked'>, parameters: readonly unknown[]) => Promise<Row[]>;
/** The same of things by their ids, the parameter after those. @returns the rows in the order of the ids, null for one that is not there */
export type ReadById<Id, Row> = (context: Pick<RequestContext, 'db' | 'asked'>, parameters: readonly unknown[], ids: readonly Id[]) => Promise<(Row | null)[]>;

/** The columns that are read of a type, and what comes along. */
interface Selection {
  columns: Columns;
  names: string[];
  along: { field: string; isPage: boolean; isCounted: boolean; sql: Along['sql']; selection: Selection }[];
}

interface Form<Row> {
  /** Null: not prepared. */
  name: string | null;
  sql: string;
  /** The fields whose pages come along: their sizes are the last parameters. */
  pages: string[];
  rowOf(values: unknown[]): Row;
}

/** Each prepared form of a statement stays in each connection; further ones are planned each time. */
const MOST_PREPARED = 30;

/**
 * A read of the columns that the operation asks for; of all of them outside an operation.
 * All rows come as one JSON text, which costs Node a third of what as many rows of the protocol do.
 * @param name under which the statement is prepared
 * @param sql the statement for a select list, `before` included
 * @param before names of columns that the statement has before the selected ones, of its own
 */
export function reading<Row extends object>(columns: Columns, name: string, sql: (select: string) => string, before: readonly string[] = []): Read<Row> {
  const formFor = forms<Row>(columns, name, sql, before);
  return async ({ db, asked }, parameters) => {
    const form = formFor(asked, parameters.length);
    const values = [...parameters, ...form.pages.map((field) => asked!.pages.get(field)!)];
    const [answer] = await (form.name === null ? db.query<Answer>(form.sql, values) : db.shared<Answer>(form.name, form.sql, values));
    return answer!.rows.map(form.rowOf);
  };
}

/** The same for things by their ids. Those who ask at the same time, by the same rights, are answered in one go. @param columns their id first */
export function readingById<Id extends string | number, Row extends object>(columns: Columns, name: string, sql: (select: string) => string): ReadById<Id, Row> {
  const formFor = forms<Row>(columns, name, sql, []);
  return async ({ db, asked }, parameters, ids) => {
    const form = formFor(asked, parameters.length + 1);
    const values = [...parameters, ids, ...form.pages.map((field) => asked!.pages.get(field)!)];
    const [answer] = await (form.name === null ? db.query<Answer>(form.sql, values) : db.sharedByKeys<Answer>(form.name, form.sql, values, parameters.length));
    const found = new Map(answer!.rows.map((row) => [row[0], row]));
    return ids.map((id) => {
      const row = found.get(id);
      return row ? form.rowOf(row) : null;
    });
  };
}

/** The prepared forms of a statement. @returns finds the one for what is asked and so many parameters besides the sizes of pages */
function forms<Row extends object>(columns: Columns, name: string, sql: (select: string) => string, before: readonly string[]): (asked: Asked | undefined, parameters: number) => Form<Row> {
  const prepared = new Map<string, Form<Row>>();
  const known = new WeakMap<Asked, Form<Row>>();
  return (asked, parameters) => {
    const last = asked && known.get(asked);
    if (last) return last;
    const selection = select(columns, asked);
    const key = keyOf(selection);
    let form = prepared.get(key);
    if (!form) {
      const isPrepared = prepared.size < MOST_PREPARED;
      form = formOf(isPrepared ? `${name} ${prepared.size}` : null, selection, before, sql, parameters);
      if (isPrepared) prepared.set(key, form);
    }
    if (asked) known.set(asked, form);
    return form;
  };
}

interface Answer {
  rows: unknown[][];
}

/**
 * What the operation asks for of a type; where it asks for a field that is not known here, everything.
 * @param outer the types that it comes along with, which do not come along again
 */
function select(columns: Columns, asked: Asked | undefined, outer: readonly string[] = []): Selection {
  const { type, sql, always, cursor, needs, along = {} } = columns;
  const selection: Selection = { columns, names: Object.keys(sql), along: [] };
  if (!asked) return selection;
  const fields = asked.fields.get(type) ?? new Set<string>();
  const asksCursor = asked.fields.get('PageInfo')?.has('endCursor') || asked.fields.get(`${type}Edge`)?.has('cursor');
  const needed = new Set([...always, ...(asksCursor ? cursor : []), ...[...fields].flatMap((field) => needs[field] ?? field)]);
  if ([...fields].every((field) => field in needs || field in sql)) selection.names = selection.names.filter((column) => needed.has(column));
  for (const [field, { columns: its, ...rest }] of Object.entries(along)) {
    if (!fields.has(field) || outer.includes(its.type) || (rest.isPage && !asked.pages.has(`${type}.${field}`))) continue;
    const isCounted = rest.isPage && !!asked.fields.get(`${its.type}Connection`)?.has('totalCount');
    selection.along.push({ field, ...rest, isCounted, selection: select(its, asked, [...outer, type]) });
  }
  return selection;
}

const keyOf = ({ names, along }: Selection): string => `${names.join()};${along.map(({ field, isCounted, selection }) => `${field}${isCounted ? '#' : ''}(${keyOf(selection)})`).join()}`;

/** @param parameters how many the statement has besides the sizes of pages */
function formOf<Row extends object>(
  name: string | null,
  selection: Selection,
  before: readonly string[],
  sql: (select: string) => string,
  parameters: number,
): Form<Row> {
  const pages: string[] = [];
  const page = (field: string) => `$${parameters + pages.push(field)}::int`;
  const rows = `FROM (${sql(listOf(selection, page))}) AS row (${namesOf(selection, before)})`;
  return { name, sql: `SELECT coalesce(json_agg(${arrayOf(selection, before)}), '[]') AS rows ${rows}`, pages, rowOf: rowMaker(selection, before) };
}

const namesOf = ({ names, along }: Selection, before: readonly string[] = []): string =>
  [...before, ...names, ...along.map(({ field }) => `along ${field}`)].map((name) => `"${name}"`).join(', ');
const arrayOf = (selection: Selection, before: readonly string[] = []): string => `json_build_array(${namesOf(selection, before)})`;

/** The select list, with a subselect for each thing that comes along; a page that is counted comes as [how many there are, the page]. */
function listOf({ columns, names, along }: Selection, page: (field: string) => string): string {
  const others = along.map(({ field, isPage, isCounted, sql, selection }) => {
    const [list, its] = [listOf(selection, page), namesOf(selection)];
    if (!isPage) return `(SELECT ${arrayOf(selection)} FROM (${sql(list)}) AS row (${its}))`;
    const limit = `LIMIT ${page(`${columns.type}.${field}`)} + 1`;
    const rows = `coalesce(json_agg(${arrayOf(selection)}), '[]')`;
    if (!isCounted) return `(SELECT ${rows} FROM (${sql(list)} ${limit}) AS row (${its}))`;
    return `(SELECT json_build_array(coalesce(min("in all"), 0), ${rows}) FROM (${sql(`${list}, count(*) OVER ()`)} ${limit}) AS row (${its}, "in all"))`;
  });
  return [...names.map((name) => columns.sql[name]), ...others].join(', ');
}

/**
 * Makes a row of its values, in the order of `namesOf`. Compiled from the names, as the operation itself is: objects made
 * property by property take several times as long.
 */
function rowMaker<Row extends object>({ columns, names, along }: Selection, before: readonly string[] = []): (values: unknown[]) => Row {
  const all = [...before, ...names];
  const properties = all.map((name, i) => `${name}: ${columns.moments?.includes(name) ? `values[${i}] === null ? null : new Date(values[${i}])` : `values[${i}]`}`);
  const carries = along.map(({ field, isPage, isCounted }, i) => {
    const value = `values[${all.length + i}]`;
    if (!isPage) return `${field}: ${value} && rows[${i}](${value})`;
    return isCounted ? `'${countOf(field)}': ${value}[0], ${field}: ${value}[1].map(rows[${i}])` : `${field}: ${value}.map(rows[${i}])`;
  });
  if (carries.length > 0) properties.push(`carried: { ${carries.join(', ')} }`);
  type Make<Made> = (values: unknown[]) => Made;
  const compiled = new Function('rows', `return (values) => ({ ${properties.join(', ')} })`) as (rows: Make<object>[]) => Make<Row>;
  const make = compiled(along.map(({ selection }) => rowMaker(selection)));
  const finish = columns.finish as ((row: Row) => void) | undefined;
  if (!finish) return make;
  return (values) => {
    const row = make(values);
    finish(row);
    return row;
  };
}
