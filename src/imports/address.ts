import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OperatorError } from '../platform/config.js';
import { type Bounds, type Fetched, keyOf, NothingThere } from './fetched.js';
import { nameOf } from './files.js';
import type { Served } from './record.js';

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MEGABYTE = 1_000_000;

/**
 * Fetches what an address answers into a folder, within bounds of time and size, over a few redirects at most. A user
 * and password in it are sent to its own origin alone.
 * @param before what was served last from this address @returns null where there is nothing newer
 * @throws OperatorError where it cannot be had; NothingThere for a 404
 */
export async function fetchAddress(address: string, folder: string, before: Served | null, { mostBytes, fetchMs }: Bounds): Promise<Fetched | null> {
  const signal = AbortSignal.timeout(fetchMs);
  const shown = shownOf(new URL(address));
  try {
    const response = await follow(new URL(address), before, signal);
    if (response.status === 304) return null;
    if (response.status === 404 || response.status === 410) throw new NothingThere(`${shown} answers that there is no such file (${response.status}).`);
    if (!response.ok || !response.body) throw new OperatorError(`${shown} answers ${response.status} ${response.statusText}`.trimEnd() + '.');
    const name = nameIn(response, new URL(address));
    const path = join(folder, name);
    await pipeline(Readable.fromWeb(response.body as never), upTo(mostBytes, shown), createWriteStream(path, { mode: 0o600 }), { signal });
    const [etag, lastModified] = [response.headers.get('etag'), response.headers.get('last-modified')];
    return { path, name, served: { address: keyOf(address), etag, lastModified } };
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    if (signal.aborted) throw new OperatorError(`${shown} did not give the file within ${Math.round(fetchMs / 1000)} seconds.`);
    const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
    throw new OperatorError(`${shown} cannot be reached: ${cause?.code ?? cause?.message ?? message}.`);
  }
}

async function follow(first: URL, before: Served | null, signal: AbortSignal): Promise<Response> {
  let url = first;
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(bare(url), { redirect: 'manual', signal, headers: { ...authorization(first, url), ...(before ? unlessSame(before) : {}), 'User-Agent': 'Signpost' } });
    const to = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (to === null) return response;
    await response.body?.cancel();
    if (redirects === MOST_REDIRECTS) throw new OperatorError(`${shownOf(first)} leads on and on: more than ${MOST_REDIRECTS} redirects.`);
    if (!URL.canParse(to, url)) throw new OperatorError(`${shownOf(first)} leads to what is no address.`);
    const next = new URL(to, url);
    const isSafe = next.protocol === 'https:' || (next.protocol === 'http:' && url.protocol === 'http:');
    if (!isSafe) throw new OperatorError(`${shownOf(first)} leads to ${next.protocol}//, which is not followed.`);
    url = next;
  }
}

/** Without user and password, which `fetch` does not take there. */
function bare(url: URL): URL {
  const copy = new URL(url);
  [copy.username, copy.password] = ['', ''];
  return copy;
}

function authorization(first: URL, url: URL): Record<string, string> {
  if (!first.username || url.origin !== first.origin) return {};
  const [user, password] = [first.username, first.password].map(decodeURIComponent);
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

const unlessSame = ({ etag, lastModified }: Served): Record<string, string> => ({
  ...(etag && { 'If-None-Match': etag }),
  ...(lastModified && { 'If-Modified-Since': lastModified }),
});

/** As it may be shown: a query may have a key in it. */
const shownOf = ({ origin, pathname }: URL): string => origin + pathname;

/** The name that the answer gives the file, or its address does. */
function nameIn(response: Response, asked: URL): string {
  const given = /filename\*?=(?:UTF-8'')?"?([^";]+)"?/i.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const last = (url: URL) => basename(url.pathname);
  return nameOf(decoded(given ?? '') || decoded(last(asked)));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
}

/** Passes on so many bytes, and refuses more. */
function upTo(most: number, shown: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > most) done(new OperatorError(`${shown} gives more than ${most / MEGABYTE} MB, which IMPORT_MOST_MB does not allow.`));
      else done(null, chunk);
    },
  });
}
