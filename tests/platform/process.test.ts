import { type Actor, anonymous } from '../../src/platform/actor.js';
import type { Database } from '../../src/platform/database/index.js';
import { newId } from '../../src/platform/id.js';
import { attempt, Problem, problemType } from '../../src/platform/problem.js';
import { availableActions, begin, byReader, checkProcess, documentProcesses, type Facts, move, type ProcessDefinition, readHistories } from '../../src/platform/process/index.js';
import { freshDatabase } from '../support/database.js';

// A process as small as one can be: a library book that one person borrows at a time.
type State = 'ON_SHELF' | 'BORROWED' | 'SOLD';
interface Book extends Facts<State> {
  borrower: string | null;
  dusty: boolean;
}

const TooDusty = problemType('TooDusty', 'Nobody wants it.');

const bookProcess: ProcessDefinition<State, Book> = {
  name: 'Book',
  says: 'A book of the library.',
  table: 'book',
  states: {
    ON_SHELF: { says: 'it is on the shelf', why: 'The book is on the shelf.' },
    BORROWED: { says: 'somebody has it', why: byReader({ borrower: 'You have the book already.' }, 'Somebody has the book.') },
    SOLD: { says: 'it is gone', end: true, why: 'The book is gone.' },
  },
  who: {
    reader: { says: 'a reader', party: (_book, actor) => (actor.personId ? { kind: 'SCHOOL', id: '1', name: 'The library' } : null) },
    borrower: { says: 'who has it', party: (book, actor) => (book.borrower === actor.personId ? { kind: 'SCHOOL', id: '1', name: 'The library' } : null) },
  },
  transitions: {
    buy: { from: [null], to: 'ON_SHELF', by: ['reader'], label: 'Buy', says: 'It is new.' },
    borrow: {
      from: ['ON_SHELF'],
      to: 'BORROWED',
      by: ['reader'],
      label: 'Borrow',
      says: 'A reader takes it home.',
      guard: (book) => (book.dusty ? new TooDusty('Dust it first.') : null),
    },
    bringBack: { from: ['BORROWED'], to: 'ON_SHELF', by: ['borrower'], label: 'Bring back', says: 'It is back.' },
    sell: { from: ['ON_SHELF', 'BORROWED'], to: 'SOLD', by: [], label: 'Sell', says: 'The library sells it by itself.' },
    dispute: { from: ['BORROWED'], to: 'BORROWED', by: ['borrower'], label: 'Dispute', says: 'The reader says something.', needsReason: true },
  },
  lock: 'SELECT id FROM book WHERE id = $1 FOR NO KEY UPDATE',
  facts: (db, ids) => db.query<Book>('SELECT id, state, borrower, dusty FROM book WHERE id = ANY($1)', [ids]),
};

const reader = (): Actor => ({ ...anonymous, kind: 'person', personId: newId() });

