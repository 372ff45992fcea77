import { ID, ObjectType } from 'type-graphql';
import { listingsWithheldFromSchool } from '../directory/index.js';
import { Seen } from '../platform/access.js';
import type { Actor } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';
import { refuse, ValidationProblem } from '../platform/problem.js';

@ObjectType({ description: 'A listing that a SIP has named. Its title and provider are as they stood then.' })
export class NamedListing {
  @Seen('parent', () => ID, { description: 'Id of the listing.' })
  listingId: string;

  @Seen('parent', () => String, { description: 'Its title when it was named.' })
  title: string;

  @Seen('parent', () => String, { description: 'Its provider’s name when it was named.' })
  providerName: string;

  @Seen('parent', () => Boolean, { description: 'Whether it is in the directory still: published, by a provider that is listed. Otherwise no provider can be invited for it.' })
  available: boolean;

  providerId: string;
  /** Id of the SIP who named it, and when. */
  namedById: string;
  namedAt: string;
}

/** Of listing `l` and provider `p`. */
export const AVAILABLE = `(l.state = 'PUBLISHED' AND p.state = 'LISTED')`;

/** Select list of a NamedListing, of tables `l` and `p`, and of `row` with its `title` and `provider_name`. */
export const namedListing = (row: string, { by, at }: { by: string; at: string }) => `
  json_build_object('listingId', ${row}.listing_id, 'title', ${row}.title, 'providerName', ${row}.provider_name, 'available', ${AVAILABLE},
    'providerId', p.id, 'namedById', ${by}, 'namedAt', ${at}) AS listing`;

/** What is kept of a listing where it is named. */
export interface Naming {
  listingId: string;
  title: string;
  providerName: string;
}

/** Those of these listings that are in the directory, and that are not withheld from the area of the school (null: it is not known) to which they are to be named. */
export async function availableListings(db: Queryable, ids: readonly string[], schoolUrn: number | null): Promise<Naming[]> {
  return db.query<Naming>(
    `SELECT l.id AS "listingId", l.title, p.name AS "providerName" FROM listing l JOIN provider p ON p.id = l.provider_id WHERE l.id = ANY($1::uuid[]) AND ${AVAILABLE} AND l.id <> ALL($2::uuid[])`,
    [ids, schoolUrn === null ? [] : await listingsWithheldFromSchool(db, schoolUrn)],
  );
}

/** A listing to be named, which must be in the directory. @throws Refused with ValidationProblem */
export async function listingToName(db: Queryable, id: string, schoolUrn: number | null): Promise<Naming> {
  const [found] = await availableListings(db, [id], schoolUrn);
  return found ?? refuse(new ValidationProblem([{ field: 'listingId', message: `Choose a published listing of a provider that is listed${schoolUrn === null ? '' : ', and that is not withheld from the school’s area'}.` }]));
}

/** The names of the schools whose SIP the actor is, where the text has one of them, or its URN. */
export async function ownSchoolsNamedIn(db: Queryable, actor: Actor, text: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `SELECT name FROM school WHERE urn = ANY($1::int[]) AND (position(fold(name) IN fold($2)) > 0 OR $2 ~ ('\\m' || urn || '\\M')) ORDER BY name`,
    [actor.sipSchools, text],
  );
  return rows.map((row) => row.name);
}
