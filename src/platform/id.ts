import { v7, validate } from 'uuid';

/** A new id, growing with time. */
export const newId = (): string => v7();

/** Whether a text from outside can be an id at all: PostgreSQL refuses to compare a uuid with anything else. */
export const isId = (text: string): boolean => validate(text);
