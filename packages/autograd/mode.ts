/** Whether calls are recorded: a setting of the flow of execution. */
import { checkCall, flow } from "@troodon/core/kernel";

/** Whether calls on differentiable tensors are recorded: true, but within {@linkcode noGrad}. */
export function isGradEnabled(): boolean {
  checkCall("isGradEnabled", arguments, "");
  return flow.currentFlow().recording;
}

/** Opens a block of the flow with `own` settings until what it returns is disposed of, or while `f` runs. */
export function block<T>(own: flow.FlowSettings, f: (() => T) | undefined): T | Disposable {
  if (f !== undefined) return flow.runInFrame(own, f);
  const frame = flow.openFrame(own);
  return { [Symbol.dispose]: () => flow.closeFrame(frame) };
}

/**
 * Records nothing until what it returns is disposed of, or while `f` runs: to the end of its promise if it is
 * asynchronous. What other functions do while this one awaits is recorded as before, as with `Scope`.
 *
 * @returns What restores the state before, or what `f` returns.
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
/** Records nothing while `f` runs, to the end of its promise if it is asynchronous. */
export function noGrad<T>(f: () => T): T;
export function noGrad<T>(f?: () => T): T | Disposable {
  checkCall("noGrad", arguments, "F");
  return block({ recording: false }, f);
}

/** Records again, within {@linkcode noGrad}, until what it returns is disposed of, or while `f` runs. */
export function enableGrad(): Disposable;
/** Records while `f` runs, to the end of its promise if it is asynchronous. */
export function enableGrad<T>(f: () => T): T;
export function enableGrad<T>(f?: () => T): T | Disposable {
  checkCall("enableGrad", arguments, "F");
  return block({ recording: true }, f);
}

/** Records or not, until what it returns is disposed of. */
export function setGradEnabled(on: boolean): Disposable {
  checkCall("setGradEnabled", arguments, "b");
  return block({ recording: on }, undefined) as Disposable;
}
