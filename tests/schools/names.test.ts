import { fold, searchText, wordsOf } from '../../src/schools/names.js';

const same = (...texts: string[]) => expect(new Set(texts.map((text) => wordsOf(text).join(' ')))).toHaveProperty('size', 1);

test('a name has the same words however it is typed', () => {
  same("St Mary's", 'st marys', 'St. Mary’s', 'SAINT MARY', 'St.Marys');
  same('St Peter & St Paul', 'Saint Peter and Saint Paul', 'st peter, st paul');
  same('Ss Peter and Paul', 'Sts Peter & Paul', 'Saints Peter and Paul', 'st peter paul');
  same("All Saints'", 'all saints', 'All Saints School');
  same('Burton-on-the-Wolds', 'burton on the wolds', 'BURTON ON WOLDS');
  same('Brontë', 'bronte');
  same("O'Brien", 'OBrien', 'o’brien');
  same("King's", 'kings', 'Kings’', 'king');
});

test('the churches are known by their abbreviations', () => {
  same('CofE Primary', 'C of E Primary', 'CE Primary', 'C.E. Primary', 'Church of England Primary School', 'coe primary');
  same('CEVA', 'CofE (VA)', 'Church of England Voluntary Aided');
  same('CEVCP School', 'C of E VC Primary', 'Church of England Voluntary Controlled Primary');
  same('RC Junior', 'R.C. Junior', 'Roman Catholic Junior School', 'Catholic Jnr');
});

test('other abbreviations', () => {
  same('Pupil Referral Unit', 'PRU');
  same('University Technical College', 'UTC');
  same('6th Form', 'Sixth Form');
  same('Infants', "Infants' School", 'infant');
});

test('different names keep different words', () => {
  const names = ["St Mary's", "St Mark's", 'All Saints', 'Cross', 'Leicester', 'Leicestershire', 'CofE', 'Catholic'];
  expect(new Set(names.map((name) => wordsOf(name).join(' '))).size).toBe(names.length);
});

test('a postcode is one word with or without its space, and is found from its second half as it is typed', () => {
  same('LE13 0UL', 'le130ul', 'Le13 0uL');
  expect(wordsOf('LE13 0UL')).toEqual(['le130ul', '0ul']);
  expect(wordsOf('W1A 1AA')).toEqual(['w1a1aa', '1aa']);
  expect(wordsOf('key stage 2')).toEqual(['key', 'stage', '2']);
});

test('the text that is stored has the name before a bar and everything else after it', () => {
  const address = { locality: 'Thorpe End', town: 'Melsham', postcode: 'ZZ13 0UL' };
  const school = { name: "St Mary's CofE School", ...address, laName: 'Wolds and Vale', phase: 'PRIMARY', religiousCharacter: 'Church of England' };
  expect(searchText(school)).toBe('st mary coe | melsham thorpe end wold vale zz130ul 0ul primary coe');
  expect(searchText({ ...school, town: null, locality: null, postcode: null, religiousCharacter: null })).toBe('st mary coe | wold vale primary');
});

test('folding leaves letters, digits and single spaces', () => {
  expect(fold(' École  St. Ædan’s—L.E.A.D. & Co. ')).toBe('ecole st aedans lead and co');
});
