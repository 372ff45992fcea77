import { Chance } from '../../src/demo/chance.js';
import { assurances, categories, deliveries, ecmOutcomes, providerKinds, supportPhases } from '../../src/directory/index.js';
import { Operations } from '../../src/web/operations.js';
import type { Operation } from './served.js';

/** How people search: by facets, by words, or looking around. */
export const kinds = ['filtered', 'words', 'browse'] as const;
export type Kind = (typeof kinds)[number];

/** The usual mix, in hundredths. */
export const mix: Record<Kind, number> = { filtered: 60, words: 20, browse: 20 };

/** The groups by which people narrow, the usual ones more often. LAs are those of the demo. */
const groups: [group: string, values: string[]][] = [
  ['categories', Object.keys(categories)],
  ['categories', Object.keys(categories)],
  ['phases', Object.keys(supportPhases)],
  ['phases', Object.keys(supportPhases)],
  ['deliveries', Object.keys(deliveries)],
  ['kinds', Object.keys(providerKinds)],
  ['ecmOutcomes', Object.keys(ecmOutcomes)],
  ['assurances', Object.keys(assurances)],
];
const LAS = ['990', '991'];

/** As typed on a visit, some of it in haste. */
const typed = [
  'phonics', 'reading recovery', 'early reading', 'maths mastery', 'fractions year 6', 'attendance', 'persistent absence', 'behaviour', 'autism', 'SEND review',
  'speech and language', 'EAL', 'governor training', 'safeguarding audit', 'mental health', 'anxiety', 'science practicals', 'computing', 'early years', 'transition',
  'middle leaders', 'new headteacher', 'assessment', 'moderation', 'pupil premium', 'budget', 'parents', 'writing boys', 'forest school', 'music',
  'fonics', 'behavoir', 'attendence', 'goverance', 'safegaurding', 'dyslexa', 'assesment', 'matsh', 'langauge', 'curiculum',
];

/** So many different searches of a kind; always the same ones. */
export function searches(kind: Kind, count: number): Operation[] {
  const chance = new Chance(`searches ${kind}`);
  const inputs: Record<Kind, (i: number) => object> = {
    filtered: () => filters(chance),
    words: (i) => ({ words: typed[i % typed.length] }),
    browse: (i) => (i % 2 === 0 ? {} : { order: 'NEWEST' }),
  };
  return Array.from({ length: count }, (_, i) => searchFor(inputs[kind](i)));
}

/** As many searches of the usual kinds, hardly two alike: by facets, and every fourth by words and a facet. */
export function unlikeSearches(count: number): Operation[] {
  const chance = new Chance('unlike searches');
  return Array.from({ length: count }, (_, i) => searchFor({ ...filters(chance), ...(i % 4 === 0 && { words: chance.pick(typed) }) }));
}

const searchFor = (input: object): Operation => ({ query: new Operations(true).text('directory/search'), variables: { input, first: 10, near: false } });

function filters(chance: Chance): object {
  const chosen = chance.several(groups, chance.between(1, 3)).map(([group, values]) => [group, chance.several(values, chance.between(1, 2))]);
  return { ...Object.fromEntries(chosen), ...(chance.once(3) && { laCodes: [chance.pick(LAS)] }), ...(chance.once(8) && { free: [true] }) };
}
