import type { PriceUnit, ProviderKind, Vat } from '../../directory/index.js';

/** What a world of any size is put together from, besides the sentences and keywords of the hand-written part. */

/** Further authorities that do not exist, each with the south-west corner of its forty square kilometres. */
export const furtherAuthorities = [
  { code: '992', name: 'Ravelshire', region: 'West Midlands', easting: 380000, northing: 240000 },
  { code: '993', name: 'Ostermere', region: 'West Midlands', easting: 400000, northing: 335000 },
  { code: '994', name: 'Cantlow and Weir', region: 'South East', easting: 430000, northing: 205000 },
  { code: '995', name: 'North Marchshire', region: 'West Midlands', easting: 345000, northing: 295000 },
  { code: '996', name: 'Tamberleigh', region: 'South East', easting: 475000, northing: 225000 },
  { code: '997', name: 'Woldenshire', region: 'East of England', easting: 510000, northing: 265000 },
  { code: '998', name: 'Harrowdale', region: 'Yorkshire and the Humber', easting: 415000, northing: 395000 },
  { code: '999', name: 'Eastlow', region: 'East Midlands', easting: 455000, northing: 340000 },
];
export const AREA = 40_000;

export const placeBeginnings = [
  'Quarn', 'Brint', 'Holv', 'Tresk', 'Wend', 'Asker', 'Mord', 'Fenn', 'Grett', 'Lamb', 'Orsk', 'Pell', 'Rusk', 'Skarr', 'Tarn', 'Ulver', 'Vell', 'Wath',
  'Yarl', 'Cald', 'Dunn', 'Ember', 'Farr', 'Gund', 'Hask', 'Ivel', 'Jark', 'Keld', 'Lorn', 'Mirk', 'Nethel', 'Oster', 'Prest', 'Rend', 'Stavel', 'Thrap',
];
export const placeEndings = ['by', 'thorpe', 'wick', 'ley', 'combe', 'stead', 'mere', 'holt', 'den', 'bourne', 'sett', 'worth', 'gate', 'well', 'croft', 'low', 'ness', 'shaw', 'over', 'toft'];

export const firstNames = [
  'Aisha', 'Alan', 'Beatrix', 'Bilal', 'Carys', 'Conor', 'Dilys', 'Edmund', 'Fatima', 'Gerald', 'Harriet', 'Ibrahim', 'Jacinta', 'Kwame', 'Lena', 'Malcolm',
  'Nusrat', 'Olive', 'Piotr', 'Roisin', 'Sanjay', 'Tamsin', 'Uchenna', 'Verity', 'Winston', 'Yusuf', 'Zara', 'Hilary', 'Graham', 'Meera',
];
export const surnames = [
  'Arkwell', 'Bannerby', 'Corrin', 'Dovetree', 'Ellershaw', 'Fanthorpe', 'Garlick', 'Hathersedge', 'Inskip', 'Jessamy', 'Kettlewell', 'Lowther', 'Marchbanks',
  'Nettleship', 'Okoro', 'Penhallow', 'Quennell', 'Rashid', 'Silverdale', 'Tolworthy', 'Umfreville', 'Varley', 'Wintringham', 'Yeadon', 'Zielinski', 'Brackenbury',
  'Chowdhury', 'Deverell', 'Estcourt', 'Featherstone', 'Gathercole', 'Hollingbery', 'Mwangi', 'Nandra', 'Osei', 'Pargeter', 'Ravenhill', 'Stubbings',
];

/** Names of providers, by kind: {place}, {first}, {last}, {la} and {topic} are filled in; a school has its own name before. */
export const providerNames: Record<ProviderKind, string[]> = {
  SCHOOL: [': {topic}', ': outreach', ': support for schools', ': {topic} partnership'],
  SOLE_TRADER: ['{first} {last}, {topic}', '{first} {last} Education', '{last} School Reviews', '{first} {last} Consultancy', '{first} {last} Training'],
  COMPANY: ['{place} Learning Ltd', '{last} and {place} Ltd', '{place} School Services Ltd', '{last} Education Ltd', '{place} Assessment Ltd', '{last} Partners Ltd'],
  CHARITY: ['{place} Young People', 'The {last} Foundation', '{place} Family Support', '{place} Reading Friends', 'The {place} Trust for Children'],
  UNIVERSITY: ['University of {place}, School of Education', '{place} Metropolitan University, Department of Education', '{place} University College, {topic}'],
  HUB: ['{place} Maths Hub', '{place} English Hub', '{place} Behaviour Hub', '{place} Early Years Hub', '{place} Science Partnership'],
  COUNCIL_SERVICE: ['{la} {topic} Service', '{la} School Improvement: {topic}', '{la} Inclusion Service, {place}', '{la} Early Help, {place}'],
  NATIONAL_PROGRAMME: ['The {place} Programme', '{topic} for Every School', 'The {last} Collection', 'Open {topic}'],
};

