/** Workers of a page as threads. */
import type { ThreadHandle, ThreadPort } from "./runtime.ts";

/** Event of a page's worker: the part of the global `Event` class used here. */
export interface PageWorkerEvent {
  /** Prevents the event from being reported in the console. */
  preventDefault(): void;
}

/** Worker started by a page: the part of the global `Worker` class used here. */
export interface PageWorker {
  /** Sends a message to the worker. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Calls `listener` with each event of a type. */
  addEventListener(type: string, listener: (event: PageWorkerEvent) => void): void;
  /** Terminates the worker, even while it is busy. */
  terminate(): void;
}

/** Uncaught error as received by the page; without a message if the worker's module cannot be loaded. */
interface WorkerErrorEvent extends PageWorkerEvent {
  readonly message?: string;
  readonly error?: unknown;
}

const reasonOf = ({ message, error }: WorkerErrorEvent): unknown =>
  error ?? new TypeError(message || "the module of the worker cannot be loaded");

/** Returns a worker as a thread handle. An uncaught error ends it, as in threads of Node. */
export function pageHandle(worker: PageWorker): ThreadHandle {
  const listen = <E>(type: string, listener: (event: E) => void): void =>
    worker.addEventListener(type, (event) => listener(event as E));
  return {
    postMessage: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    on(event, listener) {
      if (event === "message") return listen<MessageEvent>("message", ({ data }) => listener(data));
      if (event === "messageerror") return listen("messageerror", listener);
      listen<WorkerErrorEvent>("error", (error) => {
        error.preventDefault();
        if (event === "error") return listener(reasonOf(error));
        worker.terminate();
        listener(1);
      });
    },
    // A page does not end with its workers.
    ref: () => {},
    unref: () => {},
    terminate: () => Promise.resolve(worker.terminate()),
  };
}

/** Scope of a page's worker. */
interface WorkerScope {
  readonly WorkerGlobalScope?: new () => object;
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  close: () => void;
}

/**
 * Returns the port from a page's worker to the page; null elsewhere.
 *
 * @param onClose Called before the worker ends by its own `close()`, which a page cannot detect.
 */
export function pagePort(onClose: () => void): ThreadPort | null {
  const scope = globalThis as unknown as WorkerScope, { WorkerGlobalScope, close } = scope;
  if (WorkerGlobalScope === undefined || !(globalThis instanceof WorkerGlobalScope)) return null;
  scope.close = () => {
    onClose();
    close.call(scope);
  };
  return {
    postMessage: (message, transfer = []) => scope.postMessage(message, transfer),
    on: (_, listener) => scope.addEventListener("message", ({ data }) => listener(data)),
  };
}
