import type { Scene } from './judge.js';
import type { Given } from './rows.js';

const MOST = 6;

/**
 * Whether a recommendation closes a small circle: among all sets of two to six providers there is one to which its
 * provider belongs, where every recommendation that counts for a member comes from a school of a member, and where the
 * word of its provider comes back to it by what was given before. All sets are tried, one by one.
 */
export function closesCircle(one: Given, counting: readonly Given[], scene: Scene): boolean {
  const earlier = (each: Given) => each.givenAt < one.givenAt || (each.givenAt.getTime() === one.givenAt.getTime() && each.id < one.id);
  const own = new Map<number, string[]>();
  const membersOf = (school: number) => own.get(school) ?? own.set(school, scene.providersOf(school)).get(school)!;
  if (membersOf(one.school).length === 0) return false;
  const edges = [...counting.filter(({ id }) => id !== one.id), one];

  // Does it come back? From the school's providers to whose schools vouched for them before, and so on.
  const reached = new Set(membersOf(one.school));
  for (const at of reached) for (const each of edges.filter((edge) => edge.provider === at && earlier(edge))) for (const next of membersOf(each.school)) reached.add(next);
  if (!reached.has(one.provider)) return false;

  const providers = [...new Set(edges.map(({ provider }) => provider))].filter((id) => id !== one.provider);
  for (const others of subsets(providers, MOST - 1)) {
    const set = [one.provider, ...others];
    const inside = edges.filter(({ provider }) => set.includes(provider));
    const schools = new Set(inside.map(({ school }) => school));
    const isClosed = others.length > 0 && schools.size <= MOST && inside.every(({ school }) => membersOf(school).some((id) => set.includes(id)));
    if (isClosed && set.every((id) => inside.some(({ provider }) => provider === id)) && comesBackWithin(one, inside.filter(earlier), set, membersOf)) return true;
  }
  return false;
}

function comesBackWithin(one: Given, before: readonly Given[], set: readonly string[], membersOf: (school: number) => string[]): boolean {
  const reached = new Set(membersOf(one.school).filter((id) => set.includes(id)));
  for (const at of reached) for (const each of before.filter(({ provider }) => provider === at)) for (const next of membersOf(each.school)) if (set.includes(next)) reached.add(next);
  return reached.has(one.provider);
}

function* subsets<T>(of: readonly T[], most: number): Generator<T[]> {
  for (let bits = 0; bits < 2 ** of.length; bits++) {
    const chosen = of.filter((_, at) => (bits >> at) & 1);
    if (chosen.length <= most) yield chosen;
  }
}
