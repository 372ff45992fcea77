import { LOCKS, type Queryable } from '../../platform/database/index.js';

/** SQL: the chunk that a slot is in. */
export const chunkOf = (slot: string) => `${slot} >> 12`;
/** SQL, over rows of one chunk: their slots as the chunk's bits. */
export const bitsOf = (slot: string) => `bit_or(set_bit(0::bit(4096), ${slot} & 4095, 1))`;
/** SQL: whether an array of the bits of all chunks has the slot. False where there is no such chunk. */
export const hasSlot = (chunks: string, slot: string) => `get_bit((${chunks})[(${slot} >> 12) + 1], ${slot} & 4095) = 1`;

/**
 * Brings the bitmaps up to date with the changes committed so far. What a search finds is the same before and after;
 * after, it finds it faster. A change that commits meanwhile stays noted, whether or not the bitmaps have it already.
 */
export async function packBitmaps(tx: Queryable): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.searchBitmap]);
  const changed = await tx.query<{ chunk: number }>(`WITH noted AS (DELETE FROM search_change RETURNING slot) SELECT DISTINCT ${chunkOf('slot')} AS chunk FROM noted`);
  if (changed.length === 0) return;
  const chunks = changed.map(({ chunk }) => chunk);
  await tx.query('DELETE FROM search_bitmap WHERE chunk = ANY($1)', [chunks]);
  await tx.query(
    `INSERT INTO search_bitmap (chunk, term, bits)
     SELECT chunk, term, ${bitsOf('slot')}
     FROM unnest($1::int[]) AS chunk JOIN search_entry ON slot BETWEEN chunk << 12 AND (chunk << 12) + 4095 CROSS JOIN unnest(terms) AS term
     GROUP BY chunk, term`,
    [chunks],
  );
}
