import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Clock, londonDay } from '../platform/clock.js';
import { OperatorError } from '../platform/config.js';
import { EXIT } from '../platform/csv/verdict.js';
import { isUnavailable } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import type { ImportSettings } from '../platform/import-settings.js';
import type { Logger } from '../platform/log.js';
import { Refused } from '../platform/problem.js';
import { currentTrace } from '../platform/trace.js';
import type { ImportFiles } from './files.js';
import { type ImportParts, perform, type Performed } from './perform.js';
import { fetchFrom } from './places.js';
import { BAD, beginHere, BROKEN_OFF, claim, type Ended, endPatiently, endRun, lastFetched, noteFile, type Run, type Served, underWay } from './record.js';
import type { ImportKind } from './vocabulary.js';

export interface WorkParts extends ImportParts {
  clock: Clock;
  settings: ImportSettings;
  files: ImportFiles;
  log?: Logger;
}

/** The file of an import, and of a fetched one what it came with and what came last. Null: there is nothing newer. */
interface Given {
  path: string;
  name: string;
  served?: Served | null;
  lastHash?: string | null;
}

type Outcome = { ended: Ended; performed?: Performed; fault?: unknown };

const UNCHANGED: Ended = { state: 'UNCHANGED', report: 'What was fetched is the same as what was fetched and imported before: nothing was done.' };
const AWAY = 'The database could not answer. Either all of the file went in or nothing of it; it can be imported again without harm.';

/** Does imports, however they were started, and writes down how each went, also where it comes to nothing. */
export class ImportWork {
  constructor(private readonly parts: WorkParts) {}

  /** An import by command, in this process. @throws what stood in its way, once that is written down */
  async runHere(kind: ImportKind, file: string, check: boolean, onProgress: (text: string) => void): Promise<Performed> {
    const { db } = this.parts;
    const id = newId();
    const { performed, fault } = await underWay(db, id, async () => {
      await beginHere(db, id, { kind, startedBy: 'COMMAND', check, fileName: basename(file) });
      return this.conclude(id, kind, check, async () => ({ path: file, name: basename(file) }), onProgress);
    });
    if (!performed) throw fault;
    return performed;
  }

  /** Job: an import that waits. One that was begun by a process that did not end it is told as broken off, and not begun again. */
  async runWaiting(id: string): Promise<void> {
    const { db, log } = this.parts;
    await underWay(db, id, async () => {
      const run = await claim(db, id);
      if (!run) return db.transaction((tx) => endRun(tx, id, { state: 'FAILED', report: BROKEN_OFF }, true));
      const folder = await mkdtemp(join(tmpdir(), 'signpost-import-'));
      try {
        const { ended } = await this.conclude(id, run.kind, run.check, () => (run.startedBy === 'FETCH' ? this.fetched(run, folder) : this.sent(run, folder)));
        if (run.startedBy === 'FETCH' && (BAD as readonly string[]).includes(ended.state)) log?.error({ import: id, kind: run.kind, outcome: ended.state, why: ended.report.split('\n')[0] }, 'a fetched import failed');
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }

  private async sent({ fileId, fileName }: Run, folder: string): Promise<Given> {
    const path = join(folder, fileName!);
    if (!fileId) throw new OperatorError('The file is not kept any more: send it again.');
    await this.parts.files.copyTo(fileId, path);
    return { path, name: fileName! };
  }

  private async fetched({ kind, place }: Run, folder: string): Promise<Given | null> {
    const { db, clock, settings } = this.parts;
    const from = settings.from[kind][place!];
    if (from === undefined) throw new OperatorError(`IMPORT_${kind}_FROM of the process that does this names no such place: give all processes the same settings.`);
    const last = await lastFetched(db, kind, place!);
    const found = await fetchFrom(from, folder, londonDay(clock.now()), last?.served ?? null, settings);
    return found && { ...found, lastHash: last?.hash ?? null };
  }

  private async conclude(id: string, kind: ImportKind, check: boolean, give: () => Promise<Given | null>, onProgress?: (text: string) => void): Promise<Outcome> {
    const outcome = await this.outcomeOf(id, kind, check, give, onProgress);
    await endPatiently(this.parts.db, id, outcome.ended);
    return outcome;
  }

  private async outcomeOf(id: string, kind: ImportKind, check: boolean, give: () => Promise<Given | null>, onProgress?: (text: string) => void): Promise<Outcome> {
    const { db } = this.parts;
    let served: Served | null = null;
    try {
      const given = await give();
      if (!given) return { ended: await this.sameAsBefore(id, kind) };
      served = given.served ?? null;
      const hash = await hashOf(given.path);
      await noteFile(db, id, given.name, hash);
      if (hash !== null && hash === given.lastHash) return { ended: { ...UNCHANGED, served } };
      const performed = await perform(this.parts, kind, { file: given.path, check, onProgress });
      const { text: report, rows, rejected, exitCode } = performed;
      const state = exitCode === EXIT.DONE ? 'DONE' : exitCode === EXIT.NOTHING ? 'NOTHING' : 'MANY_REJECTED';
      return { ended: { state, report, rows, rejected, served }, performed };
    } catch (fault) {
      return { ended: { ...this.failed(id, fault), served }, fault };
    }
  }

  /** The server has nothing newer: what it gave last stands. */
  private async sameAsBefore(id: string, kind: ImportKind): Promise<Ended> {
    const { db } = this.parts;
    const [last] = await db.query<{ name: string; hash: string; served: Served | null }>(
      `SELECT last.file_name AS name, last.hash, last.served FROM import_run run JOIN import_run last
         ON last.started_by = 'FETCH' AND last.kind = run.kind AND last.place = run.place AND last.ended_at IS NOT NULL
       WHERE run.id = $1 AND run.kind = $2 ORDER BY last.ended_at DESC, last.id DESC LIMIT 1`,
      [id, kind],
    );
    if (last) await noteFile(db, id, last.name, last.hash);
    return { ...UNCHANGED, served: last?.served ?? null };
  }

  private failed(id: string, fault: unknown): Ended {
    if (fault instanceof OperatorError || fault instanceof Refused) return { state: 'REFUSED', report: fault.message };
    const { log } = this.parts;
    const reference = currentTrace()?.id ?? id;
    log?.error({ import: id, reference, fault: (fault as Error).stack ?? String(fault) }, 'fault');
    return { state: 'FAILED', report: isUnavailable(fault) ? AWAY : `Something went wrong on our side, and nothing was imported. The log tells more (reference ${reference}).` };
  }
}

/** SHA-256 of a file; null where it cannot be read, which the import itself says in words. */
async function hashOf(path: string): Promise<string | null> {
  try {
    if (!(await stat(path)).isFile()) return null;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return null;
  }
}
