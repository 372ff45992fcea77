import { parse, v5 } from 'uuid';
import type { Party } from '../platform/process/index.js';
import { Chance } from './chance.js';
import type { Town } from './content/places.js';
import type { By } from './life.js';
import type { Rows } from './rows.js';

/** What others need to know of a school that has been made. */
export interface KnownSchool {
  urn: number;
  name: string;
  la: string;
  open: boolean;
  governingBody: string;
  /** An academy whose trust is not known. */
  trustUnknown: boolean;
  /** E-mail address of its head. */
  head: string;
  postcode: string;
  easting: number;
  northing: number;
}

export interface KnownAuthority {
  code: string;
  name: string;
  /** E-mail addresses of the officer who checks providers, and of the one who enters the council's own services. */
  checks: string;
  enters: string;
}

/** The fictional country while it is being made: what there is so far, and where ids and draws come from. */
export class World {
  readonly schools = new Map<number, KnownSchool>();
  readonly authorities = new Map<string, KnownAuthority>();
  readonly towns = new Map<string, Town>();
  private readonly namespace: Uint8Array;
  private readonly people = new Map<string, string>();

  constructor(
    readonly seed: number,
    readonly now: Date,
  ) {
    this.namespace = parse(v5(`signpost demo ${seed}`, v5.URL));
  }

  id(kind: string, key: string): string {
    return v5(Buffer.from(`${kind} ${key}`), this.namespace);
  }

  chance(key: string): Chance {
    return new Chance(`${this.seed} ${key}`);
  }

  school = (urn: number): KnownSchool => known(this.schools, urn);
  authority = (code: string): KnownAuthority => known(this.authorities, code);
  town = (name: string): Town => known(this.towns, name);

  /** A person's id. An address stands for one person, whoever mentions it first. */
  person(rows: Rows, email: string, name: string, createdAt: Date): string {
    const id = this.personId(email);
    if (!this.people.has(email)) {
      this.people.set(email, id);
      rows.add('person', { id, email, name, created_at: createdAt });
    }
    return id;
  }

  personId = (email: string): string => this.people.get(email) ?? this.id('person', email);

  inNameOf = (email: string, party: Party): By => ({ personId: this.personId(email), party });
}

function known<Key, Value>(all: Map<Key, Value>, key: Key): Value {
  const found = all.get(key);
  if (!found) throw new Error(`The demo names ${key}, which it does not have`);
  return found;
}

const LETTERS = 'ABDEFGHJLNPQRSTUWXYZ';

/** Somewhere in the town, with a postcode of its district. */
export function addressIn(town: Town, chance: Chance): { postcode: string; easting: number; northing: number } {
  const letter = () => LETTERS[chance.between(0, LETTERS.length - 1)];
  return {
    postcode: `${town.district} ${chance.between(1, 9)}${letter()}${letter()}`,
    easting: town.easting + chance.between(-900, 900),
    northing: town.northing + chance.between(-900, 900),
  };
}
