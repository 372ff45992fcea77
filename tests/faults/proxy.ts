import { connect, createServer, type Server, type Socket } from 'node:net';

interface Link {
  client: Socket;
  /** Null where PostgreSQL was never asked. */
  upstream: Socket | null;
  /** What either side sends is lost, and neither learns of the other's end. */
  dead: boolean;
}

/** The one way from the services to PostgreSQL: a port of loopback in front of its socket, on which the line can fail. */
export class Proxy {
  private readonly links = new Set<Link>();
  private server: Server | null = null;
  private swallows = false;
  port = 0;

  private constructor(private readonly socket: string) {}

  /** @param socket path of PostgreSQL's unix socket */
  static async start(socket: string): Promise<Proxy> {
    const proxy = new Proxy(socket);
    await proxy.pass();
    return proxy;
  }

  /** New connections are let through from now on. Those that were swallowed stay dead, as behind a firewall that forgot them. */
  async pass(): Promise<void> {
    this.swallows = false;
    if (this.server) return;
    const server = createServer((client) => this.link(client));
    this.server = server;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as { port: number }).port;
  }

  /** Nothing listens any more, and what was open is reset. */
  async refuse(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
    this.server = null;
    this.cut();
    await closed;
  }

  /** Connections, old and new, stay open and carry nothing. */
  swallow(): void {
    this.swallows = true;
    for (const link of this.links) link.dead = true;
  }

  /** Resets what is open; new connections are let through. */
  cut(): void {
    for (const { client, upstream } of this.links) {
      client.resetAndDestroy();
      upstream?.destroy();
    }
    this.links.clear();
  }

  close = (): Promise<void> => this.refuse();

  private link(client: Socket): void {
    const link: Link = { client, upstream: this.swallows ? null : connect(this.socket), dead: this.swallows };
    this.links.add(link);
    this.carry(link, client, link.upstream);
    if (link.upstream) this.carry(link, link.upstream, client);
  }

  private carry(link: Link, from: Socket, to: Socket | null): void {
    from.setNoDelay(true);
    from.on('error', () => {}); // `close` follows
    from.on('data', (chunk) => {
      if (link.dead || !to || to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.on('close', (failed) => {
      if (link.dead) return; // its other half stays open, with the transaction and the locks that PostgreSQL keeps for it
      this.links.delete(link);
      if (!failed) to?.end();
      else if (to === link.client) to.resetAndDestroy();
      else to?.destroy(); // a unix socket knows no reset
    });
  }
}
