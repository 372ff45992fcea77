import type { UnitOfWork } from '../../platform/database/index.js';
import { asNumber } from '../../platform/csv/values.js';
import type { Row } from './columns.js';
import { Unusable, urnOf } from './row.js';

type GroupKind = 'TRUST' | 'FEDERATION' | 'SPONSOR';

/** What a row of GIAS's files of groups says: that there is a group, or that a school is in it. */
export interface GroupRow {
  kind: GroupKind | null;
  id: string;
  name: string;
  urn: number | null;
  isOpen: boolean;
}

export interface GroupCounts {
  /** Schools whose trust, federation or sponsor is another than before. */
  changed: number;
  /** Rows of groups of another kind, of closed ones, or of schools that are not known. */
  leftOut: number;
}

const BY_CODE: Record<number, GroupKind> = { 1: 'FEDERATION', 5: 'SPONSOR', 6: 'TRUST', 10: 'TRUST' };

/** @throws Unusable when its group or its school cannot be made out */
export function readGroup(row: Row): GroupRow {
  const id = asNumber(row.groupUid ?? '');
  if (!/^\d{1,9}$/.test(id)) throw new Unusable(id === '' ? 'it has no Group UID' : `Group UID “${row.groupUid}” is not a number`);
  const isOpen = !/^closed|^proposed/i.test(row.groupStatus ?? '') && !row.groupClosed;
  return { kind: kindOf(row), id, name: row.groupName ?? '', urn: row.urn ? urnOf(row.urn, 'URN') : null, isOpen };
}

function kindOf({ groupType = '', groupTypeCode = '' }: Row): GroupKind | null {
  if (/(multi|single)[- ]academy trust/i.test(groupType)) return 'TRUST';
  if (/^federation/i.test(groupType)) return 'FEDERATION';
  if (/sponsor/i.test(groupType)) return 'SPONSOR';
  return groupType === '' ? (BY_CODE[Number(asNumber(groupTypeCode))] ?? null) : null;
}

/** Writes the names of groups that are known, and in which group each school is. Two statements for each kind, whatever the file has. */
export async function saveGroups(tx: UnitOfWork, rows: readonly GroupRow[]): Promise<GroupCounts> {
  const members = rows.filter((row) => row.kind && row.isOpen && row.urn !== null && row.name !== '');
  let changed = 0;
  for (const [kind, table] of [['TRUST', 'trust'], ['FEDERATION', 'federation']] as const) {
    const own = rows.filter((row) => row.kind === kind && row.isOpen && row.name !== '');
    const groups = new Map(own.map(({ id, name }) => [id, name]));
    const schools = new Map(own.flatMap(({ id, urn }) => (urn === null ? [] : [[urn, id] as const])));
    await tx.query(
      `INSERT INTO ${table} AS known (id, name)
       SELECT id, name FROM unnest($1::text[], $2::text[]) AS said (id, name)
       WHERE EXISTS (SELECT FROM ${table} WHERE ${table}.id = said.id)
          OR EXISTS (SELECT FROM unnest($3::text[], $4::int[]) AS member (id, urn) JOIN school USING (urn) WHERE member.id = said.id)
       ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name WHERE known.name <> EXCLUDED.name`,
      [[...groups.keys()], [...groups.values()], [...schools.values()], [...schools.keys()]],
    );
    changed += await update(tx, `${table}_id`, schools);
  }
  const sponsors = new Map(members.filter((row) => row.kind === 'SPONSOR').map(({ urn, name }) => [urn!, name]));
  changed += await update(tx, 'sponsor', sponsors);
  const found = await tx.query<{ urn: number }>('SELECT urn FROM school WHERE urn = ANY($1)', [members.map(({ urn }) => urn)]);
  const urns = new Set(found.map(({ urn }) => urn));
  return { changed, leftOut: rows.length - members.filter(({ urn }) => urns.has(urn!)).length };
}

async function update(tx: UnitOfWork, column: string, schools: ReadonlyMap<number, string>): Promise<number> {
  if (schools.size === 0) return 0;
  const [written] = await tx.query<{ count: number }>(
    `WITH written AS (
       UPDATE school SET ${column} = said.value, imported_at = $3 FROM unnest($1::int[], $2::text[]) AS said (urn, value)
       WHERE school.urn = said.urn AND school.${column} IS DISTINCT FROM said.value RETURNING 1)
     SELECT count(*)::int AS count FROM written`,
    [[...schools.keys()], [...schools.values()], tx.now],
  );
  return written!.count;
}
