import fc from 'fast-check';
import type { Database } from '../../src/platform/database/index.js';
import { upgradeDocuments } from '../../src/search/index.js';
import { lexemes } from '../../src/search/postgres/entry.js';
import { meanings, phrasesIn, writingsOf } from '../../src/search/school-words.js';
import { spelt, stemSql, tokensOf } from '../../src/search/spelling.js';
import { freshDatabase } from '../support/database.js';
import { runs } from '../support/runs.js';
import { aListing, prepare, write } from './world.js';

let db: Database;
beforeAll(async () => void ({ db } = await freshDatabase()));

const stemsOf = async (words: string[]) => {
  const rows = await db.query<{ stem: string | null }>(`SELECT ${stemSql('word')} AS stem FROM unnest($1::text[]) WITH ORDINALITY AS u (word, place) ORDER BY place`, [words]);
  return rows.map(({ stem }) => stem);
};

describe('spellings', () => {
  test.each([
    ['-our', ['behavior behaviour', 'behaviors behaviours', 'behavioral behavioural', 'colored coloured', 'favorite favourite', 'neighborhood neighbourhood', 'rigor rigour', 'endeavoring endeavouring', 'laborer labourer']],
    ['-ise', ['organize organise', 'organized organised', 'organizing organising', 'organizer organiser', 'specializes specialises', 'personalization personalisation', 'organizational organisational', 'analyze analyse', 'analyzing analysing']],
    ['-re', ['center centre', 'centers centres', 'centered centred', 'theater theatre', 'fiber fibre', 'kilometers kilometres']],
    ['-ll-', ['counseling counselling', 'counselor counsellor', 'counselors counsellors', 'modeling modelling', 'traveler traveller', 'labeled labelled', 'enrollment enrolment', 'fulfillment fulfilment', 'skillful skilful', 'councilor councillor']],
    ['-ogue', ['catalog catalogue', 'catalogs catalogues', 'cataloged catalogued', 'dialog dialogue']],
    ['-ae-', ['pediatric paediatric', 'pediatrician paediatrician', 'encyclopedia encyclopaedia', 'archeology archaeology', 'esthetic aesthetic']],
    ['of single words', ['program programme', 'programs programmes', 'practise practice', 'practising practicing', 'license licence', 'defense defence', 'judgment judgement', 'inquiry enquiry', 'advisors advisers', 'focussed focused', 'gray grey', 'learnt learned']],
  ])('of one word with %s have one stem', async (_what, pairs) => {
    const stems = await stemsOf(pairs.flatMap((pair) => pair.split(' ')));
    for (const [i, pair] of pairs.entries()) expect([pair, stems[2 * i]]).toEqual([pair, stems[2 * i + 1]]);
  });

  test('of different words stay different', () => {
    const words = 'size prize seize four hour tour flour laboratory humorous collaborator governor tutor error cluster parameter literacy dealer filing feeling healer blog hedge sense tense backlog arched managing benefits aerobics'.split(' ');
    expect(words.map(spelt)).toEqual(words);
  });

  test('are told alike by the program and by the database', async () => {
    const parts = fc.constantFrom(...'organ iz e ed ing ation behavi or our s al cent er re tre couns el l ling lor catal og ogue program me practis ce lic ens paed ped iatr ic anal yz dgment a i o t'.split(' '));
    const words = fc.sample(fc.array(parts, { minLength: 1, maxLength: 5 }).map((each) => each.join('')), { numRuns: runs(5000), seed: 7 });
    const rows = await db.query<{ word: string; stem: string | null; expected: string | null }>(
      `SELECT word, ${stemSql('word')} AS stem, (ts_lexize('english_stem', spelt))[1] AS expected FROM unnest($1::text[], $2::text[]) AS u (word, spelt)`,
      [words, words.map(spelt)],
    );
    for (const { word, stem, expected } of rows) expect([word, stem]).toEqual([word, expected]);
    expect(words.filter((word) => spelt(word) !== word).length).toBeGreaterThan(words.length / 20);
  });

  test('are the usual ones in the school words', () => {
    const ways = [...meanings.values()].flatMap(({ written, same, wider }) => [...written, ...same, ...wider]).flatMap((way) => way.split(' '));
    expect(ways.map(spelt)).toEqual(ways);
  });
});

