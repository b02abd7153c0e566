/** How programs end. */
import { nameRuntimeFolder, readVariable } from "./environment.ts";
import { type CommandLine, type Flags, formatHelp, readCommandLine, UsageError } from "./options.ts";

/** A program for the command line. */
export interface Program<F extends Flags> {
  /** `deno task train [flags]` */
  readonly usage: string;
  /** What it does. */
  readonly about: string;
  readonly flags: F;
  /** Does it. Errors are printed. */
  main(line: CommandLine<F>): Promise<void>;
}

/**
 * Runs a program and ends the process: 0 if all went well, 1 if not, 2 if it was
 * called wrongly. TROODON_TRACE=1 shows where an error came from.
 */
export async function runProgram<F extends Flags>(
  program: Program<F>,
  args: readonly string[],
): Promise<never> {
  const { usage, about, flags } = program;
  nameRuntimeFolder();
  try {
    const line = readCommandLine(args, flags);
    if (line.help) console.log(formatHelp(usage, about, flags));
    else await program.main(line);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\nUsage: ${usage} (--help tells more)`);
      Deno.exit(2);
    }
    const trace = readVariable("TROODON_TRACE") === "1";
    console.error(!(error instanceof Error) ? String(error) : trace ? error : `Error: ${error.message}`);
    Deno.exit(1);
  }
  // 0, or the exit code that the program has set.
  Deno.exit();
}
