/** Weights as a length and a direction. */
import { noGrad } from "@troodon/autograd";
import { tidySync } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { AnyModule } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { derive, parameterOf, settle } from "./derived.ts";
import { normExcept } from "./norm_except.ts";
import { checkModule } from "../check_module.ts";

/** Options of {@linkcode weightNorm}. */
export interface WeightNormOptions {
  /** The field; "weight" by default. */
  readonly name?: string;
  /** Axis with a separate norm for each position; null or -1 for a single norm, as in PyTorch (default 0). */
  readonly dim?: number | null;
}
const WEIGHT_NORM_OPTIONS: OptionKeys<WeightNormOptions> = { name: true, dim: true };

/**
 * Replaces a parameter by its length and its direction, `weight = g * v / |v|` (Salimans and Kingma 2016,
 * arXiv:1602.07868): `weight_g` and `weight_v` in the state; the field is calculated whenever it is read.
 *
 * @returns `module`
 * @throws {TypeError} If the field holds no parameter.
 *
 * @example What is learnt
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, weightNorm } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const layer = weightNorm(new Linear(3, 2));
 * assertEquals([...layer.stateDict()].map(([name, t]) => [name, t.shape]), [
 *   ["bias", [2]],
 *   ["weight_g", [2, 1]],
 *   ["weight_v", [2, 3]],
 * ]);
 * ```
 */
export function weightNorm<M extends AnyModule>(module: M, options: WeightNormOptions = {}): M {
  checkCall("weightNorm", arguments, "..");
  checkModule("weightNorm", module);
  options = readOptions("weightNorm()", options, WEIGHT_NORM_OPTIONS);
  const { name = "weight", dim: axis = 0 } = options;
  // -1 means no axis in PyTorch, rather than the last one.
  const dim = axis === -1 ? null : axis;
  const direction = parameterOf("weightNorm", module, name);
  using _ = noGrad();
  const length = tidySync(() => new Parameter(normExcept(direction, dim)));
  derive(module, name, (fields) =>
    tidySync(() => {
      const length = fields[`${name}G`]!, direction = fields[`${name}V`]!;
      return direction.mul(length.div(normExcept(direction, dim)));
    }));
  settle(module, `${name}G`, length);
  settle(module, `${name}V`, direction);
  return module;
}

/** Makes what {@linkcode weightNorm} replaced a parameter again, with the value it has; returns `module`. */
export function removeWeightNorm<M extends AnyModule>(module: M, name = "weight"): M {
  checkCall("removeWeightNorm", arguments, ".T");
  checkModule("removeWeightNorm", module);
  const fields = module as unknown as Record<string, Parameter>;
  const parts = [`${name}G`, `${name}V`].map((part) => parameterOf("removeWeightNorm", module, part));
  using _ = noGrad();
  settle(module, name, tidySync(() => new Parameter(fields[name]!)));
  for (const part of [`${name}G`, `${name}V`]) delete fields[part];
  for (const part of parts) part.dispose();
  return module;
}
