import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, Scope, tensor } from "@troodon/core";
import { grad, noGrad, tape } from "./mod.ts";

const make = () => new Device(new ReferenceBackend(), { tape });

Deno.test("to() brings the gradient back to the device and the dtype of its input, as one node", () => {
  const [here, there] = [make(), make()];
  const x = tensor([1, 2, 3], { device: here, requiresGrad: true });
  const y = x.to(there, "float64");
  assertEquals([y.gradFn?.name, y.gradFn?.nextFunctions[0]?.[0]?.name], [
    "ToCopyBackward0",
    "AccumulateGrad",
  ]);
  y.mul(y).sum().backward();
  assertEquals([x.grad?.tolist(), x.grad?.dtype], [[2, 4, 6], "float32"]);
  assertStrictEquals(x.grad?.device, here);
});

Deno.test("to() has second derivatives, there and back", () => {
  const [here, there] = [make(), make()];
  const x = tensor([1, 2], { device: here, dtype: "float64", requiresGrad: true });
  const y = x.to(there).pow(3).to(here).mul(x).sum();
  const [g] = grad(y, x, { createGraph: true });
  assertEquals(g!.tolist(), [4, 32]);
  const [h] = grad(g!.sum(), x);
  assertEquals([h!.tolist(), h!.device === here], [[12, 48], true]);
});

Deno.test("to() is not recorded within noGrad, nor for integers", () => {
  const [here, there] = [make(), make()];
  const x = tensor([1, 2], { device: here, requiresGrad: true });
  assertEquals(noGrad(() => x.to(there)).requiresGrad, false);
  assertEquals(x.to(there, "int32").requiresGrad, false);
});

Deno.test("toAsync() is recorded if calls were when it was called", async () => {
  const [here, there] = [make(), make()];
  const x = tensor([1, 2], { device: here, requiresGrad: true });
  const plain = noGrad(() => x.toAsync(there)), recorded = x.toAsync(there);
  assertEquals((await plain).requiresGrad, false);
  (await recorded).mul(3).sum().backward();
  assertEquals(x.grad?.tolist(), [3, 3]);
});

Deno.test("backward() says what to do where the gradient cannot be moved at once", () => {
  const backend = new ReferenceBackend();
  Object.defineProperty(backend, "readSync", { value: undefined });
  const [here, there] = [make(), new Device(backend, { tape })];
  const x = tensor([1, 2], { device: here, requiresGrad: true });
  const loss = x.to(there).mul(2).sum();
  assertThrows(() => loss.backward(), TypeError, "end the graph at the move by detach()");
});

Deno.test("copy_() of another device is recorded", () => {
  const [here, there] = [make(), make()];
  const x = tensor([1, 2], { device: here, requiresGrad: true });
  const y = tensor([0, 0], { device: there }).copy_(x);
  y.mul(y).sum().backward();
  assertEquals(x.grad?.tolist(), [2, 4]);
});

Deno.test("to() leaves no memory behind in a backward pass", () => {
  const [here, there] = [make(), make()];
  const x = tensor([1, 2], { device: here, requiresGrad: true });
  {
    using _ = new Scope();
    const y = x.to(there);
    y.mul(y).sum().backward();
  }
  assertEquals([here.memory.buffers, there.memory.buffers], [2, 0]);
});
