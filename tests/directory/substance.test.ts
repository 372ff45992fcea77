import fc from 'fast-check';
import { anotherSubject, differencesInSubstance, type Substance } from '../../src/directory/vouched/substance.js';
import { type Category, categories, type Delivery, deliveries, type SupportPhase, supportPhases } from '../../src/directory/vocabulary.js';

const listing = (change: Partial<Substance> = {}): Substance => ({
  title: 'Reading support',
  categories: ['TEACHING_AND_LEARNING', 'CURRICULUM_AND_SUBJECTS'],
  phases: ['PRIMARY', 'NURSERY'],
  delivery: ['IN_SCHOOL'],
  ...change,
});

describe('a title that is copy-edited speaks of the same', () => {
  test.each([
    ['Reading support', 'READING SUPPORT'],
    ['Reading support', 'Reading  support.'],
    ['Reading support', 'Support with reading'],
    ['Reading support', 'Support for readers'],
    ['Reading support', 'Early reading and phonics'],
    ['Reading support', 'Raeding suport'],
    ['Reading support', 'A reading programme for whole schools'],
    ['Phonics', 'Systematic phonics'],
    ['Phonics 2025/26', 'Phonics 2026-27'],
    ['Phonics in Year 1', 'Phonics for Year one'],
    ['Phonics for KS1 and KS2', 'Phonics at Key Stage 1'],
    ['Maths mastery', 'Mastery in mathematics'],
    ['Behaviour: whole-school review', 'Whole school behaviour reviews'],
    ['Emotional well-being workshops', 'Workshops on emotional wellbeing'],
    ['Governor training', 'Training for governors and clerks'],
    ['SEND review', 'Reviewing SEN provision'],
    ['Coaching for new head teachers', 'New headteachers’ coaching'],
    ['Support for struggling readers', 'Helping readers who struggle'],
    ['School-to-school support', 'Support from school to school'],
    ['Cafe society debating', 'Café Society: debate'],
    ['Attendance surgery', 'Attendance surgeries each term'],
    ['Writing in Years 3, 4, 5 and 6', 'Writing in Y3–6'],
    ['Writing in Years 3 to 6', 'Writing: Yr 3, Yr 4, Year-5 & year six'],
    ['Handwriting at key stages 1 and 2', 'Handwriting (KS1/2)'],
    ['Handwriting at key stages 1 and 2', 'Handwriting for K S 2'],
    ['Phonics in Year 1', 'Phonics in Year 1, 6 sessions'],
    ['Year 6 booster in 2026', 'Year 6 booster 2027/28'],
    ['SEND review', 'S.E.N.D. review'],
    ['Maths mastery', 'M a t h s mastery'],
    ['School’s attendance', 'Schools attendance'],
  ])('%s → %s', (vouched, now) => {
    expect(anotherSubject(vouched, now)).toBe(false);
  });
});

describe('a title that names something else speaks of something else', () => {
  test.each([
    ['Reading support', 'Maths support'],
    ['Reading for boys', 'Maths for boys'],
    ['Reading support', 'Reading and behaviour support'],
    ['Reading support', 'Support'],
    ['Reading support', 'Leading support'],
    ['Reading support', 'Roofing and gutters'],
    ['Phonics in Year 1', 'Phonics in Year 4'],
    ['Phonics for KS1', 'Phonics for Key Stages: KS1 to KS3'],
    ['Phonics', 'Phonics, bricklaying and welding for families'],
    ['Governor training', 'Budget training'],
    ['Debating club', 'Chess club championship'],
    ['Support for schools', 'Behaviour support for schools'],
    ['SEND review', 'Safeguarding review'],
    ['Mindfulness', 'Mathematics'],
    ['Forest school', 'Payroll'],
    ['Writing in Years 3 and 4', 'Writing in Years 3 and 4, 5 and 6'],
    ['Writing in Years 3 and 4', 'Writing in Years 3, 4, 5 and 6'],
    ['Writing in Years 3 and 4', 'Writing in Years 3 and 4 and Yr 10'],
    ['Writing in Years 3 and 4', 'Writing in Years 3 and 4 and Year-10 and Year-11'],
    ['Writing in Years 3 and 4', 'Writing in Years 3/4/10'],
    ['Writing in Years 3 and 4', 'Writing in Years 3 4 5'],
    ['Writing in Years 3 and 4', 'Writing in Years 3 and 4 + Y.5'],
    ['Writing in Years 3 and 4', 'Writing in year groups three to six'],
    ['Writing in Years 3 and 4', 'Writing in Years 3 and 4, and in the 10th year'],
    ['Writing in Years 3 and 4', 'Writing in Years 3 and 4, Y e a r 10'],
    ['Writing in Years 3 and 4', 'Writing in Years 3 and 4, Year X'],
    ['Writing in Years 3 and 4', 'Writing in Years 3 and 4 and sixth form'],
    ['Writing in Years 3 and 4', 'Writing in Years 3 and 4 and at GCSE'],
    ['Handwriting at key stage 2', 'Handwriting at key stage 2 and in key stages 3 and 4'],
    ['Handwriting at key stage 2', 'Handwriting at key-stage 4'],
    ['Handwriting at key stage 2', 'Handwriting at KS2/3'],
    ['Handwriting at key stage 2', 'Handwriting at K.S. 2–4'],
    ['Handwriting at key stage 2', 'Handwriting at key  stage Ⅲ'],
    ['Spelling and phonics in reading', 'Spelling and phonics in reading, m a t h s'],
    ['Spelling and phonics in reading', 'Spelling and phonics in reading - m.a.t.h.s and s.e.n.d'],
    ['Spelling and phonics in reading', 'Spelling and phonics in reading, m-a-t-h-s'],
    ['Spelling and phonics in reading', 'Spelling and phonics in reading, ma ths'],
    ['Spelling and phonics in reading', 'Spelling and phonics in reading, m4ths'],
    ['Spelling and phonics in reading', 'Spelling and phonics in reading, H.R.'],
    ['Spelling and phonics in reading', 'Spelling and phonics in reading 🅼🅰🆃🅷🆂'],
    ['Spelling and phonics in reading', 'Spelling and phonics in reading ᴍᴀᴛʜꜱ'],
  ])('%s → %s', (vouched, now) => {
    expect(anotherSubject(vouched, now)).toBe(true);
  });
});

