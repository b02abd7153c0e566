/** Names of files that are being written. */

/** The ending of a file that a process leaves behind if it is killed while it writes. */
export const DRAFT_ENDING: RegExp = /\.[0-9a-f]{8}\.tmp$/;

/** Returns a new name for the draft of a file, beside it. */
export function draftOf(path: string): string {
  const random = crypto.getRandomValues(new Uint32Array(1))[0]!;
  return `${path}.${random.toString(16).padStart(8, "0")}.tmp`;
}
