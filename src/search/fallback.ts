import { Unavailable } from './meilisearch/unavailable.js';
import type { SearchAnswer, SearchEngine, SearchQuery } from './port.js';

/** An engine that may be away. */
export interface RemoteEngine extends SearchEngine {
  /** @throws Unavailable while it is away */
  probe(): Promise<void>;
}

/** After so many faults in a row it is left alone, and tried behind the searches' back from then on. */
const FAULTS = 3;
const PROBE_EVERY_MS = 1000;

/** Asks one engine as long as it is fit to answer, else the other, and says why. A search waits for at most FAULTS time-outs. */
export class SearchWithFallback implements SearchEngine {
  private faults = 0;
  private reason: string | null = null;
  private cause: unknown;
  private probedAt = 0;

  constructor(
    private readonly remote: RemoteEngine,
    private readonly fallback: SearchEngine,
  ) {}

  /** Why the remote engine is left alone; null while it is not. */
  get degraded(): string | null {
    return this.faults >= FAULTS ? this.reason : null;
  }

  async search(query: SearchQuery): Promise<SearchAnswer> {
    if (this.degraded !== null) {
      this.probe();
      return this.instead(query, this.degraded);
    }
    try {
      const answer = await this.remote.search(query);
      this.faults = 0;
      return answer;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      if (error.fault) this.noteFault(error);
      return this.instead(query, error.message);
    }
  }

  private noteFault(error: Unavailable): void {
    if (error.cause === undefined || error.cause !== this.cause) this.faults++; // one request may have been for several searches
    this.cause = error.cause;
    this.reason = error.message;
  }

  private async instead(query: SearchQuery, degraded: string): Promise<SearchAnswer> {
    return { ...(await this.fallback.search(query)), degraded };
  }

  private probe(): void {
    const now = performance.now();
    if (now - this.probedAt < PROBE_EVERY_MS) return;
    this.probedAt = now;
    this.remote.probe().then(
      () => {
        this.faults = 0;
      },
      () => {}, // still away
    );
  }
}
