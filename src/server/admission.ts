/** Places kept for signing in while the service is overloaded. */
const SIGN_IN_PLACES = 10;

export const isSignInPage = (path: string): boolean => /^\/sign-(in|out)(\/|$)/.test(path);

/** A request that has come in. */
export interface Place {
  /** Called once, when it is over, whether or not its turn has come. */
  leave(): void;
}

/**
 * Deals with some requests at the same time, has some more wait for their turn, and refuses the others: more at the same
 * time would make each turn of the event loop long, for those that only ask how the service is too. Whoever signs in has
 * a few places of their own.
 */
export class Admission {
  private running = 0;
  private signingIn = 0;
  private readonly waiting = new Set<() => void>();

  /** @param atOnce dealt with at the same time @param mostWaiting that wait for it */
  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
  ) {}

  get underWay(): number {
    return this.running + this.signingIn;
  }

  /** Whether the next one that does not sign in would be refused. */
  get isFull(): boolean {
    return this.running >= this.atOnce && this.waiting.size >= this.mostWaiting;
  }

  get inLine(): number {
    return this.waiting.size;
  }

  /** @param go called when its turn comes, perhaps at once @returns null: it is refused */
  enter(toSignIn: boolean, go: () => void): Place | null {
    if (this.running < this.atOnce) {
      this.running++;
      go();
      return { leave: () => this.next() };
    }
    if (toSignIn && this.signingIn < SIGN_IN_PLACES) {
      this.signingIn++;
      go();
      return { leave: () => this.signingIn-- };
    }
    if (this.waiting.size >= this.mostWaiting) return null;
    let isRunning = false;
    const turn = () => {
      isRunning = true;
      go();
    };
    this.waiting.add(turn);
    return { leave: () => (isRunning ? this.next() : this.waiting.delete(turn)) };
  }

  /** Hands a place on to whoever has waited longest. */
  private next(): void {
    const [turn] = this.waiting;
    if (!turn) {
      this.running--;
      return;
    }
    this.waiting.delete(turn);
    turn();
  }
}
