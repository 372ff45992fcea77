import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { sleep } from '../support/process.js';
import { ask, REGISTER, registration, SEARCH, type Sent } from './clients.js';
import { long } from './reckoning.js';
import type { Service } from './services.js';
import { type Person, Stage } from './stage.js';

/*
 * Two processes are replaced one after the other, behind somebody who asks each every 100 ms whether it is ready and sends
 * only to those that are: no request fails, and none is sent again.
 */
const AT_ONCE = long ? 16 : 8;
const ROUNDS = long ? 2 : 1;
const LOOK_EVERY = 100;

let stage: Stage;
beforeAll(async () => {
  // Beside other tests a machine may be so slow that requests are refused for want of a place, which is another test's matter.
  const settings = { CONCURRENT_REQUESTS: '100', DATABASE_ACQUIRE_SECONDS: '8', DATABASE_STATEMENT_SECONDS: '8' };
  stage = await Stage.set({ workers: 0, people: AT_ONCE, settings });
});
afterAll(() => stage?.close());

class Balancer {
  readonly sent: Sent[] = [];
  private readonly ready = new Set<Service>();
  private readonly agent = new Agent({ keepAlive: true }); // lays aside what came with `Connection: close`
  private running = true;
  private turn = 0;

  constructor(private readonly services: readonly Service[]) {}

  /** Looks and sends until stopped. */
  async run(people: readonly Person[]): Promise<void> {
    await Promise.all([...this.services.map((service) => this.look(service)), ...people.map((person) => this.work(person))]);
    this.agent.destroy();
  }

  stop(): void {
    this.running = false;
  }

  sees = (service: Service): boolean => this.ready.has(service);

  private async look(service: Service): Promise<void> {
    for (; this.running; await sleep(LOOK_EVERY)) {
      const { outcome } = await ask(service, 'ready', '/ready', { within: 2000 });
      if (outcome === 'answered') this.ready.add(service);
      else this.ready.delete(service);
    }
  }

  private async work({ cookie }: Person): Promise<void> {
    for (let n = 0; this.running; n++) {
      const fit = [...this.ready];
      if (fit.length === 0) {
        await sleep(LOOK_EVERY / 5);
        continue;
      }
      const service = fit[this.turn++ % fit.length]!;
      const asking = { headers: { Cookie: cookie }, agent: this.agent, within: 10_000 };
      const search = { query: SEARCH, variables: { input: { words: 'reading' } } };
      const register = { query: REGISTER, variables: { input: registration(), key: randomUUID() } };
      if (n % 3 === 0) this.sent.push(await ask(service, 'page', '/', asking));
      if (n % 3 === 1) this.sent.push(await ask(service, 'search', '/graphql', { ...asking, body: search }));
      if (n % 3 === 2) this.sent.push(await ask(service, 'register', '/graphql', { ...asking, body: register }));
      await sleep(20);
    }
  }
}

test(`${2 * ROUNDS} restarts of two processes, one after the other, and no request fails`, async () => {
  const balancer = new Balancer(stage.serves);
  const work = balancer.run(stage.nextPeople(AT_ONCE));
  const seen = async () => {
    while (!stage.serves.every(balancer.sees)) await sleep(LOOK_EVERY / 2);
  };
  const codes: (number | null)[] = [];
  try {
    await seen();
    for (let round = 0; round < ROUNDS; round++) {
      for (const service of stage.serves) {
        codes.push(await service.terminate());
        service.start();
        await service.ready();
        await seen();
        await sleep(500);
      }
    }
  } catch (error) {
    throw stage.explained(error as Error);
  } finally {
    balancer.stop();
    await work;
  }
  const failed = balancer.sent.filter(({ outcome }) => outcome !== 'answered');
  expect(failed.map(({ what, service, outcome, detail }) => `${what} at ${service.name}: ${outcome} ${detail}`)).toEqual([]);
  expect(codes).toEqual(codes.map(() => 0)); // each ended in order
  expect(balancer.sent.length).toBeGreaterThan(100);
  expect(stage.services.flatMap(({ ends }) => ends)).toEqual([]);
});
