import { type ImportKind, importKinds } from '../../imports/index.js';
import { links } from '../links.js';
import { systemAdmins } from '../roles.js';
import { audience, type ProcessNotices, tell } from '../telling.js';

interface Known {
  runId: string;
  kind: ImportKind;
  file: string | null;
  state: string;
  /** The first line of its report. */
  why: string;
}

const administrators = audience<Known>('Import.administrators', {
  from: 'import_run i',
  id: 'i.id',
  to: systemAdmins,
  knows: { runId: 'i.id', kind: 'i.kind', file: 'i.file_name', state: 'i.state', why: `split_part(i.report, E'\\n', 1)` },
});

const what: Record<string, string> = {
  MANY_REJECTED: 'More than a tenth of its rows could not be used. The others went in.',
  NOTHING: 'No row of it could be used, so nothing was imported.',
};

export const importNotices: ProcessNotices = {
  process: 'Import',
  transitions: {
    fail: [
      tell(administrators, 'DIGEST', ({ runId, kind, file, state, why }) => ({
        subject: `An import that was fetched went wrong: ${(importKinds[kind] ?? 'a file').toLowerCase()}`,
        text: `${file ? `The file is ${file}. ` : ''}${what[state] ?? `Nothing was imported. ${why}`}`,
        expected: 'Read its report, and put right what is wrong with the file or its address.',
        link: links.importRun(runId),
      })),
    ],
  },
};
