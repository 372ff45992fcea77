import { ask, SEND_CODE } from './clients.js';
import { clockCanBeSet, settableClock, testWhere } from './making.js';
import { Stage } from './stage.js';

/*
 * Two processes whose machines' clocks are two days apart: what is counted in a window of time is counted once for both,
 * and a code that one has sent is good at the other.
 */
const CODES = 6;
const SHORT = 3;

let stage: Stage;
const clocks: ReturnType<typeof settableClock>[] = [];
beforeAll(async () => {
  if (!clockCanBeSet) return;
  stage = await Stage.set({ workers: 0, people: 0 });
  for (const [i, by] of ['+1d', '-1d'].entries()) {
    const clock = settableClock();
    clocks.push(clock);
    clock.set(by);
    await stage.serves[i]!.terminate();
    stage.serves[i]!.start(clock.settings);
    await stage.serves[i]!.ready();
  }
});
afterAll(async () => {
  await stage?.close();
  for (const clock of clocks) clock.remove();
});

const testWithClock = testWhere(clockCanBeSet, 'libfaketime is not installed (apt-get install faketime)');
testWithClock('limits and times of sign-in codes are the same at processes whose clocks are two days apart', async () => {
  try {
    for (let nth = 0; nth < CODES; nth++) {
      const body = { query: SEND_CODE, variables: { email: 'head@example.org' } };
      const { outcome, detail } = await ask(stage.serves[nth % 2]!, 'code', '/graphql', { body, within: 10_000 });
      expect([outcome, detail]).toEqual(['answered', '']);
    }
    const codes = await stage.sql<{ long: boolean; minutes: number }>(
      'SELECT is_long AS long, round(extract(epoch FROM expires_at - now()) / 60)::int AS minutes FROM sign_in_code ORDER BY expires_at',
    );
    expect(codes.map(({ long }) => long)).toEqual(Array.from({ length: CODES }, (_, nth) => nth >= SHORT));
    for (const { minutes } of codes) expect(minutes).toBeCloseTo(10, 0);
  } catch (error) {
    throw stage.explained(error as Error);
  }
});
