/** Workers of a page as threads. */
import type { ThreadHandle, ThreadPort } from "./runtime.ts";

/** Event of a worker of a page: the part of the global `Event` class used here. */
export interface PageWorkerEvent {
  /** Keeps the event from being reported in the console. */
  preventDefault(): void;
}

/** Worker that a page has started: the part of the global `Worker` class used here. */
export interface PageWorker {
  /** Sends a message to the worker. */
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  /** Calls `listener` with each event of a type. */
  addEventListener(type: string, listener: (event: PageWorkerEvent) => void): void;
  /** Terminates the worker, even while it is busy. */
  terminate(): void;
}

/** Error that nobody caught, as a page hears of it; without a message where the module of the worker cannot be loaded. */
interface WorkerErrorEvent extends PageWorkerEvent {
  readonly message?: string;
  readonly error?: unknown;
}

const reasonOf = ({ message, error }: WorkerErrorEvent): unknown =>
  error ?? new TypeError(message || "the module of the worker cannot be loaded");

/** Returns a worker as the handle of a thread. It ends by an error that nobody caught, as threads of Node do. */
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
    // A page does not end because a worker does.
    ref: () => {},
    unref: () => {},
    terminate: () => Promise.resolve(worker.terminate()),
  };
}

/** Scope of a worker of a page. */
interface WorkerScope {
  readonly WorkerGlobalScope?: new () => object;
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  close: () => void;
}

/**
 * Returns the port of a worker of a page to the page; null elsewhere.
 *
 * @param onClose Called before the worker ends by its own `close()`, of which a page does not hear.
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
