/**
 * What one school has answered or needed, at its place in the table that others see. A part of the place that is not
 * known is null. Who asks for no school (a SIP) has null for a school and makes nobody safe.
 */
export interface Unit {
  school: number | null;
  place: Place;
}

export type Place = Readonly<Record<string, string | null>>;

/** Units that are told only together. The parts of the place that are not told apart are null. */
export interface Group<U extends Unit> {
  place: Place;
  schools: number[];
  units: U[];
}

/**
 * Divides what waits into groups of at least so many different schools, as finely as that allows, and what has to wait
 * on. A unit goes into one group, once and for all, so that whatever is made of the groups, by sums over any filters at
 * any times and by their differences, is a sum over whole groups: it never tells what fewer schools answered. Pure, and
 * the same for the units in any order; it looks at places and schools, never at answers.
 * @param least how many different schools a group needs
 * @param levels parts of the place that are told apart, the finest first; each unit is in the first level where it finds company
 */
export function suppress<U extends Unit>(units: readonly U[], least: number, levels: readonly (readonly string[])[]): { groups: Group<U>[]; waiting: U[] } {
  const groups: Group<U>[] = [];
  let waiting = [...units];
  for (const level of levels) {
    const together = new Map<string, U[]>();
    for (const unit of waiting) {
      if (level.some((part) => unit.place[part] === null)) continue;
      const key = JSON.stringify(level.map((part) => unit.place[part]));
      together.set(key, [...(together.get(key) ?? []), unit]);
    }
    const released = new Set<U>();
    for (const members of together.values()) {
      const schools = differentSchools(members);
      if (schools.length < least) continue;
      groups.push({ place: Object.fromEntries(Object.entries(members[0]!.place).map(([part, value]) => [part, level.includes(part) ? value : null])), schools, units: members });
      members.forEach((unit) => released.add(unit));
    }
    waiting = waiting.filter((unit) => !released.has(unit));
  }
  return { groups, waiting };
}

const differentSchools = (units: readonly Unit[]): number[] => [...new Set(units.flatMap(({ school }) => school ?? []))].sort((a, b) => a - b);
