/** Blocks at whose end the tensors made in them are freed. */
import type { Tensor } from "./tensor.ts";

let current: Scope | null = null;

/** The innermost open scope. */
export function currentScope(): Scope | null {
  return current;
}

/**
 * Frees, when it is disposed of, every tensor made while it was the innermost
 * open scope, but for those it was told to keep and those that something has
 * adopted: gradients, parameters, buffers, optimizer state.
 *
 * @example One line in a training loop
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, Scope, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * {
 *   using _ = new Scope();
 *   tensor([1, 2, 3], { device }).mul(2).sum();
 * }
 * assertEquals(device.memory.buffers, 0);
 * ```
 */
export class Scope implements Disposable {
  readonly #outer: Scope | null = current;
  readonly #made: Tensor[] = [];
  #open = true;

  /** Opens the scope. */
  constructor() {
    current = this;
  }

  /** Called by every new tensor. */
  track(tensor: Tensor): void {
    this.#made.push(tensor);
  }

  /** Hands `tensor`, and what its history saved, to the enclosing scope. */
  keep<T extends Tensor>(tensor: T): T {
    const outer = this.#outer;
    if (tensor.scope === this) tensor.moveTo(outer);
    tensor.node?.tape.visitSaved(tensor, (t) => {
      if (t.scope === this) t.moveTo(outer);
    });
    return tensor;
  }

  /** Frees what was made and not kept. */
  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    // A scope left open inside this one goes with it.
    if (current !== this) {
      for (let s: Scope | null = current; s; s = s.#outer) {
        if (s === this) {
          while (current !== null && current !== this) current[Symbol.dispose]();
          break;
        }
      }
    }
    if (current === this) current = this.#outer;
    const made = this.#made;
    for (let i = 0; i < made.length; i++) if (made[i]!.scope === this) made[i]!.dispose();
    made.length = 0;
  }
}

/** Anything that tensors may be found in: a tensor, or arrays and records of them. */
export type TensorTree = unknown;

function keepAll(scope: Scope, tree: TensorTree): void {
  if (typeof tree !== "object" || tree === null) return;
  if ("scope" in tree && "moveTo" in tree) scope.keep(tree as Tensor);
  else if (Array.isArray(tree)) { for (const item of tree) keepAll(scope, item); }
  else if (Object.getPrototypeOf(tree) === Object.prototype) {
    for (const item of Object.values(tree)) keepAll(scope, item);
  }
}

/**
 * Runs `f` in a scope of its own and returns what it returns: the tensors in
 * that (a tensor, or arrays and plain records of them) live on, all others made
 * in it are freed.
 *
 * @example Intermediate results go
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, tidy } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([3, 4], { device });
 * const norm = tidy(() => x.mul(x).sum().sqrt());
 * assertEquals(norm.item(), 5);
 * assertEquals(device.memory.buffers, 2);
 * ```
 */
export function tidy<T>(f: () => T): T {
  using scope = new Scope();
  const result = f();
  keepAll(scope, result);
  return result;
}

/**
 * {@linkcode tidy} for a function that is known to be synchronous, at less cost: the one way in which composite ops
 * free what they make on the way.
 *
 * @example A composite op
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, type Tensor, tensor, tidySync } from "@troodon/core";
 *
 * const norm = (x: Tensor): Tensor => tidySync(() => x.mul(x).sum().sqrt());
 * const device = new Device(new ReferenceBackend());
 * assertEquals(norm(tensor([3, 4], { device })).item(), 5);
 * ```
 */
export function tidySync<T>(f: () => T): T {
  using scope = new Scope();
  const result = f();
  keepAll(scope, result);
  return result;
}
