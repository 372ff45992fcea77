/**
 * SQL: the open schools that the school `urn` has become, over others that have closed too; none while it is open itself. What waits for the answer of a
 * school is its one successor's; where there are several, it cannot be said whose it is.
 */
export const openSuccessors = (urn: string) => `ARRAY(
  SELECT next.urn FROM school_reach(ARRAY[${urn}]) reach JOIN school next ON next.urn = reach.became AND next.status = 'OPEN' ORDER BY next.urn)`;
