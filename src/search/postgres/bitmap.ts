import type { Database } from '../../platform/database.js';

/** SQL: the bitmap row of a slot, and a set of slots as the bits of their row. */
export const chunkOf = (slot: string) => `${slot} >> 12`;
export const bitsOf = (slot: string) => `bit_or(set_bit(0::bit(4096), ${slot} & 4095, 1))`;
/** SQL: whether the bits of its chunk have the slot. */
export const has = (bits: string, slot: string) => `get_bit(${bits}, ${slot} & 4095) = 1`;

/**
 * Brings the bitmaps up to date with the changes committed so far. A search finds the same before and after, only
 * faster after. Changes that commit meanwhile stay noted, whether the bitmaps have them already or not.
 */
export async function packBitmaps(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('search_bitmap'))`);
    const changed = await tx.query<{ chunk: number }>(
      `WITH noted AS (DELETE FROM search_change RETURNING slot) SELECT DISTINCT ${chunkOf('slot')} AS chunk FROM noted`,
    );
    const chunks = changed.map(({ chunk }) => chunk);
    await tx.query('DELETE FROM search_bitmap WHERE chunk = ANY($1)', [chunks]);
    await tx.query(
      `INSERT INTO search_bitmap (chunk, term, bits)
       SELECT chunk, term, ${bitsOf('slot')}
       FROM unnest($1::int[]) AS chunk JOIN search_entry ON slot BETWEEN chunk << 12 AND (chunk << 12) + 4095 CROSS JOIN unnest(terms) AS term
       GROUP BY chunk, term`,
      [chunks],
    );
  });
}
