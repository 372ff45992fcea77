import fc from 'fast-check';

const HURTS = ['"', ',', '\n', '\r', ';', '\t', '\0', '\u00E9', '\uFEFF', '="', ',,,,,,', '\n\n', 'NULL', '0', '"\n"', '\xFF'];

type Hurt = (bytes: Buffer) => Buffer;

const at = (bytes: Buffer, place: number) => Math.floor(place * (bytes.length + 1));
const spliced = (bytes: Buffer, from: number, to: number, put: Buffer) => Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(Math.max(from, to))]);
const place = fc.double({ min: 0, max: 0.999, noNaN: true });

const hurt: fc.Arbitrary<Hurt> = fc.oneof(
  place.map((where): Hurt => (bytes) => bytes.subarray(0, at(bytes, where))),
  place.map((where): Hurt => (bytes) => bytes.subarray(at(bytes, where))),
  fc.tuple(place, fc.nat(40)).map(([where, length]): Hurt => (bytes) => spliced(bytes, at(bytes, where), at(bytes, where) + length, Buffer.alloc(0))),
  fc.tuple(place, fc.constantFrom(...HURTS)).map(([where, text]): Hurt => (bytes) => spliced(bytes, at(bytes, where), 0, Buffer.from(text, 'latin1'))),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([where, noise]): Hurt => (bytes) => spliced(bytes, at(bytes, where), at(bytes, where) + noise.length, Buffer.from(noise))),
  fc.tuple(place, place, fc.nat(200)).map(([from, to, length]): Hurt => (bytes) => spliced(bytes, at(bytes, to), 0, bytes.subarray(at(bytes, from), at(bytes, from) + length))),
);

/** A file after what disks, wires, editors and spreadsheets do to it: cut, with parts lost, doubled or replaced. */
export const mangled = (bytes: Buffer): fc.Arbitrary<Buffer> => fc.array(hurt, { minLength: 1, maxLength: 4 }).map((hurts) => hurts.reduce((rest, each) => each(rest), bytes));