export interface Format {
  /** {Topic} and {topic} are one of the keywords, {other} a second one, {place} a town. */
  title: string;
  summary: string;
  delivery: ('IN_SCHOOL' | 'ONLINE' | 'AT_PROVIDER' | 'BLENDED')[];
  per: PriceUnit;
  /** Pounds. */
  from: number;
  to: number;
}

export const formats: Format[] = [
  { title: '{Topic}: a review day', summary: 'A day in your school looking at {topic}, with a short report.', delivery: ['IN_SCHOOL'], per: 'DAY', from: 320, to: 650 },
  { title: 'Coaching on {topic} for subject leaders', summary: 'Half days of coaching over two terms, with {other} in view.', delivery: ['IN_SCHOOL', 'BLENDED'], per: 'HALF_DAY', from: 160, to: 320 },
  { title: '{Topic} and {other}: two twilights', summary: 'Two sessions after school for teachers and assistants.', delivery: ['IN_SCHOOL', 'ONLINE'], per: 'COURSE', from: 240, to: 600 },
  { title: 'An INSET day on {topic}', summary: 'Training for the whole staff, followed up after half a term.', delivery: ['IN_SCHOOL'], per: 'DAY', from: 400, to: 900 },
  { title: '{Topic} network for {place} and around', summary: 'Meetings each half term to compare practice in {topic}.', delivery: ['AT_PROVIDER', 'ONLINE'], per: 'YEAR', from: 60, to: 240 },
  { title: 'Getting {topic} right in small schools', summary: 'For schools with mixed-age classes and nobody to spare.', delivery: ['BLENDED'], per: 'ONE_OFF', from: 180, to: 700 },
  { title: '{Topic}: online course for new staff', summary: 'Four evenings for people new to {topic} or to {other}.', delivery: ['ONLINE'], per: 'COURSE', from: 45, to: 220 },
  { title: 'Small-group work with pupils: {topic}', summary: 'Sessions in school hours for groups of three to six.', delivery: ['IN_SCHOOL'], per: 'PUPIL_HOUR', from: 9, to: 24 },
  { title: '{Topic} support, an hour at a time', summary: 'Advice by telephone or video when it is needed.', delivery: ['ONLINE'], per: 'HOUR', from: 40, to: 110 },
  { title: 'A term of help with {topic}', summary: 'Weekly visits, planning together and a handover at the end.', delivery: ['IN_SCHOOL', 'BLENDED'], per: 'TERM', from: 480, to: 1900 },
  { title: '{Topic} audit and action plan', summary: 'What is in place, what is missing, and who should do what about {other}.', delivery: ['IN_SCHOOL'], per: 'ONE_OFF', from: 350, to: 1600 },
  { title: 'Visits to see {topic} in practice', summary: 'Come and see it, and talk to the people who do it.', delivery: ['AT_PROVIDER'], per: 'SESSION', from: 30, to: 150 },
  { title: 'Governors and {topic}: an evening session', summary: 'What to ask about {topic}, and what a good answer sounds like.', delivery: ['IN_SCHOOL', 'ONLINE'], per: 'SESSION', from: 110, to: 280 },
  { title: 'Assessment of pupils: {topic}', summary: 'Each pupil seen, a plan written and the teacher told.', delivery: ['IN_SCHOOL'], per: 'PUPIL', from: 20, to: 420 },
  { title: '{Topic} for teaching assistants', summary: 'Short sessions with practice in between, on {topic} and {other}.', delivery: ['IN_SCHOOL', 'AT_PROVIDER'], per: 'COURSE', from: 150, to: 520 },
  { title: 'Parents and {topic}', summary: 'Workshops for families, in the morning or the evening.', delivery: ['IN_SCHOOL'], per: 'SESSION', from: 60, to: 190 },
];

/** For whom, at the end of every other title. */
export const audiences = [
  'for Key Stage 1', 'for Key Stage 2', 'for Key Stage 3', 'for Key Stage 4', 'for Years 5 and 6', 'for Reception', 'for new teachers', 'for middle leaders', 'for heads of year',
  'for village schools', 'for special schools', 'for trusts', 'for schools around {place}', 'for newly appointed heads', 'for pastoral teams', 'for office staff',
];

export const vats: Vat[] = ['NOT_CHARGED', 'NOT_CHARGED', 'ADDED', 'INCLUDED'];