describe('a process', () => {
  let db: Database;

  beforeAll(async () => {
    ({ db } = await freshDatabase());
    await db.query(`CREATE TABLE book (id uuid PRIMARY KEY, state text NOT NULL, borrower uuid, dusty boolean NOT NULL DEFAULT false, version int NOT NULL DEFAULT 1, updated_at timestamptz)`);
  });

  const buy = async (dusty = false): Promise<string> => {
    const id = newId();
    await db.transaction((tx) =>
      begin(tx, bookProcess, 'buy', { id, state: 'ON_SHELF', borrower: null, dusty }, reader(), async (state) => {
        await tx.query('INSERT INTO book (id, state, dusty) VALUES ($1, $2, $3)', [id, state, dusty]);
      }),
    );
    return id;
  };
  const doIt = (id: string, transition: string, actor: Actor, more: { reason?: string; version?: number } = {}) =>
    attempt(() => db.transaction((tx) => move(tx, bookProcess, id, transition, { actor, ...more, set: transition === 'borrow' ? { borrower: actor.personId } : {} })));
  const stateOf = async (id: string) => (await db.query<{ state: State }>('SELECT state FROM book WHERE id = $1', [id]))[0]!.state;
  const code = (result: unknown) => (result instanceof Problem ? result.code : 'done');

  test('moves an object and remembers who did it, for whom, when', async () => {
    const id = await buy();
    const ann = reader();
    expect(code(await doIt(id, 'borrow', ann))).toBe('done');
    expect(await stateOf(id)).toBe('BORROWED');
    expect(await readHistories(db, [id])).toMatchObject([
      { transition: 'buy', fromState: null, toState: 'ON_SHELF' },
      { transition: 'borrow', fromState: 'ON_SHELF', toState: 'BORROWED', personId: ann.personId, onBehalfName: 'The library', at: new Date('2026-09-07T09:00:00Z') },
    ]);
  });

  test('answers each refusal with its own problem, and changes nothing', async () => {
    const [id, dusty] = [await buy(), await buy(true)];
    const ann = reader();
    expect(code(await doIt(id, 'borrow', anonymous))).toBe('NOT_ALLOWED');
    expect(code(await doIt(id, 'dispute', ann, { reason: 'x' }))).toBe('NOT_ALLOWED');
    expect(code(await doIt(dusty, 'borrow', ann))).toBe('TOO_DUSTY');
    expect(code(await doIt(newId(), 'borrow', ann))).toBe('NOT_FOUND');
    expect(code(await doIt(id, 'borrow', ann, { version: 7 }))).toBe('CONFLICT');
    await doIt(id, 'borrow', ann);
    expect(code(await doIt(id, 'borrow', reader()))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(code(await doIt(id, 'dispute', ann, { reason: ' ' }))).toBe('VALIDATION');
    expect((await readHistories(db, [id, dusty])).map((entry) => entry.transition)).toEqual(['buy', 'buy', 'borrow']);
  });

  test('lets one of many win who act at the same moment', async () => {
    const id = await buy();
    const results = await Promise.all(Array.from({ length: 20 }, () => doIt(id, 'borrow', reader())));
    expect(results.map(code).filter((each) => each === 'done')).toHaveLength(1);
    expect(results.map(code).filter((each) => each === 'NOT_ALLOWED_IN_THIS_STATE')).toHaveLength(19);
    expect(await readHistories(db, [id])).toHaveLength(2);
  });

  test('what the product does by itself names no person', async () => {
    const id = await buy();
    await doIt(id, 'sell', reader());
    expect((await readHistories(db, [id])).at(-1)).toMatchObject({ transition: 'sell', personId: null, onBehalfKind: null });
  });

  test('tells what a person may do, by the same guards', () => {
    const actions = (book: Partial<Book>, actor: Actor) =>
      availableActions(bookProcess, { id: newId(), state: 'ON_SHELF', borrower: null, dusty: false, ...book }, actor, new Date()).map(({ action, allowed, code: why }) => [action, allowed, why]);
    const ann = reader();
    expect(actions({}, ann)).toEqual([['borrow', true, null]]);
    expect(actions({ dusty: true }, ann)).toEqual([['borrow', false, 'TOO_DUSTY']]);
    expect(actions({ state: 'BORROWED', borrower: ann.personId }, ann)).toEqual([
      ['bringBack', true, null],
      ['dispute', true, null],
    ]);
    expect(actions({}, anonymous)).toEqual([['borrow', false, 'NOT_ALLOWED']]);
  });

  test('keeps a history that nobody can rewrite', async () => {
    await buy();
    await expect(db.query(`UPDATE history SET reason = 'other'`)).rejects.toThrow('append-only');
    await expect(db.query('DELETE FROM history')).rejects.toThrow('append-only');
    await expect(db.query('TRUNCATE history CASCADE')).rejects.toThrow('append-only');
  });

  test('is refused at boot when a state leads nowhere or cannot be reached', () => {
    const change = (transitions: Partial<typeof bookProcess.transitions>) => () =>
      checkProcess({ ...bookProcess, transitions: Object.fromEntries(Object.entries({ ...bookProcess.transitions, ...transitions }).filter(([, each]) => each)) as never });
    expect(change({})).not.toThrow();
    expect(change({ sell: undefined })).toThrow('nothing leads to SOLD');
    expect(change({ borrow: undefined })).toThrow('nothing leads to BORROWED');
    expect(change({ sell: { ...bookProcess.transitions['sell']!, from: ['ON_SHELF'] }, bringBack: undefined })).toThrow('no end can be reached from BORROWED');
    expect(change({ sell: { ...bookProcess.transitions['sell']!, by: ['nobody'] } })).toThrow('names nobody called nobody');
    expect(change({ appear: { ...bookProcess.transitions['buy']!, to: null } })).toThrow('appear begins in no state');
    expect(change({ revive: { ...bookProcess.transitions['sell']!, from: ['SOLD'], to: 'ON_SHELF' } })).toThrow('leaves SOLD, which is an end');
  });

  test('draws itself', () => {
    const text = documentProcesses([bookProcess]);
    expect(text).toContain('    [*] --> ON_SHELF: buy');
    expect(text).toContain('    BORROWED --> SOLD: (sell)');
    expect(text).toContain('    SOLD --> [*]');
    expect(text).toContain('| borrow | a reader | ON_SHELF | BORROWED | A reader takes it home. |');
  });

});
