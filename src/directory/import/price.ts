import { asNumber } from '../../platform/csv/values.js';
import { webAddress } from '../../platform/validate.js';
import type { PriceKind, PriceUnit, Vat } from '../vocabulary.js';
import type { Row } from './columns.js';
import { readUnit, readVat } from './words.js';

/** The columns of a listing that say what it costs. */
export interface Price {
  price_kind: PriceKind;
  price_pence: number | null;
  price_unit: PriceUnit | null;
  vat: Vat | null;
  free_link: string | null;
}

const AGREED: Price = { price_kind: 'BESPOKE', price_pence: null, price_unit: null, vat: null, free_link: null };
const FREE = /^(free|free of charge|foc|no charge|no cost|nil|£?0([.,]0+)?)$/i;
const ON_AGREEMENT = /^(bespoke|by agreement|on agreement|price on agreement|on request|price on request|on application|poa|quote|varies|negotiable|contact us|tbc|tba)$/i;
const AMOUNT = /^(?:£|GBP)?\s*(\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.(\d{1,2}))?(?![\d.,])\s*(?:GBP\b)?\s*(.*)$/is;
const VAT_PHRASE = /\(?(?:(?:\+|plus|ex\w*\.?|inc\w*\.?|no)\s*vat\b|\bvat\s+(?:included|exempt)\b)\)?/i;
const freeLink = webAddress('The link');

/**
 * What the cells Price, Unit, VAT and Free link say together; `£250 per day + VAT` may stand in Price alone. A price
 * without unit or VAT is not guessed at, nor is one made of two, or of a range. A column that is just called Link makes nothing free.
 * @returns undefined where they say nothing, or in words what is wrong with them
 */
export function readPrice(row: Pick<Row, 'price' | 'unit' | 'vat' | 'freeLink' | 'link'>): Price | string | undefined {
  const typedLink = row.freeLink || (FREE.test(row.price) ? row.link : '');
  if (typedLink !== '' && (row.price === '' || FREE.test(row.price))) {
    const link = freeLink.safeParse(typedLink);
    return link.success ? { ...AGREED, price_kind: 'FREE', free_link: link.data } : link.error.issues[0]!.message;
  }
  if (row.price === '') return undefined;
  if (FREE.test(row.price)) return { ...AGREED, price_kind: 'FREE' };
  if (ON_AGREEMENT.test(row.price)) return AGREED;

  const [, pounds, pence = '', rest = ''] = AMOUNT.exec(row.price) ?? [];
  const amount = Number(`${asNumber(pounds ?? '')}${pence.padEnd(2, '0')}`);
  if (!pounds || amount < 1 || amount > 100_000_000) return `Price “${row.price}” is not an amount, “free” or “on agreement”.`;
  if (/\d/.test(rest)) return `Price “${row.price}” is more than one amount: give one, or “on agreement”.`;
  const vatWords = row.vat || (VAT_PHRASE.exec(rest)?.[0] ?? '');
  const unitWords = row.unit || rest.replace(VAT_PHRASE, '');
  const unit = (readUnit(unitWords) ?? readUnit(unitWords.replace(/^\W*(?:per|each|an?)?\b/i, '')))?.[0];
  const vat = readVat(vatWords)?.[0];
  if (!unit) return `Price “${row.price}” does not say for what: Unit has to be hour, day, session, pupil or the like.`;
  if (!vat) return `Price “${row.price}” does not say how VAT stands to it: VAT has to be included, added or not charged.`;
  return { price_kind: 'PRICED', price_pence: amount, price_unit: unit, vat, free_link: null };
}
