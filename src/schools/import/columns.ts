import { OperatorError } from '../../platform/config.js';
import type { Table } from '../../platform/csv/table.js';
import { plainName, said } from '../../platform/csv/values.js';
import { visibleLine } from '../../platform/text.js';

/** The columns that the import reads, by the names that GIAS gives them, then those of older extracts. */
const GIAS_NAMES = {
  urn: ['URN'],
  laCode: ['LA (code)', 'LACode', 'LocalAuthority (code)', 'LA'],
  laName: ['LA (name)', 'LocalAuthority (name)', 'LocalAuthority'],
  previousLa: ['PreviousLA (code)'],
  establishmentNumber: ['EstablishmentNumber'],
  name: ['EstablishmentName', 'SchoolName'],
  type: ['TypeOfEstablishment (name)', 'TypeOfEstablishment'],
  typeCode: ['TypeOfEstablishment (code)'],
  typeGroup: ['EstablishmentTypeGroup (name)', 'EstablishmentTypeGroup'],
  status: ['EstablishmentStatus (name)', 'EstablishmentStatus'],
  statusCode: ['EstablishmentStatus (code)'],
  openDate: ['OpenDate'],
  closeDate: ['CloseDate'],
  phase: ['PhaseOfEducation (name)', 'PhaseOfEducation'],
  phaseCode: ['PhaseOfEducation (code)'],
  lowAge: ['StatutoryLowAge'],
  highAge: ['StatutoryHighAge'],
  gender: ['Gender (name)', 'Gender'],
  genderCode: ['Gender (code)'],
  religiousCharacter: ['ReligiousCharacter (name)', 'ReligiousCharacter'],
  street: ['Street'],
  locality: ['Locality'],
  address3: ['Address3'],
  town: ['Town'],
  county: ['County (name)', 'County'],
  postcode: ['Postcode'],
  website: ['SchoolWebsite', 'WebAddress'],
  region: ['GOR (name)', 'GOR', 'GovernmentOfficeRegion'],
  regionCode: ['GOR (code)'],
  easting: ['Easting'],
  northing: ['Northing'],
  latitude: ['Latitude'],
  longitude: ['Longitude'],
  ukprn: ['UKPRN'],
  trustCode: ['Trusts (code)'],
  trustName: ['Trusts (name)', 'Trusts'],
  sponsor: ['SchoolSponsors (name)', 'SchoolSponsors'],
  federationCode: ['Federations (code)'],
  federationName: ['Federations (name)', 'Federations'],
  linkUrn: ['LinkURN'],
  linkType: ['LinkType'],
  linkDate: ['LinkEstablishedDate'],
  groupUid: ['Group UID'],
  groupName: ['Group Name'],
  groupType: ['Group Type', 'Group Type (name)'],
  groupTypeCode: ['Group Type (code)'],
  groupStatus: ['Group Status', 'Group Status (name)'],
  groupClosed: ['Closed Date'],
} as const;

export type Column = keyof typeof GIAS_NAMES;

/** What a file says in one row: text without needless spaces, empty where the cell says nothing, undefined where the file has no such column. */
export type Row = Partial<Record<Column, string>>;

export interface Layout {
  hasSchools: boolean;
  hasLinks: boolean;
  hasGroups: boolean;
  /** Where the URN stands; -1 in a file of groups alone. */
  urnAt: number;
  /** Where days stand. */
  dayColumns: number[];
  /** What the file itself calls a column. */
  headingOf(column: Column): string;
  rowOf(cells: string[]): Row;
}

const DAY_COLUMNS: Column[] = ['openDate', 'closeDate', 'linkDate', 'groupClosed'];
const COLUMNS = Object.keys(GIAS_NAMES) as Column[];
const ALL_NAMES = new Set(Object.values(GIAS_NAMES).flat().map(plainName));

/** How many names of columns of GIAS a row has: a school's own name may be one by chance, a header has more. */
export const giasNames = (cells: string[]): number => cells.filter((cell) => ALL_NAMES.has(plainName(cell))).length;

/**
 * Recognises the columns of an extract from its header, in any order; unknown ones are passed over.
 * @throws OperatorError naming every needed column that is missing
 */
export function layoutOf({ header, file }: Pick<Table, 'header' | 'file'>): Layout {
  const positions = new Map(header.map((name, i) => [plainName(name), i] as const).reverse()); // of two of a name the first
  const at = COLUMNS.flatMap((column) => {
    const position = GIAS_NAMES[column].map((name) => positions.get(plainName(name))).find((found) => found !== undefined);
    return position === undefined ? [] : [[column, position] as const];
  });
  const columns = new Map(at);
  if (columns.size === 0) throw new OperatorError(`${file} is not a GIAS extract: none of its first lines names a column of one.`);

  const hasLinks = columns.has('linkUrn') && columns.has('linkType');
  const hasStatus = columns.has('status') || columns.has('statusCode');
  const hasGroups = columns.has('groupUid') && columns.has('groupName') && !hasStatus;
  const hasSchools = !hasGroups && (columns.has('name') || !hasLinks);
  const needed: Column[] = hasSchools
    ? ['urn', 'name', columns.has('laName') ? 'laName' : 'laCode', columns.has('statusCode') ? 'statusCode' : 'status']
    : hasGroups ? ['groupUid'] : ['urn'];
  const missing = needed.filter((column) => !columns.has(column)).map((column) => GIAS_NAMES[column][0]);
  if (missing.length > 0) throw new OperatorError(`${file} has no column ${missing.join(', nor ')}.`);

  return {
    hasSchools,
    hasLinks,
    hasGroups,
    urnAt: columns.get('urn') ?? -1,
    dayColumns: DAY_COLUMNS.flatMap((column) => columns.get(column) ?? []),
    headingOf: (column) => header[columns.get(column) ?? -1]?.trim() ?? GIAS_NAMES[column][0],
    rowOf: (cells) => Object.fromEntries(at.map(([column, position]) => [column, tidy(cells[position]!)])),
  };
}

const PLAIN = /^[\x21-\x7e]*(?: [\x21-\x7e]+)*$/;
const tidy = (cell: string) => said(PLAIN.test(cell) ? cell : visibleLine(cell));
