/** Calls of modules with other parameters than their own. */
import type { Tensor } from "@troodon/core";
import { checkCall, sameShape, showShape } from "@troodon/core/kernel";
import type { AnyModule } from "./module.ts";
import { placesIn } from "./places.ts";
import { checkModule } from "./check_module.ts";

/**
 * What `module` computes from `inputs` with the tensors of `state` in the place of its own, which are its own again
 * afterwards: gradients flow to the tensors of `state`. What `state` does not name stays as it is; a tensor that the
 * module has under several names is replaced under all.
 *
 * @param module A module, whose `forward` must be synchronous.
 * @param state Parameters and buffers by their names.
 * @param inputs What `forward` takes.
 * @returns What `forward` returns.
 * @throws {RangeError} If the module has no tensor of a name, or one of another shape.
 * @throws {TypeError} If `forward` returns a promise.
 *
 * @example The gradient of a loss as a function of the parameters
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { gradOf, tape } from "@troodon/autograd";
 * import { Device, ones, ReferenceBackend, setDefaultDevice, type Tensor } from "@troodon/core";
 * import { functionalCall, Linear } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const layer = new Linear(2, 1);
 * const loss = gradOf((weight: Tensor) => functionalCall(layer, { weight }, ones([3, 2])).sum());
 * assertEquals(loss(ones([1, 2])).tolist(), [[3, 3]]);
 * ```
 */
export function functionalCall<M extends AnyModule>(
  module: M,
  state: ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>,
  ...inputs: Parameters<M["forward"]>
): ReturnType<M["forward"]> {
  checkCall("functionalCall", arguments, "..*");
  checkModule("functionalCall", module);
  const own = new Map<string, Tensor>([...module.namedBuffers(), ...module.stateDict()]);
  const others = new Map<Tensor, Tensor>();
  for (const [name, tensor] of state instanceof Map ? state : Object.entries(state)) {
    const known = own.get(name);
    if (known === undefined || !sameShape(known.shape, tensor.shape)) {
      throw new RangeError(
        `Cannot apply functionalCall() as ${module.constructor.name} must have a tensor "${name}" of shape ${
          showShape(tensor.shape)
        }: current ${
          known === undefined
            ? `names are ${[...own.keys()].join(", ")}`
            : `shape is ${showShape(known.shape)}`
        }`,
      );
    }
    others.set(known, tensor);
  }
  const restored: (() => void)[] = [];
  try {
    for (const [known, place] of placesIn(module)) {
      const other = others.get(known);
      if (other === undefined) continue;
      restored.push(() => place(known));
      place(other);
    }
    const output = module(...inputs);
    if (output instanceof Promise) {
      throw new TypeError(
        `Cannot apply functionalCall() as forward() of ${module.constructor.name} must be synchronous: current result is a promise`,
      );
    }
    return output as ReturnType<M["forward"]>;
  } finally {
    for (const restore of restored) restore();
  }
}
