import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Actor, isSystemAdmin } from '../platform/actor.js';
import { OperatorError } from '../platform/config.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { NotAllowed, refuse, ValidationProblem } from '../platform/problem.js';
import { tidyLine } from '../platform/text.js';

export interface SentFile {
  id: string;
  name: string;
  bytes: number;
}

const PIECE = 1_000_000;
const KEPT_HOURS = 24;
/** Files that no import waits for: the newest are kept. */
const MOST_KEPT = 10;
/** Letters of a name that are kept, its last: of four bytes each they are fewer than a file system takes. */
const MOST_NAME = 60;
const MEGABYTE = 1_000_000;

/** Files that were sent to be imported. They are in the database, since it may be another process that imports them. */
export class ImportFiles {
  constructor(
    private readonly db: Database,
    private readonly mostBytes: number,
  ) {}

  /**
   * Keeps a file as it arrives, a piece at a time.
   * @throws Refused where the actor may not, or with ValidationProblem of `file` where it is empty or too large; whatever breaks off the stream
   */
  async keep(actor: Actor, name: string, content: AsyncIterable<Buffer>): Promise<SentFile> {
    this.check(actor);
    const file = { id: newId(), name: nameOf(name), bytes: 0 };
    await this.db.transaction((tx) => tx.query('INSERT INTO import_file (id, name, uploaded_by, created_at) VALUES ($1, $2, $3, $4)', [file.id, file.name, actor.personId, tx.now]));
    try {
      const hash = createHash('sha256');
      let nth = 0;
      for await (const piece of pieces(content)) {
        file.bytes += piece.length;
        if (file.bytes > this.mostBytes) refuseFile(this.tooLarge);
        hash.update(piece);
        await this.db.query('INSERT INTO import_file_piece (file_id, nth, content) VALUES ($1, $2, $3)', [file.id, nth++, piece]);
      }
      if (file.bytes === 0) refuseFile(`${file.name} is empty.`);
      await this.db.transaction(async (tx) => {
        await tx.query('UPDATE import_file SET bytes = $2, hash = $3 WHERE id = $1', [file.id, file.bytes, hash.digest('hex')]);
        await removeSurplus(tx);
      });
      return file;
    } catch (error) {
      await this.db.query('DELETE FROM import_file WHERE id = $1', [file.id]).catch(() => {}); // then it goes after a day
      throw error;
    }
  }

  /** @throws Refused where the actor may send no files */
  check(actor: Actor): void {
    if (!isSystemAdmin(actor)) refuse(new NotAllowed('Only a system administrator can import files.'));
  }

  get tooLarge(): string {
    return `The file is larger than ${this.mostBytes / MEGABYTE} MB. Zip it, or have it imported by command.`;
  }

  /** Writes the file to where it can be read from. @throws OperatorError where it is gone */
  async copyTo(id: string, path: string): Promise<void> {
    const [file] = await this.db.query<{ count: number }>(
      'SELECT (SELECT count(*) FROM import_file_piece WHERE file_id = f.id) AS count FROM import_file f WHERE f.id = $1 AND f.hash IS NOT NULL',
      [id],
    );
    if (!file) throw new OperatorError('The file is not kept any more: send it again.');
    const target = await open(path, 'wx', 0o600);
    try {
      for (let nth = 0; nth < file.count; nth++) {
        const [piece] = await this.db.query<{ content: Buffer }>('SELECT content FROM import_file_piece WHERE file_id = $1 AND nth = $2', [id, nth]);
        if (!piece) throw new OperatorError('The file is not kept any more: send it again.');
        await target.appendFile(piece.content);
      }
    } finally {
      await target.close();
    }
  }
}

/** The file's own name as it is shown, and as a name of a file here. */
export function nameOf(name: string): string {
  const tidy = tidyLine(basename(name.replaceAll('\\', '/'))).replace(/[/\p{Cc}]/gu, '').replace(/^\.+/, '');
  return [...tidy].slice(-MOST_NAME).join('') || 'file';
}

function refuseFile(message: string): never {
  refuse(new ValidationProblem([{ field: 'file', message }]));
}

async function* pieces(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  let gathered: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    gathered.push(chunk);
    size += chunk.length;
    if (size < PIECE) continue;
    yield Buffer.concat(gathered);
    [gathered, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(gathered);
}

const UNUSED = `NOT EXISTS (SELECT FROM import_run i WHERE i.file_id = f.id AND i.ended_at IS NULL)`;

const removeSurplus = (tx: UnitOfWork) =>
  tx.query(
    `DELETE FROM import_file WHERE id IN (
       SELECT f.id FROM import_file f WHERE f.hash IS NOT NULL AND ${UNUSED} ORDER BY f.created_at DESC, f.id DESC OFFSET ${MOST_KEPT})`,
  );

/** Removes files that have been kept for their day, and those that never arrived whole. */
export const removeOldFiles = (tx: UnitOfWork) =>
  tx.query(`DELETE FROM import_file f WHERE f.created_at < $1 AND ${UNUSED}`, [new Date(tx.now.getTime() - KEPT_HOURS * 3_600_000)]);
