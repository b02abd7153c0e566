/** Modules of the runtime, asked for when they are used: a page has none. */

/** The part of the global `process` (Deno, Node, Bun) that gives modules of the runtime. */
interface ProcessLike {
  readonly getBuiltinModule?: (name: string) => unknown;
}

/** The part of Node's `zlib` module that is used here. */
export interface Zlib {
  /** The contents of a gzip file. */
  gunzipSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
  /** The contents of a zlib stream. */
  inflateSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
  /** The contents of a DEFLATE stream without a header. */
  inflateRawSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
  /** A zlib stream of `bytes`. */
  deflateSync(bytes: Uint8Array): Uint8Array;
}

/** The `zlib` of Deno, Node or Bun; null in a page. */
export function runtimeZlib(): Zlib | null {
  const { process } = globalThis as { readonly process?: ProcessLike };
  return (process?.getBuiltinModule?.("zlib") ?? null) as Zlib | null;
}

/** Port of a thread to another thread: the part of Node's `MessagePort` used here. */
export interface ThreadPort {
  /** Sends a message to the thread that started this one. */
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Calls `listener` with each message, which keeps the thread alive. */
  on(event: "message", listener: (message: unknown) => void): void;
}

/** Handle of a thread: the part of Node's `Worker` used here. */
export interface ThreadHandle {
  /** Sends a message to the thread. */
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** Calls `listener` with each message of the thread, the error that ended it, or its exit code. */
  on(event: "message" | "messageerror" | "error" | "exit", listener: (value: unknown) => void): void;
  /** Keeps the process alive while the thread runs. */
  ref(): void;
  /** Lets the process end before the thread does. */
  unref(): void;
  /** Terminates the thread, even while it is busy. */
  terminate(): Promise<unknown>;
}

/** Part of Node's `worker_threads` module used here. */
export interface WorkerThreads {
  /** Class that starts threads running a script. */
  readonly Worker: new (
    script: string,
    options: { readonly eval: true; readonly name: string; readonly env: symbol },
  ) => ThreadHandle;
  /** The environment of the process for a thread; a copy of it takes the permission to read all variables. */
  readonly SHARE_ENV: symbol;
  /** Port of a thread to the thread that started it; null in the main thread. */
  readonly parentPort: ThreadPort | null;
}

/** Returns true if the platform has threads that run a module by URL, as in Deno, Node and Bun but not in pages. */
export function hasThreads(): boolean {
  const { process } = globalThis as { readonly process?: ProcessLike };
  return Boolean(process?.getBuiltinModule?.("worker_threads"));
}

/** Port of this thread to its parent; null in the main thread and without `node:worker_threads`. */
export function runtimePort(): ThreadPort | null {
  const { process } = globalThis as { readonly process?: ProcessLike };
  const threads = process?.getBuiltinModule?.("worker_threads") as WorkerThreads | undefined;
  return threads?.parentPort ?? null;
}

/**
 * Returns the `worker_threads` module of Deno, Node or Bun.
 *
 * @throws {TypeError} If the platform has none, as in a web page.
 */
export function runtimeThreads(): WorkerThreads {
  const { process } = globalThis as { readonly process?: ProcessLike };
  const threads = process?.getBuiltinModule?.("worker_threads");
  if (threads) return threads as WorkerThreads;
  throw new TypeError("Cannot start a thread as this platform has no node:worker_threads");
}
