import { londonDay } from '../../platform/clock.js';
import { CHANCES } from './document.js';

/**
 * Today's order by chance, the same all day: by the documents' numbers, another one leading and another way round each
 * day, so that nobody is always first. Hardly any two have the same numbers; these stay as Meilisearch has them.
 */
export function dailyOrder(now: Date): string[] {
  const day = Date.parse(londonDay(now)) / 86_400_000;
  const turn = Math.floor(day / CHANCES);
  const order = Array.from({ length: CHANCES }, (_, i) => (turn % 2 ? day + i : day + CHANCES - i) % CHANCES);
  return order.map((chance, i) => `chance${chance}:${(turn >> (i + 1)) & 1 ? 'asc' : 'desc'}`);
}
