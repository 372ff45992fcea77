import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort, sleep } from '../support/process.js';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const LINES_KEPT = 20;

/** Kills it when this process ends, however that comes about: a shell waits for the end of a pipe that only this process holds. */
function killWithTest(child: ChildProcess): void {
  const script = 'read -r _ || kill -9 "$1"';
  const watch = spawn('/bin/sh', ['-c', script, 'sh', String(child.pid)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watch.stdin.on('error', () => {});
  child.once('exit', () => watch.stdin.end('\n'));
}

export type Kind = 'serve' | 'worker';

/** A process of the product, in production mode, started again by the test when the test has ended it. */
export class Service {
  /** The last of what it said, for whoever looks for the cause of a failure. */
  readonly said: string[] = [];
  readonly notJson: string[] = [];
  /** Ends that the test did not bring about. */
  readonly ends: string[] = [];
  /** The test killed it or made it stand still during this fault: its connections may break and its callers wait. */
  harmed = false;
  private child: ChildProcess | null = null;
  private asked = false;

  private constructor(
    readonly kind: Kind,
    readonly name: string,
    private readonly port: number,
    private readonly managementPort: number,
    private readonly settings: Record<string, string>,
  ) {}

  static async of(kind: Kind, name: string, settings: Record<string, string>): Promise<Service> {
    return new Service(kind, name, await freePort(), await freePort(), settings);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** @param more settings of this start alone */
  start(more: Record<string, string> = {}): void {
    const { PATH = '', HOME = '' } = process.env;
    const ports = { HOST: '127.0.0.1', PORT: String(this.port), METRICS_PORT: String(this.managementPort) };
    const env = { PATH, HOME, ...ports, ...this.settings, ...more };
    const child = spawn(MAIN, [this.kind], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    this.asked = false;
    killWithTest(child);
    for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', (line) => this.hears(line));
    child.once('exit', (code, signal) => {
      if (!this.asked) this.ends.push(`${this.name} (process ${child.pid}) ended by itself with ${code ?? signal}`);
    });
  }

  /** Whether it says so itself, on its management port. */
  isReady = (): Promise<boolean> => this.says('/ready');

  ready = (): Promise<void> => this.until('/ready');

  /** Started as a supervisor would start it; resolves when its program is loaded and it answers at all. */
  async startAgain(): Promise<void> {
    this.start();
    await this.until('/ping');
  }

  private says(path: string): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.managementPort}${path}`, { signal: AbortSignal.timeout(2000) }).then(
      async (response) => (await response.text(), response.status === 200),
      () => false,
    );
  }

  private async until(path: string, seconds = 60): Promise<void> {
    for (const until = Date.now() + seconds * 1000; !(await this.says(path)); await sleep(50)) {
      if (this.ends.length > 0) throw new Error(this.ends.join());
      if (Date.now() > until) throw new Error(`${this.name} does not answer ${path} after ${seconds} s`);
    }
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.harmed = true;
    await this.end('SIGKILL');
  }

  /** SIGTERM. @returns its exit code */
  terminate = (): Promise<number | null> => this.end('SIGTERM');

  pause(): void {
    this.harmed = true;
    this.child!.kill('SIGSTOP');
  }

  resume(): void {
    this.child!.kill('SIGCONT');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    this.asked = true;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  private hears(line: string): void {
    this.said.push(line);
    if (this.said.length > LINES_KEPT) this.said.shift();
    try {
      JSON.parse(line);
    } catch {
      if (this.notJson.length < LINES_KEPT) this.notJson.push(`${this.name}: ${line}`);
    }
  }
}
