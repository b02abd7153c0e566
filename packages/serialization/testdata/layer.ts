/** Module for tests of saving and loading. */
import { Device, ReferenceBackend, StateDict, type Tensor, zeros } from "@troodon/core";
import type { SavableModule } from "../mod.ts";

/** Device of all layers. */
export const device: Device = new Device(new ReferenceBackend());

/** Module with a weight of a given number of elements, in the form that this package supports. */
export class Layer implements SavableModule {
  training = true;
  weight: Tensor;

  constructor(readonly size: number, readonly options: { readonly scale?: number } = {}) {
    this.weight = zeros([size], { device });
  }

  describe(): readonly unknown[] {
    return [this.size, this.options];
  }

  stateDict(): StateDict {
    return new StateDict([["weight", this.weight]]);
  }

  takeState(state: ReadonlyMap<string, Tensor>): void {
    const weight = state.get("weight");
    if (weight?.shape[0] !== this.size) throw new RangeError(`Cannot take the state: ${weight?.shape}`);
    const own = weight.alias();
    this.weight.dispose();
    this.weight = own;
  }

  dispose(): void {
    this.weight.dispose();
  }

  *namedModules(): Generator<[string, { training: boolean }]> {
    yield ["", this];
  }

  *namedParameters(): Generator<[string, Tensor]> {}
}
