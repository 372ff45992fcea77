import { count } from '../format.js';

interface Went {
  state: string;
  check: boolean;
  rows: number | null;
  rejected: number | null;
}

/** How an import went, as a tag. */
export function outcomeInWords({ state, check }: Went): { label: string; colour: string } {
  switch (state) {
    case 'WAITING': return { label: 'Waits for its turn', colour: 'grey' };
    case 'RUNNING': return { label: 'Under way', colour: 'yellow' };
    case 'DONE': return { label: check ? 'Checked' : 'Imported', colour: 'green' };
    case 'MANY_REJECTED': return { label: check ? 'Checked: many rows rejected' : 'Imported, many rows rejected', colour: 'orange' };
    case 'NOTHING': return { label: 'Nothing in it could be used', colour: 'red' };
    case 'REFUSED': return { label: 'Refused', colour: 'red' };
    case 'UNCHANGED': return { label: 'Nothing new', colour: 'grey' };
    default: return { label: 'Broken off', colour: 'red' };
  }
}

/** `6,023 rows, 12 rejected` */
export const countsInWords = ({ rows, rejected }: Went): string | null =>
  rows === null ? null : `${count(rows, 'row')}, ${rejected ? rejected.toLocaleString('en-GB') : 'none'} rejected`;
