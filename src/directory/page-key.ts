/** A page of the children of one object: what a loader is asked for, so that many pages come in one statement. */
export interface PageKey {
  of: string;
  first: number;
  /** Where the page begins: the ordering value and id of the last child before it. */
  after: [string, string] | null;
}
