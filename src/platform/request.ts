import DataLoader from 'dataloader';
import type { Actor } from './actor.js';
import type { Clock } from './clock.js';
import type { Database } from './database/index.js';

/** What a resolver is given: who asks, the database to read, and the loaders of this one operation. */
export interface RequestContext {
  actor: Actor;
  db: Database;
  clock: Clock;
  /** Address of the caller, for rate limits. */
  address: string;
  /** Token of the caller's session, if there is one. */
  sessionToken: string | null;
  /** Gives the caller this session from now on; null ends it. */
  setSession(token: string | null): void;
  /** What the operation asks for; unknown outside an operation. Rows may lack what no field asked for needs. */
  asked?: Asked;
  /** How many objects the operation may load. */
  cost?: number;
  loaders: Map<LoaderDefinition<never, unknown>, DataLoader<unknown, unknown>>;
}

/** What an operation asks for, wherever in it and under whatever condition. */
export interface Asked {
  /** The fields asked of each type, by its name. */
  fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** Sizes of first pages, by type and field as `Provider.listings`: of those lists that are asked for in one size only. */
  pages: ReadonlyMap<string, number>;
}

export type LoaderDefinition<Key, Value> = (context: RequestContext, keys: readonly Key[]) => Promise<Value[]>;

/**
 * Loads one thing in a batch with all that the same request asks for.
 * A definition is declared beside the read that it batches and answers in the order of the keys; keys that are not
 * strings or numbers are told apart by their JSON.
 */
export function load<Key, Value>(context: RequestContext, definition: LoaderDefinition<Key, Value>, key: Key): Promise<Value> {
  const id = definition as unknown as LoaderDefinition<never, unknown>;
  let loader = context.loaders.get(id) as DataLoader<Key, Value, unknown> | undefined;
  if (!loader) {
    loader = new DataLoader<Key, Value, unknown>((keys) => definition(context, keys), {
      cacheKeyFn: (each) => (typeof each === 'object' ? JSON.stringify(each) : each),
    });
    context.loaders.set(id, loader as DataLoader<unknown, unknown>);
  }
  return loader.load(key);
}

/** Puts rows in the order of the keys, one each: for a loader's answer. */
export function inOrder<Key, Row>(keys: readonly Key[], rows: readonly Row[], keyOf: (row: Row) => Key): (Row | null)[] {
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => found.get(key) ?? null);
}

/** Puts rows in the order of the keys, many each. */
export function groupsInOrder<Key, Row>(keys: readonly Key[], rows: readonly Row[], keyOf: (row: Row) => Key): Row[][] {
  const found = new Map<Key, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) found.get(keyOf(row))?.push(row);
  return keys.map((key) => found.get(key)!);
}

/** Loads what a mutation has just written: nothing read earlier in the same request may be used. */
export function reload<Key, Value>(context: RequestContext, definition: LoaderDefinition<Key, Value>, key: Key): Promise<Value> {
  context.loaders.clear();
  return load(context, definition, key);
}
