import type { Recording } from '../../src/brokerage/engagements/engagement.recording.js';
import { newId } from '../../src/platform/id.js';
import { plantRating } from '../outcomes/plant.js';
import type { Attempt } from './attempts.js';
import type { Asker } from './people.js';
import type { Situation, Way } from './situations.js';
import type { Stage, StagedProvider } from './stage.js';

const literal = JSON.stringify;
const REASON = 'It names a teacher.';

interface Finished {
  engagement: string;
  objective: string;
  provider: StagedProvider;
}

const sql = <Row>(stage: Stage, text: string, parameters: unknown[] = []) => stage.server.app.db.query<Row>(text, parameters);
const ratings = (stage: Stage) => stage.server.app.outcomes.ratings;

/** Support that the school has had from a provider of its own, completed. */
async function finished(stage: Stage, change: Partial<Recording> = {}, who?: { personId: string | null }): Promise<Finished> {
  const provider = await stage.provider('LISTED');
  const { recordings, engagements } = stage.server.app.brokerage;
  const actor = who ? await stage.world.refresh(who as never) : await stage.actor('lead');
  const objective = { text: 'Reading is taught alike.', category: 'TEACHING_AND_LEARNING' as const, phase: 'PRIMARY' as const };
  const id = await recordings.record(actor, { ...stage.world.recording(provider.listing, stage.theSchool), objective, ...change });
  await engagements.act(id, 'confirm', { actor: await stage.actor('admin') });
  await engagements.act(id, 'start', { actor });
  await engagements.act(id, 'complete', { actor });
  return { engagement: id, objective: await objectiveOf(stage, id), provider };
}

const objectiveOf = async (stage: Stage, engagement: string) => (await sql<{ id: string }>(stage, 'SELECT id FROM engagement_objective WHERE engagement_id = $1', [engagement]))[0]!.id;

async function rated(stage: Stage, change: Partial<Recording> = {}, who?: { personId: string | null }): Promise<Finished & { id: string }> {
  const it = await finished(stage, change, who);
  const actor = who ? await stage.world.refresh(who as never) : await stage.actor('lead');
  const [answer] = stage.world.ratingOf(it).objectives;
  const id = await ratings(stage).give(actor, it.engagement, stage.world.ratingOf(it, { objectives: [{ ...answer!, cohort: 30 }], mayBeAsked: true }));
  return { ...it, id };
}

/** A rating whose words the public reads, beside those of two other schools. */
async function published(stage: Stage): Promise<Finished & { id: string; words: string }> {
  const it = await rated(stage);
  const { app } = stage.server;
  for (let i = 0; i < 2; i++) {
    const schoolUrn = await stage.world.school({ la: '990' });
    const { personId } = await stage.world.lead(schoolUrn);
    const answers = [{ asked: 0, result: 'MET', category: 'TEACHING_AND_LEARNING', phase: 'PRIMARY' }];
    await plantRating(app, { providerId: it.provider.id, listingId: it.provider.listing, schoolUrn, personId, answers, helpfulness: 3, category: 'TEACHING_AND_LEARNING', phase: 'PRIMARY' });
  }
  await sql(stage, `UPDATE rating SET changeable_until = '2026-08-20' WHERE provider_id = $1`, [it.provider.id]);
  await sql(stage, `UPDATE rating_answer SET answered_at = '2026-08-06' WHERE rating_id IN (SELECT id FROM rating WHERE provider_id = $1)`, [it.provider.id]);
  await sql(stage, 'DELETE FROM release'); // it is made anew
  await app.outcomes.releaseEvidence();
  const [row] = await sql<{ words: string }>(stage, 'SELECT words_id AS words FROM rating WHERE id = $1', [it.id]);
  return { ...it, words: row!.words };
}

async function hidden(stage: Stage): Promise<Awaited<ReturnType<typeof published>>> {
  const it = await published(stage);
  await ratings(stage).reply(await stage.actor('admin'), it.id, 'Thank you.');
  await ratings(stage).moderate(await stage.actor('officer'), it.words, 'hideWords', REASON);
  return it;
}

/** A rating of the school, in the words of the matrix. */
const staged: Record<string, (stage: Stage) => Promise<{ id: string; engagement: string }>> = {
  GIVEN: (stage) => rated(stage),
  'GIVEN, shared with the SIP': (stage) => rated(stage, { sharedWithSip: true }),
  'GIVEN, for another lead and the staff': async (stage) => rated(stage, { allLeads: false, personIds: [stage.asker('staff').personId] }, await stage.world.lead(stage.theSchool)),
  'GIVEN, replied to, the words hidden by an officer': hidden,
  'GIVEN, of a free resource': async (stage) => {
    const it = await rated(stage);
    await sql(stage, `UPDATE engagement SET origin = 'FREE_RESOURCE', price_pence = NULL, vat = NULL WHERE id = $1`, [it.engagement]);
    return it;
  },
};

const wordsOf = ({ provider }: Finished): Way => [`listing(id: ${literal(provider.listing)})`, 'evidenceOfOutcomes', 'words'];
const TO_MODERATE: Way = ['ratingWords(first: 100)', 'nodes'];

