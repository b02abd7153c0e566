import { assert, assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, tensor } from "../../mod.ts";

const [device, other] = [new Device(new ReferenceBackend()), new Device(new ReferenceBackend())];

Deno.test("newTensor() has the dtype and the device of the tensor, whatever the data are", () => {
  const x = tensor([1], { device, dtype: "float64" }), whole = tensor([1], { device, dtype: "int32" });
  const made = [
    x.newTensor([[1, 2], [3, 4]]),
    x.newTensor([true]),
    x.newTensor(Int32Array.of(1, 2)),
    x.newTensor(5),
  ];
  assertEquals(made.map((t) => [t.dtype, t.device === device, t.tolist()]), [
    ["float64", true, [[1, 2], [3, 4]]],
    ["float64", true, [1]],
    ["float64", true, [1, 2]],
    ["float64", true, 5],
  ]);
  assertEquals([whole.newTensor([1.7]).dtype, whole.newTensor([1.7]).tolist()], ["int32", [1]]);
  assertEquals(x.newTensor([2n ** 62n], { dtype: "int64" }).tolist({ bigint: true }), [2n ** 62n]);
});

Deno.test("newTensor() takes a device and a dtype, and copies tensors", () => {
  const x = tensor([1, 2], { device }), y = tensor([3, 4], { device: other, dtype: "int32" });
  const made = x.newTensor(y);
  assertEquals([made.device === device, made.dtype, made.tolist()], [true, "float32", [3, 4]]);
  const same = x.newTensor(x);
  assert(same !== x && same.storage !== x.storage);
  assertEquals(x.newTensor([1], { device: other, dtype: "bool" }).tolist(), [true]);
});

Deno.test("newTensor() refuses what does not fit, and leaves nothing behind", () => {
  const x = tensor([1], { device, dtype: "uint8" }), before = device.memory.buffers;
  assertThrows(() => x.newTensor([300]), RangeError, "newTensor()");
  assertThrows(() => x.newTensor([1], { dtype: "float32", requiresGrad: true }), TypeError, "no tape");
  assertEquals(device.memory.buffers, before);
});

Deno.test("newArange() refuses numbers of elements that are not whole", () => {
  const x = tensor([1], { device });
  for (const n of [0.5, -1, NaN, Infinity]) {
    assertThrows(
      () => x.newArange(n),
      RangeError,
      "Cannot apply newArange() as extents must be whole numbers from 0",
    );
  }
  assertEquals(x.newArange(0).shape, [0]);
});
