/** Parameters that are calculated from others. */
import type { Tensor } from "@troodon/core";
import type { AnyModule } from "../module.ts";
import { Parameter } from "../parameter.ts";

/** The parameter of this name, which is a field of the module. */
export function parameterOf(op: string, module: AnyModule, name: string): Parameter {
  const held = (module as unknown as Record<string, unknown>)[name];
  if (!(held instanceof Parameter)) {
    throw new TypeError(
      `Cannot apply ${op}() as ${module.constructor.name} must have a parameter in its field: current field is "${name}"`,
    );
  }
  return held;
}

/**
 * Has the field calculated each time it is read, and no longer part of the state: from the fields of the module that it
 * is read of, which may be a copy of `module`.
 */
export function derive(
  module: AnyModule,
  name: string,
  calculate: (fields: Readonly<Record<string, Tensor>>, training: boolean) => Tensor,
): void {
  Object.defineProperty(module, name, {
    get(this: AnyModule): Tensor {
      return calculate(this as unknown as Readonly<Record<string, Tensor>>, this.training);
    },
    enumerable: false,
    configurable: true,
  });
  // A module that is made again by its class alone would have a parameter there.
  Object.defineProperty(module, "describe", { value: describeUnlessDerived, configurable: true });
}

function describeUnlessDerived(this: AnyModule): readonly unknown[] {
  const fields = Object.entries(Object.getOwnPropertyDescriptors(this));
  const derived = fields.find(([, field]) => field.get !== undefined)?.[0];
  if (derived === undefined) {
    const { describe } = Object.getPrototypeOf(this) as AnyModule;
    return describe.call(this);
  }
  throw new TypeError(
    `Cannot save ${this.constructor.name} as its ${derived} is calculated: make it so in the constructor of a class of your ` +
      "own, or save its stateDict()",
  );
}

/** Makes the field a parameter again. */
export function settle(module: AnyModule, name: string, value: Parameter): void {
  Object.defineProperty(module, name, { value, enumerable: true, configurable: true, writable: true });
}
