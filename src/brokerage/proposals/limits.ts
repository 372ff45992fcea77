import type { Vat } from '../../directory/index.js';

/** Above a whole cost, how many quotes a purchase needs and whether the governors approve it. Money in pence. */
export interface Limit {
  overPence: number;
  quotes: number;
  governorsApproval: boolean;
}

export interface Price {
  pricePence: number;
  vat: Vat;
  travelPence: number;
}

/** What a choice needs by the limits that hold for the school. */
export interface Needs {
  wholeCostPence: number;
  quotesNeeded: number;
  quotes: number;
  governorsApproval: boolean;
}

const VAT_PERCENT = 20;

/**
 * The whole cost to the school: price and travel with VAT where it is added to them, and cover for its own staff. Travel
 * that a provider recharges is part of what it supplies, so VAT stands to it as it stands to the price.
 */
export function wholeCost({ pricePence, vat, travelPence }: Price, coverPence: number): number {
  const charged = pricePence + travelPence;
  const added = vat === 'ADDED' ? Math.round((charged * VAT_PERCENT) / 100) : 0;
  return charged + added + coverPence;
}

/** @param quotes how many proposals stand for the request */
export function needsOf(limits: readonly Limit[], price: Price, coverPence: number, quotes: number): Needs {
  const wholeCostPence = wholeCost(price, coverPence);
  const held = limits.filter(({ overPence }) => wholeCostPence > overPence);
  return {
    wholeCostPence,
    quotesNeeded: Math.max(1, ...held.map((limit) => limit.quotes)),
    quotes,
    governorsApproval: held.some((limit) => limit.governorsApproval),
  };
}

/** SQL: the limits that hold for the school `s`, as JSON: its trust's where that has any, else its LA's. */
export const limitsOf = (s: string) => `(
  SELECT coalesce(json_agg(json_build_object('overPence', limits.over_pence, 'quotes', limits.quotes, 'governorsApproval', limits.governors_approval) ORDER BY limits.over_pence), '[]')
  FROM purchase_limit limits
  WHERE CASE WHEN EXISTS (SELECT FROM purchase_limit own WHERE own.trust_id = ${s}.trust_id) THEN limits.trust_id = ${s}.trust_id ELSE limits.la_code = ${s}.la_code END)`;
