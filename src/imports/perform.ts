import { contactsNamed, formatProvidersSummary, importProviders } from '../directory/index.js';
import { verdict } from '../platform/csv/verdict.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { openWorkAt } from '../referrals/index.js';
import { authoritiesToSeeTo, authoritiesWithSchools, formatSummary, importSchools, importTermDates } from '../schools/index.js';
import type { Search } from '../search/index.js';
import { afterSchools, type SchoolsFollowers } from './after-schools.js';
import type { ImportKind } from './vocabulary.js';

/** The job that brings up to date what the search has drawn from schools. */
export const REBUILD_SEARCH = 'rebuild-search-documents';

/** What an import needs of the rooms that it writes in. */
export interface ImportParts extends SchoolsFollowers {
  db: Database;
  search: Search;
}

export interface Asked {
  /** Path of the file. */
  file: string;
  /** Only to find out what the import would do: nothing is written. */
  check: boolean;
  /** Told from time to time how far it is, such as `2,000 rows`. */
  onProgress?: (text: string) => void;
}

/** What an import says at its end, with its exit code as a command. */
export interface Performed {
  text: string;
  exitCode: number;
  rows: number;
  rejected: number;
}

/**
 * Imports a file, however that was started: with all that follows from it, in one transaction.
 * @throws OperatorError when the file cannot be read or is not what it should be
 */
export const perform = (parts: ImportParts, kind: ImportKind, asked: Asked): Promise<Performed> => performs[kind](parts, asked);

const performs: Record<ImportKind, (parts: ImportParts, asked: Asked) => Promise<Performed>> = {
  SCHOOLS: async (parts, { file, check, onProgress }) => {
    const { db } = parts;
    const before = await authoritiesWithSchools(db);
    let followed: string[] = [];
    const afterwards = async (tx: UnitOfWork) => void (followed = [...(await afterSchools(parts, tx)), ...(await authoritiesToSeeTo(tx, before))]); // the transaction may be tried again
    const summary = await importSchools(db, { file, check, openWork: openWorkAt, afterwards, onProgress: (count) => onProgress?.(`${count} schools`) });
    const late = check ? [] : await searchFollows(parts);
    const text = [formatSummary(summary), ...late, ...(check && followed.length > 0 ? ['With it would come:'] : []), ...followed].join('\n');
    return judged(text, summary.rows, summary.rejected.length);
  },
  PROVIDERS: async ({ db, search, directory: { providers } }, { file, check, onProgress }) => {
    const onContactsChanged = (tx: UnitOfWork, ids: readonly string[]) => providers.settleAll(tx, ids);
    const summary = await importProviders(db, { file, check, onProgress: (count) => onProgress?.(`${count} rows`), onListingsChanged: search.refresh, onContactsChanged, onContactsNamed: contactsNamed });
    return judged(formatProvidersSummary(summary), summary.rows, summary.rejected.length);
  },
  TERM_DATES: async ({ db }, { file, check }) => {
    const { text, rows } = await importTermDates(db, file, { check });
    return judged(text, rows, 0);
  },
};

/** The schools are in: what goes wrong with the search from here on takes nothing back, and is made up for by a job. */
async function searchFollows({ db, search }: ImportParts): Promise<string[]> {
  try {
    await search.rebuild(); // what schools were drawn into
    return [];
  } catch {
    await db.transaction((tx) => tx.addJob(REBUILD_SEARCH, {})).catch(() => {});
    return ['All of this is in. The search follows later: it could not be brought up to date at once.'];
  }
}

const judged = (text: string, rows: number, rejected: number): Performed => ({ ...verdict(text, rows, rejected), rows, rejected });
