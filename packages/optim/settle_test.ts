import { assert, assertEquals } from "@std/assert";
import { Device, Tensor, tensor } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { Adam, Adamax, NAdam, type Optimizer, RAdam, RMSprop, SGD } from "./mod.ts";

const MAKE: Readonly<Record<string, (p: Tensor) => Optimizer>> = {
  Adam: (p) => new Adam([p]),
  Adamax: (p) => new Adamax([p]),
  NAdam: (p) => new NAdam([p]),
  RAdam: (p) => new RAdam([p]),
  RMSprop: (p) => new RMSprop([p], { momentum: 0.9, centered: true }),
  SGD: (p) => new SGD([p], { momentum: 0.9 }),
};

for (const [name, make] of Object.entries(MAKE)) {
  Deno.test(`${name} keeps no subnormal numbers where gradients have stopped`, () => {
    using device = new Device(new CpuBackend({ threads: 1 }));
    const p = tensor([1, -2], { device }), optimizer = make(p);
    p.grad = tensor([1e-3, -1e-3], { device });
    optimizer.step();
    p.grad.zero_();
    for (let i = 0; i < 1500; i++) optimizer.step();
    const held = Object.values(optimizer.state.get(p)!).filter((value) => value instanceof Tensor);
    assert(held.length > 0);
    for (const value of held.flatMap((t) => t.tolist() as number[])) {
      assertEquals(value === 0 || Math.abs(value) >= 2 ** -126, true, `${value}`);
    }
  });
}
