/** Workers where there are none. */
import { hasThreads } from "@troodon/io";

let said = false;

/**
 * Returns true if the platform can run workers of `module`; otherwise warns once, and the loader works without them.
 *
 * @param module Module of the workers, or a function that starts a worker.
 */
export function canHaveWorkers(module: unknown): boolean {
  if (typeof module === "function" || hasThreads()) return true;
  if (!said) {
    said = true;
    console.warn(
      "A DataLoader loads without its workers, in the thread of the program: this platform has no node:worker_threads. " +
        "In a page give { workerModule: () => new Worker(...) }: see serveWorker()",
    );
  }
  return false;
}
