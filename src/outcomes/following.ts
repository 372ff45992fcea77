import { counted, type Follower, followersOf } from '../schools/index.js';

/** Needs that have not been told yet count in the local authority of their school now. What has been told is never changed. */
export const outcomesFollower: Follower = {
  async follow(tx, reorganisation) {
    const moved = await tx.query(
      `WITH waiting AS (DELETE FROM search_miss WHERE la_code = $1 AND unmet_need_id IS NULL RETURNING day, school_urn, category, phase)
       INSERT INTO search_miss (day, la_code, school_urn, category, phase)
       SELECT w.day, coalesce(s.la_code, $2[1]), w.school_urn, w.category, w.phase FROM waiting w LEFT JOIN school s ON s.urn = w.school_urn AND s.la_code = ANY($2)
       ON CONFLICT DO NOTHING RETURNING day`,
      [reorganisation.code, followersOf(reorganisation)],
    );
    return counted(moved.length, 'search that found nothing', 'searches that found nothing');
  },
};
