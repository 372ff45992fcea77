import { processes } from '../../src/app.js';
import { type AnyProcess, whyNot } from '../../src/platform/process/index.js';

/** Facts of any process, as the words of a state may want to know them. */
const someFacts = (requestState: string) => new Proxy({}, { get: (_target, name) => (name === 'requestState' ? requestState : 'Otterholme') });
const readersOf = (process: AnyProcess) => [...Object.keys(process.who), ''];

test('what stands in the way is told in a sentence to each reader, never by a state’s or a step’s label', () => {
  expect(processes.length).toBeGreaterThanOrEqual(12);
  for (const process of processes as readonly AnyProcess[]) {
    const labels = Object.values(process.transitions as Record<string, { label: string }>).map(({ label }) => label);
    for (const [state, { says }] of Object.entries(process.states as Record<string, { says: string }>)) {
      for (const reader of readersOf(process)) {
        for (const requestState of ['OPEN', 'AGREED', 'WITHDRAWN']) {
          const told = whyNot(process, state, someFacts(requestState) as never, reader);
          const where = `${process.name} ${state} ${reader}: ${told}`;
          expect([where, /^[A-Z“].*[.]$/.test(told)]).toEqual([where, true]);
          expect([where, /[“”"]|possible now/.test(told)]).toEqual([where, false]);
          expect([where, told.includes(state), told === says || told === `${says}.`]).toEqual([where, false, false]);
          for (const label of labels) expect([where, label, told === `${label}.`]).toEqual([where, label, false]);
        }
      }
    }
  }
});

test('the reader’s side decides the words', () => {
  const process = (processes as readonly AnyProcess[]).find(({ name }) => name === 'Proposal')!;
  const told = (reader: string, requestState: string) => whyNot(process, 'NOT_CHOSEN', someFacts(requestState) as never, reader);
  expect(told('school', 'AGREED')).toBe('Your school has chosen another proposal.');
  expect(told('provider', 'AGREED')).toBe('The school has chosen another proposal.');
  expect(told('school', 'WITHDRAWN')).toBe('The request has ended, and no proposal was chosen.');
});
