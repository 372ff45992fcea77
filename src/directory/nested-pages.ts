import { type Along, type Columns, reading } from '../platform/columns.js';
import type { LoaderDefinition } from '../platform/request.js';
import { visibilityValues } from './visibility.js';

/** A page of the children of one object: what a loader is asked for, so that many pages come in one statement. */
export interface PageKey {
  of: string;
  first: number;
  /** Where the page begins: the ordering value and id of the last child before it. */
  after: [string, string] | null;
}

export interface NestedPages {
  /** Name under which the statement is prepared. */
  name: string;
  columns: Columns;
  /** What the children are ordered by, and then by `id`. */
  order: { value: string; type: 'text' | 'timestamptz'; id: string; direction: 'ASC' | 'DESC' };
  /** Joins to `key (parent)` for what `children` needs of the parent. */
  joins?: string;
  /** All children of a parent, in no order. `parent` is SQL for its id; from $1 on the visibility values. */
  children: (select: string, parent: string) => string;
}

/** A loader of pages of children, each one row longer than asked, in one statement for all parents. */
export function nestedPages<Row extends object>({ name, columns, order, joins = '', children }: NestedPages): LoaderDefinition<PageKey, Row[]> {
  const { value, type, id, direction } = order;
  const isAfter = `(key.after_value IS NULL OR (${value}, ${id}) ${direction === 'ASC' ? '>' : '<'} (key.after_value, key.after_id))`;
  const read = reading<Row & { page: number }>(
    columns,
    name,
    (select) => `
      SELECT key.page, child.* FROM unnest($5::uuid[], $6::int[], $7::${type}[], $8::uuid[]) WITH ORDINALITY AS key (parent, first, after_value, after_id, page)
      ${joins} CROSS JOIN LATERAL (${children(select, 'key.parent')} AND ${isAfter} ${ordered(order)} LIMIT key.first + 1) child`,
    ['page'],
  );
  return async (context, keys) => {
    const after = (i: 0 | 1) => keys.map((key) => key.after?.[i] ?? null);
    const rows = await read(context, [...visibilityValues(context.actor), keys.map((key) => key.of), keys.map((key) => key.first), after(0), after(1)]);
    const pages = keys.map((): Row[] => []);
    for (const row of rows) pages[row.page - 1]!.push(row);
    return pages;
  };
}

/** The same children's first page, to come along with a parent, whose id is `parent` in SQL and who has the aliases of `joins`. */
export const firstPage = ({ columns, order, children }: NestedPages, parent: string): Along => ({
  columns,
  sql: (select) => `${children(select, parent)} ${ordered(order)}`,
  isPage: true,
});

const ordered = ({ value, id, direction }: NestedPages['order']) => `ORDER BY ${value} ${direction}, ${id} ${direction}`;
