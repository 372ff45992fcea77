import { enumOf } from '../directory/index.js';

export const ratingStates = { GIVEN: 'Given', SETTLED: 'Settled' };
export type RatingState = keyof typeof ratingStates;
export const RatingState = enumOf('RatingState', 'Where a rating stands in its process.', ratingStates);

export const objectiveResults = { MET: 'Met', PARTLY: 'Partly met', NOT_MET: 'Not met', TOO_EARLY: 'Too early to say' };
export type ObjectiveResult = keyof typeof objectiveResults;
export const ObjectiveResult = enumOf('ObjectiveResult', 'What came of an objective.', objectiveResults);

/** What each helpfulness stands for. */
export const helpfulness: Record<1 | 2 | 3 | 4, string> = { 1: 'Did not help', 2: 'Helped a little', 3: 'Helped', 4: 'Helped very much' };
export type Helpfulness = keyof typeof helpfulness;
