/** Workers where there are none. */
import { hasThreads } from "@troodon/io";

let said = false;

/** Returns true if the platform has threads for workers; warns once otherwise, as the loader does without them. */
export function canHaveWorkers(): boolean {
  if (hasThreads()) return true;
  if (!said) {
    said = true;
    console.warn(
      "A DataLoader loads without its workers, in the thread of the program: this platform has no node:worker_threads",
    );
  }
  return false;
}
