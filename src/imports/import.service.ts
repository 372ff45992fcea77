import type { Actor } from '../platform/actor.js';
import { londonDay } from '../platform/clock.js';
import type { UnitOfWork } from '../platform/database/index.js';
import { once } from '../platform/idempotency.js';
import { NotAllowedInThisState, refuse, whatIsMissing } from '../platform/problem.js';
import type { ImportFiles } from './files.js';
import { removeOldFiles } from './files.js';
import type { StartImportInput } from './import.type.js';
import { type Performed, REBUILD_SEARCH } from './perform.js';
import { addRun, endLost, RUN_IMPORT } from './record.js';
import { ImportWork, type WorkParts } from './work.js';
import type { ImportKind } from './vocabulary.js';
import { importKinds } from './vocabulary.js';
import type { Jobs } from '../platform/jobs/index.js';

const FETCHED_DAY = 'imports-fetched';
const londonTime = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Imports of files: by command, of what was sent, of what is fetched each night. */
export class Imports {
  readonly files: ImportFiles;
  private readonly work: ImportWork;

  constructor(private readonly parts: WorkParts) {
    this.files = parts.files;
    this.work = new ImportWork(parts);
  }

  /** By command, in this process. @throws OperatorError for a file that is refused, once that is written down */
  run(kind: ImportKind, file: string, { check, onProgress }: { check: boolean; onProgress: (text: string) => void }): Promise<Performed> {
    return this.work.runHere(kind, file, check, onProgress);
  }

  /** Has a file imported, or checked, that was sent before. @returns the import's id @throws Refused with NotFound, Conflict */
  async start(actor: Actor, { kind, fileId, check }: StartImportInput, key?: string | null): Promise<string> {
    this.files.check(actor);
    return this.parts.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { kind, fileId, check }, async () => {
        const [file] = await tx.query<{ name: string }>('SELECT name FROM import_file WHERE id = $1 AND hash IS NOT NULL FOR UPDATE', [fileId]);
        if (!file) return refuse(whatIsMissing('file'));
        const [other] = await tx.query('SELECT id FROM import_run WHERE file_id = $1 AND ended_at IS NULL AND NOT only_check', [fileId]);
        if (other) refuse(new NotAllowedInThisState('This file is being imported already.'));
        return { type: 'ImportRun', id: await addRun(tx, { kind, startedBy: 'UPLOAD', check, fileName: file.name, fileId, personId: actor.personId }) };
      });
      return id;
    });
  }

  /** Fetches now what the settings name. @returns the imports' ids @throws Refused with NotAllowedInThisState where they name nothing */
  async fetchNow(actor: Actor, kind?: ImportKind | null): Promise<string[]> {
    this.files.check(actor);
    const ids = await this.parts.db.transaction((tx) => this.addFetches(tx, kind ? [kind] : KINDS, actor.personId));
    return ids.length > 0 ? ids : refuse(new NotAllowedInThisState('No folder or address is set to fetch from: see IMPORT_SCHOOLS_FROM and the settings like it.'));
  }

  get jobs(): Jobs {
    return {
      tasks: {
        [RUN_IMPORT]: ({ id }) => this.work.runWaiting(id as string),
        'see-to-imports': () => this.seeTo(),
        [REBUILD_SEARCH]: () => this.parts.search.rebuild(),
      },
      schedule: [{ task: 'see-to-imports', pattern: '* * * * *' }],
    };
  }

  /** Job, each minute: ends what was broken off, begins the night's fetches, removes files that have been kept for long enough. */
  async seeTo(): Promise<void> {
    await this.parts.db.transaction(async (tx) => {
      await endLost(tx);
      await removeOldFiles(tx);
      const today = londonDay(tx.now);
      if (this.fetches(KINDS).length > 0 && londonTime.format(tx.now) >= this.parts.settings.at && (await isFirstOf(tx, today))) await this.addFetches(tx, KINDS, null);
    });
  }

  private async addFetches(tx: UnitOfWork, kinds: readonly ImportKind[], personId: string | null): Promise<string[]> {
    const ids: string[] = [];
    for (const { kind, place } of this.fetches(kinds)) {
      const [waiting] = await tx.query<{ id: string }>(`SELECT id FROM import_run WHERE started_by = 'FETCH' AND kind = $1 AND place = $2 AND state = 'WAITING'`, [kind, place]);
      ids.push(waiting?.id ?? (await addRun(tx, { kind, startedBy: 'FETCH', check: false, place, personId })));
    }
    return ids;
  }

  private fetches(kinds: readonly ImportKind[]): { kind: ImportKind; place: number }[] {
    return kinds.flatMap((kind) => this.parts.settings.from[kind].map((_, place) => ({ kind, place })));
  }
}

/** Schools first: providers and term dates name their local authorities. */
const KINDS = Object.keys(importKinds) as ImportKind[];

/** Whether no other process has begun this day's fetches. */
async function isFirstOf(tx: UnitOfWork, today: string): Promise<boolean> {
  const begun = await tx.query(
    `INSERT INTO setting (name, value) VALUES ($1, to_jsonb($2::text))
     ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE setting.value <> excluded.value RETURNING name`,
    [FETCHED_DAY, today],
  );
  return begun.length > 0;
}
