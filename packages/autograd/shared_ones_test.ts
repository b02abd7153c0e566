import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { Device, full, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import { defineFunction, tape } from "./mod.ts";
import { sharedOnes } from "./shared_ones.ts";

const make = (): Device => new Device(new ReferenceBackend(), { tape });

Deno.test("sharedOnes() is 1 in any shape of one element, on memory that no tensor holds", () => {
  using device = make();
  const like = (shape: number[]) => full(shape, 5, { device });
  const [scalar, matrix] = [like([]), like([1, 1])], { buffers } = device.memory;
  const made = [sharedOnes(scalar), sharedOnes(matrix), sharedOnes(scalar)];
  assertEquals(made.map((t) => t.tolist()), [1, [[1]], 1]);
  assertStrictEquals(made[0]!.buffer, made[1]!.buffer);
  assertEquals(device.memory.buffers, buffers);
  assertEquals(sharedOnes(scalar.double()).dtype, "float64");
});

Deno.test("sharedOnes() is 1 again after somebody changed one", () => {
  using device = make();
  const scalar = full([], 5, { device }), one = sharedOnes(scalar).mul_(3);
  const next = sharedOnes(scalar);
  assertEquals([one.item(), next.item()], [3, 1]);
  assertNotStrictEquals(one.buffer, next.buffer);
});

Deno.test("backward() launches nothing for the gradient that it begins with", () => {
  using device = make();
  const x = tensor([1, 2], { device, requiresGrad: true }), kernels: string[] = [];
  x.sum().backward();
  const loss = x.mul(3).sum();
  using _ = device.listen(({ call }) => kernels.push(call.kernel));
  loss.backward();
  // The product with 3, added to what is there.
  assertEquals(kernels, ["map", "map"]);
});

Deno.test("a gradient that is the one of the walk itself is a tensor of its own", () => {
  using device = make();
  const leaves = [1, 2].map((x) => tensor(x, { device, requiresGrad: true }));
  for (const leaf of leaves) leaf.backward();
  leaves[0]!.grad!.mul_(7);
  const loss = leaves[1]!.mul(2);
  loss.retainGrad();
  loss.backward();
  loss.grad!.mul_(5);
  const next = leaves[1]!.mul(3);
  next.retainGrad();
  next.backward();
  assertEquals([...leaves, loss, next].map((t) => t.grad!.item()), [7, 1 + 2 + 3, 5, 1]);
});

Deno.test("a hook that changes the gradient of a loss changes no later one", () => {
  using device = make();
  const x = tensor([1, 2], { device, requiresGrad: true }), seen: Tensor[] = [];
  const step = () => {
    x.grad = null;
    const loss = x.sum();
    loss.registerHook((g) => {
      seen.push(g);
      return g.mul_(10);
    });
    loss.backward();
    return x.grad! as Tensor;
  };
  assertEquals([step().tolist(), step().tolist()], [[10, 10], [10, 10]]);
  assertEquals(seen.map((g) => g.item()), [10, 10]);
});

Deno.test("a gradient that a hook or a function keeps is changed by none of a later walk", () => {
  using device = make();
  const x = tensor([2], { device, requiresGrad: true }), kept: Tensor[] = [];
  const see = (g: Tensor, later: boolean) => void (later ? g.mul_(5) : kept.push(g.detach().adopt()));
  for (const later of [false, true]) {
    const through = defineFunction({
      name: "Through",
      forward: (_, x) => x.mul(1),
      backward: (_, g) => {
        see(g, later);
        return g;
      },
    });
    x.sum().backward();
    const loss = x.mul(3).sum();
    loss.registerHook((g) => see(g, later));
    loss.backward();
    through(x.sum()).backward();
  }
  assertEquals(kept.map((g) => g.item()), [1, 1]);
  assertEquals(x.grad!.tolist(), [1 + 3 + 1 + 1 + 15 + 5]);
});
