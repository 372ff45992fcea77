import { readFileSync } from 'node:fs';

/** Cells of one row by person: a column `lead` with two letters is for `lead` and for `another lead`. */
export type Cells = ReadonlyMap<string, string>;

/** A row of the matrix: of an object's state, a query, or a mutation on something. */
export interface Row {
  section: string;
  /** State of the object; query; mutation. */
  name: string;
  /** `object` or fields of the object; what a mutation is tried on. */
  what: string;
  cells: Cells;
}

export interface ReviewedType {
  withObject: string[];
  /** Have rows of their own in each object that they are reached through. */
  stricter: string[];
  aboutAsker: string[];
}

const LETTERS: Record<string, string> = { Queries: 'VD', Mutations: 'ADOX' };
const OBJECT_LETTERS = 'VNOD–';

/** Columns of two letters. */
const PAIRED = ['lead', 'staff', 'trust', 'sip', 'officer', 'admin', 'editor'];

const words = (list: string) => list.split(',').map((each) => each.trim()).filter(Boolean);

/** The hand-reviewed file, as it is read. @throws Error naming the line that cannot be read */
export class Matrix {
  readonly types = new Map<string, ReviewedType>();
  readonly rows: Row[] = [];

  constructor(text: string) {
    let section = '';
    let columns: string[] = [];
    for (const line of text.split('\n')) {
      if (line.startsWith('#')) section = line.replace(/^#+ /, '');
      if (!line.startsWith('|') || line.startsWith('|-')) continue;
      const cells = line.split('|').slice(1, -1).map((cell) => cell.trim());
      if (cells.includes('anon')) columns = cells.slice(2);
      else if (section === 'Fields') this.addType(cells);
      else this.rows.push({ section, name: cells[0]!, what: cells[1]!, cells: cellsOf(columns, cells.slice(2), LETTERS[section] ?? OBJECT_LETTERS, line) });
    }
  }

  section = (name: string): Row[] => this.rows.filter((row) => row.section === name);

  /** The types whose objects are in the matrix. */
  get objects(): string[] {
    return [...new Set(this.rows.filter((row) => row.what === 'object').map((row) => row.section))];
  }

  /** What a person gets of a field, `HistoryEntry.reason` or a field of the object's own type: the last row that names it. */
  field(type: string, state: string, field: string): Cells | undefined {
    const [owner, name] = field.split('.') as [string, string];
    const spelt = owner === type ? name : field;
    return this.section(type).findLast((row) => (row.name === state || row.name === '*') && words(row.what).includes(spelt))?.cells;
  }

  isStricter = (type: string, field: string): boolean => this.types.get(type)?.stricter.includes(field) ?? false;
  isAboutAsker = (type: string, field: string): boolean => this.types.get(type)?.aboutAsker.includes(field) ?? false;

  private addType([type, ...groups]: string[]): void {
    if (type === 'type') return;
    const [withObject, stricter, aboutAsker] = groups.map(words);
    this.types.set(type!, { withObject: withObject!, stricter: stricter!, aboutAsker: aboutAsker! });
  }
}

export const reviewedMatrix = () => new Matrix(readFileSync(new URL('../../../tests/access/matrix.md', import.meta.url), 'utf8'));

function cellsOf(columns: string[], cells: string[], letters: string, line: string): Cells {
  return new Map(
    columns.flatMap((column, i) => {
      const found = (cells[i] ?? '').split(' ');
      if (found.length !== (PAIRED.includes(column) ? 2 : 1) || !found.every((letter) => letter && letters.includes(letter))) {
        throw new Error(`The column ${column} of the matrix says “${cells[i]}”, in: ${line}`);
      }
      return found.map((letter, nth) => [nth === 0 ? column : `another ${column}`, letter] as const);
    }),
  );
}
