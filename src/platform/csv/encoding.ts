import { isAscii, isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import iconv from 'iconv-lite';
import { OperatorError } from '../config.js';

export interface Look {
  encoding: 'utf8' | 'win1252';
  end: '\n' | '\r';
}

/** Bytes, as Latin-1, that are one letter in UTF-8; or a byte by itself that no such letter is made of. */
const LETTER = /[\xC2-\xDF][\x80-\xBF]|[\xE0-\xEF][\x80-\xBF]{2}|[\xF0-\xF4][\x80-\xBF]{3}|[\x80-\xFF]/g;
const UNFINISHED = /[\xC2-\xF4][\x80-\xBF]{0,2}$/;

/**
 * Reads a text file once: the first letter that tells its encoding may be the last of the file. It is UTF-8 where most
 * letters are, else Windows-1252.
 * @throws OperatorError when there is no such file, it cannot be read, is empty or no text
 */
export async function lookAt(file: string): Promise<Look> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(error.code === 'ENOENT' ? `There is no file ${file}.` : `Cannot read ${file}: ${error.message}.`);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new OperatorError(`${file} is not a file.`);
    if (stat.size === 0) throw new OperatorError(`${basename(file)} is empty.`);

    const letters = { utf8: 0, odd: 0 };
    const count = (text: string) => {
      for (const [letter] of text.matchAll(LETTER)) letters[letter.length > 1 ? 'utf8' : 'odd']++;
    };
    let end: Look['end'] | undefined;
    let rest = '';
    for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      end ??= firstEnd(chunk, basename(file));
      if (rest === '' && isAscii(chunk)) continue;
      const text = rest + chunk.toString('latin1');
      rest = UNFINISHED.exec(text)?.[0] ?? '';
      count(text.slice(0, text.length - rest.length));
    }
    count(rest);
    return { encoding: letters.utf8 >= letters.odd ? 'utf8' : 'win1252', end: end! };
  } finally {
    await handle.close();
  }
}

const TAB = 0x09;
const SPACE = 0x20;

/** How the first line ends. @throws OperatorError where it has control characters, as spreadsheets, archives and UTF-16 do */
function firstEnd(chunk: Buffer, name: string): Look['end'] {
  const [line, end] = /^([^\r\n]*)(\r\r\n|\r\n|\r|\n)?/.exec(chunk.toString('latin1'))!.slice(1);
  if (chunk.subarray(0, line!.length).some((byte) => byte < SPACE && byte !== TAB)) {
    throw new OperatorError(`${name} is not a CSV file. Save a spreadsheet as CSV, unzip a download, then import it.`);
  }
  return end === '\r' ? '\r' : '\n';
}

/** A line as text. An odd byte in a file that is UTF-8 otherwise is taken for what it is in Windows-1252; the letters around it stay. */
export function decoded(line: Buffer, encoding: Look['encoding']): string {
  if (encoding === 'win1252') return iconv.decode(line, 'win1252');
  if (isUtf8(line)) return line.toString();
  return line.toString('latin1').replace(LETTER, (letter) => {
    const bytes = Buffer.from(letter, 'latin1');
    return letter.length > 1 && isUtf8(bytes) ? bytes.toString() : iconv.decode(bytes, 'win1252');
  });
}