test.each([
  ['initials', 'P.E. and R.E., S.E.N.D. (I.C.T.)', 'pe and re send ict'],
  ['initials of a name', 'St. Mary’s C.E. Primary', 'st marys ce primary'],
  ['points that end sentences', 'Plan A. Then plan B.Next.', 'plan a then plan b next'],
  ['an ampersand', 'D&T, Q & A', 'd and t q and a'],
  ['co- and what it goes with', 'SEN Co-ordinator, co-operation, co-design', 'sen coordinator cooperation co design'],
  ['other hyphens and strokes', 'year-6 transition/moving on, well-being', 'year 6 transition moving on well being'],
])('%s are the same words to the program and to the database', async (_what, text, words) => {
  expect(tokensOf(text).join(' ')).toBe(words);
  const [row] = await db.query<{ words: string }>(`SELECT string_agg(lexeme, ' ' ORDER BY place) AS words FROM unnest(${lexemes('$1::text')}) AS l, unnest(positions) AS place`, [text]);
  expect(row!.words).toBe(words);
});

describe('phrases', () => {
  const meaningOf = (typed: string) => phrasesIn(typed).map(({ typed: _typed, ...meaning }) => meaning);
  const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen'];

  test.each([
    ...names.map((name, i): [string, string[]] => [`year ${i + 1}`, [`Y${i + 1}`, `y ${i + 1}`, `Yr ${i + 1}`, `yr${i + 1}`, `Year ${name}`, `year-${i + 1}`]]),
    ...names.slice(0, 5).map((name, i): [string, string[]] => [`KS${i + 1}`, [`ks ${i + 1}`, `K.S.${i + 1}`, `Key Stage ${i + 1}`, `key stage ${name}`, `keystage ${i + 1}`]]),
    ['reception', ['Year R', 'YR', 'reception class']],
    ['sixth form', ['6th form', 'Sixth Form', '6th-form', 'sixth forms']],
    ['SENCO', ['SENDCo', 'S.E.N.C.O.', 'SEN coordinator', 'SEND co-ordinator', 'special educational needs coordinator', 'SENCOs']],
    ['design and technology', ['D&T', 'D & T', 'd and t', 'DT', 'D.T.', 'design technology']],
    ['wellbeing', ['well-being', 'well being']],
    ['PE', ['P.E.', 'p.e']],
    ['counsellor', ['counselor', 'counselors']],
  ])('%s means the same however it is written', (usual, others) => {
    const [meaning, ...more] = meaningOf(usual);
    expect([meaning, more]).toEqual([expect.anything(), []]);
    for (const other of others) expect([other, meaningOf(other)]).toEqual([other, [meaning]]);
  });

  test('stand where they were typed, the longest first', () => {
    expect(phrasesIn('yr 6 SEN co-ordinator in a 6th form').map(({ at, typed }) => [at, typed.join(' ')])).toEqual([[0, 'yr 6'], [2, 'sen coordinator'], [6, '6th form']]);
  });

  test('a narrow one is part of the wide one, which is not part of it', () => {
    expect(phrasesIn('y6')[0]!.wider).toContainEqual(['ks2']);
    expect(phrasesIn('key stage two')[0]!.wider).toEqual([['primary']]);
    expect(phrasesIn('KS2')[0]!.same.flat()).not.toContain('6');
  });

  test('letters by themselves are no way of writing to look for names by', () => {
    expect(writingsOf(['d', 'and', 't'])).toEqual([['design', 'and', 'technology'], ['dt']]);
    expect(writingsOf(['y', '6'])).toEqual([['year', '6'], ['y6'], ['yr', '6'], ['yr6']]);
    expect(writingsOf(['oboe'])).toBeNull();
  });
});

test('an upgrade gives known words the stems of its version', async () => {
  await prepare(db);
  await write(db, { listings: [aListing({ title: 'Counselling, organised' })] });
  await upgradeDocuments(db);
  await db.query(`UPDATE search_word SET stem = 'of another version'`);
  await db.query(`UPDATE setting SET value = '["of another version"]' WHERE name = 'search-documents'`);
  await upgradeDocuments(db);
  expect(await db.query('SELECT word, stem FROM search_word WHERE length(word) > 8 ORDER BY word')).toEqual([
    { word: 'counselling', stem: 'counsel' },
    { word: 'organised', stem: 'organis' },
  ]);
});
