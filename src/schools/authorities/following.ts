import { counted, type Follower, followersOf } from './reorganisation.js';

/** Term dates and partnerships go on for the local authorities that follow another. */
export const schoolsFollower: Follower = {
  async follow(tx, reorganisation) {
    const { code, name, fresh, differences } = reorganisation;
    const codes = fresh.map((each) => each.code);
    const differing = await tx.query<{ name: string; year: number }>(
      `WITH year AS (SELECT la_code, school_year, array_agg(daterange(starts_on, ends_on, '[]') ORDER BY starts_on) AS terms FROM term_date GROUP BY 1, 2)
       SELECT la.name, own.school_year AS year FROM year was JOIN year own ON own.school_year = was.school_year AND own.la_code = ANY($2) AND own.terms <> was.terms
       JOIN local_authority la ON la.code = own.la_code WHERE was.la_code = $1 ORDER BY 1, 2`,
      [code, codes],
    );
    differences.push(...differing.map((each) => `The term dates of ${each.year}/${String(each.year + 1).slice(2)} are not the same in ${name} as in ${each.name}, whose own stay.`));
    const terms = await tx.query(
      `INSERT INTO term_date (la_code, school_year, name, starts_on, ends_on)
       SELECT next, was.school_year, was.name, was.starts_on, was.ends_on FROM term_date was CROSS JOIN unnest($2::text[]) AS next
       WHERE was.la_code = $1 AND NOT EXISTS (SELECT FROM term_date own WHERE own.la_code = next AND own.school_year = was.school_year) ON CONFLICT DO NOTHING RETURNING la_code`,
      [code, codes],
    );
    // where most of its schools are
    const partnerships = await tx.query(
      `UPDATE partnership p SET la_code = coalesce((
         SELECT s.la_code FROM partnership_school place JOIN school s ON s.urn = place.school_urn
         WHERE place.partnership_id = p.id AND place.state = 'MEMBER' AND s.la_code = ANY($2) GROUP BY s.la_code ORDER BY count(*) DESC, s.la_code LIMIT 1), $2[1])
       WHERE la_code = $1 RETURNING id`,
      [code, followersOf(reorganisation)],
    );
    return [...counted(terms.length, 'term', 'terms'), ...counted(partnerships.length, 'partnership')];
  },
};
