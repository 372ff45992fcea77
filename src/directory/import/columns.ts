import { OperatorError } from '../../platform/config.js';

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
  freeLink: ['Free link', 'Link'],
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

/**
 * Recognises the columns of a spreadsheet from its first line, in any order; unknown ones are passed over.
 * @throws OperatorError naming the needed column that is missing
 */
export function layoutOf(header: string[], fileName: string): Layout {
  const headings = header.map(plain);
  const positionOf = (column: Column) =>
    columnNames[column].map((name) => headings.indexOf(plain(name))).find((position) => position >= 0);
  const columns = Object.keys(columnNames) as Column[];
  const positions = columns.map((column) => [column, positionOf(column)] as const);

  if (positionOf('provider') === undefined) throw new OperatorError(`${fileName} has no column Provider (the name of each provider).`);
  if (OFFERING.every((column) => positionOf(column) === undefined)) {
    throw new OperatorError(`${fileName} has no column Listing, nor Delivery, Phase or Subject: one of them has to say what each provider offers.`);
  }
  return {
    rowOf: (cells) => Object.fromEntries(positions.map(([column, position]) => [column, position === undefined ? '' : cells[position]!.trim()])) as Row,
    noun: headings[positionOf('provider')!] === plain('Tuition partner') ? 'tuition' : 'support',
  };
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
