import { assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  addbmm,
  addmm,
  addmv,
  addr,
  baddbmm,
  Device,
  full,
  ones,
  ReferenceBackend,
  type Tensor,
} from "@troodon/core";

const device = new Device(new ReferenceBackend(), { tape });

Deno.test("addmm(), addmv(), addr(), baddbmm() and addbmm() do not read what beta 0 leaves out", () => {
  const some = (...shape: number[]) => ones(shape, { device });
  const calls: readonly (readonly [number[], number, (x: Tensor) => Tensor])[] = [
    [[2, 3], 4, (x) => addmm(x, some(2, 4), some(4, 3), { beta: 0 })],
    [[2], 4, (x) => addmv(x, some(2, 4), some(4), { beta: 0 })],
    [[2, 3], 1, (x) => addr(x, some(2), some(3), { beta: 0 })],
    [[5, 2, 3], 4, (x) => baddbmm(x, some(5, 2, 4), some(5, 4, 3), { beta: 0 })],
    [[2, 3], 20, (x) => addbmm(x, some(5, 2, 4), some(5, 4, 3), { beta: 0 })],
  ];
  for (const [shape, wanted, call] of calls) {
    const x = full(shape, NaN, { device }).requiresGrad_(), y = call(x);
    assertEquals(y.tolist(), full(shape, wanted, { device }).tolist());
    y.mul(Infinity).sum().backward();
    assertEquals(x.grad!.tolist(), full(shape, 0, { device }).tolist());
  }
});

Deno.test("addmm() without a factor is one kernel call", () => {
  let launches = 0;
  using _ = device.listen({ launch: () => void launches++ });
  addmm(ones([3], { device }), ones([2, 4], { device }), ones([4, 3], { device }));
  assertEquals(launches - 3, 1);
});
