/** Parameters and buffers that a run must leave as they are. */
import type { Tensor } from "@troodon/core";
import type { AnyModule } from "@troodon/nn";

/** Notes the state of a module, so that changes of it are seen: a graph has no state that outlives a call. */
export class StateVersions {
  readonly #versions: readonly (readonly [name: string, tensor: Tensor, count: number])[];

  /** Notes the parameters and buffers of `module`. */
  constructor(module: AnyModule) {
    const state = [...module.namedParameters(), ...module.namedBuffers()];
    this.#versions = state.map(([name, tensor]) => [name, tensor, tensor.version.count]);
  }

  /** @throws {RangeError} If a parameter or buffer was overwritten since. */
  check(): void {
    for (const [name, tensor, count] of this.#versions) {
      if (tensor.version.count === count) continue;
      throw new RangeError(
        `Cannot export a module as forward() must not change parameters and buffers in evaluation mode: ${name} is changed`,
      );
    }
  }
}
