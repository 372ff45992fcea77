import type { UnitOfWork } from '../../platform/database/index.js';
import { refuse, ValidationProblem } from '../../platform/problem.js';

/** Sets who in the school sees a request, beside all its leads where it says so. Only people with a role in force there can be named. */
export async function namePeople(tx: UnitOfWork, requestId: string, schoolUrn: number, personIds: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM request_person WHERE request_id = $1 AND person_id <> ALL($2::uuid[])', [requestId, personIds]);
  const named = await tx.query(
    `WITH known AS (
       SELECT DISTINCT person_id FROM membership
       WHERE person_id = ANY($2::uuid[]) AND school_urn = $3 AND role IN ('SCHOOL_LEAD', 'SCHOOL_STAFF') AND confirmed_at IS NOT NULL AND ended_at IS NULL
     ), added AS (INSERT INTO request_person (request_id, person_id) SELECT $1, person_id FROM known ON CONFLICT DO NOTHING)
     SELECT person_id FROM known`,
    [requestId, personIds, schoolUrn],
  );
  if (named.length !== personIds.length) refuse(new ValidationProblem([{ field: 'personIds', message: 'Choose people who have a role in the school.' }]));
}

/** Sets which schools are asked to join once the request is opened. */
export async function namePartners(tx: UnitOfWork, requestId: string, schoolUrn: number, urns: readonly number[]): Promise<void> {
  await tx.query('DELETE FROM request_school WHERE request_id = $1 AND school_urn <> ALL($2::int[])', [requestId, urns]);
  const named = await tx.query(
    `WITH known AS (SELECT urn FROM school WHERE urn = ANY($2::int[]) AND urn <> $3 AND status = 'OPEN'),
          added AS (INSERT INTO request_school (request_id, school_urn) SELECT $1, urn FROM known ON CONFLICT DO NOTHING)
     SELECT urn FROM known`,
    [requestId, urns, schoolUrn],
  );
  if (named.length !== urns.length) refuse(new ValidationProblem([{ field: 'partnerUrns', message: 'Choose open schools other than your own.' }]));
}

/** Sets the listings that are ready to be invited. */
export async function nameListings(tx: UnitOfWork, requestId: string, listingIds: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM request_listing WHERE request_id = $1 AND listing_id <> ALL($2::uuid[])', [requestId, listingIds]);
  const named = await tx.query(
    `WITH known AS (
       SELECT l.id FROM listing l JOIN provider p ON p.id = l.provider_id
       WHERE l.id = ANY($2::uuid[]) AND (l.state = 'PUBLISHED' AND p.state = 'LISTED' OR EXISTS (SELECT FROM request_listing WHERE request_id = $1 AND listing_id = l.id))
     ), added AS (INSERT INTO request_listing (request_id, listing_id) SELECT $1, id FROM known ON CONFLICT DO NOTHING)
     SELECT id FROM known`,
    [requestId, listingIds],
  );
  if (named.length !== listingIds.length) refuse(new ValidationProblem([{ field: 'listingIds', message: 'Choose published listings of listed providers.' }]));
}
