import { reach } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import { groupsInOrder, type LoaderDefinition } from '../../platform/request.js';
import type { AlikePerson } from './judgement.type.js';

/** SQL: a name as two people would share it: without title, case, accents and punctuation. */
const nameOf = (name: string) => `regexp_replace(regexp_replace(fold(${name}), '^(mr|mrs|ms|miss|dr|prof|rev|sir)[. ]+', ''), '[^[:alnum:]]', '', 'g')`;

/**
 * SQL: who may be the person of a role $1 in a school under another address: whose mailbox is the same, or whose name
 * is, in the school or in a provider that the school vouches for or is asked to.
 */
const ALIKE = `
  SELECT m.id AS of_membership, m.school_urn, alike.why, alike.person_id, alike.name
  FROM membership m JOIN person asker ON asker.id = m.person_id
  CROSS JOIN LATERAL (
    SELECT 'SAME_MAILBOX' AS why, other.id AS person_id, other.name
      FROM known_by k JOIN person other ON other.id = k.person_id WHERE k.mailbox = ANY(mailboxes_of(asker.id)) AND other.id <> asker.id
    UNION
    SELECT 'SAME_NAME_IN_SCHOOL', other.id, other.name
      FROM membership theirs JOIN person other ON other.id = theirs.person_id
      WHERE theirs.school_urn = m.school_urn AND theirs.confirmed_at IS NOT NULL AND NOT theirs.distant AND other.id <> asker.id
        AND asker.name <> '' AND ${nameOf('other.name')} = ${nameOf('asker.name')}
    UNION
    SELECT 'SAME_NAME_IN_PROVIDER', other.id, coalesce(other.name, vouched.contact_name)
      FROM recommendation r JOIN provider vouched ON vouched.id = r.provider_id
      LEFT JOIN membership theirs ON theirs.provider_id = r.provider_id AND theirs.confirmed_at IS NOT NULL AND NOT theirs.distant AND theirs.person_id <> asker.id
      LEFT JOIN person other ON other.id = theirs.person_id AND ${nameOf('other.name')} = ${nameOf('asker.name')}
      WHERE r.school_urn = m.school_urn AND r.state IN ('INVITED', 'GIVEN', 'FLAGGED') AND asker.name <> ''
        AND (other.id IS NOT NULL OR ${nameOf('vouched.contact_name')} = ${nameOf('asker.name')})
  ) alike
  WHERE m.id = ANY($1::uuid[]) AND m.school_urn IS NOT NULL`;

/** Whether the person of a role in a school may be somebody else there under another address. */
export async function mayBeAlternative(db: Queryable, membershipId: string): Promise<boolean> {
  return (await db.query(`SELECT FROM (${ALIKE}) found LIMIT 1`, [[membershipId]])).length > 0;
}

/** Who may be the same person as whoever waits for a role; null for whoever is no officer of the school's LA, and once the role is in force. */
export const alikePeopleOf: LoaderDefinition<string, AlikePerson[] | null> = async ({ db, actor }, ids) => {
  const { officerLas, everything } = reach(actor);
  const waiting = await db.query<{ id: string }>(
    `SELECT m.id FROM membership m JOIN school s ON s.urn = m.school_urn
     WHERE m.id = ANY($1::uuid[]) AND m.confirmed_at IS NULL AND m.ended_at IS NULL AND (m.offered_at IS NULL OR m.accepted_at IS NOT NULL) AND (s.la_code = ANY($2::text[]) OR $3::boolean)`,
    [ids, officerLas, everything],
  );
  const may = new Set(waiting.map(({ id }) => id));
  const rows = await db.query<AlikePerson & { of_membership: string }>(
    `SELECT found.of_membership, found.why, found.name, ARRAY(
       SELECT DISTINCT coalesce(s.name, p.name, t.name, la.name) FROM membership held LEFT JOIN school s ON s.urn = held.school_urn LEFT JOIN provider p ON p.id = held.provider_id
       LEFT JOIN trust t ON t.id = held.trust_id LEFT JOIN local_authority la ON la.code = held.la_code
       WHERE held.person_id = found.person_id AND held.confirmed_at IS NOT NULL AND NOT held.distant AND coalesce(s.name, p.name, t.name, la.name) IS NOT NULL ORDER BY 1) AS of
     FROM (${ALIKE}) found ORDER BY found.why, found.name`,
    [[...may]],
  );
  const groups = groupsInOrder(ids, rows, (row) => row.of_membership);
  return ids.map((id, i) => (may.has(id) ? groups[i]! : null));
};
