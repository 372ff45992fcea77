import 'reflect-metadata';
import fc from 'fast-check';
import { Gazetteer } from '../../src/directory/import/areas.js';
import { layoutOf, type Row } from '../../src/directory/import/columns.js';
import { summaryOf, titleOf } from '../../src/directory/import/describe.js';
import { readPrice } from '../../src/directory/import/price.js';
import { providerKey } from '../../src/directory/import/row.js';
import { readCategory, readDelivery, readKind, readPhase } from '../../src/directory/import/words.js';
import { OperatorError } from '../../src/platform/config.js';
import { runs } from '../support/runs.js';

const authorities = [
  { code: '801', name: 'Bristol, City of', region: 'South West' },
  { code: '839', name: 'Bournemouth, Christchurch and Poole', region: 'South West' },
  { code: '802', name: 'North Somerset', region: 'South West' },
  { code: '342', name: 'St. Helens', region: 'North West' },
  { code: '201', name: 'City of London', region: 'London' },
  { code: '202', name: 'Camden', region: 'London' },
  { code: '370', name: 'Barnsley', region: 'Yorkshire and The Humber' },
];
const gazetteer = new Gazetteer(authorities);
const codes = (cell: string) => gazetteer.coverage(gazetteer.read(cell).areas).la_codes;

