/**
 * SQL: the open schools that the school `urn` has become, none while it is open itself. What waits for the answer of a
 * school is its one successor's; where there are several, it cannot be said whose it is.
 */
export const openSuccessors = (urn: string) => `ARRAY(
  SELECT next.urn FROM school old JOIN school_successor link ON link.urn = old.urn JOIN school next ON next.urn = link.successor_urn AND next.status = 'OPEN'
  WHERE old.urn = ${urn} AND old.status = 'CLOSED' ORDER BY next.urn)`;
