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
}

/** Makes the field a parameter again. */
export function settle(module: AnyModule, name: string, value: Parameter): void {
  Object.defineProperty(module, name, { value, enumerable: true, configurable: true, writable: true });
}
