/** Ctrl-C. */
import { join } from "@std/path";
import { STATE_FILE } from "@troodon/troodon";

/** The status of a process that an interrupt ends, as shells know it. */
const INTERRUPTED = 130;

/** Message about an interrupted run: the command that resumes it. */
export async function farewell(path: string): Promise<string> {
  const saved = await Deno.stat(join(path, STATE_FILE)).then(() => true, () => false);
  return saved
    ? `Interrupted: the same command with --resume goes on from the last state in ${path}`
    : `Interrupted before a state was saved in ${path}: the same command with --resume begins anew`;
}

/**
 * Ends the process at the first Ctrl-C, and says how the run in `path` goes on.
 *
 * @param leave Called before that: clears the line of the terminal, unlocks the folder.
 */
export function onInterrupt(path: string, leave: () => void): void {
  Deno.addSignalListener("SIGINT", async () => {
    leave();
    console.error(await farewell(path));
    Deno.exit(INTERRUPTED);
  });
}
