const endings: (() => unknown)[] = [];

/**
 * Has something ended or removed after the test file that is running, the latest first. Modules are shared by the files
 * of a worker, so that an `afterAll` beside the functions of such a module would be run after the first of them only.
 */
export const atEnd = (end: () => unknown): void => void endings.push(end);

/** Each is run, whatever becomes of the others. @throws the first error */
export async function runEndings(): Promise<void> {
  const errors: unknown[] = [];
  for (const end of endings.splice(0).reverse()) {
    try {
      await end();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
