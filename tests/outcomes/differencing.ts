interface Answered {
  id: number | string;
  school: number | null;
}

/**
 * The attack by differences, at its strongest. Two answers that are in the same sums always come together, whatever is
 * added to and subtracted from what; so the smallest that can be told are the answers that all sums have alike. Every
 * sum, and so every combination of sums, gives such answers one weight.
 * @param sums which answers each published sum is over
 * @returns the fewest different schools among answers that can be told apart from all others; Infinity where nothing is told
 */
export function fewestTold(sums: readonly (readonly Answered[])[]): number {
  const seenIn = new Map<Answered['id'], { school: number | null; sums: number[] }>();
  sums.forEach((sum, i) => {
    for (const { id, school } of sum) {
      const known = seenIn.get(id) ?? { school, sums: [] };
      known.sums.push(i);
      seenIn.set(id, known);
    }
  });
  const alike = new Map<string, Set<number>>();
  for (const { school, sums } of seenIn.values()) {
    const schools = alike.get(sums.join()) ?? new Set();
    if (school !== null) schools.add(school);
    alike.set(sums.join(), schools);
  }
  return Math.min(...[...alike.values()].map((schools) => schools.size));
}
