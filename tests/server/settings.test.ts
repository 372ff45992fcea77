import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperatorError, readConfig } from '../../src/platform/config.js';

const SESSION_SECRET = 'a secret for tests, long enough to be one';
const folder = mkdtempSync(join(tmpdir(), 'signpost-settings-'));
const fileWith = (name: string, text: string) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('a secret', () => {
  test('can be given as a file, whose last line end is not part of it', () => {
    const read = readConfig({ SESSION_SECRET_FILE: fileWith('secret', `${SESSION_SECRET}\n`), MEILI_KEY_FILE: fileWith('key', 'a key') });
    expect([read.sessionSecrets, read.meiliKey]).toEqual([[SESSION_SECRET], 'a key']);
  });

  test('is followed by the one before it', () => {
    const previous = 'the secret before, which was as long';
    expect(readConfig({ SESSION_SECRET, SESSION_SECRET_PREVIOUS: previous }).sessionSecrets).toEqual([SESSION_SECRET, previous]);
  });

  test.each([
    [{ SESSION_SECRET, SESSION_SECRET_FILE: fileWith('both', SESSION_SECRET) }, 'SESSION_SECRET and SESSION_SECRET_FILE are both set'],
    [{ SESSION_SECRET_FILE: join(folder, 'none') }, 'SESSION_SECRET_FILE cannot be read'],
    [{ SESSION_SECRET_FILE: fileWith('empty', '\n') }, 'SESSION_SECRET_FILE names an empty file'],
    [{ SESSION_SECRET_FILE: fileWith('short', 'short') }, 'SESSION_SECRET must have at least 32 characters'],
  ])('that cannot be used is told (%j)', (settings, line) => {
    expect(() => readConfig(settings)).toThrow(OperatorError);
    expect(() => readConfig(settings)).toThrow(line);
  });
});

describe('places to import from', () => {
  const read = (IMPORT_SCHOOLS_FROM: string) => readConfig({ SESSION_SECRET, IMPORT_SCHOOLS_FROM }).imports.from.SCHOOLS;

  test.each([
    ['/data/My files, https://example.org/a,b{yyyyMMdd}.csv ./c http://x.org/', ['/data/My files', 'https://example.org/a,b{yyyyMMdd}.csv', './c', 'http://x.org/']],
    ['  ', []],
    ['folder', ['folder']],
  ])('are several: %j', (text, places) => expect(read(text)).toEqual(places));

  test.each([
    [{ IMPORT_SCHOOLS_FROM: 'ftp://example.org/a' }, 'IMPORT_SCHOOLS_FROM must be folders, files, or addresses'],
    [{ IMPORT_AT: '24:00' }, 'IMPORT_AT must be a time of day, such as 03:30'],
    [{ IMPORT_MOST_MB: '0' }, 'IMPORT_MOST_MB must be a number from 1'],
  ])('and what is none is told (%j)', (settings, message) => expect(() => readConfig({ SESSION_SECRET, ...settings })).toThrow(message));
});

describe('connections', () => {
  test.each([
    [{}, 19],
    [{ DATABASE_CONNECTIONS: '50' }, 39],
    [{ DATABASE_CONNECTIONS: '50', DATABASE_POOL_SIZE: '10' }, 10],
  ])('%j', (settings, poolSize) => expect(readConfig({ SESSION_SECRET, ...settings }).database.poolSize).toBe(poolSize));

  test('are not more than the process may have', () => {
    expect(() => readConfig({ SESSION_SECRET, DATABASE_POOL_SIZE: '20' })).toThrow('DATABASE_POOL_SIZE may be at most 19');
  });
});

test.each([
  ['REQUEST_SECONDS', '0'],
  ['DATABASE_STATEMENT_SECONDS', 'soon'],
  ['MAX_WAITING_REQUESTS', '1.5'],
  ['SHUTDOWN_DELAY_SECONDS', '3'],
  ['MAIL_FROM', 'Signpost'],
  ['MAIL_FROM', 'Signpost <nobody>'],
])('%s may not be %s', (name, value) => expect(() => readConfig({ SESSION_SECRET, [name]: value })).toThrow(name));

test.each(['support@council.example', 'Signpost <support@council.example>', '<support@council.example>'])('MAIL_FROM may be %s', (sender) =>
  expect(readConfig({ SESSION_SECRET, MAIL_FROM: sender }).mailFrom).toBe(sender));

test('outside production the service listens on this machine alone, unless told otherwise', () => {
  expect(readConfig({ SESSION_SECRET }).host).toBe('127.0.0.1');
  expect(readConfig({ SESSION_SECRET, HOST: '0.0.0.0' }).host).toBe('0.0.0.0');
  const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://x/y', SMTP_URL: 'smtp://x', PUBLIC_URL: 'https://x.example', SESSION_SECRET };
  expect(readConfig(production).host).toBeNull();
});
