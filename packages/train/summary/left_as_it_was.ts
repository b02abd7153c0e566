/** A network that is as it was after it has been called. */
import { noGrad } from "@troodon/autograd";
import { defaultGenerator, type Device, type Tensor } from "@troodon/core";
import type { AnyModule } from "@troodon/nn";

/** A buffer as it was. */
interface KnownBuffer {
  readonly buffer: Tensor;
  readonly count: number;
  readonly copy: Tensor;
}

/**
 * Remembers mode, fields and buffers of `model`, and the random numbers to come on `device` and the host. Disposing of the
 * result puts them back. For within a `tidySync`, which frees the copies of the buffers.
 */
export function leftAsItWas(model: AnyModule, device: Device): Disposable {
  const fields = [...model.modules()].map((module) => [module, new Map(Object.entries(module))] as const);
  const buffers = [...model.namedBuffers()].map(([, buffer]): KnownBuffer => {
    return { buffer, count: buffer.version.count, copy: buffer.detach().clone() };
  });
  const generators = [...new Set([defaultGenerator(), device.generator])]
    .map((generator) => [generator, generator.getState()] as const);
  return {
    [Symbol.dispose]: () => {
      for (const [module, known] of fields) restoreFields(module, known);
      using _ = noGrad();
      for (const { buffer, count, copy } of buffers) if (buffer.version.count !== count) buffer.copy_(copy);
      for (const [generator, state] of generators) generator.setState(state);
    },
  };
}

/** Gives fields that were assigned their old values, and removes new ones. */
function restoreFields(module: AnyModule, known: ReadonlyMap<string, unknown>): void {
  for (const [name, value] of Object.entries(module)) {
    if (!known.has(name)) Reflect.deleteProperty(module, name);
    else if (value !== known.get(name)) Reflect.set(module, name, known.get(name));
  }
}
