import fc from 'fast-check';
import { runs } from './runs.js';

const STEPS = 100;

/** A world, its model, and what holds one against the other after each batch. */
interface Run<Command> {
  /** Carries these out at the same time. @throws Error where the product does otherwise than the model */
  step(batch: Command[]): Promise<void>;
}

/**
 * Generated commands, up to four at the same time, each sequence of them in a world of its own: 10,000 steps in all, a
 * tenth of them in `npm test`.
 * @param isAlone whether a command is in no history, and so a step by itself
 */
export function generatedSequences<Command>(command: fc.Arbitrary<Command>, begin: () => Promise<Run<Command>>, isAlone: (command: Command) => boolean = () => false): void {
  const sequences = runs(100);
  test(`${sequences} sequences of ${STEPS} steps by people who act at the same time keep to the model`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(command, { minLength: 1, maxLength: 4 }), { minLength: STEPS, maxLength: STEPS }), async (batches) => {
        const run = await begin();
        let steps = 0;
        for (const batch of batches) {
          if (steps >= STEPS) break;
          const single = batch.find(isAlone);
          const made = single !== undefined ? [single] : batch.slice(0, STEPS - steps);
          await run.step(made);
          steps += made.length;
        }
      }),
      { numRuns: sequences },
    );
  }, 3_600_000);
}
