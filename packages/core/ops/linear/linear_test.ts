import { assertEquals, assertThrows } from "@std/assert";
import { bilinear, Device, linear, ones, ReferenceBackend, tensor, tensordot, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const shaped = (...shape: number[]) => ones(shape, { device });

Deno.test("linear() is one launch", () => {
  const launches: string[] = [];
  const [x, weight, bias] = [shaped(2, 3, 4), shaped(5, 4), shaped(5)];
  using _ = device.listen(({ call }) => launches.push(call.kernel));
  const y = linear(x, weight, bias);
  assertEquals(launches, ["matmul"]);
  assertEquals(y.shape, [2, 3, 5]);
  assertEquals(y.at(1, 2, 4).item(), 5);
});

Deno.test("linear() takes a vector and an empty batch", () => {
  assertEquals(linear(shaped(4), shaped(2, 4)).tolist(), [4, 4]);
  assertEquals(linear(shaped(0, 4), shaped(2, 4), shaped(2)).shape, [0, 2]);
});

Deno.test("linear() names the shapes that do not fit", () => {
  assertThrows(
    () => linear(shaped(2, 3), shaped(5, 4), shaped(5)),
    RangeError,
    "Cannot apply linear() as shapes must be [..., k], [n, k], [n]: current shapes are [2, 3], [5, 4], [5]",
  );
  assertThrows(() => linear(shaped(2, 4), shaped(5, 4), shaped(4)), RangeError, "[2, 4], [5, 4], [4]");
});

Deno.test("linear() leaves no memory behind", () => {
  const [x, weight, bias] = [shaped(2, 3, 4), shaped(5, 4), shaped(5)];
  const before = device.memory.buffers;
  linear(x, weight, bias).dispose();
  assertEquals(device.memory.buffers, before);
});

Deno.test("bilinear() names the shapes that do not fit", () => {
  assertThrows(
    () => bilinear(shaped(2, 3), shaped(2, 4), shaped(5, 4, 3)),
    RangeError,
    "[2, 3], [2, 4], [5, 4, 3]",
  );
});

Deno.test("tensordot() broadcasts axes of one element, and keeps the dtype", () => {
  for (const dtype of ["float32", "int32", "uint8"] as const) {
    const row = tensor([[1, 2, 3]], { device, dtype }), column = tensor([[2], [1], [1]], { device, dtype });
    const y = tensordot(row, column);
    assertEquals([y.dtype, y.item()], [dtype, 24]);
    assertEquals(tensordot(row, column, 1).tolist(), [[7]]);
    assertEquals(tensordot(row, column, [[0], [0]]).tolist(), [[4], [8], [12]]);
  }
  const none = zeros([0, 2], { device });
  assertEquals(tensordot(none, ones([1, 2], { device }), [[0], [0]]).tolist(), [[0, 0], [0, 0]]);
  assertThrows(() => tensordot(none, ones([2, 2], { device }), [[0], [0]]), RangeError, "or have one of 1");
});
