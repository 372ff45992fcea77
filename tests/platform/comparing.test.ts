import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApp, type TestServer } from '../support/app.js';

/** What follows LIKE and its kind in a text. */
const patterns = (text: string): string[] => [...text.matchAll(/(?:\b(?:I?LIKE|SIMILAR\s+TO)\b|!?~~\*?)\s*((?:ALL|ANY)?\s*\(*\s*(?:'[^'\n]*'(?:\s*\|\|)?|[^\s]+))/g)].map(([, pattern]) => pattern!);
/** A constant of the code, which may be put together of others in capitals. */
const isConstant = (pattern: string) => /^'(?:[^'$]|\$\{[A-Z_]+\})*'$/.test(pattern);

test('what a person typed is never a pattern: LIKE has constants only', () => {
  const src = join(process.cwd(), 'src');
  const wrong: string[] = [];
  for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.ts'))) {
    const code = readFileSync(join(src, file), 'utf8').replace(/^\s*(\/\*\*|\*|\/\/).*$/gm, '');
    wrong.push(...patterns(code).filter((pattern) => !isConstant(pattern)).map((pattern) => `${file}: ${pattern}`));
  }
  expect(wrong).toEqual([]);
});

test.each(["name LIKE $1", "name ILIKE '%' || $1 || '%'", 'name LIKE ${pattern}', "name LIKE '%${word}%'", 'name ~~* $2', 'name LIKE ANY($1)'])('the look finds %s', (sql) => {
  expect(patterns(sql).filter((pattern) => !isConstant(pattern))).toHaveLength(1);
});

test("and lets pass what is constant", () => {
  expect(patterns("link LIKE '/%' AND b NOT LIKE '${OF_SCHOOL}%'").every(isConstant)).toBe(true);
});

describe('a name with a wildcard in it', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startApp();
  });

  test.each(['100% Reading', 'Read_Write', 'Back\\Slash'])('%s is found by its wildcard, and nothing else is', async (name) => {
    const { id } = await server.world.provider({ name });
    const found = async (part: string) => {
      const { data } = await server.graphql<{ providers: { nodes: { id: string }[] } }>('query ($name: String) { providers(filter: { name: $name }) { nodes { id } } }', { name: part }, await server.cookieOf(await server.world.person('SYSTEM_ADMIN')));
      return data.providers.nodes.map((each) => each.id);
    };
    expect(await found(/[%_\\]/.exec(name)![0])).toEqual([id]);
    expect(await found(name)).toEqual([id]);
  });
});
