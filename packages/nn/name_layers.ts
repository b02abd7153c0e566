/** Names for anomalies. */
import type { AnyModule } from "./module.ts";
import { checkCall, disposableStack } from "@troodon/core/kernel";
import { checkModule } from "./check_module.ts";

/**
 * Has `detectAnomaly()` of `@troodon/autograd` name the layer of a network, until
 * what it returns is disposed of: `fc1 (Linear)`.
 *
 * @example A layer with a weight that is too large
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { detectAnomaly, noGrad, tape } from "@troodon/autograd";
 * import { Device, ones, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, nameLayers, Sequential, Sigmoid } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const first = new Linear(2, 2), net = new Sequential(first, new Sigmoid(), new Linear(2, 1));
 * noGrad(() => first.weight.fill_(Infinity));
 * using _ = detectAnomaly(), __ = nameLayers(net);
 * assertThrows(() => net(ones([1, 2])), RangeError, 'in layer "0 (Linear)"');
 * ```
 */
export function nameLayers(module: AnyModule): Disposable {
  checkCall("nameLayers", arguments, ".");
  checkModule("nameLayers", module);
  const named = disposableStack();
  for (const [name, part] of module.namedModules()) {
    const type = part.constructor.name;
    named.use(part.nameLayer(name === "" ? type : `${name} (${type})`));
  }
  return named;
}
