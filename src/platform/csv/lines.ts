import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import iconv from 'iconv-lite';
import { OperatorError } from '../config.js';

/**
 * The lines of a text file in UTF-8 (with or without BOM) or Windows-1252, without their ends.
 * @throws OperatorError when there is no such file, it cannot be read, is empty or no text
 */
export async function* linesOf(file: string): AsyncGenerator<string, undefined> {
  const decoder = iconv.getDecoder(await encodingOf(file));
  let rest = '';
  for await (const chunk of createReadStream(file)) {
    const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.end() ?? '';
  if (rest !== '') yield withoutReturn(rest);
}

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line);

/**
 * Reads the whole file once: the first letter that tells may be the last of the file. It is UTF-8 if all of it is
 * (or if it says so by a BOM), else Windows-1252, where every byte means something.
 */
async function encodingOf(file: string): Promise<'utf8' | 'win1252'> {
  const name = basename(file);
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(error.code === 'ENOENT' ? `There is no file ${file}.` : `Cannot read ${file}: ${error.message}.`);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new OperatorError(`${file} is not a file.`);
    if (stat.size === 0) throw new OperatorError(`${name} is empty.`);

    const utf8 = new TextDecoder('utf-8', { fatal: true });
    let first = true;
    let valid = true;
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      const bytes = chunk as Buffer;
      if (bytes.includes(0)) throw new OperatorError(`${name} is not a CSV file. Save a spreadsheet as CSV, unzip a download, then import it.`);
      if (first && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf8';
      first = false;
      valid &&= decodes(utf8, bytes);
    }
    return valid ? 'utf8' : 'win1252';
  } finally {
    await handle.close();
  }
}

function decodes(decoder: TextDecoder, bytes: Buffer): boolean {
  try {
    decoder.decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
