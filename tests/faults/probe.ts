import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from './http.js';

/*
 * Asks a service for some paths, each again and again, in a process of its own: what else a test does is not in the
 * times. Begins at once; at a message it ends, and answers with what it has seen.
 */
export interface Seen {
  path: string;
  /** 0 where no whole answer came. */
  status: number;
  ms: number;
}

const [url, every, ...paths] = process.argv.slice(2);
const seen: Seen[] = [];
let running = true;

async function look(path: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (running) {
    const began = performance.now();
    const status = await send(url + path, { agent, within: 15_000 }).then((reply) => reply.status, () => 0);
    const ms = performance.now() - began;
    seen.push({ path, status, ms });
    await sleep(Math.max(0, Number(every) - ms));
  }
  agent.destroy();
}

const looking = Promise.all(paths.map(look));
process.once('message', () => {
  running = false;
  void looking.then(() => process.send!(seen, () => process.disconnect()));
});
process.once('disconnect', () => process.exit());
process.send!('begun');
