import { searchText } from '../names.js';
import type { SchoolPhase, SchoolStatus } from '../school.type.js';
import type { Column } from './columns.js';
import { derivedPhase, isAcademy } from './phase.js';

/** A row of the table `school`, but for when it was imported. */
export interface SchoolRecord {
  urn: number;
  la_code: string;
  previous_la: string | null;
  establishment_number: number | null;
  name: string;
  type: string | null;
  status: SchoolStatus;
  phase: SchoolPhase;
  academy: boolean;
  low_age: number | null;
  high_age: number | null;
  gender: string | null;
  religious_character: string | null;
  street: string | null;
  locality: string | null;
  address3: string | null;
  town: string | null;
  county: string | null;
  postcode: string | null;
  website: string | null;
  ukprn: number | null;
  sponsor: string | null;
  easting: number | null;
  northing: number | null;
  latitude: number | null;
  longitude: number | null;
  trust_id: string | null;
  federation_id: string | null;
  opened_on: string | null;
  closed_on: string | null;
  search_text: string;
}

/** What a row says of a school. Where the file has no such column, or what cannot be read, it says undefined: what is known stays. */
export interface ExtractRow {
  said: Pick<SchoolRecord, 'urn' | 'name' | 'la_code' | 'status'> & { [Column in keyof SchoolRecord]?: SchoolRecord[Column] | null };
  laName: string | null;
  region: string | null;
  typeGroup: string;
  trustName: string | null;
  federationName: string | null;
  /** Optional values that could not be read and count as not said. */
  unread: { column: Column; value: string }[];
}

export const COLUMNS = [
  'urn', 'la_code', 'previous_la', 'establishment_number', 'name', 'type', 'status', 'phase', 'academy', 'low_age', 'high_age', 'gender', 'religious_character',
  'street', 'locality', 'address3', 'town', 'county', 'postcode', 'website', 'ukprn', 'sponsor', 'easting', 'northing', 'latitude', 'longitude',
  'trust_id', 'federation_id', 'opened_on', 'closed_on', 'search_text',
] as const satisfies (keyof SchoolRecord)[];

/**
 * What is known of a school after a row: what the row says over what the database had, and what follows from both. An
 * extract without a phase column leaves the phase of a known school as it is.
 */
export function completed({ said, typeGroup }: ExtractRow, before: SchoolRecord | undefined, laName: string): SchoolRecord {
  const school = {} as Record<keyof SchoolRecord, unknown>;
  for (const column of COLUMNS) school[column] = said[column] === undefined ? (before?.[column] ?? null) : said[column];
  const known = school as unknown as SchoolRecord;

  // A school does not cease to be somewhere: without a grid reference it is where it was, unless its postcode is another.
  if (known.easting === null && before && before.postcode === known.postcode) copyPlace(before, known);
  known.phase = known.phase ?? derivedPhase(known);
  known.academy = said.type === undefined && typeGroup === '' ? (before?.academy ?? false) : isAcademy(known.type ?? '', typeGroup);
  if (known.status !== 'CLOSED') known.closed_on = null;
  known.search_text = searchText({ ...known, laName, religiousCharacter: known.religious_character });
  return known;
}

function copyPlace({ easting, northing, latitude, longitude }: SchoolRecord, to: SchoolRecord): void {
  Object.assign(to, { easting, northing, latitude, longitude });
}
