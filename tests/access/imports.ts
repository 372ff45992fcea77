import { defaultImportSettings } from '../../src/platform/import-settings.js';
import type { Attempt } from './attempts.js';
import type { Situation } from './situations.js';
import type { Stage } from './stage.js';

/** Two folders that there are not: to fetch from them is begun, and goes wrong. */
export const importSettings = { ...defaultImportSettings, from: { SCHOOLS: ['/nonexistent/schools'], PROVIDERS: [], TERM_DATES: ['/nonexistent/terms'] } };

const CONTENT = 'URN,LA (code),EstablishmentName,EstablishmentStatus (name)\n990001,971,Example School,Proposed to open\n';

async function* content(): AsyncGenerator<Buffer, undefined> {
  yield Buffer.from(CONTENT);
}

/** A file that an administrator has sent. @returns its id */
const sentFile = async (stage: Stage): Promise<string> => (await stage.server.app.imports.files.keep(await stage.actor('system'), 'schools.csv', content())).id;

/** A check that has ended. @returns its id */
async function checked(stage: Stage): Promise<string> {
  const fileId = await sentFile(stage);
  const id = await stage.server.app.imports.start(await stage.actor('system'), { kind: 'SCHOOLS', fileId, check: true });
  await stage.server.deliver();
  return id;
}

export const importSituations: Record<string, Record<string, (stage: Stage) => Promise<Situation>>> = {
  ImportRun: {
    'a check of a file that was sent': async (stage) => {
      const id = await checked(stage);
      return { key: id, ways: [['importRuns(first: 100)', 'nodes'], [`importRun(id: "${id}")`], ['importRuns(first: 100)', 'edges', 'node']] };
    },
  },
};

export const importQueries: Record<string, (stage: Stage) => Promise<string>> = {
  importRun: async (stage) => `importRun(id: "${await checked(stage)}")`,
  importRuns: async (stage) => (await checked(stage), 'importRuns(first: 2)'),
};

export const importAttempts: Record<string, Record<string, Attempt>> = {
  startImport: { 'a file that was sent': { args: async (stage) => ({ input: { kind: 'SCHOOLS', fileId: await sentFile(stage), check: true } }) } },
  fetchImports: { 'what the settings name': { args: async () => ({}) } },
};
