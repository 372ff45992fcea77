import { createReadStream } from 'node:fs';
import { decoded, type Look, lookAt } from './encoding.js';

/**
 * The lines of a text file in UTF-8 (with or without BOM) or Windows-1252, without their ends: those of Unix, Windows or
 * old Macs.
 * @throws OperatorError when there is no such file, it cannot be read, is empty or no text
 */
export async function* linesOf(file: string): AsyncGenerator<string, undefined> {
  const look = await lookAt(file);
  let first = true;
  for await (const bytes of bytesOfLines(file, look.end)) {
    const line = decoded(bytes, look.encoding);
    yield first && line.startsWith('\uFEFF') ? line.slice(1) : line;
    first = false;
  }
}

async function* bytesOfLines(file: string, end: Look['end']): AsyncGenerator<Buffer, undefined> {
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
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
