import { OperatorError } from '../../platform/config.js';

/** The columns that the import reads, by the names that GIAS gives them. */
const GIAS_NAMES = {
  urn: 'URN',
  laCode: 'LA (code)',
  laName: 'LA (name)',
  previousLa: 'PreviousLA (code)',
  establishmentNumber: 'EstablishmentNumber',
  name: 'EstablishmentName',
  type: 'TypeOfEstablishment (name)',
  typeGroup: 'EstablishmentTypeGroup (name)',
  status: 'EstablishmentStatus (name)',
  statusCode: 'EstablishmentStatus (code)',
  openDate: 'OpenDate',
  closeDate: 'CloseDate',
  phase: 'PhaseOfEducation (name)',
  lowAge: 'StatutoryLowAge',
  highAge: 'StatutoryHighAge',
  gender: 'Gender (name)',
  religiousCharacter: 'ReligiousCharacter (name)',
  street: 'Street',
  locality: 'Locality',
  address3: 'Address3',
  town: 'Town',
  county: 'County (name)',
  postcode: 'Postcode',
  website: 'SchoolWebsite',
  region: 'GOR (name)',
  easting: 'Easting',
  northing: 'Northing',
  trustCode: 'Trusts (code)',
  trustName: 'Trusts (name)',
  federationCode: 'Federations (code)',
  federationName: 'Federations (name)',
  linkUrn: 'LinkURN',
  linkType: 'LinkType',
  linkDate: 'LinkEstablishedDate',
} as const;

export type Column = keyof typeof GIAS_NAMES;

/** What a file says in one row: text without needless spaces, empty where the cell is, undefined where the file has no such column. */
export type Row = Partial<Record<Column, string>>;

export interface Layout {
  hasSchools: boolean;
  hasLinks: boolean;
  rowOf(cells: string[]): Row;
}

/**
 * Recognises the columns of an extract from its first line, in any order; unknown ones are passed over.
 * @throws OperatorError naming every needed column that is missing
 */
export function layoutOf(header: string[], fileName: string): Layout {
  const positions = new Map(header.map((name, i) => [plain(name), i] as const).reverse()); // of two of a name the first
  const at = (Object.keys(GIAS_NAMES) as Column[]).flatMap((column) => {
    const position = positions.get(plain(GIAS_NAMES[column]));
    return position === undefined ? [] : [[column, position] as const];
  });
  const columns = new Set(at.map(([column]) => column));
  if (columns.size === 0) throw new OperatorError(`${fileName} is not a GIAS extract: its first line names no column of one (or has no commas).`);

  const hasLinks = columns.has('linkUrn') && columns.has('linkType');
  const hasSchools = columns.has('name') || !hasLinks;
  const needed: Column[] = hasSchools ? ['urn', 'name', 'laCode', columns.has('statusCode') ? 'statusCode' : 'status'] : ['urn'];
  const missing = needed.filter((column) => !columns.has(column)).map((column) => GIAS_NAMES[column]);
  if (missing.length > 0) throw new OperatorError(`${fileName} has no column ${missing.join(', nor ')}.`);

  return { hasSchools, hasLinks, rowOf: (cells) => Object.fromEntries(at.map(([column, position]) => [column, tidy(cells[position]!)])) };
}

const tidy = (cell: string) => cell.trim().replace(/\s+/g, ' ');
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
