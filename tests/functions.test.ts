import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Migrations define functions of the database anew, each from the whole text of the last definition. Two that are written
 * at once must not lose each other's changes: whoever defines one says so in functions.json, where that meets the other.
 */
const folder = fileURLToPath(new URL('../../migrations', import.meta.url));
const list = JSON.parse(readFileSync(fileURLToPath(new URL('../../tests/functions.json', import.meta.url)), 'utf8')) as Record<string, string>;

test('the list says which migration defines each function of the database last', () => {
  const last: Record<string, string> = {};
  const files = readdirSync(folder).filter((file) => /^\d+-/.test(file)).sort((a, b) => parseInt(a) - parseInt(b));
  for (const file of files) {
    const sql = readFileSync(`${folder}/${file}`, 'utf8');
    for (const [, defined, renamed] of sql.matchAll(/\bCREATE (?:OR REPLACE )?FUNCTION (\w+)|\bALTER FUNCTION \w+ RENAME TO (\w+)/g)) last[defined ?? renamed!] = file.replace('.ts', '');
  }
  expect(Object.fromEntries(Object.entries(last).sort())).toEqual(list);
  expect(Object.keys(list).length).toBeGreaterThan(40);
});
