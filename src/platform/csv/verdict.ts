/** Exit codes of an import, or of the check of one, for whoever starts it from a script. */
export const EXIT = {
  /** Also where some rows were rejected, up to a tenth. */
  DONE: 0,
  /** The file was refused, had no rows, or not one that could be used. */
  NOTHING: 1,
  /** What could be used went in, but more than a tenth of the rows could not: somebody should look at the file. */
  MANY_REJECTED: 2,
} as const;

/** What an import says at its end, with its exit code. */
export function verdict(text: string, rows: number, rejected: number): { text: string; exitCode: number } {
  const exitCode = exitCodeFor(rows, rejected);
  return { text: exitCode === EXIT.MANY_REJECTED ? `${text}\nMore than a tenth of the rows was rejected: look at the file.` : text, exitCode };
}

/** How an import went that was not refused. */
export function exitCodeFor(rows: number, rejected: number): number {
  if (rejected >= rows) return EXIT.NOTHING;
  return rejected * 10 > rows ? EXIT.MANY_REJECTED : EXIT.DONE;
}
