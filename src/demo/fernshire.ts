import { daysBefore, plainDaysAfter } from './calendar.js';
import { assignments, officers, people, SYSTEM_ADMIN } from './content/people.js';
import { authorities, federations, partnerships, towns, trusts } from './content/places.js';
import { providers } from './content/providers/index.js';
import { schools } from './content/schools.js';
import type { PersonContent } from './content/shapes.js';
import { Life } from './life.js';
import { addAuthority, addMember, addSchool, PEOPLE_SINCE } from './organisations.js';
import type { Rows } from './rows.js';
import type { World } from './world.js';

/** Adds Fernshire and its neighbour: authorities, trusts, federations, schools with their heads, partnerships. */
export function addFernshire(world: World, rows: Rows): void {
  for (const [name, town] of Object.entries(towns)) world.towns.set(name, town);
  for (const { region, ...authority } of authorities) addAuthority(world, rows, { ...authority, ...officers[authority.code]! }, region);
  for (const trust of Object.values(trusts)) rows.add('trust', trust);
  for (const federation of Object.values(federations)) rows.add('federation', federation);
  for (const { name, email, waiting } of people) world.person(rows, email, name, plainDaysAfter(world.now, waiting ? -2 : -PEOPLE_SINCE));
  for (const school of schools) addSchool(world, rows, school);
  for (const { name, la, schools: members } of partnerships) {
    const id = world.id('partnership', name);
    const { name: laName, enters } = world.authority(la);
    const at = daysBefore(world.now, 300, world.chance(`partnership ${name}`));
    rows.add('partnership', { id, name, la_code: la, created_at: at });
    for (const urn of members) {
      const place = new Life(rows, 'PartnershipPlace', world.id('partnership place', `${name} ${urn}`));
      place.step('enter', at, { personId: world.personId(enters), party: { kind: 'LOCAL_AUTHORITY', id: la, name: laName } });
      rows.add('partnership_school', { id: place.id, partnership_id: id, school_urn: urn, since: at, updated_at: at });
    }
  }
}

/** Adds the roles of those who are named one by one, once the providers are there, and the schools of each SIP. */
export function addPeople(world: World, rows: Rows): void {
  for (const person of people) {
    const { email, name, role, title, school: school_urn, trust: trust_id, la: la_code, provider, waiting } = person;
    const provider_id = provider && world.id('provider', provider);
    addMember(world, rows, { email, name, role, title, school_urn, trust_id, la_code, provider_id, confirmedBy: waiting ? null : confirmer(world, person) });
  }
  for (const [email, urns] of Object.entries(assignments)) {
    for (const urn of urns) {
      rows.add('sip_assignment', {
        id: world.id('assignment', `${email} ${urn}`),
        person_id: world.personId(email),
        school_urn: urn,
        started_at: daysBefore(world.now, 400, world.chance(`assignment ${email} ${urn}`)),
      });
    }
  }
}

function confirmer(world: World, { role, school, la, provider }: PersonContent): string {
  if (school !== undefined) return world.authority(world.school(school).la).checks;
  if (role === 'SIP') return world.authority(la!).checks;
  return providers.find((each) => each.key === provider)?.contact.email ?? SYSTEM_ADMIN;
}
