import { setTimeout as sleep } from 'node:timers/promises';
import { migrations } from '../../migrations/index.js';
import { type Database, isUnavailable, type Session } from '../platform/database/index.js';
import type { DatabaseClock } from '../platform/clock.js';
import type { Logger } from '../platform/log.js';
import { type Figures, readFigures } from './figures.js';

/** How one part of the service is. */
export interface Part {
  /** down: the service cannot do without it and answers 503; degraded: it can. */
  status: 'ok' | 'degraded' | 'down';
  /** Seconds since this was found out; null where nothing has been yet. */
  ageSeconds: number | null;
  /** In words; only where it is not ok. */
  why?: string;
}

export interface Health {
  status: 'ok' | 'degraded' | 'down';
  parts: Record<string, Part>;
}

/** What a process tells of a part of itself. */
export type PartCheck = () => { status: 'ok' | 'degraded'; why?: string } | null;

const LOOK = `SELECT clock_timestamp() AS at, pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean AS "readOnly"`;
const LOOK_MS = 1000;
/** An answer that took longer tells no time. */
const PROMPT_MS = 250;
const SILENT_MS = 60_000;
/** The database is taken to be away when it has not answered for so long. */
const STALE_MS = 3000;
const FIGURES_EVERY_MS = 5000;
/** How long it is told that a statement was not answered. */
const TROUBLE_MS = 30_000;
/** A job of mail or of any kind that is due and has waited so long. */
const LATE_SECONDS = 300;

/**
 * Watches the database on a connection of its own, so that how the service is can be told at once, whatever requests
 * wait for.
 */
export class HealthMonitor {
  private session: Session | null = null;
  private readonly ending = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private answeredAt = -Infinity;
  private migrated = false;
  private why: string | null = 'not asked yet';
  private figuresAt = -Infinity;
  private whyNoFigures: string | null = null;
  private draining = false;
  private serving = false;
  private last: Figures | null = null;
  private readOnly = false;

  constructor(
    private readonly db: Database,
    private readonly log: Logger,
    /** Parts that this process knows of itself, by name. */
    private readonly checks: Record<string, PartCheck> = {},
    private readonly mailTasks: readonly string[] = [],
    private readonly clock?: DatabaseClock,
  ) {}

