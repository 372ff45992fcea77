import type { RequestHandler } from 'express';
import { PageError } from './errors.js';

/**
 * Refuses a form that was not sent from one of our own pages, besides the session cookie's SameSite=Lax. Browsers say
 * where a form comes from in Sec-Fetch-Site or, over plain http to another machine, in Origin alone.
 */
export function sameOrigin(publicUrl: string): RequestHandler {
  const publicHost = new URL(publicUrl).host;
  return (request, _response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    const site = request.get('sec-fetch-site');
    const origin = hostOf(request.get('origin'));
    const byOrigin = origin !== null && [publicHost, request.get('host')].includes(origin);
    const own = site === undefined ? byOrigin : site === 'same-origin';
    next(own ? undefined : new PageError(403, FROM_ELSEWHERE));
  };
}

const FROM_ELSEWHERE = 'This form did not come from one of our own pages, so nothing was done. Open the page again and send the form from there.';

function hostOf(origin: string | undefined): string | null {
  return origin && URL.canParse(origin) ? new URL(origin).host : null;
}

const HERE = 'http://here.invalid';

/** The path, where it leads to a page of this service; null for anything that a browser could take elsewhere. */
export function localPath(path: unknown): string | null {
  if (typeof path !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path) || !URL.canParse(path, HERE)) return null;
  const { origin, pathname, search } = new URL(path, HERE);
  return origin === HERE && !pathname.startsWith('//') ? pathname + search : null;
}
