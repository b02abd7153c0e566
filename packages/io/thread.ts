/** Threads that run a module, and what becomes of them. */
import { runtimeThreads, type ThreadHandle, type WorkerThreads } from "./runtime.ts";

/** Options of a {@linkcode Thread}. */
export interface ThreadOptions<A> {
  /** The name of the thread, for debuggers. */
  readonly name: string;
  /** Called with each message of the thread. */
  readonly onMessage: (message: A) => void;
  /**
   * Called once when the thread has ended by itself, with the reason as the end of a sentence ("it ended by itself with
   * exit code 0"), and the error that it ended with, if any. After it no message comes.
   */
  readonly onEnd: (reason: string, error: unknown) => void;
}

/** What a thread sends: that it listens, a message, or the error that nobody caught in it. */
type Sent<A> = "ready" | { readonly message: A } | { readonly uncaught: unknown };

/**
 * A thread that runs a module, which calls {@linkcode serveThread}. That the thread has ended is known, however it did:
 * by an error at import, one that nobody caught, a rejection that nobody handled, or an exit. A thread does not keep the
 * process from ending, but while it is held.
 */
export class Thread<M, A> {
  readonly #handle: ThreadHandle;
  /** Messages until the thread listens, as Deno drops those that come before; null from then on. */
  #early: (() => void)[] | null = [];
  #over = false;
  #error: unknown;

  /**
   * Starts the thread. The module is imported in it: that this fails is its end.
   *
   * @throws {TypeError} If the platform has no threads.
   */
  constructor(module: URL, { name, onMessage, onEnd }: ThreadOptions<A>) {
    const { Worker } = runtimeThreads();
    // As a script, since the file of a worker must not be at another host, where packages may lie.
    const handle = new Worker(`import(${JSON.stringify(module.href)})`, { eval: true, name });
    this.#handle = handle;
    handle.unref();
    const end = (reason: string, error?: unknown): void => {
      if (this.#over) return;
      this.#over = true;
      onEnd(reason, error);
    };
    handle.on("message", (value) => {
      if (this.#over) return;
      const sent = value as Sent<A>;
      if (sent === "ready") this.#sendEarly();
      else if ("message" in sent) onMessage(sent.message);
      else end(`it ended by an error that nobody caught: ${sent.uncaught}`, sent.uncaught);
    });
    handle.on("messageerror", (error) => end(`a message of it cannot be read: ${error}`, error));
    handle.on("error", (error) => this.#error = error);
    handle.on("exit", (code) => {
      const error = this.#error;
      end(error === undefined ? `it ended by itself with exit code ${code}` : `it ended: ${error}`, error);
    });
  }

  /** Sends a message, for which the thread may have ended. */
  post(message: M, transfer: readonly ArrayBuffer[] = []): void {
    const send = (): void => this.#handle.postMessage(message, transfer);
    if (this.#early) this.#early.push(send);
    else send();
  }

  #sendEarly(): void {
    for (const send of this.#early ?? []) send();
    this.#early = null;
  }

  /** Keeps the process from ending as long as the thread lives, until {@linkcode Thread.release}. */
  hold(): void {
    this.#handle.ref();
  }

  /** Lets the process end before the thread does. */
  release(): void {
    this.#handle.unref();
  }

  /** Ends the thread, whatever it does. Nothing is heard of it any more. */
  close(): void {
    this.#over = true;
    void this.#handle.terminate();
  }
}

/**
 * Answers the messages of the {@linkcode Thread} that runs this module.
 *
 * @param onMessage Called with each message.
 * @returns The function that sends an answer.
 * @throws {TypeError} If no thread runs this module.
 */
export function serveThread<M, A>(
  onMessage: (message: M) => void,
): (answer: A, transfer?: readonly ArrayBuffer[]) => void {
  const { parentPort }: WorkerThreads = runtimeThreads();
  if (parentPort === null) throw new TypeError("Cannot serve a thread as this is the main one");
  const send = (sent: Sent<A>, transfer?: readonly ArrayBuffer[]): void =>
    parentPort.postMessage(sent, transfer);
  // Threads of Node have no `self`, which modules written for Deno's and a page's workers use.
  Object.defineProperty(globalThis, "self", { value: globalThis, configurable: true, writable: true });
  const dieOf = (event: Event, error: unknown): void => {
    event.preventDefault();
    try {
      send({ uncaught: error });
    } catch {
      send({ uncaught: String(error) });
    }
    globalThis.close();
  };
  addEventListener("error", (event) => dieOf(event, event.error));
  addEventListener("unhandledrejection", (event) => dieOf(event, event.reason));
  parentPort.on("message", (message) => onMessage(message as M));
  send("ready");
  return (answer, transfer) => send({ message: answer }, transfer);
}
