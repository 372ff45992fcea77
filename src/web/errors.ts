/** Ends a page early: an answer that is not the page that was asked for, in words for the person. */
export class PageError extends Error {
  constructor(
    readonly status: 400 | 403 | 404 | 429 | 500,
    message: string,
    /** Under which the log tells more. */
    readonly reference: string | null = null,
  ) {
    super(message);
    this.name = 'PageError';
  }
}

/** Ends a page early: whoever asks has to sign in first. */
export class SignInFirst extends Error {}

export const notFound = (what = 'page') => new PageError(404, `We cannot find that ${what}. It may have been removed, or you may not have access to it.`);
export const forbidden = (message: string) => new PageError(403, message);
