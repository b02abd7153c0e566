/** The terminal that a program writes its progress to. */

/** Standard error of the process, if there is one. */
export interface Terminal {
  /** True if somebody sees what is written at once: neither a file, nor a pipe, nor a page. */
  readonly isTerminal: boolean;
  /** True if standard output is a terminal too, so that both appear in one window. */
  readonly showsOutput: boolean;
  /** True if the terminal supports cursor movement and erasing; false if the variable `TERM` is `dumb`. */
  readonly canRedraw: boolean;
  /** True if the variable `NO_COLOR` disables colors, or the terminal has none. */
  readonly noColor: boolean;
  /** Returns columns and rows of the window; null if there is none. */
  size(): { readonly columns: number; readonly rows: number } | null;
  /** Writes text; does nothing in a page. */
  write(text: string): void;
}

/** The part of Node's `process` that is used here. */
interface NodeProcess {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdout?: { readonly isTTY?: boolean };
  readonly stderr?: {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
    write(text: string): unknown;
  };
}

/** Returns the terminal of Deno, of Node or Bun, or one of a page, which shows nothing. */
export function runtimeTerminal(): Terminal {
  if (typeof Deno !== "undefined") return denoTerminal();
  const { process } = globalThis as { readonly process?: NodeProcess };
  const { stderr } = process ?? {}, isTerminal = stderr?.isTTY === true;
  const isDumb = process?.env?.["TERM"] === "dumb";
  return {
    isTerminal,
    showsOutput: process?.stdout?.isTTY === true,
    canRedraw: isTerminal && !isDumb,
    noColor: isDumb || Boolean(process?.env?.["NO_COLOR"]),
    size: () => stderr?.columns && stderr.rows ? { columns: stderr.columns, rows: stderr.rows } : null,
    write: (text) => void stderr?.write(text),
  };
}

/** Returns true if the variable `TERM` can be read without a permission prompt and is `dumb`. */
function isDumbInDeno(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "TERM" });
  return state === "granted" && Deno.env.get("TERM") === "dumb";
}

function denoTerminal(): Terminal {
  const isTerminal = Deno.stderr.isTerminal(), isDumb = isDumbInDeno();
  return {
    isTerminal,
    showsOutput: Deno.stdout.isTerminal(),
    canRedraw: isTerminal && !isDumb,
    noColor: isDumb || Deno.noColor,
    size: () => {
      try {
        return Deno.consoleSize();
      } catch {
        return null;
      }
    },
    write: (text) => {
      const bytes = new TextEncoder().encode(text);
      try {
        for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
      } catch {
        // The terminal has been closed: what the program does goes on.
      }
    },
  };
}
