import { decoded, type Look, lookAt } from './encoding.js';

/** A text that can be read again and again, and how. */
export interface Text {
  chunks: () => AsyncIterable<Buffer>;
  look: Look;
}

/** @throws OperatorError when it is no text */
export const textIn = async (chunks: () => AsyncIterable<Buffer>, name: string): Promise<Text> => ({ chunks, look: await lookAt(chunks(), name) });

/** The lines of a text in UTF-8 (with or without BOM) or Windows-1252, without their ends: those of Unix, Windows or old Macs. */
export async function* linesOf({ chunks, look }: Text): AsyncGenerator<string, undefined> {
  let first = true;
  for await (const bytes of bytesOfLines(chunks(), look.end)) {
    const line = decoded(bytes, look.encoding);
    yield first && line.startsWith('\uFEFF') ? line.slice(1) : line;
    first = false;
  }
}

async function* bytesOfLines(chunks: AsyncIterable<Buffer>, end: Look['end']): AsyncGenerator<Buffer, undefined> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(end); to !== -1; to = chunk.indexOf(end, from)) {
      yield withoutReturn(Buffer.concat([...rest, chunk.subarray(from, to)]));
      rest = [];
      from = to + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield withoutReturn(Buffer.concat(rest));
}

const RETURN = '\r'.charCodeAt(0);
const withoutReturn = (line: Buffer) => (line.at(-1) === RETURN ? line.subarray(0, -1) : line);
