import { ImportFiles } from './files.js';
import { ImportResolver } from './import.resolver.js';
import { Imports } from './import.service.js';
import type { WorkParts } from './work.js';

export { afterSchools, carryOn } from './after-schools.js';
export { ImportFiles, type SentFile } from './files.js';
export { FETCHES_FAILING } from './import.read.js';
export { Imports } from './import.service.js';
export { ImportRun } from './import.type.js';
export { importsRetention } from './retention.js';
export { type ImportKind, importKinds, type ImportStart, importStarts, type ImportState, importStates } from './vocabulary.js';

/** What happens to imports that people are told of, beside the processes. */
export const importSteps = { Import: ['fail'] } as const;

export function createImports(parts: Omit<WorkParts, 'files'>) {
  const imports = new Imports({ ...parts, files: new ImportFiles(parts.db, parts.settings.mostBytes) });
  return { imports, resolvers: [new ImportResolver(imports)] };
}
