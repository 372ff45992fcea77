import { isIP } from 'node:net';

/**
 * Whom limits count by, of an address: an IPv4 address by itself, also written as IPv6; of IPv6 the first half, since
 * whoever has one address has all that begin so.
 */
export function callerOf(address: string | undefined): string {
  const plain = (address ?? '').split('%', 1)[0]!;
  if (isIP(plain) !== 6) return plain;
  const groups = groupsOf(plain);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]).join('.');
  return `${groups.slice(0, 4).map((group) => group.toString(16)).join(':')}::/64`;
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a, b, c, d] = parts.map(Number) as [number, number, number, number];
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [head, tail] = hex.split('::').map((half) => half.split(':').filter(Boolean).map((group) => parseInt(group, 16)));
  if (!tail) return head!;
  return [...head!, ...Array<number>(8 - head!.length - tail.length).fill(0), ...tail];
}
