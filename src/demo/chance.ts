/**
 * Draws that come out the same for the same text. Each object of the demo draws for itself, so that none depends on
 * how many others there are: the hand-written part is equal in a demo of any size.
 */
export class Chance {
  private state: number;

  constructor(text: string) {
    this.state = mixed(text) || 1;
  }

  /** From 0 up to 1, which it does not reach. */
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True once in so many times. */
  once(inSoMany: number): boolean {
    return this.next() * inSoMany < 1;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }

  /** So many different ones, in the order drawn; all of them when there are no more. */
  several<T>(items: readonly T[], count: number): T[] {
    const left = [...items];
    return Array.from({ length: Math.min(count, left.length) }, () => left.splice(this.between(0, left.length - 1), 1)[0]!);
  }
}

/** 32 bits in which texts that differ in one letter have little in common. */
function mixed(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, 0x85ebca6b) >>> 0;
}
