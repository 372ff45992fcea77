import fc from 'fast-check';
import { localPath } from '../../src/web/safety.js';
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
