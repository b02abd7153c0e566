import { assertEquals, assertThrows } from "@std/assert";
import { arange, Device, ones, ReferenceBackend, Scope, tensor } from "@troodon/core";
import { tape } from "./mod.ts";

const make = () => new Device(new ReferenceBackend(), { tape });

Deno.test("setData() moves a leaf to another device, where it goes on being the same leaf", () => {
  const [from, to] = [make(), make()];
  const x = tensor([1, 2, 3, 4, 5, 6], { device: from, requiresGrad: true });
  {
    using _ = new Scope();
    // Strided, and in the middle of its memory.
    x.setData(arange(0, 12, 1, { device: to, dtype: "float32" }).reshape([6, 2]).select(1, 1));
  }
  assertEquals([x.device, x.tolist()], [to, [1, 3, 5, 7, 9, 11]]);
  assertEquals([from.memory.buffers, to.memory.buffers], [0, 1]);
  x.mul(x).sum().backward();
  assertEquals(x.grad?.tolist(), [2, 6, 10, 14, 18, 22]);
  x.dispose();
});

Deno.test("setData() leaves what shared the old memory, and shares the new", () => {
  const device = make();
  const [x, y] = [ones([2], { device }), tensor([3, 4], { device })];
  const old = x.detach();
  x.setData(y);
  x.add_(1);
  assertEquals([old.tolist(), y.tolist()], [[1, 1], [4, 5]]);
});

Deno.test("setData() leaves a tape the values that it saved", () => {
  const device = make();
  const w = tensor([1, 2], { device, requiresGrad: true });
  const loss = w.mul(w).sum();
  w.setData(tensor([7, 7], { device }));
  loss.backward();
  assertEquals(w.grad?.tolist(), [2, 4]);
});

Deno.test("setData() refuses another shape, integers where a gradient is required, and results of ops", () => {
  const device = make();
  const x = ones([2], { device, requiresGrad: true });
  assertThrows(() => x.setData(ones([3], { device })), RangeError, "current ones are [2] and [3]");
  assertThrows(
    () => x.setData(ones([2], { device, dtype: "int32" })),
    TypeError,
    "must be floating: current dtype is int32",
  );
  assertThrows(() => x.mul(2).setData(ones([2], { device })), TypeError, "must be a leaf");
});

Deno.test("setData() takes another dtype over, and gradients are of that from then on", () => {
  const device = make();
  const x = tensor([1, 2], { device, requiresGrad: true });
  const loss = x.mul(x).sum();
  x.setData(tensor([3, 4], { device, dtype: "float64" }));
  assertEquals([x.dtype, x.isLeaf, x.requiresGrad], ["float64", true, true]);
  loss.backward();
  x.mul(x).sum().backward();
  assertEquals(x.grad?.tolist(), [2 + 6, 4 + 8]);
  const plain = ones([2], { device });
  assertEquals(plain.setData(ones([2], { device, dtype: "int32" })).dtype, "int32");
});

Deno.test("data shares the values without the history, and takes others", () => {
  const device = make(), p = tensor([1, 2], { device, requiresGrad: true });
  p.mul(3).sum().backward();
  assertEquals([p.data.requiresGrad, p.data.tolist()], [false, [1, 2]]);
  p.data.sub_(p.grad!.data.mul(0.5));
  assertEquals([p.tolist(), p.requiresGrad, p.isLeaf], [[-0.5, 0.5], true, true]);
  p.data = tensor([7, 8], { device });
  assertEquals([p.tolist(), p.requiresGrad], [[7, 8], true]);
});
