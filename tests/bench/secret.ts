/** With which whatever is measured is served, so that sessions can be opened beside it. */
export const SESSION_SECRET = 'a secret for measuring, long enough';