export const outcomeSituations: Record<string, Record<string, (stage: Stage) => Promise<Situation>>> = {
  Rating: Object.fromEntries(
    Object.entries(staged).map(([state, build]) => [
      state,
      async (stage: Stage) => {
        const { id, engagement } = await build(stage);
        return { key: id, ways: [[`rating(id: ${literal(id)})`], ['myRatings(first: 100)', 'nodes'], [`engagement(id: ${literal(engagement)})`, 'rating']] };
      },
    ]),
  ),
  RatingWords: {
    published: async (stage) => {
      const it = await published(stage);
      return { key: it.words, ways: [wordsOf(it), TO_MODERATE, [`provider(id: ${literal(it.provider.id)})`, 'evidenceOfOutcomes', 'words']] };
    },
    'hidden by an officer': async (stage) => {
      const it = await hidden(stage);
      return { key: it.words, ways: [TO_MODERATE], barred: [wordsOf(it)] };
    },
  },
};

/** A listing with evidence of three schools. */
export async function evidencedListing(stage: Stage): Promise<Situation> {
  const { provider } = await published(stage);
  return { key: provider.listing, ways: [[`listing(id: ${literal(provider.listing)})`], [`provider(id: ${literal(provider.id)})`, 'listings(first: 100)', 'nodes']] };
}

/** An engagement that is rated, with another school as a partner. */
export async function ratedEngagement(stage: Stage): Promise<Situation> {
  const { engagement } = await rated(stage);
  await sql(stage, 'INSERT INTO engagement_school (engagement_id, school_urn) SELECT $1, school_urn FROM membership WHERE person_id = $2', [engagement, stage.asker('another lead').personId]);
  return { key: engagement, ways: [[`engagement(id: ${literal(engagement)})`], ['myEngagements(first: 100)', 'nodes']] };
}

/** Needs of five schools of the local authority, released. */
async function unmet(stage: Stage): Promise<void> {
  for (const kind of ['REQUEST', 'SEARCH']) {
    await sql(stage, `INSERT INTO unmet_need (id, released_on, la_code, kind, category, school_urns, needs) VALUES ($1, '2026-09-01', $2, $3, 'GOVERNANCE', '{1,2,3,4,5}', 7)`, [newId(), stage.la, kind]);
  }
}

export const outcomeQueries: Record<string, (stage: Stage) => Promise<string>> = {
  findSchoolsWithSimilarNeeds: async (stage) => {
    await stage.world.rated({ mayBeAsked: true });
    return `findSchoolsWithSimilarNeeds(first: 100, schoolUrn: ${stage.theSchool}, category: TEACHING_AND_LEARNING, phase: PRIMARY)`;
  },
  myRatings: async (stage) => {
    await rated(stage);
    return 'myRatings(first: 100)';
  },
  outcomesForGovernors: async (stage) => `outcomesForGovernors(schoolUrn: ${stage.theSchool}, from: "2026-09-01", to: "2026-12-31")`,
  rating: async (stage) => `rating(id: ${literal((await rated(stage)).id)})`,
  ratingForm: async (stage) => {
    const { engagement } = await rated(stage);
    return `ratingForm(engagementId: ${literal(engagement)})`;
  },
  ratingWords: async (stage) => {
    await published(stage);
    return 'ratingWords(first: 100)';
  },
  unmetNeed: async (stage) => {
    await unmet(stage);
    return `unmetNeed(laCode: ${literal(stage.la)})`;
  },
};

const on = (args: (stage: Stage, asker: Asker) => Promise<Record<string, unknown>>): Attempt => ({ args });

export const outcomeAttempts: Record<string, Record<string, Attempt>> = {
  giveRating: {
    'a completed engagement of the school': on(async (stage) => {
      const it = await finished(stage);
      return { engagementId: it.engagement, input: stage.world.ratingOf(it) };
    }),
  },
  changeRating: {
    GIVEN: on(async (stage) => {
      const it = await rated(stage);
      return { id: it.id, version: 1, input: stage.world.ratingOf(it, { helpfulness: 2 }) };
    }),
  },
  replyToRating: { GIVEN: on(async (stage) => ({ id: (await rated(stage)).id, reply: 'Thank you.' })) },
  mendReply: {
    'GIVEN, replied to': on(async (stage) => {
      const { id } = await rated(stage);
      await ratings(stage).reply(await stage.actor('admin'), id, 'Thank yuo.');
      return { id, reply: 'Thank you.' };
    }),
  },
  followUpRating: {
    'GIVEN, asked again': on(async (stage) => {
      const it = await rated(stage);
      await sql(stage, `UPDATE rating_answer SET result = 'TOO_EARLY' WHERE rating_id = $1`, [it.id]);
      await sql(stage, 'UPDATE rating SET asked_again = 6 WHERE id = $1', [it.id]);
      return { id: it.id, answers: [{ objectiveId: it.objective, result: 'MET' }] };
    }),
  },
  setMayBeAsked: { GIVEN: on(async (stage) => ({ ratingId: (await rated(stage)).id, mayBeAsked: false })) },
  hideRatingWords: { published: on(async (stage) => ({ id: (await published(stage)).words, reason: REASON })) },
  showRatingWords: { 'hidden by an officer': on(async (stage) => ({ id: (await hidden(stage)).words, reason: 'It names nobody.' })) },
  recommendFromRating: { GIVEN: on(async (stage) => ({ ratingId: (await rated(stage)).id, input: { noInterest: true } })) },
  renewRecommendation: {
    'GIVEN, near its end': on(async (stage) => {
      const { id } = await stage.recommendation('GIVEN');
      await sql(stage, `UPDATE recommendation SET lapses_at = $2::timestamptz + interval '90 days' WHERE id = $1`, [id, stage.server.clock.now()]);
      return { id, noInterest: true };
    }),
  },
};
