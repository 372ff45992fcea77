import fc from 'fast-check';
import { localPath, sameOrigin } from '../../src/web/safety.js';
import { runs } from '../support/runs.js';

test.each(['/', '/account', '/listings/1?done=saved', '/a//b', '/?q=https://example.org', '/é'])('%s stays here', (path) => {
  expect(localPath(path)).not.toBeNull();
});

test.each(['//evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example', 'account', '', '/\t/evil.example', '/\n/evil.example', '/.//evil.example', '/%09\\evil', 'javascript:alert(1)', undefined, ['/account'], 7])(
  '%j leads elsewhere or nowhere',
  (path) => {
    expect(localPath(path)).toBeNull();
  },
);

test('whatever is let through stays at our own origin, as a browser reads it', () => {
  const nasty = fc.array(fc.constantFrom('/', '\\', '.', '..', '@', ':', '?', '#', '%2f', '\t', '\n', ' ', 'evil.example', 'https:', 'account'), { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(nasty, fc.webUrl(), fc.string()), (path) => {
      const kept = localPath(path);
      if (kept === null) return;
      expect(new URL(kept, 'https://signpost.example').origin).toBe('https://signpost.example');
      expect(kept.startsWith('//')).toBe(false);
    }),
    { numRuns: runs(20_000) },
  );
});

describe('the origin of a form', () => {
  const publicUrl = 'https://signpost.example';
  const isTaken = (headers: Record<string, string>, production: boolean) => {
    let refusal: unknown = 'not asked';
    const request = { method: 'POST', protocol: 'http', get: (name: string) => ({ host: '127.0.0.1:4000', ...headers })[name] };
    sameOrigin({ publicUrl, production })(request as never, {} as never, (error?: unknown) => (refusal = error));
    return refusal === undefined;
  };

  test.each([
    [{ origin: publicUrl }, true, true],
    [{ origin: 'https://signpost.example:443' }, false, false], // no browser writes it so
    [{ origin: 'http://signpost.example' }, false, false],
    [{ origin: 'https://signpost.example:8443' }, false, false],
    [{ origin: 'https://evil.signpost.example' }, false, false],
    [{ origin: 'http://127.0.0.1:4000' }, false, true],
    [{ origin: 'https://127.0.0.1:4000' }, false, false],
    [{ origin: 'http://127.0.0.1' }, false, false],
    [{ origin: 'null' }, false, false],
    [{ origin: '' }, false, false],
    [{}, false, false],
    [{ 'sec-fetch-site': 'same-origin' }, true, true],
    [{ 'sec-fetch-site': 'none' }, false, false],
    [{ 'sec-fetch-site': 'cross-site', origin: publicUrl }, false, false],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, false, false],
  ])('%j: in production %s, else %s', (headers, inProduction, elsewhere) => {
    expect([isTaken(headers as Record<string, string>, true), isTaken(headers as Record<string, string>, false)]).toEqual([inProduction, elsewhere]);
  });
});
