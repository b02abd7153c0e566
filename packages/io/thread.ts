/** Threads that run a module and report how they end. */
import { pageHandle, pagePort, type PageWorker } from "./page_thread.ts";
import { runtimePort, runtimeThreads, type ThreadHandle } from "./runtime.ts";

/** Options of a {@linkcode Thread}. */
export interface ThreadOptions<A> {
  /** Name of the thread, for debuggers. */
  readonly name: string;
  /** Called with each message of the thread. */
  readonly onMessage: (message: A) => void;
  /**
   * Called once if the thread ends by itself, with the reason worded as the end of a sentence ("it ended by
   * itself with exit code 0") and the error that ended it, if any. No message arrives after it.
   */
  readonly onEnd: (reason: string, error: unknown) => void;
}

/** Message from a thread: it is ready, it closes itself, data, or an uncaught error. */
type Sent<A> = "ready" | "closed" | { readonly message: A } | { readonly uncaught: unknown };

/**
 * Thread that runs a module, which calls {@linkcode serveThread}. Every end of the thread is reported: an
 * error at import, an uncaught error, an unhandled rejection, or an exit. A thread keeps the process alive
 * only while it is held.
 */
export class Thread<M, A> {
  readonly #handle: ThreadHandle;
  /** Messages queued until the thread is ready, as Deno drops those sent earlier; null from then on. */
  #early: (() => void)[] | null = [];
  #over = false;
  #error: unknown;

  /**
   * Starts the thread, which imports the module; the thread ends if the import fails.
   *
   * @param module The module, or a function that starts a worker of a page that runs it, as bundlers find the modules of
   * workers by the call of their class alone.
   * @throws {TypeError} If the platform has no threads.
   */
  constructor(module: URL | (() => PageWorker), { name, onMessage, onEnd }: ThreadOptions<A>) {
    const handle = typeof module === "function" ? pageHandle(module()) : startThread(module, name);
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
      else if (sent === "closed") end("it ended by itself");
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

  /** Sends a message; the thread may already have ended. */
  post(message: M, transfer: readonly ArrayBuffer[] = []): void {
    const send = (): void => this.#handle.postMessage(message, transfer);
    if (this.#early) this.#early.push(send);
    else send();
  }

  #sendEarly(): void {
    for (const send of this.#early ?? []) send();
    this.#early = null;
  }

  /** Keeps the process alive while the thread runs, until {@linkcode Thread.release} is called. */
  hold(): void {
    this.#handle.ref();
  }

  /** Lets the process end before the thread does. */
  release(): void {
    this.#handle.unref();
  }

  /** Terminates the thread, even while it is busy. No callback is called afterwards. */
  close(): void {
    this.#over = true;
    void this.#handle.terminate();
  }
}

function startThread(module: URL, name: string): ThreadHandle {
  const { Worker, SHARE_ENV } = runtimeThreads();
  // Started from source text: the file of a worker must not be on another host, as packages may be.
  return new Worker(`import(${JSON.stringify(module.href)})`, { eval: true, name, env: SHARE_ENV });
}

/**
 * Handles the messages of the {@linkcode Thread} that runs this module.
 *
 * @param onMessage Called with each message.
 * @returns A function that sends a message to the other thread.
 * @throws {TypeError} If no thread runs this module.
 */
export function serveThread<M, A>(
  onMessage: (message: M) => void,
): (answer: A, transfer?: readonly ArrayBuffer[]) => void {
  const inNode = runtimePort(), port = inNode ?? pagePort(() => send("closed"));
  if (port === null) throw new TypeError("Cannot serve a thread as this is the main one");
  const send = (sent: Sent<A>, transfer?: readonly ArrayBuffer[]): void => port.postMessage(sent, transfer);
  // Threads of Node have no `self`, which modules written for the workers of Deno and web pages use.
  if (inNode !== null) {
    Object.defineProperty(globalThis, "self", { value: globalThis, configurable: true, writable: true });
  }
  const dieOf = (event: Event, error: unknown): void => {
    event.preventDefault();
    try {
      send({ uncaught: error });
    } catch {
      send({ uncaught: String(error) });
    }
    globalThis.close();
  };
  // Node tells the other thread of errors by itself.
  if (inNode === null || typeof Deno !== "undefined") {
    addEventListener("error", (event) => dieOf(event, event.error));
    addEventListener("unhandledrejection", (event) => dieOf(event, event.reason));
  }
  port.on("message", (message) => onMessage(message as M));
  send("ready");
  return (answer, transfer) => send({ message: answer }, transfer);
}
