/** The window that results are printed in. */
import { runtimeTerminal, type Terminal } from "@troodon/io";

/** Room and looks of a terminal that standard output goes to. */
export interface Screen {
  /** Characters in a line. */
  readonly columns: number;
  /** True to use colors. */
  readonly color: boolean;
}

/** Returns the window that shows standard output; null where it goes to a file or another program. */
export function outputScreen(
  { showsOutput, noColor, size }: Pick<Terminal, "showsOutput" | "noColor" | "size"> = runtimeTerminal(),
): Screen | null {
  if (!showsOutput) return null;
  // A line that fills the last column goes on in the next row on some terminals.
  return { columns: Math.max(1, (size()?.columns ?? 80) - 1), color: !noColor };
}
