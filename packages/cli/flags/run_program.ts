/** Programs and their exit codes. */
import { runtimeHost } from "@troodon/io";
import { commandName } from "./command_name.ts";
import { withConfigFile } from "./config_file.ts";
import { nameRuntimeFolder } from "./environment.ts";
import { type CommandLine, type Flags, formatHelp, readCommandLine, UsageError } from "./options.ts";

/** Program for the command line. */
export interface Program<F extends Flags> {
  /** `deno task train [flags]` */
  readonly usage: string;
  /** Description of the program. */
  readonly about: string;
  /** Flags by name. */
  readonly flags: F;
  /** Runs the program; resolves to an exit code other than 0, if any. Errors are printed. */
  main(line: CommandLine<F>): Promise<number | void>;
}

/**
 * Runs a program and returns its exit code: 0 on success, 1 on an error, 2 for a wrong command line. TROODON_TRACE=1
 * prints the stack trace of an error.
 */
export async function exitCodeOf<F extends Flags>(
  program: Program<F>,
  args: readonly string[],
): Promise<number> {
  const { usage, about, flags } = program;
  nameRuntimeFolder();
  try {
    const line = readCommandLine(await withConfigFile(args, flags), flags);
    if (!line.help) return await program.main(line) ?? 0;
    console.log(formatHelp(usage, about, flags));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\nUsage: ${usage} (--help tells more)`);
      return 2;
    }
    const trace = runtimeHost().variable("TROODON_TRACE") === "1";
    console.error(!(error instanceof Error) ? String(error) : trace ? error : `Error: ${error.message}`);
    return 1;
  }
}

/** Command that parses its own flags. */
export interface Command {
  /** Runs the command; resolves to the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** Program of a command. */
export interface CommandProgram<F extends Flags> extends Program<F> {
  /** Name of the command. */
  readonly name: string;
  /** Arguments after the name: `runs/NAME [flags]`. */
  readonly usage: string;
}

/** Returns a program as a command. */
export function commandOf<F extends Flags>(program: CommandProgram<F>): Command {
  const { name, usage } = program;
  return { run: (args) => exitCodeOf({ ...program, usage: `${commandName(name)} ${usage}` }, args) };
}

/** Runs a program and ends the process with its exit code; see {@linkcode exitCodeOf}. */
export async function runProgram<F extends Flags>(
  program: Program<F>,
  args: readonly string[],
): Promise<never> {
  // 0 keeps an exit code set by the program.
  return await runtimeHost().exit(await exitCodeOf(program, args));
}
