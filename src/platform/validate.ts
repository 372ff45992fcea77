import { z } from 'zod';
import { type FieldProblem, refuse, ValidationProblem } from './problem.js';
import { tidied } from './text.js';

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

/** A text that may stay empty. `what` begins the sentence that says it is too long. */
export const words = (what: string, most: number) =>
  z
    .string()
    .nullish()
    .transform((value) => tidied(value ?? '', most))
    .pipe(z.string().max(most, `${what} must have ${most} characters or fewer.`));

/** A text that must be there. */
export const neededWords = (what: string, most: number) =>
  z
    .string(`Enter ${what}.`)
    .transform((value) => tidied(value, most))
    .pipe(z.string().min(1, `Enter ${what}.`).max(most, `${what[0]!.toUpperCase()}${what.slice(1)} must have ${most} characters or fewer.`));

/** An http(s) address, or null when left empty. */
export const webAddress = (what: string) =>
  optional(z.url({ protocol: /^https?$/, error: `${what} must be a web address, like https://www.example.org.` }).max(500, `${what} must have 500 characters or fewer.`));

export const emailAddress = optional(z.email('Enter an e-mail address, like name@example.org.').max(254, 'An e-mail address must have 254 characters or fewer.'));

export const phoneNumber = optional(z.string().regex(/^[+()\d\s-]{6,30}$/, 'Enter a phone number, like 01632 960 001.'));

/** Empty counts as not given. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (typeof value === 'string' ? value.trim() || null : value ?? null), schema.nullable());
}
