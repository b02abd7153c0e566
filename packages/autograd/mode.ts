/** Whether calls are recorded. */

let recording = true;

/** Whether calls on differentiable tensors are recorded: true, but within {@linkcode noGrad}. */
export function isGradEnabled(): boolean {
  return recording;
}

/** Records or not, and says what was before: for those who set it back themselves. */
export function switchGrad(on: boolean): boolean {
  const before = recording;
  recording = on;
  return before;
}

/** Sets it back. */
class Restoring implements Disposable {
  readonly #before: boolean;

  constructor(before: boolean) {
    this.#before = before;
  }

  [Symbol.dispose](): void {
    recording = this.#before;
  }
}

function switched<T>(on: boolean, f: (() => T) | undefined): T | Disposable {
  const before = switchGrad(on);
  if (f === undefined) return new Restoring(before);
  try {
    const result = f();
    if (result instanceof Promise) {
      throw new TypeError(
        `Cannot run an asynchronous function within ${
          on ? "enableGrad" : "noGrad"
        }() as it would go on after it: ` +
          `write \`using _ = ${on ? "enableGrad" : "noGrad"}();\` inside the function`,
      );
    }
    return result;
  } finally {
    recording = before;
  }
}

/**
 * Records nothing until what it returns is disposed of, or while `f` runs.
 *
 * @returns What restores the state before, or what `f` returns.
 * @throws {TypeError} If `f` is asynchronous, and so would go on afterwards.
 *
 * @example To the end of the block
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { noGrad, tape } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * const weight = tensor([1, 2], { device, requiresGrad: true });
 * {
 *   using _ = noGrad();
 *   weight.sub_(0.5);
 * }
 * assertEquals(weight.tolist(), [0.5, 1.5]);
 * assertEquals(noGrad(() => weight.mul(2)).requiresGrad, false);
 * ```
 */
export function noGrad(): Disposable;
/** Records nothing while `f` runs. */
export function noGrad<T>(f: () => T): T;
export function noGrad<T>(f?: () => T): T | Disposable {
  return switched(false, f);
}

/** Records again, within {@linkcode noGrad}, until what it returns is disposed of, or while `f` runs. */
export function enableGrad(): Disposable;
/** Records while `f` runs. */
export function enableGrad<T>(f: () => T): T;
export function enableGrad<T>(f?: () => T): T | Disposable {
  return switched(true, f);
}

/** Records or not, until what it returns is disposed of. */
export function setGradEnabled(on: boolean): Disposable {
  return switched(on, undefined) as Disposable;
}