describe('categories, phases and ways of delivery', () => {
  const cases: [string, Partial<Substance>, string[]][] = [
    ['nothing', {}, []],
    ['another order', { categories: ['CURRICULUM_AND_SUBJECTS', 'TEACHING_AND_LEARNING'], phases: ['NURSERY', 'PRIMARY'] }, []],
    ['a category fewer', { categories: ['TEACHING_AND_LEARNING'] }, []],
    ['another category', { categories: ['FINANCE_AND_OPERATIONS'] }, ['CATEGORIES']],
    ['a category more', { categories: ['TEACHING_AND_LEARNING', 'CURRICULUM_AND_SUBJECTS', 'GOVERNANCE'] }, ['CATEGORIES']],
    ['a phase fewer', { phases: ['PRIMARY'] }, []],
    ['a phase more', { phases: ['PRIMARY', 'NURSERY', 'SECONDARY'] }, ['PHASES']],
    ['no phase', { phases: [] }, ['PHASES']],
    ['a way more', { delivery: ['IN_SCHOOL', 'ONLINE'] }, []],
    ['a part of it online', { delivery: ['BLENDED'] }, []],
    ['online only', { delivery: ['ONLINE'] }, ['DELIVERY']],
    ['all of it', { title: 'Payroll', categories: ['FINANCE_AND_OPERATIONS'], phases: ['SECONDARY'], delivery: ['ONLINE'] }, ['TITLE', 'CATEGORIES', 'PHASES', 'DELIVERY']],
  ];
  test.each(cases)('%s', (_name, change, expected) => {
    expect(differencesInSubstance(listing(), listing(change))).toEqual(expected);
  });
});

test('case, spacing, punctuation and order make no difference in any title, and nothing differs from itself', () => {
  const title = fc.array(fc.constantFrom(...'Reading maths Behaviour governors support Forest clubs KS2 Year 4 café of the and'.split(' ')), { minLength: 1, maxLength: 8 });
  const some = <Value extends string>(words: Record<Value, string>) => fc.subarray(Object.keys(words) as Value[], { minLength: 1 });
  const substances = fc.record({ title: title.map((words) => words.join(' ')), categories: some<Category>(categories), phases: some<SupportPhase>(supportPhases), delivery: some<Delivery>(deliveries) });
  fc.assert(fc.property(substances, (one) => expect(differencesInSubstance(one, one)).toEqual([])));
  const plain = title.map((words) => words.filter((word) => !/^(KS2|Year|4)$/.test(word)));
  fc.assert(fc.property(plain, (words) => expect(anotherSubject(words.join(' '), `${[...words].reverse().join(',  ').toUpperCase()}!`)).toBe(false)));
});

test('a stage that is added is found, however stages are written and joined', () => {
  const kind = fc.constantFrom('Year', 'Years', 'year ', 'Yr ', 'Yrs. ', 'Y', 'Y.', 'Year-', 'YEAR: ', 'Y e a r ', 'year group ', 'Ｙear ');
  const joint = fc.constantFrom(', ', ' and ', ' & ', '/', ' + ', '; ', ', and also ', ' as well as ', ' plus ', ' or ');
  const number = fc.integer({ min: 1, max: 13 });
  const names = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen'];
  const written = fc.tuple(kind, fc.boolean()).map(([before, inWords]) => (n: number) => `${before}${/\w$/.test(before) && inWords ? ' ' : ''}${inWords ? names[n] : n}`);
  fc.assert(
    fc.property(fc.uniqueArray(number, { minLength: 2, maxLength: 4 }), written, joint, fc.boolean(), (numbers, write, join, again) => {
      const [first, ...more] = numbers as [number, ...number[]];
      const title = `Writing in ${[write(first), ...more.map((n) => (again ? write(n) : String(n)))].join(join)}`;
      const known = `Writing in ${numbers.map((n) => `Year ${n}`).join(', ')}`;
      expect([title, anotherSubject(known, title)]).toEqual([title, false]);
      expect([title, anotherSubject(known.replace(`, Year ${more.at(-1)}`, ''), title)]).toEqual([title, true]);
    }),
  );
});

test('no title takes long to read', () => {
  for (const part of [', ', 'and ', ' - ', 'to ', 'year 1 and ', 'a.', 'k s ', '1 ', 'a level ']) {
    const begun = performance.now();
    anotherSubject('Writing in Year 1', `Year 1 ${part.repeat(150).slice(0, 143)}`);
    expect([part, performance.now() - begun < 500]).toEqual([part, true]);
  }
});