describe('where something is offered', () => {
  test.each([
    ['Bristol', ['801']],
    ['Bristol City Council', ['801']],
    ['St Helens;Saint Helens', ['342']],
    ['Bristol, City of', ['801']],
    ['Camden, Bristol, City of, St. Helens', ['202', '342', '801']],
    ['North Somerset, Bournemouth, Christchurch and Poole, Camden', ['202', '802', '839']],
    ['SW', ['801', '802', '839']],
    ['south west|NW\nCamden', ['202', '342', '801', '802', '839']],
    ['Bristol, London', ['201', '202', '801']],
    ['City of London', ['201']],
    ['Yorkshire & Humber', ['370']],
    ['SW;Bristol', ['801', '802', '839']],
    ['South Yorkshire', ['370']],
    ['Merseyside and West of England, Camden', ['202', '342', '801']],
    ['Inner London', ['201', '202']],
    ['', []],
  ])('%j', (cell, expected) => {
    expect(gazetteer.read(cell).unmatched).toEqual([]);
    expect(codes(cell)).toEqual(expected);
  });

  test.each([
    ['Northamptonshire', ['940', '941']],
    ['Northamptonshire County Council and Camden', ['202', '940', '941']],
    ['928', ['940', '941']],
    ['928.0; 202', ['202', '940', '941']],
    ['Avon and Gordano, Bristol', ['801', '802']],
    ['Dorset', ['838']],
  ])('%j are those that have the areas of former authorities now', (cell, expected) => {
    const now = [...authorities, ...['940', '941'].map((code) => ({ code, name: `Northants ${code}`, region: 'East Midlands' })), { code: '838', name: 'Dorset', region: 'South West' }];
    const former = [
      { code: '928', name: 'Northamptonshire', now: ['940', '941'] },
      { code: '903', name: 'Avon and Gordano', now: ['801', '802'] },
      { code: '835', name: 'Dorset (Pre LGR)', now: ['838', '839'] },
    ];
    const reorganised = new Gazetteer(now, former);
    const { areas, unmatched } = reorganised.read(cell);
    expect([reorganised.coverage(areas).la_codes, unmatched]).toEqual([expected, []]);
    expect(reorganised.authority('Northamptonshire')).toBeNull();
  });

  test.each(['ALL', 'all', 'National', 'Camden; England'])('%j is the whole country', (cell) => {
    expect(gazetteer.coverage(gazetteer.read(cell).areas)).toMatchObject({ national: true, la_codes: [] });
  });

  test('what matches nothing is told, and a region of which no authority is known', () => {
    expect(gazetteer.read('Bristol;City of;Atlantis, Camden;NE')).toEqual({ areas: new Set(['801', '202']), unmatched: ['City of', 'Atlantis', 'NE'] });
  });

  test('reads as a sentence ends', () => {
    expect(gazetteer.coverage(gazetteer.read('L;SW;Barnsley').areas).words).toBe('across Barnsley, London and the South West');
    expect(gazetteer.coverage(gazetteer.read('Bristol').areas).words).toBe('across Bristol');
  });

  test('any list of names, whatever stands between them, means those authorities', () => {
    const names = fc.uniqueArray(fc.constantFrom(...authorities), { selector: ({ code }) => code, minLength: 1 });
    fc.assert(
      fc.property(names, fc.constantFrom(';', '; ', ', ', ' | ', '\n', ' and ', ' & ', ' / '), (chosen, separator) => {
        expect(codes(chosen.map(({ name }) => name).join(separator))).toEqual(chosen.map(({ code }) => code).sort());
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('what it costs', () => {
  const price = (cells: Partial<Row>) => readPrice({ price: '', unit: '', vat: '', freeLink: '', link: '', ...cells });

  test.each([
    [{ price: '250', unit: 'day', vat: 'added' }, [25_000, 'DAY', 'ADDED']],
    [{ price: '£1,250.50', unit: 'per course', vat: 'inc VAT' }, [125_050, 'COURSE', 'INCLUDED']],
    [{ price: '£250 per day + VAT' }, [25_000, 'DAY', 'ADDED']],
    [{ price: '£40/hour (no VAT)' }, [4_000, 'HOUR', 'NOT_CHARGED']],
    [{ price: '£18 per hour per pupil', vat: 'exempt' }, [1_800, 'PUPIL_HOUR', 'NOT_CHARGED']],
    [{ price: '300', unit: 'a half day', vat: 'VAT included' }, [30_000, 'HALF_DAY', 'INCLUDED']],
  ])('%j is a price', (cells, [pence, unit, vat]) => {
    expect(price(cells)).toEqual({ price_kind: 'PRICED', price_pence: pence, price_unit: unit, vat, free_link: null });
  });

  test.each(['Free', 'free of charge', '£0.00'])('%j is free', (cell) => {
    expect(price({ price: cell })).toMatchObject({ price_kind: 'FREE', price_pence: null, free_link: null });
  });

  test('a link alone means free', () => {
    expect(price({ freeLink: 'https://phonics.example.org/get' })).toMatchObject({ price_kind: 'FREE', free_link: 'https://phonics.example.org/get' });
  });

  test.each(['POA', 'By agreement'])('%j is agreed in each case', (cell) => {
    expect(price({ price: cell })).toMatchObject({ price_kind: 'BESPOKE' });
  });

  test.each([
    { price: '250' },
    { price: '250', unit: 'day' },
    { price: '250', unit: 'fortnight', vat: 'added' },
    { price: 'from £250', unit: 'day', vat: 'added' },
    { price: '£250 for 2 hours + VAT' },
    { price: '250', unit: 'day', vat: 'yes' },
    { price: '1.555', unit: 'day', vat: 'added' },
    { freeLink: 'ask us' },
  ])('%j is not guessed at', (cells) => {
    expect(typeof price(cells)).toBe('string');
  });

  test('nothing said is nothing', () => {
    expect(price({ unit: 'day', vat: 'added' })).toBeUndefined();
  });
});

describe('a made title and summary', () => {
  const outline = { noun: 'tuition', delivery: ['IN_SCHOOL', 'ONLINE'], phases: ['PRIMARY'], subjects: ['Design and technology', 'French', 'ICT', 'Maths'], where: null } as const;
  const many = Array.from({ length: 40 }, (_, i) => `Subject ${i}`);
  const names = Array.from({ length: 12 }, (_, i) => `Upper and Lower Wetherbottom-on-the-Marsh ${i}`);

  test('read well', () => {
    expect(titleOf(outline)).toBe('Face-to-face and online tuition in design and technology, French, ICT and maths for primary pupils');
    expect(titleOf({ ...outline, subjects: [], phases: [] })).toBe('Face-to-face and online tuition');
    expect(summaryOf({ ...outline, subjects: ['Maths'] })).toBe('Tuition in maths for primary pupils: in school and online.');
  });

  test('stay within what a title and a summary may have', () => {
    expect(titleOf({ ...outline, subjects: many })).toBe('Face-to-face and online tuition in 40 subjects for primary pupils');
    const where = { words: `across ${names.join(', ')}`, inShort: 'across 12 local authorities' };
    expect(summaryOf({ ...outline, subjects: ['Maths'], where })).toBe('Tuition in maths for primary pupils: in school and online, across 12 local authorities.');
    expect(summaryOf({ ...outline, subjects: many, where })).toBe('Tuition in 40 subjects for primary pupils: in school and online, across 12 local authorities.');
  });
});

describe('words', () => {
  test('of closed lists, as people type them', () => {
    expect(readDelivery('Face to face')).toEqual(['IN_SCHOOL']);
    expect(readDelivery('face-to-face and online')).toEqual(['IN_SCHOOL', 'ONLINE']);
    expect(readPhase('KS3')).toEqual(['SECONDARY']);
    expect(readPhase('Nursery and early years')).toEqual(['NURSERY']);
    expect(readPhase('secondary and primary')).toEqual(['PRIMARY', 'SECONDARY']);
    expect(readCategory('attendance')).toEqual(['BEHAVIOUR_AND_ATTENDANCE']);
    expect(readKind('SOLE_TRADER')).toEqual(['SOLE_TRADER']);
    expect(readDelivery('pigeon')).toBeNull();
    expect(readDelivery('online and pigeon')).toBeNull();
  });

  test('one provider in several spellings', () => {
    const spellings = ['The Reading Tree Ltd.', 'Reading Tree Limited', 'READING  TREE', 'Reading-Tree'];
    expect(new Set(spellings.map(providerKey))).toEqual(new Set(['reading tree']));
    expect(providerKey('Reading Tree Partners')).not.toBe('reading tree');
    expect(providerKey('The')).toBe('the');
    expect(providerKey('Limited')).toBe('limited');
  });
});

describe('columns', () => {
  test('are found in any order, case and dress; of two of a name the first', () => {
    const { rowOf, noun } = layoutOf(['PHASE', 'Notes', 'e-mail', ' tuition Partner ', 'Phase'], 'a.csv');
    expect(rowOf(['Primary', 'x', 'a@example.org', ' Tree ', 'Secondary'])).toMatchObject({ provider: 'Tree', phase: 'Primary', contactEmail: 'a@example.org', subject: '' });
    expect(noun).toBe('tuition');
  });

  test.each([
    [['Delivery', 'Phase'], 'has no column Provider'],
    [['Provider', 'Website'], 'has no column Listing, nor Delivery, Phase or Subject'],
  ])('%j lacks a needed one', (header, message) => {
    expect(() => layoutOf(header, 'a.csv')).toThrow(OperatorError);
    expect(() => layoutOf(header, 'a.csv')).toThrow(message);
  });
});
