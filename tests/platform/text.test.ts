import fc from 'fast-check';
import { z } from 'zod';
import { normalEmail } from '../../src/platform/email-address.js';
import { Refused, ValidationProblem } from '../../src/platform/problem.js';
import { mixesAlphabets } from '../../src/platform/letters.js';
import { asRead, faultOfLine, faultOfText, showsSomething, tidyLine, tidyText, whatItSays } from '../../src/platform/text.js';
import { emailAddress, name, neededName, neededWords, validate, webAddress, words } from '../../src/platform/validate.js';

/** What a schema makes of a text: the text as it is kept, or the message. */
function given(schema: z.ZodType, typed: unknown): unknown {
  try {
    return { kept: validate(z.object({ field: schema }), { field: typed }) };
  } catch (error) {
    if (error instanceof Refused && error.problem instanceof ValidationProblem) return error.problem.message;
    throw error;
  }
}
const kept = (field: unknown) => ({ kept: { field } });
const ODD = ['\u200B', '\u00AD', '\uFEFF', '\u2060', '\u180E', '\u3164', '\u{E0041}', '\u202E', '\u2066', '\u0007', '\uFFF9', '\uE000', '\u2800', '\u2028', '\u0430', 'a', 'é', 'e\u0301', 'ﬁ', 'Ａ', ' ', '\n', '½'];

test('a name is kept in one form, without what cannot be seen', () => {
  for (const [typed, is] of [
    ['  Zoe\u0308   Ann\t', 'Zoë Ann'],
    ['Read\u00ADing\u200B Tree\uFEFF', 'Reading Tree'],
    ['Ｒｅａｄｉｎｇ ﬁrst', 'Reading first'],
    ['Ελένη', 'Ελένη'],
    ['Анна Петрова', 'Анна Петрова'],
    ['St Mary’s & Co. (5 μm)', 'St Mary’s & Co. (5 μm)'],
    ['李明', '李明'],
  ]) expect(given(neededName('the name', 50), typed)).toEqual(kept(is));
});

test('a blank or invisible name is refused', () => {
  for (const typed of ['', '  ', '\u200B', '\u200B\u2060\u00AD', '\u3164', '\u2800', '\u{E0041}']) expect(given(neededName('your name', 50), typed)).toBe('Enter your name.');
  for (const typed of ['--', '…', '\u0301']) expect(given(neededName('your name', 50), typed)).toBe('Your name must have a letter or a digit.');
  for (const typed of ['\u200B', ' \u2800\n']) expect(given(neededWords('what was done', 50), typed)).toBe('Enter what was done.');
});

test('a name neither turns the direction of writing nor mixes letters that look alike', () => {
  for (const typed of ['evil\u202Egnp.exe', '\u2066Reading']) expect(given(name('The name', 50), typed)).toMatch(/turns the direction/);
  for (const typed of ['R\u0435ading Tree', '\u0420eading', 'Readin\u0581', 'G\u03BFod']) expect(given(name('The name', 50), typed)).toMatch(/two alphabets/);
  for (const typed of ['a\u0007b', 'a\uE000b', 'a\uFFF9b']) expect(given(name('The name', 50), typed)).toMatch(/cannot be shown/);
  expect(given(words('The summary', 50), 'Pay \u202E001')).toMatch(/turns the direction/);
});

test('prose keeps its lines and signs', () => {
  expect(given(words('The summary', 50), ' One ½ day…\n\nAnd e\u0301\u200B more 👩‍🏫 \n')).toEqual(kept('One ½ day…\n\nAnd é more 👩‍🏫'));
});

test('whatever is typed, a name that is kept is in its form, visible, and stays what it is when it is typed again', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...ODD), fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 8 }), (parts) => {
      const line = tidyLine(parts.join(''));
      expect(tidyLine(line)).toBe(line);
      if (line === '' || faultOfLine(line)) return;
      expect(line).toBe(line.normalize('NFKC'));
      expect(line).not.toMatch(/[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Control}\u2800]|^\s|\s$|\s\s/u);
      expect(showsSomething(line)).toBe(true);
      expect(mixesAlphabets(line)).toBe(false);
      expect(tidyText(tidyText(parts.join('')))).toBe(tidyText(parts.join('')));
    }),
  );
});

test('a web address has nobody’s name and password in it', () => {
  const link = webAddress('The link');
  for (const typed of ['https://a:b@example.org/', 'https://example.org@evil.example', 'http://@evil.example', 'https:\\\\user@evil.example']) expect(given(link, typed)).toMatch(/user name or a password/);
  for (const typed of ['javascript:alert(1)', 'https://', 'ftp://example.org']) expect(given(link, typed)).toMatch(/must be a web address/);
  expect(given(link, 'https://r\u0435ading.example')).toMatch(/two alphabets/);
  expect(given(link, 'https://example.org/\u202Efdp')).toMatch(/turns the direction/);
  expect(given(link, ' https://example.org/a?b=c@d\u200B ')).toEqual(kept('https://example.org/a?b=c@d'));
  expect(given(link, '\u200B')).toEqual(kept(null));
});

