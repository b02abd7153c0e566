/** Runs programs in a pseudo-terminal by `script(1)` of util-linux. */

/** Settings of a pseudo-terminal, and its input. */
export interface PseudoTerminalOptions {
  /** Columns of the window. */
  readonly columns: number;
  /** Rows of the window. */
  readonly rows: number;
  /** Environment variables set in addition to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder of the program. */
  readonly cwd?: string;
  /** Called with all output so far when more arrives; the returned text is typed. */
  readonly onText?: (text: string) => string | undefined;
}

/** Output of a program on its terminal, and its exit code. */
export interface TerminalRun {
  readonly code: number;
  /** Output with escape sequences. */
  readonly text: string;
}

/** Returns true if the machine has a `script` command that creates pseudo-terminals. */
export async function hasPseudoTerminal(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  try {
    return (await new Deno.Command("script", { args: ["--version"], stdout: "null" }).output()).success;
  } catch {
    return false;
  }
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs a command with its arguments in a pseudo-terminal. */
export async function runInTerminal(
  command: readonly string[],
  { columns, rows, env = {}, cwd, onText }: PseudoTerminalOptions,
): Promise<TerminalRun> {
  const line = `stty cols ${columns} rows ${rows}; exec ${command.map(quoted).join(" ")}`;
  const child = new Deno.Command("script", {
    args: ["-qefc", line, "/dev/null"],
    env: { TERM: "xterm-256color", ...env },
    ...(cwd !== undefined && { cwd }),
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const typing = child.stdin.getWriter();
  let text = "";
  for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    const typed = onText?.(text);
    if (typed !== undefined) await typing.write(new TextEncoder().encode(typed));
  }
  await typing.close().catch(() => {});
  return { code: (await child.status).code, text };
}
