import { enumOf } from '../directory/index.js';

export const importKinds = { SCHOOLS: 'Schools', PROVIDERS: 'Providers', TERM_DATES: 'Term dates' };
export type ImportKind = keyof typeof importKinds;
export const ImportKind = enumOf('ImportKind', 'What a file that is imported has.', importKinds);

export const importStarts = { COMMAND: 'By command', UPLOAD: 'With a file that was sent', FETCH: 'From a folder or address that the settings name' };
export type ImportStart = keyof typeof importStarts;
export const ImportStart = enumOf('ImportStart', 'How an import was started.', importStarts);

export const importStates = {
  WAITING: 'Waits for its turn',
  RUNNING: 'Under way',
  DONE: 'Done; up to a tenth of the rows may have been rejected',
  MANY_REJECTED: 'Done, but more than a tenth of the rows was rejected',
  NOTHING: 'The file has no rows, or none that could be used',
  REFUSED: 'The file could not be had, or was refused whole',
  UNCHANGED: 'What was fetched is what was fetched and imported before',
  FAILED: 'Broken off by a fault, or with the process that did it',
};
export type ImportState = keyof typeof importStates;
export const ImportState = enumOf('ImportState', 'How an import went, or where it stands. A check goes as the import would.', importStates);
