import { describeWithMeilisearch, startMeilisearch, type TestMeilisearch } from '../support/meilisearch.js';
import {
  clockCanBeSet,
  mayMount,
  postgresProcesses,
  settableClock,
  smallDisk,
  takeAllConnections,
  testWhere,
  untilGone,
  whileMailIsSent,
} from './making.js';
import { CLIENTS, type Fault, long, underFault } from './reckoning.js';
import { Stage } from './stage.js';

/*
 * Each fault is made while twenty clients work, and ends again: nothing that was acknowledged is lost, nothing is there
 * twice, no process ends by itself, and all is well soon after. In `npm test` a few of them, shortly.
 */
let giveBack: () => Promise<void>;

const faults: Fault[] = [
  {
    name: 'PostgreSQL is killed and away',
    seconds: 10,
    briefly: 2,
    begin: async (stage) => {
      const pid = stage.postmaster();
      process.kill(pid, 'SIGKILL');
      await stage.proxy.refuse(); // as a port does behind which there is nobody
      await untilGone(pid);
    },
    end: async (stage) => {
      await stage.startPostgres();
      await stage.proxy.pass();
    },
  },
  {
    name: 'database connections die silently',
    seconds: 10,
    briefly: 2,
    begin: (stage) => stage.proxy.swallow(),
    end: (stage) => stage.proxy.pass(),
  },
  {
    name: 'a process that serves is killed',
    seconds: 5,
    begin: (stage) => stage.kill(stage.serves[0]!),
    end: (stage) => stage.serves[0]!.startAgain(),
  },
  {
    name: 'a worker is killed',
    seconds: 5,
    begin: (stage) => stage.kill(stage.workers[0]!),
    end: (stage) => stage.workers[0]!.startAgain(),
  },
  {
    name: 'PostgreSQL breaks off and starts again at once',
    seconds: 0,
    begin: async (stage) => {
      const pid = stage.postmaster();
      process.kill(pid, 'SIGQUIT'); // as pg_ctl stop -m immediate
      await untilGone(pid);
    },
    end: (stage) => stage.startPostgres(),
  },
  {
    name: 'a process that serves stands still',
    seconds: 30,
    begin: (stage) => stage.serves[0]!.pause(),
    end: (stage) => stage.serves[0]!.resume(),
  },
  {
    name: 'a worker stands still',
    seconds: 30,
    begin: (stage) => stage.workers[0]!.pause(),
    end: (stage) => stage.workers[0]!.resume(),
  },
  {
    name: 'PostgreSQL stands still',
    seconds: 15,
    begin: (stage) => postgresProcesses(stage).reverse().forEach((pid) => process.kill(pid, 'SIGSTOP')),
    end: (stage) => postgresProcesses(stage).forEach((pid) => process.kill(pid, 'SIGCONT')),
  },
  {
    name: 'all connection slots are taken',
    seconds: 10,
    begin: async (stage) => {
      giveBack = await takeAllConnections(stage);
    },
    end: () => giveBack(),
  },
  {
    name: 'the database refuses while jobs end',
    seconds: 2,
    begin: async (stage) => {
      await whileMailIsSent(stage, 1000);
      await stage.proxy.refuse();
    },
    end: async (stage) => {
      await stage.proxy.pass();
      stage.sink.become('ok');
    },
  },
  ...(['silent', 3000, '4xx', '5xx'] as const).map((mode): Fault => {
    const how = typeof mode === 'number' ? 'is slow' : mode === 'silent' ? 'says nothing' : `answers ${mode}`;
    return {
      name: `the mail server ${how}`,
      seconds: mode === 'silent' ? 25 : 10, // longer than the patience with it
      begin: (stage) => stage.sink.become(mode),
      end: (stage) => stage.sink.become('ok'),
    };
  }),
];

const made = faults.filter(({ briefly }) => long || briefly !== undefined);

describe(`${CLIENTS} clients`, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set({ people: made.length * (CLIENTS + 1) });
  });
  afterAll(() => stage?.close());

  for (const fault of made) test(`while ${fault.name}`, () => underFault(stage, fault));
});

// All that follows is for the long run: each needs an installation of its own.
const inLongRun = long ? describe : (_name: string, _tests: () => void) => {};

inLongRun(`${CLIENTS} clients and a small disk`, () => {
  testWhere(mayMount(), 'no disk may be mounted here')('while the disk of PostgreSQL is full', async () => {
    const disk = smallDisk(320);
    let stage: Stage | null = null;
    try {
      stage = await Stage.set({ people: CLIENTS + 1, dataDir: disk.folder });
      await underFault(stage, {
        name: 'the disk is full',
        seconds: 8,
        begin: () => disk.fill(),
        end: async (stage) => {
          disk.empty();
          // Without room for its log PostgreSQL gives up altogether; whoever runs it starts it again.
          const runs = await stage.sql('SELECT').then(() => true, () => false);
          if (!runs) await stage.startPostgres();
        },
      });
    } finally {
      await stage?.close();
      disk.remove();
    }
  });
});

inLongRun(`${CLIENTS} clients and a clock that jumps`, () => {
  let stage: Stage;
  let clock: ReturnType<typeof settableClock>;
  beforeAll(async () => {
    if (!clockCanBeSet) return;
    clock = settableClock();
    stage = await Stage.set({ people: 2 * (CLIENTS + 1), settings: clock.settings });
  });
  afterAll(async () => {
    await stage?.close();
    clock?.remove();
  });

  for (const [name, by] of [['forward', '+1d'], ['back', '-1d']] as const) {
    const testWithClock = testWhere(clockCanBeSet, 'libfaketime is not installed (apt-get install faketime)');
    testWithClock(`while the clock of the services is a day ${name}`, () =>
      underFault(stage, { name, seconds: 8, begin: () => clock.set(by), end: () => clock.set('+0') }),
    );
  }
});

if (long) describeWithMeilisearch(`${CLIENTS} clients and Meilisearch`, () => {
  let stage: Stage;
  let meilisearch: TestMeilisearch;
  beforeAll(async () => {
    meilisearch = await startMeilisearch();
    stage = await Stage.set({ people: 2 * (CLIENTS + 1), meilisearch });
  });
  afterAll(() => stage?.close());

  test('while it is stopped', () =>
    underFault(stage, { name: 'stopped', seconds: 10, begin: () => meilisearch.kill(), end: () => meilisearch.start() }));
  test('while it has lost all', () =>
    underFault(stage, { name: 'emptied', seconds: 5, begin: () => meilisearch.wipe(), end: () => {} }));
});
