/** The process of a program, and the system that it runs on. */

/** Operating systems that programs treat differently; other systems have the name used by the runtime. */
export type SystemName = "linux" | "darwin" | "windows" | (string & Record<never, never>);

/** Process of a program in Deno, Node or Bun, and the system that it runs on. */
export interface Host {
  /** Name of the runtime. */
  readonly runtime: "Deno" | "Node" | "Bun";
  /** Versions of the runtime, first, and of its engine. */
  readonly versions: Readonly<Record<string, string>>;
  /** Operating system. */
  readonly system: SystemName;
  /** Processor architecture, as named by the runtime. */
  readonly architecture: string;
  /** Number of processor threads. */
  readonly threads: number;
  /** Arguments of the program. */
  readonly args: readonly string[];
  /** Path or URL of the module that the runtime was started with; empty if unknown. */
  readonly program: string;
  /** Path of the runtime; empty if unknown. */
  readonly executable: string;
  /** Returns the folder in which the program was started. */
  folder(): string;
  /**
   * Returns an environment variable; undefined if it is empty, missing, or cannot be read without a permission prompt.
   */
  variable(name: string): string | undefined;
  /** Sets an environment variable, if that needs no permission prompt. */
  setVariable(name: string, value: string): void;
  /** Returns the memory of the machine in bytes; null if unknown. */
  memoryBytes(): number | null;
  /** Columns of the terminal that shows the output; null if the output goes to a file or pipe. */
  columns(): number | null;
  /** Calls `listener` when a signal arrives, until the returned object is disposed of. */
  onSignal(signal: string, listener: () => void): Disposable;
  /** Asks for permission to write a file or folder; resolves to false if it is denied. */
  mayWrite(path: string): Promise<boolean>;
  /** Gives up the network permission, on runtimes with permissions. */
  giveUpNetwork(): Promise<void>;
  /** Ends the process after all output is written; the code 0 keeps an exit code set before. */
  exit(code: number): Promise<never>;
}
