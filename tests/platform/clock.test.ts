import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseClock } from '../../src/platform/clock.js';

const DAY = 86_400_000;
/** How far it is from a moment, in ms, for whoever reads it a little later. */
const from = (moment: number, clock: DatabaseClock) => clock.now().getTime() - moment;

test('a clock goes by its own machine until it is told the time of the database', () => {
  expect(Math.abs(from(Date.now(), new DatabaseClock()))).toBeLessThan(1000);
});

test.each([DAY, -DAY, 2000])('a clock that is %d ms off follows, and goes on from there', async (off) => {
  const clock = new DatabaseClock();
  const said = Date.now() + off;
  clock.follow(new Date(said));
  const before = from(said, clock);
  await sleep(20);
  expect(before).toBeGreaterThanOrEqual(0);
  expect(from(said, clock)).toBeGreaterThan(before);
  expect(from(said, clock)).toBeLessThan(1500);
});

test('the time that an answer takes moves no clock, so that time never runs backwards for it', () => {
  const clock = new DatabaseClock();
  const before = clock.now().getTime();
  for (const late of [-300, 300, -50, 50]) {
    clock.follow(new Date(Date.now() + late));
    expect(Math.abs(from(before, clock))).toBeLessThan(250);
    expect(from(before, clock)).toBeGreaterThanOrEqual(0);
  }
});
