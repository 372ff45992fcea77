import fc from 'fast-check';
import { callerOf } from '../../src/platform/caller.js';
import { runs } from '../support/runs.js';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::ffff:c000:207', '192.0.2.7'],
  ['0:0:0:0:0:FFFF:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
  [undefined, ''],
])('%s counts as %s', (address, caller) => {
  expect(callerOf(address)).toBe(caller);
});

test('addresses of one /64 are one caller, of two are two, however they are written', () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  const half = fc.tuple(fc.integer({ min: 1, max: 0xffff }), group, group, group);
  const rest = fc.tuple(group, group, group, group);
  const written = (groups: number[], way: number) => {
    const long = groups.map((each) => each.toString(16).padStart(way % 2 === 0 ? 4 : 1, '0')).join(':');
    if (way < 2) return long;
    return new URL(`http://[${long}]/`).hostname.slice(1, -1); // as short as can be
  };
  fc.assert(
    fc.property(half, half, rest, rest, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), (a, b, x, y, one, other) => {
      expect(callerOf(written([...a, ...x], one))).toBe(callerOf(written([...a, ...y], other)));
      expect(callerOf(written([...a, ...x], one)) === callerOf(written([...b, ...y], other))).toBe(a.join() === b.join());
    }),
    { numRuns: runs(500) },
  );
});

test('an IPv4 address is itself, written as IPv6 too', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect([callerOf(address), callerOf(`::ffff:${address}`), callerOf(new URL(`http://[::ffff:${address}]/`).hostname.slice(1, -1))]).toEqual([address, address, address]);
    }),
    { numRuns: runs(200) },
  );
});
