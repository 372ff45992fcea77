import { finishedSupport } from '../content/finished.js';
import type { FinishedContent } from '../content/shapes.js';
import type { Story } from '../teller.js';

/** A story for each of the schools. */
export const finished: Record<string, Story> = Object.fromEntries(
  finishedSupport.flatMap((support) => support.schools.map((school) => [`${support.provider} ${school.urn}`, storyOf(support, school)])),
);

function storyOf({ provider, objective, baseline, category, phase, vat = 'NOT_CHARGED' }: FinishedContent, school: FinishedContent['schools'][number]): Story {
  return async function* (teller) {
    const { recordings, engagements } = teller.brokerage;
    const [begun, completed, rated] = school.days;
    yield begun + 9;
    const [lead, admin] = [await teller.head(school.urn), await teller.contact(provider)];
    const id = await recordings.record(lead, {
      listingId: teller.listing(provider),
      schoolUrn: school.urn,
      startsOn: teller.daysAgo(begun),
      endsOn: teller.daysAgo(completed),
      pricePence: school.pounds * 100,
      vat,
      pupilsConcerned: false,
      objective: { text: objective, baseline, category, phase },
      sharedWithSip: true,
    });
    yield begun + 6;
    await engagements.act(id, 'confirm', { actor: admin });
    yield completed;
    await engagements.act(id, 'complete', { actor: lead });

    yield rated;
    const [asked] = await teller.objectivesOf(id);
    const { result, after, cohort, helpfulness, wouldRecommend = true, words, mayBeAsked = false } = school;
    const rating = await teller.ratings.give(lead, id, {
      understood: true,
      objectives: [{ objectiveId: asked!, result, baseline, after, cohort }],
      helpfulness,
      wouldRecommend,
      words,
      mayBeAsked,
    });
    if (!school.reply) return;
    yield rated - 3;
    await teller.ratings.reply(admin, rating, school.reply);
  };
}
