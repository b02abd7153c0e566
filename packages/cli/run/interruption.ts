/** Signals that end a run: it is saved first. */
import { join } from "@std/path";
import { runtimeHost } from "@troodon/io";
import { type FitObserver, statesOfRun } from "@troodon/troodon";
import { commandName } from "../flags/command_name.ts";

/** The signals that ask a program to end, and the exit codes for them, as shells know them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGBREAK: 149 } as const;
type EndSignal = keyof typeof SIGNALS;

/** Signals by operating system: Windows has those of its console alone. */
const signalsOf = (system: string): readonly EndSignal[] =>
  system === "windows" ? ["SIGINT", "SIGBREAK", "SIGHUP"] : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Ends a run at the first signal, after a step, so that its state is saved; a second signal ends the process at once. */
export class Interruption implements Disposable {
  /** Stops the run after the step or the validation in which a signal came. */
  readonly observer: FitObserver = {
    onStart: ({ stop }) => this.#signal === null ? undefined : stop(),
    onStep: ({ stop }) => this.#signal === null ? undefined : stop(),
    onEpoch: ({ stop }) => this.#signal === null ? undefined : stop(),
    onEnd: ({ stopped }) => void (this.#stopped = stopped),
  };
  #signal: EndSignal | null = null;
  #stopped = false;
  readonly #listeners: Disposable[] = [];

  /** Listens for signals, and has `say` tell that one came. */
  constructor(say: (line: string) => void) {
    for (const signal of signalsOf(runtimeHost().system)) {
      const listener = (): void => {
        // The next one does what it does to a program that does not listen.
        this[Symbol.dispose]();
        this.#signal = signal;
        say(`${signal}: saving the run after this step or validation. Another signal ends it at once`);
      };
      this.#listeners.push(runtimeHost().onSignal(signal, listener));
    }
  }

  /** The exit code of a run that a signal has ended; null if none has. */
  get exitCode(): number | null {
    return this.#signal !== null && this.#stopped ? SIGNALS[this.#signal] : null;
  }

  /** Listens no more. */
  [Symbol.dispose](): void {
    for (const listener of this.#listeners.splice(0)) listener[Symbol.dispose]();
  }
}

/** Prints a line on stderr; says nothing where the terminal has been closed, as with SIGHUP. */
export function tell(line: string): void {
  try {
    console.error(line);
  } catch {
    // The run is saved all the same.
  }
}

/** A word of a command line, in quotes where a shell would read it otherwise. */
function quoted(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word;
  return runtimeHost().system === "windows" ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command that goes on with the run of `deno task train` with these arguments. */
export function resumingCommand(args: readonly string[]): string {
  const isResume = (arg: string): boolean => /^--resume(=|$)/.test(arg);
  const kept = args.filter((arg) => arg !== "--force");
  return [commandName("train"), ...kept.map(quoted), ...kept.some(isResume) ? [] : ["--resume"]].join(" ");
}

/** Message about a run that a signal has ended: where its state is, and the command that goes on with it. */
export async function farewell(path: string, args: readonly string[]): Promise<string> {
  const [name] = await statesOfRun(path).catch(() => []), command = resumingCommand(args);
  if (name === undefined) return `Ended before a state was saved in ${path}. To begin anew:\n  ${command}`;
  return `Saved the run in ${join(path, name)}. To go on:\n  ${command}`;
}
