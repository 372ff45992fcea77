import { localAuthorityMatcher } from '../../src/schools/match-local-authority.js';

const names = [
  'Bath and North East Somerset', 'Blackburn with Darwen', 'Bournemouth, Christchurch and Poole', 'Bristol, City of', 'Camden', 'Central Bedfordshire',
  'Cheshire East', 'Cheshire West and Chester', 'City of London', 'Derby', 'Derbyshire', 'Durham', 'East Riding of Yorkshire', 'Greenwich',
  'Herefordshire, County of', 'Isle of Wight', 'Kingston upon Hull, City of', 'Kingston upon Thames', 'Leicester', 'Leicestershire',
  'Newcastle upon Tyne', 'North Somerset', 'Nottingham', 'Nottinghamshire', 'Richmond upon Thames', 'Somerset', 'Southend-on-Sea', 'St. Helens',
  'Stockton-on-Tees', 'Telford and Wrekin', 'Westminster', 'Wirral', 'York',
];
const authorities = names.map((name, i) => ({ code: String(800 + i), name }));
const match = localAuthorityMatcher(authorities);
const named = (typed: string) => authorities.find(({ code }) => code === match(typed))?.name ?? null;

test.each(names)('%s by its own name, however dressed', (name) => {
  const bare = name.replace(/, (City|County) of$/, '');
  const dressed = [`${bare} Council`, `the ${bare} Borough Council`, `Metropolitan Borough of ${bare}`];
  for (const typed of [name, name.toUpperCase(), ...dressed, ` ${bare.replaceAll('-', ' ')} `, bare.replace(' and ', ' & ')]) {
    expect([typed, named(typed)]).toEqual([typed, name]);
  }
});

test.each([
  ['City of Bristol', 'Bristol, City of'],
  ['Bristol City of', 'Bristol, City of'],
  ['Saint Helens MBC', 'St. Helens'],
  ['Hull', 'Kingston upon Hull, City of'],
  ['Hull City Council', 'Kingston upon Hull, City of'],
  ['Kingston-on-Hull', 'Kingston upon Hull, City of'],
  ['County Durham', 'Durham'],
  ['Durham County Council', 'Durham'],
  ['Co. Durham', 'Durham'],
  ['Telford', 'Telford and Wrekin'],
  ['Blackburn', 'Blackburn with Darwen'],
  ['Cheshire West', 'Cheshire West and Chester'],
  ['County of Herefordshire', 'Herefordshire, County of'],
  ['Southend', 'Southend-on-Sea'],
  ['Royal Borough of Greenwich', 'Greenwich'],
  ['London Borough of Camden', 'Camden'],
  ['LB Camden', 'Camden'],
  ['City of Westminster', 'Westminster'],
  ['City of London Corporation', 'City of London'],
  ['Wirral Council Borough', 'Wirral'],
  ['East Riding', 'East Riding of Yorkshire'],
  ['BCP Council', 'Bournemouth, Christchurch and Poole'],
])('%s is %s', (typed, name) => expect(named(typed)).toBe(name));

test.each([
  'Kingston', 'Newcastle', 'Richmond', 'London', 'Greater London', 'London Borough', 'Cheshire', 'Bedfordshire', 'Yorkshire',
  'North', 'Poole', 'Leicester County Council', 'Nottingham County', 'Derby County Council', 'Wight', 'Chester', 'Helens', 'City of', 'Council',
  '', 'Atlantis', 'Leicester and Leicestershire',
])('%j is nobody for certain', (typed) => expect(named(typed)).toBeNull());

test('a name that two authorities have is neither', () => {
  const twice = localAuthorityMatcher([{ code: '1', name: 'Barton' }, { code: '2', name: 'Barton, City of' }, { code: '3', name: 'Vale' }]);
  expect(twice('Barton')).toBeNull();
  expect(twice('Vale')).toBe('3');
});
