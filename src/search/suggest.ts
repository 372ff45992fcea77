import { categories } from '../directory/index.js';
import type { Queryable } from '../platform/database.js';
import { fold } from '../schools/index.js';
import { schoolWords } from './school-words.js';

export interface Suggested {
  kind: 'CATEGORY' | 'WORDS' | 'PROVIDER' | 'LISTING';
  text: string;
  value: string | null;
}

const MOST_OF_A_KIND = 4;
/** With fewer letters half of the directory would begin so. */
const FEWEST_LETTERS = 3;
/** So many listings are looked at, as PostgreSQL comes by them: one more letter narrows better than reading on. */
const LOOKED_AT = 40;
/** What stands between words, besides spaces. */
const SIGNS = '-/.,:;()&+"';

/** Titles of published listings and names of listed providers in which all words begin, with how they begin: $1 the words, $2 as tsquery. */
const NAMES = `
  WITH near AS MATERIALIZED (
    SELECT l.title, p.id, p.name
    FROM search_entry e JOIN listing l ON l.id = e.listing_id AND l.state = 'PUBLISHED' JOIN provider p ON p.id = l.provider_id AND p.state = 'LISTED'
    WHERE ts_filter(e.strong, '{a}') @@ $2::tsquery LIMIT ${LOOKED_AT}
  ),
  named AS MATERIALIZED (
    SELECT *, ' ' || translate(fold(text), '${SIGNS}', '${' '.repeat(SIGNS.length)}') AS folded FROM (
      SELECT DISTINCT 'PROVIDER' AS kind, name AS text, id::text AS value FROM near
      UNION ALL SELECT DISTINCT 'LISTING', title, NULL FROM near
    ) AS each
  ),
  fitting AS (
    SELECT *, row_number() OVER (PARTITION BY kind ORDER BY NOT starts_with(folded, ' ' || $1[1]), length(text), text) AS nth
    FROM named WHERE (SELECT bool_and(folded LIKE '% ' || word || '%') FROM unnest($1::text[]) AS word)
  )
  SELECT kind, text, value FROM fitting WHERE nth <= ${MOST_OF_A_KIND} ORDER BY kind DESC, nth`;

const ofCategories = Object.entries(categories).map(([value, text]) => ({ folded: ` ${fold(text)}`, suggested: { kind: 'CATEGORY', text, value } as Suggested }));
const ofWords = [...new Set(schoolWords)].map((text) => ({ folded: fold(text), suggested: { kind: 'WORDS', text, value: null } as Suggested }));

/** What the words typed so far may become: categories and school words first, then providers and titles that may be found. */
export async function suggestListings(db: Queryable & { prepared: (name: string, sql: string, parameters: readonly unknown[]) => Promise<unknown[]> }, typed: string): Promise<Suggested[]> {
  const words = fold(typed).split(' ').filter(Boolean);
  const prefix = words.join(' ');
  if (prefix === '') return [];
  const query = words.map((word) => `'${word}':*`).join(' & ');
  const names = prefix.length < FEWEST_LETTERS ? [] : ((await db.prepared('suggestions', NAMES, [words, query])) as Suggested[]);
  const fitting = (all: typeof ofWords, fits: (folded: string) => boolean) => all.filter(({ folded }) => fits(folded)).slice(0, MOST_OF_A_KIND).map(({ suggested }) => suggested);
  return [...fitting(ofCategories, (folded) => folded.includes(` ${prefix}`)), ...fitting(ofWords, (folded) => folded.startsWith(prefix)), ...names];
}
