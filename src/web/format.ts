import { priceUnits, vatTreatments, type PriceUnit, type Vat } from '../directory/index.js';

const dayFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'long', year: 'numeric' });

/** `22 November 2026`, from an ISO moment or day. */
/** The day that a moment is the end of: what ends at midnight is open until the day before. */
export const lastDay = (iso: string): string => dayFormat.format(Date.parse(iso) - 1);

export const day = (iso: string): string => dayFormat.format(new Date(iso.length === 10 ? `${iso}T12:00:00Z` : iso));

const momentFormat = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' });

/** `22 November 2026 at 14:05`, from an ISO moment. */
export const moment = (iso: string): string => momentFormat.format(new Date(iso));

/** `less than a minute`, `5 minutes`, `2 hours`, `3 days` */
export function duration(seconds: number): string {
  if (seconds < 60) return 'less than a minute';
  if (seconds < 3600) return count(Math.floor(seconds / 60), 'minute');
  return seconds < 86_400 ? count(Math.floor(seconds / 3600), 'hour') : count(Math.floor(seconds / 86_400), 'day');
}

export interface Price {
  kind: 'FREE' | 'PRICED' | 'BESPOKE';
  pence: number | null;
  unit: PriceUnit | null;
  vat: Vat | null;
}

/** `£450 a day, plus VAT` */
export function price({ kind, pence, unit, vat }: Price): string {
  if (kind === 'FREE') return 'Free';
  if (kind === 'BESPOKE' || pence === null || unit === null || vat === null) return 'Price on agreement';
  return `${pounds(pence)} ${priceUnits[unit]}, ${vatTreatments[vat]}`;
}

/** `£1,250` or `£37.50` */
export function pounds(pence: number): string {
  return `£${(pence / 100).toLocaleString('en-GB', { minimumFractionDigits: pence % 100 === 0 ? 0 : 2, maximumFractionDigits: 2 })}`;
}

const KM_PER_MILE = 1.609344;
export const milesOf = (km: number): number => Math.max(1, Math.round(km / KM_PER_MILE));
export const kmOf = (miles: number): number => Math.round(miles * KM_PER_MILE);

/** `under a mile`, `about 12 miles` */
export const miles = (km: number): string => (km < KM_PER_MILE ? 'under a mile' : `about ${count(milesOf(km), 'mile')}`);

export interface Place {
  national: boolean;
  radiusKm: number | null;
  localAuthorities: { name: string }[];
  provider: { basePostcode: string | null };
}

/** Where a listing is offered: `Leicestershire and Rutland; within 20 miles of LE13 0AA`. */
export function where({ national, radiusKm, localAuthorities, provider }: Place, most = 200): string {
  if (national) return 'Across England';
  const names = localAuthorities.map((each) => each.name);
  const named = names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : inWords(names);
  const miles = radiusKm === null ? 0 : milesOf(radiusKm);
  const near = miles && `${named ? 'within' : 'Within'} ${miles} ${miles === 1 ? 'mile' : 'miles'} of ${provider.basePostcode ?? 'the provider’s base'}`;
  return [named, near].filter(Boolean).join('; ') || 'Ask the provider';
}

/** `a, b and c` */
const inWords = (items: readonly string[]): string => (items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`);

/** `1 school`, `3 schools` */
export const count = (number: number, one: string, many = `${one}s`): string => `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (each) => escapes[each]!);

/** Plain text as HTML, its web addresses made links. */
export const linked = (text: string): string =>
  text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, i) => (i % 2 ? `<a class="govuk-link" href="${escape(part)}">${escape(part)}</a>` : escape(part)))
    .join('');

/** The paragraphs of a plain text, which an empty line parts. */
export const paragraphs = (text: string): string[] => text.split(/\r?\n\s*\r?\n/).map((each) => each.trim()).filter(Boolean);

/** A text that does not break over lines, such as a phone number. */
export const unbroken = (text: string): string => text.replace(/\s/g, '\u00a0');
