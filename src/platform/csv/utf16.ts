import iconv from 'iconv-lite';

/** Whether a text begins as UTF-16 does, with its mark or (as of Latin letters) with every other byte 0. */
function utf16Of(start: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (const [i, byte] of start.entries()) if (byte === 0) zeros[i % 2]!++;
  const [even, odd] = zeros as [number, number];
  const most = start.length / 2;
  if (odd > 0.7 * most && even < 0.1 * most) return 'utf-16le';
  return even > 0.7 * most && odd < 0.1 * most ? 'utf-16be' : null;
}

/** The pieces of a text, in UTF-8 where it was UTF-16, else as they are. @param start its first bytes */
export async function* chunksAsUtf8(chunks: AsyncIterable<Buffer> | Iterable<Buffer>, start: Buffer): AsyncGenerator<Buffer, undefined> {
  const encoding = utf16Of(start);
  if (!encoding) {
    yield* chunks;
    return;
  }
  const decoder = iconv.getDecoder(encoding, { stripBOM: true });
  for await (const chunk of chunks) yield Buffer.from(decoder.write(chunk));
  const rest = decoder.end();
  if (rest) yield Buffer.from(rest);
}
