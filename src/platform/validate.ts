import { z } from 'zod';
import { normalEmail } from './email-address.js';
import { type FieldProblem, refuse, ValidationProblem } from './problem.js';
import { faultOfLine, faultOfText, showsSomething, tidyLine, tidyText } from './text.js';

/** Checks and cleans an input. @throws Refused with ValidationProblem naming each field that needs attention */
export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input, { error: inPlainWords });
  if (result.success) return result.data;
  return refuse(new ValidationProblem(fieldProblems(result.error)));
}

/** What `validate` would say of an input: for a form that has found something wrong by itself, and says all at once. */
export function problemsWith(schema: z.ZodType, input: unknown): FieldProblem[] {
  const { error } = schema.safeParse(input, { error: inPlainWords });
  return error ? fieldProblems(error) : [];
}

const fieldProblems = ({ issues }: z.ZodError): FieldProblem[] => issues.map(({ path, message }) => ({ field: path.join('.'), message }));

type Issue = Parameters<z.core.$ZodErrorMap>[0];

/** What is wrong, for the person who typed it, where a schema has no sentence of its own for that. */
function inPlainWords(issue: Issue): string {
  const field = `“${named(issue.path ?? [])}”`;
  if (issue.input === undefined) return `Enter something for ${field}.`;
  if (issue.input === null) return `Enter something for ${field}, or leave it out.`;
  if (issue.code === 'invalid_value') return `${field} must be one of ${issue.values.join(', ')}.`;
  if (issue.code === 'too_big') return `${field} must ${measured(issue.origin, issue.maximum)} or ${counted(issue.origin) ? 'fewer' : 'less'}.`;
  if (issue.code === 'too_small') return `${field} must ${measured(issue.origin, issue.minimum)} or more.`;
  return `${field} cannot be used as it is.`;
}

const units: Record<string, string> = { string: ' characters', array: ' entries' };
const counted = (origin: string) => Object.hasOwn(units, origin);
const measured = (origin: string, limit: unknown) => `${counted(origin) ? 'have' : 'be'} ${limit}${units[origin] ?? ''}`;

/** `price, link` and `listing ids, number 2` */
const named = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? `number ${part + 1}` : String(part).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))).join(', ');

const tooLong = (what: string, most: number) => `${what} must have ${most} characters or fewer.`;
const capital = (what: string) => `${what[0]!.toUpperCase()}${what.slice(1)}`;

/** Adds what is wrong with a tidied text, in a sentence that begins with `what`. */
const sound = (what: string, faultOf: (text: string) => string | null) => (text: string, context: z.RefinementCtx) => {
  const fault = faultOf(text);
  if (fault) context.addIssue({ code: 'custom', message: `${what} ${fault}`, input: text });
};

/** A text of any number of lines. `what` begins the sentence that says what is wrong with it. */
export const text = (what: string, most: number) =>
  z.string().transform((value) => seen(tidyText(value)))
    .pipe(z.string().max(most, tooLong(what, most)).superRefine(sound(what, faultOfText)));

/** The same where it may be left out, which is as if it were empty. */
export const words = (what: string, most: number) => z.string().nullish().transform((value) => value ?? '').pipe(text(what, most));

/** A text of any number of lines that must be there. */
export const neededWords = (what: string, most: number) =>
  z.string(`Enter ${what}.`).transform((value) => seen(tidyText(value)))
    .pipe(z.string().min(1, `Enter ${what}.`).max(most, tooLong(capital(what), most)).superRefine(sound(capital(what), faultOfText)));

/** A name, title or other text of one line that may stay empty: what two of them look like is what they are. */
export const name = (what: string, most: number) =>
  z.string().nullish().transform((value) => tidyLine(value ?? ''))
    .pipe(z.string().max(most, tooLong(what, most)).superRefine(sound(what, faultOfLine)));

/** A name, title or other text of one line that must be there. */
export const neededName = (what: string, most: number) =>
  z.string(`Enter ${what}.`).transform(tidyLine)
    .pipe(z.string().min(1, `Enter ${what}.`).max(most, tooLong(capital(what), most)).superRefine(sound(capital(what), faultOfLine)));

const seen = (text: string) => (showsSomething(text) ? text : '');

/** An http(s) address, or null when left empty. */
export const webAddress = (what: string) =>
  optional(
    z.url({ protocol: /^https?$/, error: `${what} must be a web address, like https://www.example.org.` })
      .max(500, tooLong(what, 500))
      .superRefine(sound(what, faultOfUrl))
      .transform(withKnownHost),
  );

/** The host in one form, however it was written (`x。example`, `x%2eexample`, `x.example.`), so that one website is known again. The rest stays as it was typed. */
function withKnownHost(typed: string): string {
  if (!URL.canParse(typed)) return typed; // refused already
  const url = new URL(typed);
  const host = url.hostname.replace(/\.+$/, '');
  if (/^https?:\/\/([^\\/:?#]+)/i.exec(typed)?.[1]?.toLowerCase() === host) return typed;
  url.hostname = host;
  return url.href;
}

/** Who signs in where is nobody’s to publish, and `https://well.known@elsewhere.example` leads elsewhere. */
function faultOfUrl(typed: string): string | null {
  if (!URL.canParse(typed)) return null; // said already
  const { username, password } = new URL(typed);
  if (username !== '' || password !== '' || /^https?:[\\/]*[^\\/?#]*@/i.test(typed)) return 'must not have a user name or a password in it.';
  return /\s/.test(typed) ? 'must not have a space in it.' : faultOfLine(typed);
}

/** An e-mail address as it is kept, or null when left empty. */
export const emailAddress = optional(
  z.string().transform((typed, context) => {
    const address = normalEmail(typed);
    if (address === null) context.addIssue({ code: 'custom', message: 'Enter an e-mail address, like name@example.org.', input: typed });
    return address ?? z.NEVER;
  }),
  (typed) => typed.trim(),
);

export const phoneNumber = optional(z.string().regex(/^[+()\d\s-]{6,30}$/, 'Enter a phone number, like 01632 960 001.'));

/** One line; empty counts as not given. */
export function optional<Schema extends z.ZodType>(schema: Schema, tidy: (typed: string) => string = tidyLine) {
  return z.preprocess((value) => (typeof value === 'string' ? tidy(value) || null : value ?? null), schema.nullable());
}
