/** Datasets that are opened rather than made. */

/**
 * Refuses what a constructor was called with where programs that nobody type-checks write `new Mnist(...)` for a dataset
 * whose files are read by its `open()`.
 *
 * @param read Whether the argument is what `open()` hands over.
 */
export function checkOpened(name: string, read: boolean): void {
  if (read) return;
  throw new TypeError(
    `Cannot make a dataset by new ${name}() as its files are read asynchronously: write await ${name}.open(...) with the ` +
      "same arguments",
  );
}
