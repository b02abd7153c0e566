/** Blocks at whose end the tensors made in them are freed. */
import {
  checkFunction,
  closeFrame,
  currentFlow,
  enterSync,
  Frame,
  leaveSync,
  openFrame,
  runInFrame,
} from "./flow.ts";
import { Owner } from "./owner.ts";
import { checkCall } from "./tensor/check_call.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Frees, when it is disposed of, every tensor made while it was the innermost open scope, but for those it was told to
 * keep and those that something has adopted: gradients, parameters, buffers, optimizer state.
 *
 * A scope belongs to the asynchronous flow that opened it: other functions that run while this one awaits do not see
 * it. JavaScript shows it to the caller too where it was opened before the first `await` of a function; what was made
 * while two such blocks overlapped is left to the garbage collector. {@linkcode scoped} is exact everywhere.
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
export class Scope extends Owner implements Disposable {
  readonly #frame: Frame;

  /** Opens the scope. */
  constructor() {
    super(currentFlow().scope);
    this.#frame = openFrame({ scope: this });
  }

  /**
   * Frees what was made and not kept.
   *
   * @throws {TypeError} If another block is open within and the platform cannot tell flows apart.
   */
  [Symbol.dispose](): void {
    const frame = this.#frame;
    if (!frame.open) return;
    try {
      closeFrame(frame);
    } finally {
      // Of what was made while blocks overlapped nobody can tell whose it is.
      if (frame.shared) this.abandon();
      this.free();
    }
  }
}

/** The owner of new tensors: the innermost scope in force; null if there is none. */
export function currentScope(): Owner | null {
  checkCall("currentScope", arguments, "");
  return currentFlow().scope;
}

/**
 * Runs `f` in a scope of its own and returns what it returns: the tensors in that (a tensor, or arrays and plain records
 * of them) live on, all others made in it are freed. If `f` is asynchronous, at the end of its promise; whatever else
 * runs meanwhile is not touched.
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
  checkCall("tidy", arguments, "f");
  const owner = new Owner(currentFlow().scope);
  return runInFrame({ scope: owner }, f, (result) => owner.keepAll(result), () => owner.free());
}

/**
 * Runs `f` in a scope of its own, at whose end all tensors made in it are freed but for those that `keep` was called
 * with: {@linkcode Scope} as a function, exact also for asynchronous ones.
 *
 * @param f What runs; it is given a function that hands a tensor to the enclosing scope and returns it.
 * @returns What `f` returns.
 *
 * @example An asynchronous step
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, scoped, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const sums = await Promise.all([1, 2].map((n) =>
 *   scoped(async () => {
 *     const x = tensor([n, n], { device });
 *     return Array.from(await x.sum().dataAsync());
 *   })
 * ));
 * assertEquals(sums, [[2], [4]]);
 * assertEquals(device.memory.buffers, 0);
 * ```
 */
export function scoped<T>(f: (keep: <K extends Tensor>(tensor: K) => K) => T): T {
  checkCall("scoped", arguments, "f");
  const owner = new Owner(currentFlow().scope);
  return runInFrame({ scope: owner }, () => f((t) => owner.keep(t)), undefined, () => owner.free());
}

/**
 * {@linkcode tidy} for a function that is known to be synchronous, at less cost: the one way in which composite ops
 * free what they make on the way.
 *
 * @param recording Whether calls within are recorded; as outside by default.
 * @throws {TypeError} If `f` is asynchronous: what it makes would be freed before it ends.
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
export function tidySync<T>(f: () => T, recording?: boolean): T {
  checkFunction(f);
  const flow = currentFlow(), owner = new Owner(flow.scope);
  const frame = new Frame(flow, recording === undefined ? { scope: owner } : { scope: owner, recording });
  const before = enterSync(frame);
  try {
    const result = f();
    owner.keepAll(result);
    return result;
  } finally {
    leaveSync(frame, before);
    owner.free();
  }
}
