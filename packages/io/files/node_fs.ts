/** The parts of Node's `fs` and `process` that files need. */

/** State of a file. */
export interface NodeStats {
  readonly size: number;
  readonly mtime: Date;
  isFile(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
  isCharacterDevice(): boolean;
  isBlockDevice(): boolean;
}

/** Entry of a folder. */
export interface NodeEntry {
  readonly name: string;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** An open file. */
export interface NodeHandle {
  read(
    target: Uint8Array<ArrayBuffer>,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  write(bytes: Uint8Array, offset: number, length: number): Promise<{ readonly bytesWritten: number }>;
  stat(): Promise<NodeStats>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Options of a listing with kinds. */
interface WithTypes {
  readonly withFileTypes: true;
}

/** The part of `node:fs`. */
export interface NodeFs {
  readonly promises: {
    stat(path: string): Promise<NodeStats>;
    readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
    open(path: string, flags: "r" | "wx"): Promise<NodeHandle>;
    rename(from: string, to: string): Promise<void>;
    unlink(path: string): Promise<void>;
    link(path: string, name: string): Promise<void>;
    mkdir(path: string, options: { readonly recursive: true }): Promise<unknown>;
    readdir(path: string, options: WithTypes): Promise<NodeEntry[]>;
  };
  statSync(path: string): NodeStats;
  readFileSync(path: string): Uint8Array<ArrayBuffer>;
  readFileSync(path: string, encoding: "utf8"): string;
  readdirSync(path: string, options: WithTypes): NodeEntry[];
  realpathSync(path: string): string;
  openSync(path: string, flags: "a" | "wx"): number;
  writeSync(file: number, bytes: Uint8Array, offset: number): number;
  mkdirSync(path: string, options: { readonly recursive: true }): unknown;
  fsyncSync(file: number): void;
  truncateSync(path: string, size: number): void;
  closeSync(file: number): void;
  writeFileSync(path: string, text: string, options: { readonly flag: "wx" }): void;
  rmSync(path: string, options: { readonly force: true }): void;
}

/** The part of `process`. */
export interface NodeProcess {
  readonly pid: number;
  kill(pid: number, signal: 0): unknown;
}