  start(): void {
    this.running = Promise.all([this.watch(), this.count()]).then(() => {});
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  /** From now on the process may be ready: all of it has been started. */
  started(): void {
    this.serving = true;
  }

  /** From now on the process is not ready: it is about to end. */
  drain(): void {
    this.draining = true;
  }

  /** Seconds since the counts were made; null before the first. */
  get figuresAge(): number | null {
    return this.last && (performance.now() - this.figuresAt) / 1000;
  }

  /** The counts of the last look; null before the first. */
  get figures(): Figures | null {
    return this.last;
  }

  /** Why no requests should be sent here; null: they should. */
  whyNotReady(): string | null {
    if (this.draining) return 'this process is ending';
    if (!this.serving) return 'this process is starting';
    if (this.isAway()) return `the database does not answer: ${this.why ?? 'it has said nothing for a while'}`;
    return this.migrated ? null : 'the database is not migrated to this version';
  }

  health(): Health {
    const parts: Record<string, Part> = {
      database: this.isAway() ? this.part('down', this.answeredAt, this.why ?? 'it has said nothing for a while') : this.part('ok', this.answeredAt),
      migrations: this.migrated ? this.part('ok', this.answeredAt) : this.part('down', this.answeredAt, 'not known, or not all applied: run signpost migrate'),
    };
    const { trouble } = this.db;
    if (trouble && performance.now() - trouble.at < TROUBLE_MS) parts['statements'] = this.part('degraded', trouble.at, trouble.message);
    if (this.readOnly) parts['changes'] = this.part('degraded', this.answeredAt, 'the database takes no changes: it is a standby, or set to read only');
    if (this.draining) parts['process'] = this.part('down', performance.now(), 'it is ending');
    for (const [name, check] of Object.entries(this.checks)) {
      const found = check();
      if (found) parts[name] = this.part(found.status, performance.now(), found.why);
    }
    Object.assign(parts, this.ofFigures());
    const all = Object.values(parts).map(({ status }) => status);
    return { status: all.includes('down') ? 'down' : all.includes('degraded') ? 'degraded' : 'ok', parts };
  }

  private ofFigures(): Record<string, Part> {
    if (this.whyNoFigures) return { figures: this.part('degraded', this.figuresAt, this.whyNoFigures) };
    if (!this.last) return {};
    const { failedJobs, jobs, mail, outbox, importsFailing } = this.last;
    const part = (why: string | null) => this.part(why ? 'degraded' : 'ok', this.figuresAt, why ?? undefined);
    const late = (what: string, seconds: number | null) => (seconds !== null && seconds > LATE_SECONDS ? `${what} has waited for ${seconds} s` : null);
    return {
      jobs: part(failedJobs > 0 ? `${failedJobs} failed so often that they are not tried again` : late('the oldest job that is due', jobs.oldestSeconds)),
      mail: part(late('the oldest message', mail.oldestSeconds)),
      ...(importsFailing !== null && { imports: part(importsFailing > 0 ? `what was fetched last went wrong, of ${importsFailing} of the places: see /service/imports` : null) }),
      ...(outbox.indexed && { index: part(late('the oldest change', outbox.oldestSeconds)) }),
    };
  }

  private part(status: Part['status'], at: number, why?: string): Part {
    const age = Math.round((performance.now() - at) / 1000);
    return { status, ageSeconds: Number.isFinite(age) ? age : null, ...(why !== undefined && { why }) };
  }

  private isAway(): boolean {
    return performance.now() - this.answeredAt > STALE_MS || (this.why !== null && this.session === null);
  }

  private async watch(): Promise<void> {
    const { signal } = this.ending;
    for (let wasAway = false; !signal.aborted; ) {
      try {
        await this.look();
        if (wasAway) this.log.info('the database answers again');
        wasAway = false;
      } catch (error) {
        if (signal.aborted) break;
        void this.session?.close();
        this.session = null;
        this.why = isUnavailable(error) ? 'it cannot be reached or is too slow' : 'it refuses what it is asked';
        if (!wasAway) this.log.error({ error: (error as Error).message }, 'the database does not answer');
        wasAway = true;
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
    await this.session?.close(); // it may have been opened since
  }

  /** Counts apart from the watch: what takes long, or is not allowed, says nothing of whether the database answers. */
  private async count(): Promise<void> {
    const { signal } = this.ending;
    let session: Session | null = null;
    while (!signal.aborted) {
      try {
        session ??= await this.db.openSession('figures', SILENT_MS, () => (session = null));
        this.last = await readFigures(session, this.mailTasks);
        this.figuresAt = performance.now();
        this.whyNoFigures = null;
      } catch (error) {
        this.whyNoFigures = isUnavailable(error) ? 'the database does not answer, or takes too long' : (error as Error).message;
      }
      await sleep(FIGURES_EVERY_MS, undefined, { signal }).catch(() => {});
    }
    await (session as Session | null)?.close();
  }

  private async look(): Promise<void> {
    const session = (this.session ??= await this.db.openSession('watch', SILENT_MS, () => (this.session = null)));
    if (!this.migrated) {
      const rows = await session.query<{ name: string }>('SELECT name FROM migrations');
      const applied = new Set(rows.map(({ name }) => name));
      this.migrated = migrations.every(({ name }) => applied.has(name));
    }
    const asked = performance.now();
    const [row] = await session.query<{ at: Date; readOnly: boolean }>(LOOK);
    const tookMs = performance.now() - asked;
    if (tookMs < PROMPT_MS) this.clock?.follow(new Date(row!.at.getTime() + tookMs / 2)); // what came late says little of the time now
    this.readOnly = row!.readOnly;
    this.answeredAt = performance.now();
    this.why = null;
  }
}
