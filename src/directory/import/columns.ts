import { OperatorError } from '../../platform/config.js';
import { plainName, said } from '../../platform/csv/values.js';

/** The columns of a spreadsheet of providers: the name in docs/import-providers.md, then what else people call it. */
export const columnNames = {
  provider: ['Provider', 'Provider name', 'Tuition partner', 'Organisation', 'Company', 'Name'],
  kind: ['Kind', 'Provider kind', 'Provider type', 'Type'],
  summary: ['Summary', 'Provider summary', 'About'],
  website: ['Website', 'Web address', 'URL'],
  contactName: ['Contact name', 'Contact'],
  contactEmail: ['Contact email', 'Email', 'Email address'],
  contactPhone: ['Contact phone', 'Phone', 'Telephone', 'Phone number'],
  postcode: ['Postcode'],
  assuringLa: ['Assuring LA', 'Assuring local authority'],
  listing: ['Listing', 'Listing title', 'Title', 'Service', 'Offer'],
  listingSummary: ['Listing summary', 'Service summary'],
  delivery: ['Delivery', 'How'],
  phase: ['Phase', 'Phases'],
  subject: ['Subject', 'Subjects'],
  coverage: ['Coverage', 'Area', 'Areas', 'Local authority', 'Local authorities', 'Region', 'Regions', 'Where'],
  categories: ['Categories', 'Category'],
  ecmOutcomes: ['ECM outcomes', 'ECM outcome', 'ECM'],
  keywords: ['Keywords'],
  price: ['Price', 'Cost'],
  unit: ['Unit', 'Price unit'],
  vat: ['VAT'],
  freeLink: ['Free link'],
  link: ['Link'],
} as const;

export type Column = keyof typeof columnNames;

/** One of these says what the provider offers. */
const OFFERING: Column[] = ['listing', 'delivery', 'phase', 'subject'];

/** What a spreadsheet says in one row: trimmed text, empty where the cell is or where there is no such column. */
export type Row = Record<Column, string>;

export interface Layout {
  rowOf(cells: string[]): Row;
  /** What the listings without a title are of: `tuition` in a list of tuition partners. */
  noun: 'tuition' | 'support';
}

const ALL_NAMES = new Set(Object.values(columnNames).flat().map(plainName));

/** How many names of columns of a spreadsheet of providers a row has. */
export const knownNames = (cells: string[]): number => cells.filter((cell) => ALL_NAMES.has(plainName(cell))).length;

/** Where `none` is a value, and where a 0 is one. */
const NONE_SAYS: Column[] = ['vat'];
const ZERO_SAYS: Column[] = ['price', 'vat'];

function cellOf(column: Column, cell: string): string {
  const text = cell.trim();
  if (text === '0' || text === '0.0') return ZERO_SAYS.includes(column) ? text : '';
  return NONE_SAYS.includes(column) && /^none$/i.test(text) ? text : said(text);
}

/**
 * Recognises the columns of a spreadsheet from its first line, in any order; unknown ones are passed over.
 * @throws OperatorError naming the needed column that is missing
 */
export function layoutOf(header: string[], fileName: string): Layout {
  const headings = header.map(plainName);
  const positionOf = (column: Column) =>
    columnNames[column].map((name) => headings.indexOf(plainName(name))).find((position) => position >= 0);
  const columns = Object.keys(columnNames) as Column[];
  const positions = columns.map((column) => [column, positionOf(column)] as const);

  if (positionOf('provider') === undefined) throw new OperatorError(`${fileName} has no column Provider (the name of each provider).`);
  if (OFFERING.every((column) => positionOf(column) === undefined)) {
    throw new OperatorError(`${fileName} has no column Listing, nor Delivery, Phase or Subject: one of them has to say what each provider offers.`);
  }
  return {
    rowOf: (cells) => Object.fromEntries(positions.map(([column, position]) => [column, position === undefined ? '' : cellOf(column, cells[position]!)])) as Row,
    noun: headings[positionOf('provider')!] === plainName('Tuition partner') ? 'tuition' : 'support',
  };
}
