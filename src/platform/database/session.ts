import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** How often it is asked something, whatever else is. */
const PING_MS = 2000;
const CLOSED_WITHIN_MS = 500;

/**
 * A connection of its own, for what lives as long as it does: session locks and notifications. It is asked something
 * every two seconds, so that a dead one is found out. PostgreSQL for its part ends a session that has been silent for
 * `silentMs`, and with it its locks, where the process at the other end has stopped or cannot be reached.
 */
export class Session {
  /** Statements go one after the other. */
  private last: Promise<unknown> = Promise.resolve();
  private over = false;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly client: pg.Client,
    private readonly onLost: () => void,
  ) {
    this.timer = setInterval(() => this.query('SELECT 1').catch(() => {}), PING_MS);
  }

  /** @param client not connected yet @param onLost called once, when it is over without `close` */
  static async open(client: pg.Client, silentMs: number, onLost: () => void): Promise<Session> {
    let session: Session | null = null;
    client.on('error', () => session?.lose()); // before that, `connect` reports
    client.on('end', () => session?.lose());
    try {
      await client.connect();
      await client.query(`SET idle_session_timeout = ${silentMs}`);
    } catch (error) {
      void client.end().catch(() => {});
      throw error;
    }
    session = new Session(client, onLost);
    return session;
  }

  onNotification(told: () => void): void {
    this.client.on('notification', told);
  }

  /** A statement that fails for whatever reason ends the session: what it locked is not known any more. */
  query<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const asked = this.last.then(async () => {
      try {
        return (await this.client.query<Row>(sql, values as unknown[])).rows;
      } catch (error) {
        this.lose();
        throw error;
      }
    });
    this.last = asked.catch(() => {});
    return asked;
  }

  /** Resolves once PostgreSQL has let go of it, and of its locks; or soon, where it does not answer. */
  async close(): Promise<void> {
    if (this.over) return;
    this.over = true;
    clearInterval(this.timer);
    const waited = new AbortController();
    await Promise.race([this.client.end().catch(() => {}), sleep(CLOSED_WITHIN_MS, undefined, { signal: waited.signal, ref: false }).catch(() => {})]);
    waited.abort();
  }

  private lose(): void {
    if (this.over) return;
    void this.close();
    this.onLost();
  }
}
