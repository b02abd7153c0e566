/** The process of a program, and the system that it runs on. */

/** Names of operating systems that programs treat differently; all others are told by the name that the runtime has. */
export type SystemName = "linux" | "darwin" | "windows" | (string & Record<never, never>);

/** Process of a program in Deno, Node or Bun, and the system that it runs on. */
export interface Host {
  /** Name of the runtime. */
  readonly runtime: "Deno" | "Node" | "Bun";
  /** Versions of the runtime and of its engine, the runtime's first. */
  readonly versions: Readonly<Record<string, string>>;
  /** Operating system. */
  readonly system: SystemName;
  /** Architecture of the processor, as the runtime names it. */
  readonly architecture: string;
  /** Number of threads that the processor runs at once. */
  readonly threads: number;
  /** Arguments of the program. */
  readonly args: readonly string[];
  /** Path or URL of the module that the runtime was started with; empty if it is unknown. */
  readonly program: string;
  /** Path of the runtime itself; empty if it is unknown. */
  readonly executable: string;
  /** Returns the folder that the program was started in. */
  folder(): string;
  /** Returns a variable of the environment; undefined if it is empty, missing, or may not be read without asking. */
  variable(name: string): string | undefined;
  /** Sets a variable of the environment, if it may be set without asking. */
  setVariable(name: string, value: string): void;
  /** Returns the bytes of memory; null if they may not be known. */
  memoryBytes(): number | null;
  /** Columns of the terminal that shows what the program prints; null where it goes to a file or a pipe. */
  columns(): number | null;
  /** Calls `listener` when a signal arrives, until the returned object is disposed of. */
  onSignal(signal: string, listener: () => void): Disposable;
  /** Asks for the permission to write a file or folder; resolves to false where it is refused. */
  mayWrite(path: string): Promise<boolean>;
  /** Gives up the permission to use the network, where there are permissions. */
  giveUpNetwork(): Promise<void>;
  /** Ends the process when all that it printed is written; the exit code is one set before if `code` is 0. */
  exit(code: number): Promise<never>;
}
