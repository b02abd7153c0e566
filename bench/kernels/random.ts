import { type Device, dropout, randn, Scope, type Shape, type Tensor } from "@troodon/core";
import { extents, type KernelCase } from "./case.ts";

function drawing(title: string, shape: Shape, draw: (x: Tensor) => Tensor): KernelCase {
  return {
    family: "random",
    name: `${title} ${extents(shape)}`,
    prepare(device: Device) {
      const x = randn(shape, { device });
      return () => {
        using _ = new Scope();
        draw(x);
      };
    },
  };
}

/** Numbers drawn for weights and masks. */
export const RANDOM_CASES: readonly KernelCase[] = [[64, 256], [2 ** 20]].flatMap((shape) => [
  drawing("uniform", shape, (x) => x.uniform_()),
  drawing("normal", shape, (x) => x.normal_()),
  drawing("dropout", shape, (x) => dropout(x)),
]);