test('two spellings of one e-mail address are one', () => {
  expect(normalEmail('Head@Schüle.Example')).toBe('head@xn--schle-mva.example');
  expect(normalEmail('head@xn--schle-mva.example')).toBe('head@xn--schle-mva.example');
  expect(normalEmail('head@schu\u0308le。example')).toBe('head@xn--schle-mva.example');
  expect(normalEmail('ZOE\u0308@otterholme.example')).toBe('zoë@otterholme.example');
  for (const typed of ['', 'a', 'a@', 'a@b', 'a@b.', 'a@@b.example', 'a@1.2', 'a@exa%6dple.com', 'a@b.example/c', 'a@b.example:1', 'a\u200B@b.example', 'a\u202E@b.example', 'a b@c.example', 'a@[127.0.0.1]', `${'a'.repeat(250)}@b.example`]) expect([typed, normalEmail(typed)]).toEqual([typed, null]);
  expect(given(emailAddress, ' Ada@Example.org ')).toEqual(kept('ada@example.org'));
  expect(given(emailAddress, 'ada')).toMatch(/Enter an e-mail address/);
  fc.assert(fc.property(fc.emailAddress(), (typed) => {
    const normal = normalEmail(typed);
    if (normal !== null) expect(normalEmail(normal)).toBe(normal);
  }));
});

test('as the eye reads it, a text is the same in any alphabet', () => {
  for (const alike of ['Reading', 'READING', 'Rеаdіng', 'Réading', 'Ｒeading', 'Rea\u200Bding']) expect(asRead(alike)).toBe('reading');
});

const BOXED = (word: string) => [...word].map((letter) => String.fromCodePoint(0x1f170 + letter.charCodeAt(0) - 65)).join('');
const struck = (text: string, sign = '\u0336') => [...text].map((letter) => letter + sign).join('');

describe('a name or title has ordinary letters and signs', () => {
  test.each([
    'Jill Farrant', 'Zoë Núñez-Łuczak', 'Siân ap Gwilym', 'Ŵynne', 'Nguyễn Văn', 'Ọláyínká Ɔkɛ', 'Ελένη', 'Анна Петрова', '李明', 'ひらがなクラブ', 'محمد علي', 'प्रिया', '이민', 'O’Neill & Sons (UK) Ltd.',
    'Maths: KS1–2, £5/hour — 50% off!', 'A+ “quoted” … #1 @home', '5 μm and 2πr', 'Key stage Ⅲ', '½ day', 'Hawaiʻi', 'Reading™',
  ])('%s', (line) => expect([line, faultOfLine(tidyLine(line))]).toEqual([line, null]));

  test.each([
    BOXED('MATHS'), `Reading ${BOXED('MATHS')}`, '🅝🅞', '🇳🇴 checks', 'Jiʟʟ', 'Jiⵏⵏ', 'ᴄorᴠane', 'Ꮯorvane', 'ꓡisa', 'ⲟak', 'R\u0435ading', '\u0420eading', 'Readin\u0581', 'Gοοd', 'Аннa', 'αβа',
    struck('Checked'), struck('Checked', '\u0338'), struck('ok', '\u20DD'), `a${'\u0301'.repeat(12)}`, 'readingͫͣͭ', '❌ Reading', 'Reading ⭐', '١٩٩٩', 'ɹǝʇuı', '𝼀', 'ǃKung',
  ])('not %s', (line) => expect([line, faultOfLine(tidyLine(line))]).toEqual([line, expect.any(String)]));
});

test('a running text may have emojis, but no letters in boxes and none that are struck through', () => {
  for (const text of ['We check all staff. 👩‍🏫 ✅', 'Step 1️⃣, step ②', '🇬🇧', 'प्रिया, नमस्ते', 'naïve Ångström', 'Ｒ ½ ™ H₂O']) expect([text, faultOfText(tidyText(text))]).toEqual([text, null]);
  for (const text of [BOXED('NO'), 'Ⓝⓞ', '⒩⒪', '🅝🅞', struck('We check'), struck('We check', '\u0335'), struck('no', '\u20E0'), `Z${'\u0301'.repeat(9)}`]) expect([text, faultOfText(tidyText(text))]).toEqual([text, expect.any(String)]);
});

test('what is read as letters is another text, however it is written', () => {
  const checked = 'We check all staff';
  const same = ['WE CHECK ALL STAFF', 'We check – all staff!', 'Wé chéck áll stäff', ' We  check\nall staff… ', '“We check all ‘staff’”'];
  for (const text of same) expect([text, whatItSays(text) === whatItSays(checked)]).toEqual([text, true]);
  const others = [`${checked} ${BOXED('NOT')}`, `${checked} 🅝🅞🅣`, `${checked} 🇳🇴`, struck(checked), `${checked} ❌`, `🚫 ${checked}`, `${checked} ᴺᴼᵀ`, `${checked} ɴᴏᴛ`, `${checked}ͫͣͭ`, `${checked} ⊘`, `${checked} £5`];
  for (const text of others) expect([text, whatItSays(text) === whatItSays(checked)]).toEqual([text, false]);
});

test('letters from anywhere that Unicode calls alike are read as the Latin one', () => {
  for (const [typed, read] of [['Jiʟʟ', 'jill'], ['Jiⵏⵏ', 'jill'], ['ᴄorᴠane', 'corvane'], [BOXED('MATHS'), 'maths'], ['🅝🅞', 'no'], ['🇳🇴', 'no'], ['Ꮯоrvɑne', 'corvane'], ['ℳ𝒶𝓉𝒽𝓈', 'maths'], ['ꓡⲟ', 'lo'], ['Łódź', 'lodz']] as const)
    expect([typed, asRead(typed)]).toEqual([typed, read]);
  const letters = fc.array(fc.constantFrom(...'ʟⵏᴄᴠᴏɪοаеꓡⲟʀ𝒶Ⓐａéß❌\u0336'), { maxLength: 8 });
  fc.assert(fc.property(letters, (parts) => expect(asRead(asRead(parts.join('')))).toBe(asRead(parts.join('')))));
});
