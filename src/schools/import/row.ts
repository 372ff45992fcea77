import { postcodeOf } from '../postcode.js';
import type { SchoolStatus } from '../school.type.js';
import type { Column, Row } from './columns.js';
import { statedPhase } from './phase.js';
import { type Place, placeOf } from './place.js';
import type { ExtractRow } from './record.js';

/** Why a row cannot be used, in words that go after its line number. */
export class Unusable extends Error {}

const STATUSES: Record<string, SchoolStatus> = {
  open: 'OPEN',
  'open, but proposed to close': 'OPEN',
  'proposed to open': 'PROPOSED_TO_OPEN',
  closed: 'CLOSED',
};
const STATUS_CODES: Record<string, SchoolStatus> = { 1: 'OPEN', 2: 'CLOSED', 3: 'OPEN', 4: 'PROPOSED_TO_OPEN' };
const NO_VALUE = /^(not applicable|not recorded|does not apply|none|unknown)?$/i;
const ELSEWHERE =
  /^(welsh establishment|offshore school|british schools overseas|service children.?s education|children.?s centre|higher education)/i;
const LONGEST_CELL = 500;

/** Whether GIAS has this establishment although it is no school in England. */
export const isElsewhere = (row: Row): boolean => ELSEWHERE.test(row.type ?? '');

/** @throws Unusable when the school cannot be made out */
export function readSchool(row: Row): ExtractRow {
  for (const text of Object.values(row)) {
    if (text.length > LONGEST_CELL) throw new Unusable(`a cell is longer than ${LONGEST_CELL} characters`);
  }
  let unreadable = 0;
  const optional = <Value>(column: Column, read: (text: string) => Value | undefined): Value | null | undefined => {
    const text = row[column];
    if (text === undefined) return undefined;
    if (NO_VALUE.test(text)) return null;
    const value = read(text);
    if (value === undefined) unreadable++;
    return value ?? null;
  };
  const words = (column: Column) => optional(column, (text) => text);

  const said = {
    urn: urnOf(row.urn, 'URN'),
    name: row.name || unusable('it has no name'),
    la_code: laCodeOf(row.laCode ?? ''),
    status: statusOf(row),
    previous_la: optional('previousLa', laOf),
    establishment_number: optional('establishmentNumber', whole(9999)),
    type: words('type'),
    phase: optional('phase', statedPhase),
    low_age: optional('lowAge', whole(99)),
    high_age: optional('highAge', whole(99)),
    gender: words('gender'),
    religious_character: words('religiousCharacter'),
    street: words('street'),
    locality: words('locality'),
    address3: words('address3'),
    town: words('town'),
    county: words('county'),
    postcode: optional('postcode', postcodeOf),
    website: optional('website', websiteOf),
    trust_id: words('trustCode'),
    federation_id: words('federationCode'),
    opened_on: optional('openDate', dayOf),
    closed_on: optional('closeDate', dayOf),
    ...gridReference(row),
  };
  return {
    said,
    laName: words('laName') ?? null,
    region: words('region') ?? null,
    typeGroup: row.typeGroup ?? '',
    trustName: words('trustName') ?? null,
    federationName: words('federationName') ?? null,
    unreadable,
  };
}

function unusable(reason: string): never {
  throw new Unusable(reason);
}

/** @throws Unusable unless it is six digits */
export function urnOf(text: string | undefined, column: string): number {
  if (!text) unusable(`it has no ${column}`);
  if (!/^[1-9]\d{5}$/.test(text)) unusable(`${column} “${text}” is not a number of six digits`);
  return Number(text);
}

/** 000 and 999 stand for none. */
const laOf = (text: string): string | null | undefined => (!/^\d{1,3}$/.test(text) ? undefined : /^(0+|999)$/.test(text) ? null : text.padStart(3, '0'));

function laCodeOf(text: string): string {
  if (text === '') unusable('it has no LA code');
  if (!/^\d{1,3}$/.test(text) || Number(text) === 0) unusable(`LA code “${text}” is not the number of a local authority`);
  return text.padStart(3, '0');
}

function statusOf(row: Row): SchoolStatus {
  const given = row.status || row.statusCode;
  if (!given) unusable('it has no status');
  return STATUSES[given.toLowerCase()] ?? STATUS_CODES[row.statusCode ?? ''] ?? unusable(`status “${given}” is not one that GIAS uses`);
}

function gridReference(row: Row): Place | Record<keyof Place, null> | undefined {
  if (row.easting === undefined || row.northing === undefined) return undefined;
  return placeOf(row.easting, row.northing) ?? { easting: null, northing: null, latitude: null, longitude: null };
}

const whole = (most: number) => (text: string) => (/^\d+$/.test(text) && Number(text) <= most ? Number(text) : undefined);

/** `31-08-2017` and `31/08/2017` as `2017-08-31`. */
export function dayOf(text: string): string | undefined {
  const found = /^(\d{1,2})[-/](\d{1,2})[-/](\d{4})$/.exec(text);
  if (!found) return undefined;
  const [, day, month, year] = found as unknown as [string, string, string, string];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (Number(year) < 1000 || date.getUTCMonth() !== Number(month) - 1) return undefined;
  return date.toISOString().slice(0, 10);
}

/** An address that a page may link to; GIAS often leaves out the scheme. */
function websiteOf(text: string): string | undefined {
  const typed = text.replace(/^(https?)[:/]+/i, '$1://');
  const address = /^https?:\/\//i.test(typed) ? typed : `http://${typed}`;
  return URL.canParse(address) && new URL(address).hostname.includes('.') ? address : undefined;
}
