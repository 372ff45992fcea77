import type { RequestHandler } from 'express';
import { PageError } from './errors.js';

/**
 * Refuses a form that was not sent from one of our own pages, besides the session cookie's SameSite=Lax: its origin
 * (scheme, host and port) has to be that of PUBLIC_URL. Outside production people reach the service by other names too,
 * so there the origin that was asked counts as well. A browser that says no Origin says where the form is from in
 * Sec-Fetch-Site.
 */
export function sameOrigin({ publicUrl, production }: { publicUrl: string; production: boolean }): RequestHandler {
  const own = new URL(publicUrl).origin;
  return (request, _response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    const [origin, site] = [request.get('origin'), request.get('sec-fetch-site')];
    const isOurs = origin === own || (!production && origin === `${request.protocol}://${request.get('host')}`);
    const bySite = site === undefined || site === 'same-origin';
    next((origin === undefined ? site === 'same-origin' : isOurs && bySite) ? undefined : new PageError(403, FROM_ELSEWHERE));
  };
}

const FROM_ELSEWHERE = 'This form did not come from one of our own pages, so nothing was done. Open the page again and send the form from there.';

const HERE = 'http://here.invalid';

/** The path, where it leads to a page of this service; null for anything that a browser could take elsewhere. */
export function localPath(path: unknown): string | null {
  if (typeof path !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(path) || !URL.canParse(path, HERE)) return null;
  const { origin, pathname, search } = new URL(path, HERE);
  return origin === HERE && !pathname.startsWith('//') ? pathname + search : null;
}
