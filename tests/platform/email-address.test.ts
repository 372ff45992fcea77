import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import { mailboxOf, normalEmail } from '../../src/platform/email-address.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';

let app: TestApp;
beforeAll(async () => {
  app = await startServices();
});

describe('an address', () => {
  test.each([
    ['jill@farrant.example', 'jill@farrant.example'],
    ['  Jill.Farrant+Head@FARRANT.example ', 'jill.farrant+head@farrant.example'],
    ['o’brien@farrant.example', null],
    ["o'brien@farrant.example", "o'brien@farrant.example"],
    ['j_f-2/a=b@farrant.example', 'j_f-2/a=b@farrant.example'],
    ['Zoë@farrant.example', 'zoë@farrant.example'],
    ['ｊｉｌｌ@farrant.example', 'jill@farrant.example'],
    ['jill@ｆarrant。example', 'jill@farrant.example'],
  ])('%s is %s', (typed, kept) => expect(normalEmail(typed)).toBe(kept));

  test.each([
    'jill(2)@farrant.example', '(x)jill@farrant.example', 'jill@farrant.example(x)', 'jill@(x)farrant.example', 'x:jill@farrant.example', 'x:jill@farrant.example;', 'a(:)b@farrant.example',
    '"jill"@farrant.example', '"jill@x"@farrant.example', 'ji\\ll@farrant.example', 'jill\\@x@farrant.example', 'Jill <jill@farrant.example>', 'jill@farrant.example,x@farrant.example',
    'jill;x@farrant.example', 'jill@[127.0.0.1]', 'jill[1]@farrant.example', 'jill..x@farrant.example', '.jill@farrant.example', 'jill.@farrant.example',
    'jill%other.example@farrant.example', 'other!jill@farrant.example', '=?utf-8?q?x?=@farrant.example', 'jill(@farrant.example', 'jill\u200B@farrant.example', 'jill＠x@farrant.example',
    `${'j'.repeat(65)}@farrant.example`, `jill@${'f'.repeat(64)}.example`, 'jill@-farrant.example',
  ])('%s is none', (typed) => expect(normalEmail(typed)).toBeNull());

  test.each([
    ['head+provider@s.example', 'head@s.example'],
    ['head+a+b@s.example', 'head@s.example'],
    ['he.ad@s.example', 'he.ad@s.example'],
    ['+head@s.example', '+head@s.example'],
  ])('%s leads to the mailbox %s', (email, mailbox) => expect(mailboxOf(email)).toBe(mailbox));
});

const SIGNS = ['(', ')', '"', '\\', ':', ';', '<', '>', ',', '@', '.', '+', '%', '!', '=?utf-8?q?x?=', '[', ']', '`', "'", '|', '{', '~', '#', '$', '/', '=', '?', ' '];
const LETTERS = ['a', 'é', 'ﬁ', 'Ａ', 'İ', 'ß', 'ſ', 'K', '\u0301', '²', 'ª', 'Я', '李'];
const local = fc.array(fc.oneof(fc.constantFrom(...SIGNS), fc.constantFrom(...LETTERS), fc.string({ unit: 'grapheme', maxLength: 3 })), { minLength: 1, maxLength: 6 });
const domain = fc.array(fc.constantFrom('a', 'b-', '-', '_', 'ü', '。', '.', 'x', 'xn--', 'É', '(c)', '1', '٣', '①', ':', ';'), { minLength: 1, maxLength: 5 });
const typedAddress = fc.tuple(local, domain).map(([before, after]) => `${before.join('')}@${after.join('')}.example`);

/** Where the mail library would send a message, with the domain as it goes over the wire. */
async function delivered(to: string): Promise<string[]> {
  const { envelope } = await createTransport({ jsonTransport: true }).sendMail({ from: 'a@b.example', to, subject: 'S', text: 'T' });
  return envelope.to.map((each) => each.replace(/[^@]*$/, (host) => domainToASCII(host)));
}

test('whatever is typed, the address that is kept is the one that the mail library delivers to, and is kept as it is', async () => {
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(typedAddress, async (typed) => {
      const email = normalEmail(typed);
      if (email === null) return;
      kept++;
      expect(normalEmail(email)).toBe(email);
      expect(await delivered(email)).toEqual([email]);
      expect(mailboxOf(mailboxOf(email))).toBe(mailboxOf(email));
    }),
    { numRuns: runs(50_000) },
  );
  expect(kept).toBeGreaterThan(100); // else nothing was tested
});

test('the database names the same mailbox as the rule in code does', async () => {
  const addresses = fc.sample(typedAddress, runs(20_000)).map(normalEmail).filter((email) => email !== null);
  const plus = addresses.map((email) => email.replace('@', '+x.y+z@'));
  const rows = await app.app.db.query<{ email: string; mailbox: string }>('SELECT email, mailbox(email) AS mailbox FROM unnest($1::text[]) email', [[...addresses, ...plus]]);
  expect(rows.length).toBeGreaterThan(50);
  for (const { email, mailbox } of rows) expect([email, mailbox]).toEqual([email, mailboxOf(email)]);
});
