/** Each takes memory in every connection that has sent it. */
const MOST = 500;
/** Prepared from then on. */
const OFTEN = 5;
/** What is for more than so many at once is planned each time for as many as there are. */
const MANY = 100;

/** Gives statements that come again a name, under which pg prepares them: planning them costs more than their run. */
export class StatementNames {
  private readonly known = new Map<string, { name: string; sent: number }>();

  /** @returns undefined for what is better planned anew */
  of(sql: string, parameters: readonly unknown[]): string | undefined {
    if (parameters.length === 0 || parameters.some((each) => Array.isArray(each) && each.length > MANY)) return undefined;
    let statement = this.known.get(sql);
    if (!statement) {
      if (this.known.size === MOST) return undefined;
      this.known.set(sql, (statement = { name: `often ${this.known.size}`, sent: 0 }));
    }
    return ++statement.sent > OFTEN ? statement.name : undefined;
  }
}
