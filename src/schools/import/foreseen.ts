import type { UnitOfWork } from '../../platform/database/index.js';
import { COLUMNS, type SchoolRecord } from './record.js';

/** What is under way at schools, in words such as `a request for support`, by URN. Schools without anything are left out. */
export type OpenWork = (tx: UnitOfWork, urns: readonly number[]) => Promise<Map<number, string>>;

interface Named {
  urn: number;
  name: string;
}

/** What an import would do, told school by school up to a number of each. */
export interface ForeseenTold {
  added: Named[];
  changed: (Named & { columns: string[] })[];
  closed: (Named & { openWork: string | null })[];
}

export const MOST_FORESEEN = 50;
/** They follow from others. */
const DERIVED = new Set(['search_text', 'latitude', 'longitude']);

/** Keeps what an import would change, for a check. */
export class Foreseen {
  private readonly kept: Omit<ForeseenTold, 'closed'> & { closed: Named[] } = { added: [], changed: [], closed: [] };

  note(before: SchoolRecord | undefined, after: SchoolRecord): void {
    const { urn, name } = after;
    if (!before) return push(this.kept.added, { urn, name });
    if (before.status !== 'CLOSED' && after.status === 'CLOSED') return void this.kept.closed.push({ urn, name });
    push(this.kept.changed, { urn, name, columns: COLUMNS.filter((column) => !DERIVED.has(column) && before[column] !== after[column]) });
  }

  async told(tx: UnitOfWork, openWork?: OpenWork): Promise<ForeseenTold> {
    const { added, changed, closed } = this.kept;
    const work = (await openWork?.(tx, closed.map(({ urn }) => urn))) ?? new Map<number, string>();
    const withWork = closed.map((school) => ({ ...school, openWork: work.get(school.urn) ?? null }));
    return { added, changed, closed: withWork.sort((a, b) => Number(b.openWork !== null) - Number(a.openWork !== null)) };
  }
}

function push<Item>(items: Item[], item: Item): void {
  if (items.length < MOST_FORESEEN) items.push(item);
}
