import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { OperatorError } from '../config.js';

export interface Look {
  encoding: 'utf8' | 'win1252';
  end: '\n' | '\r';
  /** Whether the last line has an end, as every program writes it: a text that was cut off mostly has none. */
  isEnded: boolean;
}

/** Bytes, as Latin-1, that are one letter in UTF-8; or a byte by itself that no such letter is made of. */
const LETTER = /[\xC2-\xDF][\x80-\xBF]|[\xE0-\xEF][\x80-\xBF]{2}|[\xF0-\xF4][\x80-\xBF]{3}|[\x80-\xFF]/g;
const UNFINISHED = /[\xC2-\xF4][\x80-\xBF]{0,2}$/;

/**
 * Reads a text once: the first letter that tells its encoding may be the last of it. It is UTF-8 where most letters are,
 * else Windows-1252.
 * @throws OperatorError when it is no text
 */
export async function lookAt(chunks: AsyncIterable<Buffer>, name: string): Promise<Look> {
  const letters = { utf8: 0, odd: 0 };
  const count = (text: string) => {
    for (const [letter] of text.matchAll(LETTER)) letters[letter.length > 1 ? 'utf8' : 'odd']++;
  };
  let end: Look['end'] | undefined;
  let rest = '';
  let last: number | undefined;
  for await (const chunk of chunks) {
    last = chunk.at(-1) ?? last;
    end ??= firstEnd(chunk, name);
    if (rest === '' && isAscii(chunk)) continue;
    const text = rest + chunk.toString('latin1');
    rest = UNFINISHED.exec(text)?.[0] ?? '';
    count(text.slice(0, text.length - rest.length));
  }
  count(rest);
  return { encoding: letters.utf8 >= letters.odd ? 'utf8' : 'win1252', end: end ?? '\n', isEnded: last === LINE_FEED || last === RETURN };
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

/** How the first line ends. @throws OperatorError where it has control characters, as old spreadsheets and archives do */
function firstEnd(chunk: Buffer, name: string): Look['end'] {
  const [line, end] = /^([^\r\n]*)(\r\r\n|\r\n|\r|\n)?/.exec(chunk.toString('latin1'))!.slice(1);
  if (chunk.subarray(0, line!.length).some((byte) => byte < SPACE && byte !== TAB)) {
    throw new OperatorError(`${name} is neither a CSV file nor an Excel workbook. Save it as CSV or as an Excel workbook (.xlsx), then import that.`);
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
