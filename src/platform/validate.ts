import { z } from 'zod';
import { refuse, ValidationProblem } from './problem.js';

/** Checks and cleans an input. @throws Refused with ValidationProblem naming each field that needs attention */
export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  return refuse(new ValidationProblem(result.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }))));
}

/** A text that may stay empty. `what` begins the sentence that says it is too long. */
export const words = (what: string, most: number) =>
  z.string().nullish().transform((value) => value?.trim() ?? '').pipe(z.string().max(most, `${what} must have ${most} characters or fewer.`));

/** A text that must be there. */
export const neededWords = (what: string, most: number) =>
  z.string(`Enter ${what}.`).trim().min(1, `Enter ${what}.`).max(most, `${what[0]!.toUpperCase()}${what.slice(1)} must have ${most} characters or fewer.`);

/** An http(s) address, or null when left empty. */
export const webAddress = (what: string) =>
  optional(z.url({ protocol: /^https?$/, error: `${what} must be a web address, like https://www.example.org.` }).max(500, `${what} must have 500 characters or fewer.`));

export const emailAddress = optional(z.email('Enter an e-mail address, like name@example.org.').max(254, 'An e-mail address must have 254 characters or fewer.'));

export const phoneNumber = optional(z.string().regex(/^[+()\d\s-]{6,30}$/, 'Enter a phone number, like 01632 960 001.'));

/** Empty counts as not given. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (typeof value === 'string' ? value.trim() || null : value ?? null), schema.nullable());
}
