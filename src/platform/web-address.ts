/**
 * A web address in the one form in which it is kept, so that two spellings of one are one: as browsers read it, without a
 * dot at the end of the host. `typed` can be parsed as a URL.
 */
export function normalWebAddress(typed: string): string {
  const url = new URL(typed);
  url.hostname = url.hostname.replace(/\.+$/, '');
  const endsWithHost = url.pathname === '/' && url.search === '' && url.hash === '' && !typed.endsWith('/');
  return endsWithHost ? url.href.replace(/\/$/, '') : url.href;
}
