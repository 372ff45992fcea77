/**
 * A naive account of successions, written from what docs/successions.md says and not from the product's code: plain lists,
 * everything worked out anew each time.
 */
export type Status = 'Open' | 'Closed' | 'Proposed to open';
export interface LinkRow { urn: number; other: number; type: string }
interface Said extends LinkRow { at: number }

export class Register {
  private said: Said[] = [];
  private at = 0;
  readonly status = new Map<number, Status>();
  /** `email urn` of each part that somebody has by themselves, and of those that have gone on elsewhere. */
  readonly own: { who: string; urn: number }[] = [];
  carried: { who: string; urn: number }[] = [];

  schools(rows: readonly { urn: number; status: Status }[]): void {
    for (const { urn, status } of rows) this.status.set(urn, status);
    this.carry();
  }

  links(rows: readonly LinkRow[]): void {
    this.at++;
    const successions = rows.filter(({ type }) => type !== 'Other');
    for (const urn of new Set(rows.map((row) => row.urn))) {
      for (const old of this.said.filter((each) => each.urn === urn)) {
        const mentions = successions.filter((row) => row.urn === urn && row.other === old.other);
        if (mentions.some((row) => row.type === old.type)) continue;
        this.said = this.said.filter((each) => each !== old);
        const mirrored = successions.some((row) => row.urn === old.other && row.other === urn);
        if (mentions.length === 0 && !mirrored) this.said = this.said.filter((each) => !(each.urn === old.other && each.other === urn));
      }
    }
    for (const row of successions) {
      this.said = [...this.said.filter((each) => !(each.urn === row.urn && each.other === row.other && each.type === row.type)), { ...row, at: this.at }];
    }
    this.carry();
  }

  /** Each school with what it became. */
  successions(): [number, number][] {
    const pairs = new Set(this.said.map(({ urn, other }) => `${Math.min(urn, other)} ${Math.max(urn, other)}`));
    return [...pairs].flatMap((pair) => {
      const [low, high] = pair.split(' ').map(Number) as [number, number];
      const way = this.wayOf(low, high);
      return way ? [way] : [];
    });
  }

  private wayOf(a: number, b: number): [number, number] | null {
    const about = this.said.filter((each) => (each.urn === a && each.other === b) || (each.urn === b && each.other === a));
    const saying = (from: number) => about.filter((each) => (each.type === 'Successor' ? each.urn === from : each.type === 'Predecessor' && each.other === from));
    const results = (from: number) => about.some((each) => each.type === 'Result of Amalgamation' && each.other === from);
    const closed = (urn: number) => this.status.get(urn) === 'Closed';
    const alive = (urn: number) => this.status.has(urn) && !closed(urn);
    const told: [number, number] | null = closed(a) && alive(b) ? [a, b] : closed(b) && alive(a) ? [b, a] : null;
    const [ab, ba] = [saying(a), saying(b)];
    if (ab.length > 0 && ba.length === 0) return told && told[0] === b ? null : [a, b];
    if (ba.length > 0 && ab.length === 0) return told && told[0] === a ? null : [b, a];
    if (told) return told;
    if (ab.length > 0) {
      const last = (these: Said[]) => Math.max(...these.map((each) => each.at));
      return last(ab) > last(ba) ? [a, b] : last(ba) > last(ab) ? [b, a] : null;
    }
    return results(a) === results(b) ? null : results(a) ? [a, b] : [b, a];
  }

  /** Where a part in a closed school goes on: whatever is reached over schools that are closed or not known. */
  private reach(urn: number): number[] {
    if (this.status.get(urn) !== 'Closed') return [];
    const found = new Set<number>();
    const visit = (at: number) => {
      if (this.status.has(at) && this.status.get(at) !== 'Closed') return;
      for (const [from, to] of this.successions()) {
        if (from !== at || found.has(to)) continue;
        found.add(to);
        visit(to);
      }
    };
    visit(urn);
    found.delete(urn);
    return [...found];
  }

  carry(): void {
    const same = (who: string) => (each: { who: string }) => each.who === who;
    this.carried = this.carried.filter(({ who, urn }) => this.own.filter(same(who)).some((each) => this.reach(each.urn).includes(urn)));
    for (const { who, urn } of [...this.own, ...this.carried]) {
      for (const next of this.reach(urn)) {
        const has = [...this.own, ...this.carried].some((each) => each.who === who && each.urn === next);
        if (this.status.get(next) === 'Open' && !has) this.carried.push({ who, urn: next });
      }
    }
  }

  /** The school, what it was and what it became. */
  kin(urn: number): Set<number> {
    const walk = (next: (at: number) => number[]) => {
      const seen = new Set([urn]);
      for (const at of seen) for (const other of next(at)) seen.add(other);
      return [...seen];
    };
    const links = this.successions();
    return new Set([...walk((at) => links.filter(([, to]) => to === at).map(([from]) => from)), ...walk((at) => links.filter(([from]) => from === at).map(([, to]) => to))]);
  }

  /** How many different schools these are, where all that succession links are one. */
  different(urns: readonly number[]): number {
    const group = new Map<number, number>();
    const find = (urn: number): number => (group.has(urn) ? find(group.get(urn)!) : urn);
    for (const [from, to] of this.successions()) if (find(from) !== find(to)) group.set(find(from), find(to));
    return new Set(urns.map(find)).size;
  }
}
