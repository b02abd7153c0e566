import { assert, assertEquals } from "@std/assert";
import { Device, tensor } from "@troodon/core";
import { CpuBackend } from "./backend.ts";

/** A bit of everything, after `before` bytes were allocated. */
function calculate(before: number): unknown {
  const backend = new CpuBackend(), large = backend.allocate(before);
  using device = new Device(backend);
  assert(backend.allocate(4).pointer > before);
  const data = Array.from({ length: 2 * 3 * 12 * 12 }, (_, i) => (i * 5) % 7 - 3);
  const x = tensor(data, { device }).reshape([2, 3, 12, 12]);
  const weight = tensor(data.slice(0, 4 * 3 * 3 * 3), { device }).reshape([4, 3, 3, 3]);
  const y = x.conv2d(weight, null, { padding: 1, stride: 2 }).maxPool2d(2).relu();
  const rows = y.reshape([8, 9]), products = rows.matmul(rows.transpose(0, 1));
  const { values, indices } = products.sort(1);
  backend.release(large);
  return [
    y.tolist(),
    y.sum([0, 2]).tolist(),
    values.tolist(),
    indices.tolist(),
    products.softmax(1).tolist(),
  ];
}

Deno.test("CpuBackend calculates beyond 2 GiB as below", () => {
  // The large block is never touched, so the system never has to provide it.
  assertEquals(calculate(2 ** 31), calculate(1));
});
