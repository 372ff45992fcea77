import type { UnitOfWork } from '../platform/database/index.js';
import { asRead } from '../platform/text.js';

/** One at a time, so that two providers of one name who come into the directory at one moment see each other. */
const ONE_AT_A_TIME = `SELECT pg_advisory_xact_lock(hashtext('provider-names'))`;

/** Shorter names are too often a letter apart by chance. */
const SHORTEST_NEARLY = 6;
const LEGAL_FORM = /(?<=\S) (?:ltd|limited|plc|llp|cic|inc|company|co|uk)$/;

/**
 * What of a name tells it from others: as the eye reads it, without legal form, spaces and punctuation. Letters and
 * groups of letters that look alike are one; a number that stands by itself stays, since it tells names apart.
 */
export function nameKey(name: string): string {
  let words = asRead(name)
    .replace(/&/g, ' and ')
    .replace(/['’`]/g, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()
    .replace(/^the (?=.)/, '');
  for (let shorter = ''; shorter !== words; ) words = (shorter = words).replace(LEGAL_FORM, '');
  return words
    .split(' ')
    .map((word) => (/^\p{N}+$/u.test(word) ? `#${word}` : word.replace(/0/g, 'o').replace(/[1l|]/g, 'i').replace(/rn/g, 'm').replace(/vv/g, 'w')))
    .join('');
}

/** Whether two keys are the same, or are once a letter of each is left out: one added, lost, mistyped or moved. */
export function alikeKeys(one: string, other: string): boolean {
  if (one === other) return true;
  if (Math.abs(one.length - other.length) > 1 || Math.min(one.length, other.length) < SHORTEST_NEARLY) return false;
  if (numbersIn(one) !== numbersIn(other)) return false;
  let [from, a, b] = [0, one.length, other.length];
  while (from < Math.min(a, b) && one[from] === other[from]) from++;
  while (a > from && b > from && one[a - 1] === other[b - 1]) [a, b] = [a - 1, b - 1];
  const [x, y] = [one.slice(from, a), other.slice(from, b)];
  if (x.length <= 1 && y.length <= 1) return true;
  return x.length === y.length && (x.slice(1) === y.slice(0, -1) || x.slice(0, -1) === y.slice(1));
}

const numbersIn = (key: string) => (key.match(/#\p{N}+/gu) ?? []).join();

const OF_AUTHORITY =
  / (?:county council|city council|borough council|district council|metropolitan borough council|council|county|borough|local authority|education authority)$|^(?:london borough of|royal borough of|city of|county of|borough of) /g;

/** A local authority by the keys of what it is called: `Fernshire`, `Fernshire County Council`. */
const keysOfAuthority = (name: string): string[] => {
  const short = asRead(name).replace(OF_AUTHORITY, '').replace(OF_AUTHORITY, '');
  const called = [name, short, `${short} council`, `${short} county council`, `${short} city council`, `${short} borough council`, `${short} local authority`];
  return [...new Set(called.map(nameKey))];
};

interface Named {
  id: string;
  name: string;
  assurance: string;
  assuring_la: string | null;
}

/** The names that new ones are compared with: of who is in the directory or on the way there, and of local authorities. */
export async function knownNames(tx: UnitOfWork) {
  await tx.query(ONE_AT_A_TIME);
  const providers = await tx.query<{ id: string; name: string }>(
    `SELECT id, name FROM provider WHERE state IN ('AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED') ORDER BY name, id`,
  );
  const authorities = await tx.query<{ code: string; name: string }>('SELECT code, name FROM local_authority ORDER BY code');
  const others = [
    ...providers.map(({ id, name }) => ({ id, name, keys: [nameKey(name)] })),
    ...authorities.map(({ code, name }) => ({ id: code, name, keys: keysOfAuthority(name) })),
  ];
  const mostNames = 5;
  return {
    /** Whose names a provider's is like; a council's own service may be called as its council is. */
    like({ id, name, assurance, assuring_la }: Named): string[] {
      const key = nameKey(name);
      const own = assurance === 'COUNCIL' ? assuring_la : null;
      const found = others.filter((other) => other.id !== id && other.id !== own && other.keys.some((each) => alikeKeys(key, each)));
      return [...new Set(found.map((other) => other.name))].slice(0, mostNames);
    },
  };
}

/** Judges the name of a provider, under its lock, and keeps whose it is like: an officer confirms it before it may be listed. */
export async function judgeName(tx: UnitOfWork, id: string): Promise<void> {
  const [provider] = await tx.query<Named>('SELECT id, name, assurance, assuring_la FROM provider WHERE id = $1', [id]);
  const like = (await knownNames(tx)).like(provider!);
  await tx.query('UPDATE provider SET alike_names = $2 WHERE id = $1 AND alike_names <> $2', [id, like]);
}
