import type { Recorded } from '../platform/database/index.js';

/**
 * Some of those who have to do with an object, and what they may know of it. One statement finds them for any number
 * of objects: $1 their ids, $2 the moment. A notice is worded from what its audience knows and from nothing else, so
 * that it cannot tell what they may not see.
 */
export interface Audience<Known> {
  /** Unique, and kept with each notice: who is told is judged again before a mail is sent. */
  name: string;
  sql: string;
  /** Only for the types. */
  known?: Known;
}

/** One person who is told of an object, in which role, with what they know; and what it is all about, of which the object may be a part. */
export type Addressee<Known = unknown> = Known & { objectId: string; about: string; personId: string; asKind: string; asId: string };

/**
 * @param from the object's table, joined with what is known of it
 * @param id SQL of the object's id
 * @param to a select of person_id, as_kind, as_id (roles.ts) that may refer to `from`
 * @param when a further condition on the object
 * @param about SQL of what the object is a part of: what one act does to several parts of it, a person is told once
 */
export function audience<Known extends object>(
  name: string,
  { from, id, to, when, about = id, knows }: { from: string; id: string; to: string; when?: string; about?: string; knows: { [Field in keyof Known]: string } },
): Audience<Known> {
  const columns = Object.entries<string>(knows).map(([field, sql]) => `, ${sql} AS "${field}"`);
  return {
    name,
    sql: `SELECT DISTINCT ON (${id}, told.person_id)
       ${id} AS "objectId", (${about})::text AS about, told.person_id AS "personId", told.as_kind AS "asKind", told.as_id AS "asId"${columns.join('')}
     FROM ${from} CROSS JOIN LATERAL (${to}) told
     WHERE ${id} = ANY($1::uuid[]) AND $2::timestamptz IS NOT NULL${when ? ` AND ${when}` : ''}
     ORDER BY ${id}, told.person_id, told.as_kind, told.as_id`,
  };
}

/** What is said. */
export interface Words {
  subject: string;
  text: string;
  /** What the person is to do; left out where nothing is expected of them. */
  expected?: string;
  /** By when. */
  due?: Date | null;
  /** Path of a page of the site. */
  link: string;
}

export type Delivery = 'AT_ONCE' | 'DIGEST';

/** What a step adds to what its object tells. */
export type Step = Pick<Recorded, 'onBehalfKind' | 'reason'>;

/** A deadline that is near. */
export interface Deadline {
  objectId: string;
  /** As text, which tells it from another deadline of the same object. */
  deadline: string;
  at: Date;
  /** What is due, where the object does not say. */
  what: string | null;
}

export interface Telling<Event> {
  audience: Audience<unknown>;
  delivery: Delivery;
  /** Null where this object, or this step, is none that they are told of. */
  words: (known: never, event: Event) => Words | null;
}

/** Who is told, how soon, in which words. */
export const tell = <Known, Event = Step>(to: Audience<Known>, delivery: Delivery, words: (known: Known, event: Event) => Words | null): Telling<Event> => ({
  audience: to,
  delivery,
  words,
});

/** Nobody is told, and why not. */
export const nobody = (why: string) => ({ nobody: why });

/** For each transition of a process who is told of it, in order: whoever is in two audiences is told as one of the first. */
export interface ProcessNotices {
  process: string;
  transitions: Record<string, readonly Telling<Step>[] | { nobody: string }>;
}

/** Whether somebody of that side did it: what one side does is told to the other. */
export const by = (kind: 'SCHOOL' | 'PROVIDER' | 'LOCAL_AUTHORITY') => (step: Step) => step.onBehalfKind === kind;

export const because = ({ reason }: Step): string => (reason ? ` The reason given: ${reason}` : '');
