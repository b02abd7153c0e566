/** Storage for the current frame of an asynchronous flow, restored after each `await`. */
import type { Frame } from "./flow.ts";

/** Keeps one frame for each flow of execution. */
export interface ContextStorage {
  /** The frame of this flow. */
  get(): Frame | undefined;
  /** Gives this flow, and those that it starts, a frame. */
  set(frame: Frame): void;
  /** Runs `f` and all that goes on from it in a flow with this frame. */
  run<T>(frame: Frame, f: () => T): T;
  /** Called where blocks overlap: an error where flows cannot be told apart. */
  refuseOverlap(): void;
}

/** The part of `AsyncLocalStorage` (`node:async_hooks`) that flows use. */
export interface AsyncStorage<T> {
  /** The value of this flow. */
  getStore(): T | undefined;
  /** Gives this flow, and those that it starts, a value. */
  enterWith(store: T): void;
  /** Runs `f` and all that goes on from it with a value. */
  run<R>(store: T, f: () => R): R;
}

/** The part of the global `process` (Deno, Node, Bun) that flows use. */
export interface ProcessLike {
  /** Gives a module of the runtime by its name. */
  getBuiltinModule?(name: string): { readonly AsyncLocalStorage?: new <T>() => AsyncStorage<T> } | undefined;
}

/** The runtime's own: exact. */
class Asynchronous implements ContextStorage {
  readonly #storage: AsyncStorage<Frame>;

  constructor(storage: AsyncStorage<Frame>) {
    this.#storage = storage;
  }

  get(): Frame | undefined {
    return this.#storage.getStore();
  }

  set(frame: Frame): void {
    this.#storage.enterWith(frame);
  }

  run<T>(frame: Frame, f: () => T): T {
    return this.#storage.run(frame, f);
  }

  refuseOverlap(): void {}
}

/** One frame for the whole process, for platforms that cannot tell flows apart: blocks must nest in time. */
class Single implements ContextStorage {
  #frame: Frame | undefined;

  get(): Frame | undefined {
    return this.#frame;
  }

  set(frame: Frame): void {
    this.#frame = frame;
  }

  run<T>(frame: Frame, f: () => T): T {
    const before = this.#frame;
    this.#frame = frame;
    let pending = false;
    try {
      const result = f();
      if (!(result instanceof Promise)) return result;
      pending = true;
      return result.finally(() => this.#leave(frame, before)) as T;
    } finally {
      if (!pending) this.#frame = before;
    }
  }

  /** Ends a block that went on across `await`: those that were opened meanwhile must have ended. */
  #leave(frame: Frame, before: Frame | undefined): void {
    let now = this.#frame;
    while (now !== undefined && !now.open) now = now.outer ?? undefined;
    if (now !== frame) this.refuseOverlap();
    this.#frame = before;
  }

  refuseOverlap(): void {
    throw new TypeError(
      "Cannot go on as blocks of two asynchronous functions overlap (Scope, noGrad(), withDevice(), detectAnomaly()), " +
        "which this platform cannot tell apart as it has no AsyncLocalStorage: await the first before the second begins",
    );
  }
}

let storage: ContextStorage | null = null;

/** The storage of this process. */
export function contextStorage(): ContextStorage {
  return storage ??= storageOf((globalThis as { readonly process?: ProcessLike }).process);
}

/** The storage that a platform allows. */
function storageOf(process: ProcessLike | undefined): ContextStorage {
  // Not by an import, which platforms without the module would refuse to load.
  const AsyncLocalStorage = process?.getBuiltinModule?.("async_hooks")?.AsyncLocalStorage;
  return AsyncLocalStorage === undefined ? new Single() : new Asynchronous(new AsyncLocalStorage<Frame>());
}

/** Replaces the storage by that of a platform with this `process`, or without one: for tests, while no block is open. */
export function setContextPlatform(process: ProcessLike | undefined): void {
  storage = storageOf(process);
}
