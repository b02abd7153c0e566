/** Terminal window that results are printed in. */
import { runtimeTerminal, type Terminal } from "@troodon/io";

/** Size and colors of the terminal that shows standard output. */
export interface Screen {
  /** Number of columns. */
  readonly columns: number;
  /** True to use colors. */
  readonly color: boolean;
}

/** Returns the terminal that shows standard output; null if the output goes to a file or another program. */
export function outputScreen(
  { showsOutput, noColor, size }: Pick<Terminal, "showsOutput" | "noColor" | "size"> = runtimeTerminal(),
): Screen | null {
  if (!showsOutput) return null;
  // Some terminals wrap a line that fills the last column.
  return { columns: Math.max(1, (size()?.columns ?? 80) - 1), color: !noColor };
}
