import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Unzip, UnzipInflate, unzipSync, zipSync } from 'fflate';
import { OperatorError } from '../config.js';
import { chunksAsUtf8 } from './utf16.js';

/** What a file holds: text, which can be read as often as wanted, or the bytes of a spreadsheet. */
export type Source = { kind: 'text'; chunks: () => AsyncIterable<Buffer> } | { kind: 'xlsx'; bytes: Buffer };

/** Of a file that is unpacked in memory. A year's extract of GIAS is a tenth of it. */
const MOST_PACKED = 200 * 1024 * 1024;
const MOST_UNPACKED = 1024 * 1024 * 1024;
/** Of a workbook, which is read whole and takes ten times that in memory: 52,000 schools of 23 columns have 69 MB. */
const MOST_WORKBOOK = 128 * 1024 * 1024;
/** Each row is read as wide as the widest. */
const FAR_COLUMN = /\sr=["'][A-Z]{3}\d/;
const START = 4096;
const PIECE = 64 * 1024;

/**
 * Opens a text, an Excel workbook, or a zip with one of these in it.
 * @throws OperatorError when there is no such file, it cannot be read, is empty, or is an archive without one table
 */
export async function sourceOf(file: string): Promise<Source> {
  const name = basename(file);
  const start = await startOf(file);
  if (start.length === 0) throw new OperatorError(`${name} is empty.`);
  if (!isZip(start)) return textOf(() => createReadStream(file) as AsyncIterable<Buffer>, start);
  if ((await sizeOf(file)) > MOST_PACKED) throw new OperatorError(`${name} is too large to be unpacked here: unzip it first.`);
  return fromZip(await readFile(file), name);
}

const isZip = (start: Buffer) => start.subarray(0, 4).equals(Buffer.from('PK\x03\x04')) || start.subarray(0, 4).equals(Buffer.from('PK\x05\x06'));

function textOf(chunks: () => AsyncIterable<Buffer> | Iterable<Buffer>, start: Buffer): Source {
  return { kind: 'text', chunks: () => chunksAsUtf8(chunks(), start) };
}

async function startOf(file: string): Promise<Buffer> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(error.code === 'ENOENT' ? `There is no file ${file}.` : `Cannot read ${file}: ${error.message}.`);
  });
  try {
    if (!(await handle.stat()).isFile()) throw new OperatorError(`${file} is not a file.`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(START), 0, START, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  const handle = await open(file);
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

/** What in an archive is no table: folders, and what Macs and Office put beside. */
const ASIDE = /\/$|^__MACOSX\/|(^|\/)\./;

function fromZip(bytes: Buffer, name: string): Source {
  const entries = entriesOf(bytes, name);
  if (entries.some((entry) => entry.name === 'xl/workbook.xml')) return workbook(bytes, name);
  const tables = entries.filter((entry) => !ASIDE.test(entry.name) && /\.(csv|tsv|txt|xlsx)$/i.test(entry.name));
  const [table] = tables;
  if (!table) throw new OperatorError(`${name} is an archive without a CSV file or an Excel workbook in it.`);
  if (tables.length > 1) throw new OperatorError(`${name} has ${tables.length} files (${tables.map((each) => each.name).slice(0, 5).join(', ')}): unzip it, then import each.`);
  if (table.size > MOST_UNPACKED) throw new OperatorError(`${table.name} in ${name} is too large to be unpacked here: unzip it first.`);
  if (/\.xlsx$/i.test(table.name)) {
    const inner = Buffer.concat([...inflated(bytes, table.name, name, MOST_WORKBOOK)]);
    return workbook(inner, name);
  }
  return textOf(() => inflated(bytes, table.name, name), unpackedStart(bytes, table.name, name));
}

interface Entry {
  name: string;
  size: number;
}

function entriesOf(bytes: Buffer, name: string): Entry[] {
  const entries: Entry[] = [];
  unpacked(name, () => unzipSync(bytes, { filter: (entry) => (entries.push({ name: entry.name, size: entry.originalSize }), false) }));
  return entries;
}

function unpacked<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`${name} is a damaged archive: it cannot be unpacked.`);
  }
}

/**
 * What of a workbook is read, packed anew without compression. How large its parts are is known only once they are unpacked:
 * what an archive says of itself, and in which of its places, need not be so.
 */
function workbook(bytes: Buffer, name: string): Source {
  const parts = new Map<string, Buffer[]>();
  let size = 0;
  const unzip = new Unzip((file) => {
    if (!/\.(xml|rels)$/i.test(file.name)) return;
    const pieces: Buffer[] = [];
    parts.set(file.name, pieces);
    file.ondata = (error, data) => {
      if (error) throw error;
      size += data.length;
      if (size > MOST_WORKBOOK) throw new OperatorError(`${name} is too large for a workbook: save it as CSV.`);
      pieces.push(Buffer.from(data));
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let from = 0; from < bytes.length; from += PIECE) unpacked(name, () => unzip.push(bytes.subarray(from, from + PIECE), from + PIECE >= bytes.length));
  const whole = [...parts].map(([part, pieces]) => [part, Buffer.concat(pieces)] as const);
  if (whole.some(([part, content]) => /worksheets\//.test(part) && FAR_COLUMN.test(content.toString('latin1')))) {
    throw new OperatorError(`${name} has cells beyond column ZZ: clear all beside the table, or save it as CSV.`);
  }
  return { kind: 'xlsx', bytes: Buffer.from(zipSync(Object.fromEntries(whole), { level: 0 })) };
}

/** The content of one file of an archive, a piece at a time, so that it is never whole in memory. */
function* inflated(bytes: Buffer, entry: string, name: string, most = MOST_UNPACKED): Generator<Buffer, undefined> {
  let ready: Buffer[] = [];
  let total = 0;
  const unzip = new Unzip((file) => {
    if (file.name !== entry) return;
    file.ondata = (error, data) => {
      if (error) throw error;
      ready.push(Buffer.from(data));
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for (let from = 0; from < bytes.length; from += PIECE) {
    unpacked(name, () => unzip.push(bytes.subarray(from, from + PIECE), from + PIECE >= bytes.length));
    for (const piece of ready) {
      total += piece.length;
      if (total > most) throw new OperatorError(`${entry} in ${name} is too large to be unpacked here: unzip it first.`);
      if (piece.length > 0) yield piece;
    }
    ready = [];
  }
}

function unpackedStart(bytes: Buffer, entry: string, name: string): Buffer {
  for (const piece of inflated(bytes, entry, name)) return piece.subarray(0, START);
  throw new OperatorError(`${entry} in ${name} is empty.`);
}
