import type { DayReader } from '../../platform/csv/days.js';
import { asNumber } from '../../platform/csv/values.js';
import { postcodeOf } from '../postcode.js';
import type { SchoolStatus } from '../school.type.js';
import type { Column, Row } from './columns.js';
import { statedPhase } from './phase.js';
import { type Place, placeOf, placeOfDegrees } from './place.js';
import type { ExtractRow } from './record.js';

export { dayIn as dayOf } from '../../platform/csv/days.js';

/** Why a row cannot be used, in words that go after its line number. */
export class Unusable extends Error {}

const STATUSES: Record<string, SchoolStatus> = {
  open: 'OPEN',
  'open but proposed to close': 'OPEN',
  'proposed to open': 'PROPOSED_TO_OPEN',
  closed: 'CLOSED',
};
const STATUS_CODES: Record<string, SchoolStatus> = { 1: 'OPEN', 2: 'CLOSED', 3: 'OPEN', 4: 'PROPOSED_TO_OPEN' };
/** What GIAS writes where there is nothing to write, besides what everybody does. */
const NO_VALUE = /^(not applicable|not recorded|does not apply|none|unknown|not known)?$/i;
/** What is no word, nor the code of anything. */
const NO_WORDS = /^(?:0+|n\.\s?a\.?)$/i;
const LONGEST_CELL = 500;

/** What is known of the file when its rows are read. */
export interface Reading {
  days: DayReader;
  laCodeOf: (name: string) => string | null;
}

/** @param row with names for its codes. @throws Unusable when the school cannot be made out */
export function readSchool(row: Row, { days, laCodeOf }: Reading): ExtractRow {
  for (const text of Object.values(row)) {
    if (text.length > LONGEST_CELL) throw new Unusable(`a cell is longer than ${LONGEST_CELL} characters`);
  }
  const unread: ExtractRow['unread'] = [];
  const optional = <Value>(column: Column, read: (text: string) => Value | undefined): Value | null | undefined => {
    const text = row[column];
    if (text === undefined) return undefined;
    if (NO_VALUE.test(text)) return null;
    const value = read(text);
    if (value === undefined) unread.push({ column, value: text });
    return value;
  };
  const words = (column: Column) => optional(column, (text) => (NO_WORDS.test(text) ? '' : text)) || (row[column] === undefined ? undefined : null);
  const code = (column: Column) => optional(column, (text) => asNumber(text).replace(NO_WORDS, '')) || (row[column] === undefined ? undefined : null);

  const said = {
    urn: urnOf(row.urn, 'URN'),
    name: words('name') || unusable('it has no name'),
    la_code: laOf(row, laCodeOf),
    status: statusOf(row),
    previous_la: optional('previousLa', previousLaOf),
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
    postcode: optional('postcode', (text) => postcodeOf(text.replace(/[^a-z\d\s]/gi, ''))),
    website: optional('website', websiteOf),
    ukprn: optional('ukprn', ukprnOf),
    sponsor: words('sponsor'),
    trust_id: code('trustCode'),
    federation_id: code('federationCode'),
    opened_on: optional('openDate', days.read),
    closed_on: optional('closeDate', days.read),
    ...placeIn(row, unread),
  };
  return {
    said,
    laName: words('laName') ?? null,
    region: words('region') ?? null,
    typeGroup: row.typeGroup ?? '',
    trustName: words('trustName') ?? null,
    federationName: words('federationName') ?? null,
    unread,
  };
}

function unusable(reason: string): never {
  throw new Unusable(reason);
}

/** @throws Unusable unless it is six digits */
export function urnOf(text: string | undefined, column: string): number {
  if (!text) unusable(`it has no ${column}`);
  const urn = asNumber(text);
  if (!/^[1-9]\d{5}$/.test(urn)) unusable(`${column} “${text}” is not a number of six digits`);
  return Number(urn);
}

function laOf({ laCode = '', laName = '' }: Row, laCodeOf: Reading['laCodeOf']): string {
  const code = asNumber(laCode);
  if (/^\d{1,3}$/.test(code) && Number(code) > 0) return code.padStart(3, '0');
  const name = laName || (/[a-z]/i.test(code) ? code : ''); // the old column LA has the name
  if (code === '' && name === '') unusable('it has no LA code');
  if (code !== '' && !/[a-z]/i.test(code)) unusable(`LA code “${laCode}” is not the number of a local authority`);
  const known = laCodeOf(name);
  if (known === null && laCode !== '') unusable(`LA code “${laCode}” is not the number of a local authority`);
  return known ?? unusable(`local authority “${name}” is not known by that name, and it has no LA code`);
}

/** 000 and 999 stand for none. */
function previousLaOf(text: string): string | null | undefined {
  const code = asNumber(text);
  if (!/^\d{1,3}$/.test(code)) return undefined;
  return /^(0+|999)$/.test(code) ? null : code.padStart(3, '0');
}

function statusOf(row: Row): SchoolStatus {
  const given = row.status || row.statusCode;
  if (!given) unusable('it has no status');
  const name = (row.status ?? '').toLowerCase().replaceAll(',', '');
  const code = [row.statusCode, row.status].find((text) => /^0?\d(\.0+)?$/.test(text ?? ''));
  return STATUSES[name] ?? (code === undefined ? undefined : STATUS_CODES[Number(code)]) ?? unusable(`status “${given}” is not one that GIAS uses`);
}

const NOWHERE: Record<keyof Place, null> = { easting: null, northing: null, latitude: null, longitude: null };

function placeIn(row: Row, unread: ExtractRow['unread']): Place | typeof NOWHERE | undefined {
  const [easting, northing, latitude, longitude] = [row.easting, row.northing, row.latitude, row.longitude].map((text) => text && asNumber(text));
  const place = placeOf(easting ?? '', northing ?? '') ?? placeOfDegrees(latitude ?? '', longitude ?? '');
  if (place) return place;
  const columns = (['easting', 'northing', 'latitude', 'longitude'] as const).filter((column) => row[column] !== undefined);
  if (columns.length < 2) return undefined;
  const wrong = columns.find((column) => !NO_VALUE.test(row[column]!) && Number(asNumber(row[column]!)) !== 0);
  if (!wrong) return NOWHERE;
  unread.push({ column: wrong, value: row[wrong]! });
  return undefined;
}

const whole = (most: number) => (text: string) => {
  const number = asNumber(text);
  return /^\d+$/.test(number) && Number(number) <= most ? Number(number) : undefined;
};

function ukprnOf(text: string): number | null | undefined {
  const number = asNumber(text);
  if (/^0+$/.test(number)) return null;
  return /^[1-9]\d{7}$/.test(number) ? Number(number) : undefined;
}

const HOST = /^(?=.{4,253}$)(?:[\p{L}\d](?:[\p{L}\d_-]*[\p{L}\d])?\.)+\p{L}[\p{L}\d-]*$/u;

/** An address that a page may link to; GIAS often leaves out the scheme, or has it twice. */
function websiteOf(text: string): string | undefined {
  const typed = text.replace(/^(?:(https?)\s*[:;/]+\s*)+/i, '$1://').replace(/[.,;]+$/, '');
  const address = /^https?:\/\//i.test(typed) ? typed : `http://${typed}`;
  if (/\s|^https?:\/\/[^/?#]*[@,;]/i.test(address) || !URL.canParse(address)) return undefined;
  const host = /^https?:\/\/([^/?#:]*)(?::\d+)?(?:[/?#]|$)/i.exec(address)?.[1];
  return host && HOST.test(host) ? address : undefined;
}
