/** Meilisearch cannot answer, or not rightly: why, in words for people. */
export class Unavailable extends Error {
  constructor(
    reason: string,
    /** It is to blame, and should be left alone for a while after some of these. */
    readonly fault: boolean,
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** PostgreSQL is the better one for this search: nothing is wrong. */
export class Deferred extends Error {}
