import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker } from '../../src/platform/jobs/index.js';
import { createLog } from '../../src/platform/log.js';
import { freshDatabase } from '../support/database.js';

const log = createLog('silent');

test('the jobs of a worker that was killed are taken over; those of one that lives are not', async () => {
  const { db } = await freshDatabase();
  const done: string[] = [];
  let release = () => {};
  const long = new Promise<void>((resolve) => (release = resolve));
  const tasks = {
    short: async ({ of }: Record<string, unknown>) => void done.push(String(of)),
    long: async () => {
      done.push('long');
      await long;
    },
  };
  const living = startWorker(db, { tasks, schedule: [] }, log);
  await db.transaction((tx) => tx.addJob('long', {}));
  while (!done.includes('long')) await sleep(10);

  await db.transaction((tx) => tx.addJob('short', { of: 'the dead' }, { runAt: new Date(Date.now() + 200) }));
  await db.query(`UPDATE graphile_worker._private_jobs SET locked_by = 'worker-killed', locked_at = now() WHERE locked_by IS NULL`);
  const second = startWorker(db, { tasks, schedule: [] }, log);
  for (const until = Date.now() + 10_000; !done.includes('the dead') && Date.now() < until; ) await sleep(20);
  expect(done).toEqual(['long', 'the dead']);
  // A job that a living worker was given and never heard of: as when the database stood still meanwhile.
  const [held] = await db.query<{ worker: string }>('SELECT locked_by AS worker FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL');
  await db.transaction((tx) => tx.addJob('short', { of: 'nobody' }, { runAt: new Date(Date.now() + 200) }));
  await db.query(`UPDATE graphile_worker._private_jobs SET locked_by = $1, locked_at = now() WHERE locked_by IS NULL`, [held!.worker]);
  for (const until = Date.now() + 20_000; !done.includes('nobody') && Date.now() < until; ) await sleep(20);
  expect(done).toEqual(['long', 'the dead', 'nobody']);
  release();
  await Promise.all([living.stop(), second.stop()]);
  expect(done).toEqual(['long', 'the dead', 'nobody']);
});
