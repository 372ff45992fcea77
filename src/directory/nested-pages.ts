import { type Columns, selecting } from '../platform/columns.js';
import { groupsInOrder, type LoaderDefinition } from '../platform/request.js';
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
  /** SQL type of the ordering value. */
  orderedBy: 'text' | 'timestamptz';
  /** Joins to `key`, with columns `parent`, `first`, `after_value` and `after_id`, for what does not depend on the child. */
  joins?: string;
  /** The children of `key.parent` after (`key.after_value`, `key.after_id`), ordered, without a limit; from $1 on the visibility values. */
  children: (columns: string) => string;
}

/** A loader of pages of children, each one row longer than asked, in one statement for all parents. */
export function nestedPages<Row extends object>({ name, columns, orderedBy, joins = '', children }: NestedPages): LoaderDefinition<PageKey, Row[]> {
  const pages = selecting(columns, name, (list) => `
    SELECT key.page, child.* FROM unnest($5::uuid[], $6::int[], $7::${orderedBy}[], $8::uuid[]) WITH ORDINALITY AS key (parent, first, after_value, after_id, page)
    ${joins} CROSS JOIN LATERAL (SELECT row_number() OVER () AS place, each.* FROM (${children(list)} LIMIT key.first + 1) each) child
    ORDER BY key.page, child.place`);
  return async (context, keys) => {
    const after = (i: 0 | 1) => keys.map((key) => key.after?.[i] ?? null);
    const rows = await context.db.prepared<Row & { page: number }>(...pages(context), [...visibilityValues(context.actor), keys.map((key) => key.of), keys.map((key) => key.first), after(0), after(1)]);
    return groupsInOrder(
      keys.map((_, i) => i + 1),
      rows,
      (row) => row.page,
    );
  };
}
