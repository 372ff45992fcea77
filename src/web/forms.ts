import type { Request } from 'express';
import { newId } from '../platform/id.js';
import { LONGEST_KEY } from '../platform/idempotency.js';
import { changedMeanwhile } from '../platform/process/index.js';
import { asText } from '../platform/text.js';

/** A mutation's refusal, as the operations ask for it. */
export interface Refusal {
  code: string;
  message: string;
  fields?: { field: string; message: string }[];
}

/** What a form holds when it is drawn: what was typed, and what is wrong with it. */
export interface Form {
  values: Record<string, unknown>;
  /** By id of the field. */
  errors: Record<string, string>;
  summary: { text: string; href?: string }[];
  /** Idempotency key of forms that create. */
  key: string;
  /** Somebody else saved the thing meanwhile: the form is drawn with its new version, to be sent again knowingly. */
  conflict: boolean;
}

export const newForm = (values: Record<string, unknown> = {}): Form => ({ values, errors: {}, summary: [], key: newId(), conflict: false });

/**
 * The form again with what was wrong. A key that has been used already is replaced.
 * @param judges whether it judges what it shows: what has changed meanwhile is to be read again, not overwritten
 */
export function refused(values: Record<string, unknown>, refusal: Refusal, request: Request, judges = false): Form {
  const reread = judges && hasChanged(refusal);
  const usedUp = refusal.code === 'CONFLICT' && keyOf(request) !== undefined && !reread;
  const conflict = refusal.code === 'CONFLICT' && !usedUp;
  const whole = usedUp ? ALREADY_SENT : conflict && !reread ? CHANGED_MEANWHILE : refusal.message;
  const fields = (refusal.fields ?? []).map(({ field, message }) => ({ id: fieldId(field), text: message }));
  return {
    values,
    errors: Object.fromEntries(fields.map(({ id, text }) => [id, text])),
    summary: fields.length > 0 ? fields.map(({ id, text }) => ({ text, href: `#${id}` })) : [{ text: whole }],
    key: usedUp ? newId() : (keyOf(request) ?? newId()),
    conflict,
  };
}

/** Whether what the form was about has changed since it was drawn. */
export const hasChanged = ({ code, message }: Refusal): boolean => code === 'CONFLICT' && message === changedMeanwhile().message;

const ALREADY_SENT = 'This form has been sent before. If you mean to send it once more with what it says now, send it again.';
const CHANGED_MEANWHILE = 'Somebody else has changed this since you opened it. What you typed is below; send it again to put it in the place of theirs.';

/** After a conflict the form goes on from the version that there is now. */
export const withVersion = (form: Form | undefined, version: number): Form | undefined =>
  form?.conflict ? { ...form, values: { ...form.values, version } } : form;

/** The API's `price.pence` and `keywords.3` are the fields `price-pence` and `keywords` of the form. */
const fieldId = (path: string): string => path.replace(/\.\d+$/, '').replaceAll('.', '-');

export const invalid = (fields: Record<string, string>): Refusal => invalidFields(Object.entries(fields).map(([field, message]) => ({ field, message })));

export const invalidFields = (fields: { field: string; message: string }[]): Refusal => ({ code: 'VALIDATION', message: fields.map((each) => each.message).join(' '), fields });

type Fields = Record<string, string | string[] | undefined>;
const fieldsOf = (request: Request): Fields => (request.body ?? {}) as Fields;

/** A field of the form that was sent; browsers send line ends as CR LF. */
export const text = (request: Request, name: string): string => first(fieldsOf(request)[name]).replaceAll('\r\n', '\n').trim();

/** Several such fields by name. */
export const texts = <Name extends string>(request: Request, names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, text(request, name)])) as Record<Name, string>;

/** Every value of a group of checkboxes. */
export const several = (request: Request, name: string): string[] => all(fieldsOf(request)[name]);

export const keyOf = (request: Request): string | undefined => beginning(text(request, 'key'), LONGEST_KEY) || undefined;

/** The texts under one name of a form or an address. */
export const all = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string').map(asText);
/** A text cut to a length, but not through a letter that takes two places. */
export const beginning = (text: string, most: number): string => text.slice(0, most).replace(/\p{Surrogate}$/u, '');

export const first = (value: unknown): string => all(value)[0] ?? '';
