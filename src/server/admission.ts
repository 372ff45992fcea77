import type { IncomingMessage } from 'node:http';

/**
 * How a request came in: as any other, in the places kept for signing in, or in one of those although it is not known
 * yet whether it signs anybody in.
 */
export type Lane = 'usual' | 'signing in' | 'crowded';

/** Places kept for signing in while the service is overloaded. */
const SIGN_IN_PLACES = 10;
const SIGN_IN = /^\/sign-(in|out)(\/|$)/;
/** The longest body of an API call that may turn out to sign somebody in. */
const SIGN_IN_BYTES = 2000;

const crowded = new WeakSet<IncomingMessage>();

/** Notes that a request was let in although there is no place, to be looked at: `isCrowded` is asked once its body is read. */
export const markCrowded = (request: IncomingMessage): void => void crowded.add(request);
export const isCrowded = (request: IncomingMessage): boolean => crowded.has(request);

/** Whether a GraphQL document asks for a sign-in code, or signs in. */
export const signsIn = (query: unknown): boolean => typeof query === 'string' && /\b(sendSignInCode|signIn)\b/.test(query);

/**
 * Counts the requests under way. Beyond a bound a further one would only wait for the others, and is refused; who signs
 * in has a few places of their own.
 */
export class Admission {
  private usual = 0;
  private signingIn = 0;

  constructor(private readonly most: number) {}

  get underWay(): number {
    return this.usual + this.signingIn;
  }

  /** @returns null: it is refused */
  enter(request: IncomingMessage, path: string): Lane | null {
    if (this.usual < this.most) {
      this.usual++;
      return 'usual';
    }
    const lane = SIGN_IN.test(path) ? 'signing in' : mayBeSignIn(request, path) ? 'crowded' : null;
    if (lane === null || this.signingIn >= SIGN_IN_PLACES) return null;
    this.signingIn++;
    return lane;
  }

  leave(lane: Lane): void {
    if (lane === 'usual') this.usual--;
    else this.signingIn--;
  }
}

const mayBeSignIn = ({ method, headers }: IncomingMessage, path: string): boolean =>
  method === 'POST' && path === '/graphql' && Number(headers['content-length'] ?? Infinity) <= SIGN_IN_BYTES;
