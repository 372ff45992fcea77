import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';

export interface Accepted {
  /** Message-ID. */
  id: string;
  to: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** `silent`: connections are taken and nothing is ever said. A number: so many milliseconds are taken over each message. */
export type Mode = 'ok' | 'silent' | '4xx' | '5xx' | number;

const REFUSALS = { '4xx': [451, '4.3.0 Try again later'], '5xx': [554, '5.3.0 Not taken'] } as const;

/** A mail server that keeps account of each message it has accepted. */
export class SmtpSink {
  readonly accepted: Accepted[] = [];
  /** The headers of the last message. */
  lastHead = '';
  /** The beginning of each accepted message, its headers. */
  readonly heads: string[] = [];
  /** Messages that are in, and not yet accepted. */
  underWay = 0;
  private readonly leftUnanswered = new Set<string>();
  private mode: Mode = 'ok';
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly smtp: SMTPServer,
    private readonly front: Server,
    private readonly sockets: Set<Socket>,
  ) {}

  static async start(): Promise<SmtpSink> {
    const sockets = new Set<Socket>();
    const smtp: SMTPServer = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onMailFrom: (_address, _session, answer) => void sink.speaks().then(() => answer(sink.refusal())),
      onData: (stream, session, answer) => {
        let head = '';
        stream.on('data', (chunk: Buffer) => (head += head.length < 10_000 ? chunk.toString() : ''));
        stream.on('end', () => void sink.accept(head, session.envelope.rcptTo[0]!.address).then(() => answer()));
      },
    });
    smtp.on('error', () => {}); // a client that was killed
    const front = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      void sink.speaks().then(() => socket.destroyed || smtp.server.emit('connection', socket));
    });
    const sink: SmtpSink = new SmtpSink(smtp, front, sockets);
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.front.address() as { port: number }).port}`;
  }

  /** Those that wait for a silent server are answered once it speaks again. */
  become(mode: Mode): void {
    this.mode = mode;
    if (mode !== 'silent') for (const go of this.waiting.splice(0)) go();
  }

  /**
   * Message-IDs that were accepted more than once. One that was in whole when the server fell silent does not count:
   * whoever sent it could not know that it had been taken, and has to send it again.
   */
  doubled(): string[] {
    const times = new Map<string, number>();
    for (const { id } of this.accepted) times.set(id, (times.get(id) ?? 0) + 1);
    return [...times].flatMap(([id, count]) => (count > 1 && !this.leftUnanswered.has(id) ? [id] : []));
  }

  hasFor = (address: string): boolean => this.accepted.some(({ to }) => to === address);

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.front.close(resolve));
  }

  private speaks(): Promise<void> {
    return this.mode === 'silent' ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
  }

  private refusal(): Error | null {
    if (this.mode !== '4xx' && this.mode !== '5xx') return null;
    const [responseCode, words] = REFUSALS[this.mode];
    return Object.assign(new Error(words), { responseCode });
  }

  private async accept(head: string, to: string): Promise<void> {
    this.underWay++;
    if (typeof this.mode === 'number') await sleep(this.mode, undefined, { ref: false });
    const id = /^message-id: *(\S+)/im.exec(head)?.[1] ?? 'none';
    if (this.mode === 'silent') this.leftUnanswered.add(id);
    await this.speaks();
    this.underWay--;
    this.heads.push(head);
    this.lastHead = head;
    this.accepted.push({ id, to, at: Date.now() });
  }
}
