/** Stacks of what a block must dispose of. */

/** The part of `DisposableStack` that is used here, for engines without the class. */
class PlainStack {
  #open: Disposable[] = [];

  use<T extends Disposable | null | undefined>(value: T): T {
    if (value) this.#open.push(value);
    return value;
  }

  move(): PlainStack {
    const moved = new PlainStack();
    moved.#open = this.#open;
    this.#open = [];
    return moved;
  }

  dispose(): void {
    const open = this.#open.reverse();
    this.#open = [];
    let failed = false, error: unknown;
    for (const value of open) {
      try {
        value[Symbol.dispose]();
      } catch (other) {
        error = failed ? error : other;
        failed = true;
      }
    }
    if (failed) throw error;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Stack that disposes of what is put on it, the last first, at the end of a `using` block. */
export interface Stack extends Disposable {
  /** Puts `value` on the stack and returns it. */
  use<T extends Disposable | null | undefined>(value: T): T;
  /** Returns another stack with all that is on this one, which is then empty. */
  move(): Stack;
  /** Disposes of all that is on the stack; throws an error that one of them throws when it has. */
  dispose(): void;
}

/** Returns an empty stack: the engine's own `DisposableStack` where it has one, which Node 22 and Firefox ESR have not. */
export function disposableStack(
  own: (new () => Stack) | null | undefined = (globalThis as { readonly DisposableStack?: new () => Stack })
    .DisposableStack,
): Stack {
  return own ? new own() : new PlainStack();
}
