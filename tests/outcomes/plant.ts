import { randomUUID } from 'node:crypto';
import type { App } from '../../src/app.js';
import { newId } from '../../src/platform/id.js';

export interface Planted {
  providerId: string;
  listingId: string;
  schoolUrn: number;
  personId: string;
  /** Its answers, oldest first: months after which it was asked, and what it said. */
  answers: { asked: number; result: string; category: string | null; phase: string | null; baseline?: string; after?: string; cohort?: number }[];
  helpfulness: number;
  category?: string | null;
  phase?: string | null;
  words?: string;
}

/** A rating as the service leaves it, of a free resource, without the way there. @returns the ids of the rating and its answers */
export async function plantRating({ db, clock }: App, it: Planted): Promise<{ rating: string; answers: string[] }> {
  const [engagement, rating] = [newId(), newId()];
  const now = clock.now();
  await db.query(
    `INSERT INTO engagement (id, listing_id, provider_id, school_urn, origin, state, title, shared_with_sip, all_leads, pupils_concerned, needs_sign_off, finished_at, created_at, updated_at, created_by)
     VALUES ($1, $2, $3, $4, 'FREE_RESOURCE', 'COMPLETED', 'A guide', false, true, false, false, $5, $5, $5, $6)`,
    [engagement, it.listingId, it.providerId, it.schoolUrn, now, it.personId],
  );
  await db.query(
    `INSERT INTO rating (id, engagement_id, provider_id, listing_id, school_urn, state, created_at, updated_at, given_by, given_at, changeable_until, category, phase, helpfulness, would_recommend, words, words_id)
     VALUES ($1, $2, $3, $4, $5, 'GIVEN', $6::timestamptz, $6, $7, $6, $6::timestamptz + interval '14 days', $8, $9, $10, true, $11, $12)`,
    [rating, engagement, it.providerId, it.listingId, it.schoolUrn, now, it.personId, it.category ?? null, it.phase ?? null, it.helpfulness, it.words ?? '', randomUUID()],
  );
  const ids: string[] = [];
  for (const [i, answer] of it.answers.entries()) {
    const [objective, id] = [newId(), newId()];
    ids.push(id);
    await db.query('INSERT INTO engagement_objective (id, engagement_id, nth, text) VALUES ($1, $2, $3, $4)', [objective, engagement, i + 1, 'Something is reached.']);
    await db.query(
      `INSERT INTO rating_answer (id, rating_id, objective_id, asked, result, baseline, after, cohort, category, phase, answered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [id, rating, objective, answer.asked, answer.result, answer.baseline ?? '', answer.after ?? '', answer.cohort ?? null, answer.category, answer.phase, now],
    );
  }
  return { rating, answers: ids };
}
