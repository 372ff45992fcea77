/** A job cannot be done, and is of no use to try as often as one that failed by a fault of the moment. */
export class PermanentFailure extends Error {}
