import type { Database } from '../platform/database/index.js';

/** Changes a person’s name from now on; the one they had stays with what they did under it. */
export async function rename(db: Database, personId: string, name: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [person] = await tx.query<{ name: string }>('SELECT name FROM person WHERE id = $1 FOR UPDATE', [personId]);
    if (!person || person.name === name) return;
    if (person.name !== '') {
      // Of two changes at one moment the first holds: it is the name under which things were done before it.
      await tx.query('INSERT INTO former_name (person_id, until, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [personId, tx.now, person.name]);
    }
    await tx.query('UPDATE person SET name = $2 WHERE id = $1', [personId, name]);
  });
}
