import { AREA, furtherAuthorities, firstNames, placeBeginnings, placeEndings, surnames } from './content/growth.js';
import { schools as written } from './content/schools.js';
import type { SchoolContent } from './content/shapes.js';
import { addAuthority, addMember, addSchool } from './organisations.js';
import type { Rows } from './rows.js';
import type { World } from './world.js';

const SCHOOLS_OF_AN_AUTHORITY = 150;
const SCHOOLS_OF_A_TOWN = 7;
const ACADEMIES_OF_A_TRUST = 6;

type Kind = Pick<SchoolContent, 'type' | 'phase' | 'ages'> & { name: string };
const maintained: Kind[] = [
  { name: '{town} Primary School', type: 'Community School', phase: 'PRIMARY', ages: [4, 11] },
  { name: '{town} {street} Primary School', type: 'Community School', phase: 'PRIMARY', ages: [3, 11] },
  { name: 'St {saint}’s Church of England Primary School, {town}', type: 'Voluntary Controlled School', phase: 'PRIMARY', ages: [4, 11] },
  { name: '{town} Infant School', type: 'Community School', phase: 'PRIMARY', ages: [4, 7] },
  { name: '{town} Junior School', type: 'Foundation School', phase: 'PRIMARY', ages: [7, 11] },
  { name: '{town} {street} School', type: 'Community School', phase: 'SECONDARY', ages: [11, 16] },
  { name: 'St {saint}’s Catholic Primary School, {town}', type: 'Voluntary Aided School', phase: 'PRIMARY', ages: [4, 11] },
  { name: '{town} Nursery School', type: 'LA Nursery School', phase: 'NURSERY', ages: [2, 5] },
  { name: '{street} School, {town}', type: 'Community Special School', phase: 'ALL_THROUGH', ages: [4, 19] },
  { name: '{town} Pupil Referral Unit', type: 'Pupil Referral Unit', phase: 'SECONDARY', ages: [11, 16] },
];
const academies: Kind[] = [
  { name: '{town} Primary Academy', type: 'Academy Converter', phase: 'PRIMARY', ages: [4, 11] },
  { name: '{street} Academy, {town}', type: 'Academy Sponsor Led', phase: 'PRIMARY', ages: [3, 11] },
  { name: '{town} Academy', type: 'Academy Converter', phase: 'SECONDARY', ages: [11, 18] },
  { name: '{town} All-through School', type: 'Free Schools', phase: 'ALL_THROUGH', ages: [4, 18] },
  { name: '{town} Sixth Form', type: 'Free Schools - 16-19', phase: 'SIXTEEN_PLUS', ages: [16, 19] },
];
const streets = [
  'Abbey', 'Birch Lane', 'Canal Street', 'Duke Street', 'Elm Park', 'Fairfield', 'Grange', 'Highfield',
  'Kirkgate', 'Lime Walk', 'Meadow', 'Oakfield', 'Priory', 'Queen Street', 'Westway',
];
const saints = ['Aldwyn', 'Bede', 'Cuthman', 'Eadburh', 'Frideswide', 'Guthlac', 'Osyth', 'Wilfrid', 'Winnoc'];

/** Adds so many schools beyond the hand-written ones, in further authorities with towns, trusts and officers. */
export function growSchools(world: World, rows: Rows, count: number): void {
  const authorities = furtherAuthorities.slice(0, Math.ceil(count / SCHOOLS_OF_AN_AUTHORITY));
  let urn = written.at(-1)!.urn;
  authorities.forEach((authority, i) => {
    const share = Math.floor(count / authorities.length) + (i < count % authorities.length ? 1 : 0);
    growAuthority(world, rows, authority, urn + 1, share, i);
    urn += share;
  });
}

type Authority = (typeof furtherAuthorities)[number];

function growAuthority(world: World, rows: Rows, { code, name, region, ...corner }: Authority, firstUrn: number, count: number, position: number): void {
  const chance = world.chance(`authority ${code}`);
  const [checks, enters] = [`officer@la-${code}.example`, `quality@la-${code}.example`];
  addAuthority(world, rows, { code, name, checks, enters }, region);
  for (const email of [checks, enters]) {
    const person = `${chance.pick(firstNames)} ${chance.pick(surnames)}`;
    addMember(world, rows, { email, name: person, role: 'LA_OFFICER', title: 'Officer', la_code: code, confirmedBy: checks });
  }

  const towns = Array.from({ length: Math.ceil(count / SCHOOLS_OF_A_TOWN) }, (_, i) => {
    const town = placeName(position * 60 + i);
    world.towns.set(town, {
      easting: corner.easting + chance.between(1000, AREA - 1000),
      northing: corner.northing + chance.between(1000, AREA - 1000),
      district: `ZZ${30 + position * 8 + (i % 8)}`,
      la: code,
    });
    return town;
  });
  const trusts = Array.from({ length: Math.ceil((count * 0.4) / ACADEMIES_OF_A_TRUST) }, (_, i) => `99${position + 1}${String(i).padStart(2, '0')}`);
  for (const id of trusts) rows.add('trust', { id, name: `${chance.pick(towns)} ${chance.pick(['Learning', 'Academies', 'Schools', 'Education'])} Trust` });

  for (let i = 0; i < count; i++) {
    const academy = chance.next() < 0.4;
    const town = chance.pick(towns);
    const street = chance.pick(streets);
    const { name: pattern, ...kind } = chance.pick(academy ? academies : maintained);
    addSchool(world, rows, {
      ...kind,
      urn: firstUrn + i,
      name: pattern.replace('{town}', town).replace('{street}', street).replace('{saint}', chance.pick(saints)),
      town,
      street: `${street} Road`,
      trust: academy && !chance.once(30) ? chance.pick(trusts) : undefined,
      mail: `school-${firstUrn + i}`,
      head: `${chance.pick(firstNames)} ${chance.pick(surnames)}`,
    });
  }
}

/** The names that two syllables make, each once, in an order in which neighbours differ. */
export function placeName(number: number): string {
  const beginning = number % placeBeginnings.length;
  const ending = (Math.floor(number / placeBeginnings.length) + beginning * 7) % placeEndings.length;
  return placeBeginnings[beginning]! + placeEndings[ending]!;
}
