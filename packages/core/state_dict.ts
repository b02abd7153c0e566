/** Named tensors. */
import { showShape } from "./shape.ts";
import { showAsText } from "./show.ts";
import type { Tensor } from "./tensor.ts";

/** Names that are shown; there may be thousands. */
const SHOWN = 100;

/**
 * Named tensors, in the order of a module's fields: a `Map`. Names are PyTorch's: `conv1.weight`, `bn.running_mean`.
 * Consoles show names, shapes and dtypes; `JSON.stringify` makes an object of nested arrays of it.
 *
 * @example Printed
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, StateDict, zeros } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const state = new StateDict([["fc.weight", zeros([2, 3], { device })], ["fc.bias", zeros([2], { device })]]);
 * assertEquals(`${state}`, "StateDict(\n  fc.weight: [2, 3] float32\n  fc.bias: [2] float32\n)");
 * ```
 */
export class StateDict extends Map<string, Tensor> {
  /** Names, shapes and dtypes. */
  override toString(): string {
    const lines = [...this].slice(0, SHOWN).map(([name, { shape, dtype }]) =>
      `  ${name}: ${showShape(shape)} ${dtype}\n`
    );
    if (this.size > SHOWN) lines.push(`  ... ${this.size - SHOWN} more\n`);
    return `StateDict(${lines.length > 0 ? "\n" : ""}${lines.join("")})`;
  }

  /** The tensors by name, as an object: what `JSON.stringify` writes. */
  toJSON(): Record<string, Tensor> {
    return Object.fromEntries(this);
  }

  static {
    showAsText(this);
  }
}
