import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  arange,
  Device,
  type DType,
  fromTypedArray,
  full,
  ReferenceBackend,
  type Tensor,
  tensor,
  zeros,
} from "./mod.ts";

const device = new Device(new ReferenceBackend());
const options = { device, dtype: "int64" } as const;
const big = [2n ** 62n + 3n, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n + 1n];

Deno.test("tensor() of bigints is int64 and keeps every digit", () => {
  const x = tensor([big.slice(0, 2), big.slice(2)], { device });
  assertEquals([x.dtype, x.shape], ["int64", [2, 2]]);
  assertEquals(x.tolist({ bigint: true }), [big.slice(0, 2), big.slice(2)]);
  assertEquals(x.at(0, 0).item({ bigint: true }), big[0]);
  assertEquals(
    tensor(BigInt64Array.from(big), { device }).dataSync({ bigint: true }),
    BigInt64Array.from(big),
  );
  assertEquals(fromTypedArray(BigInt64Array.from(big), [4], { device, dtype: "float32" }).dtype, "float32");
  assertEquals(tensor([1n, 2, true], { device }).tolist(), [1, 2, 1]);
  assertEquals(tensor([1, 2], { device }).dtype, "float32");
});

Deno.test("dataAsync(), dataSync(), item() and tolist() give numbers, or say that they cannot", async () => {
  const small = tensor([2 ** 53 - 1, -(2 ** 40)], options);
  assertEquals(await small.dataAsync(), Float64Array.of(2 ** 53 - 1, -(2 ** 40)));
  assertEquals([small.tolist(), small.at(1).item()], [[2 ** 53 - 1, -(2 ** 40)], -(2 ** 40)]);
  const large = tensor([1n, 2n ** 53n], { device }), message = "current element is 9007199254740992";
  assertThrows(() => large.dataSync(), RangeError, message);
  assertThrows(() => large.tolist(), RangeError, "{ bigint: true }");
  assertThrows(() => large.at(1).item(), RangeError, message);
  await assertRejects(() => large.dataAsync(), RangeError, message);
  assertEquals(await large.dataAsync({ bigint: true }), BigInt64Array.of(1n, 2n ** 53n));
  assertEquals(tensor([[1, 255]], { device, dtype: "uint8" }).tolist({ bigint: true }), [[1n, 255n]]);
  for (const dtype of ["float32", "bool"] as const) {
    assertThrows(
      () => tensor([1], { device, dtype }).dataSync({ bigint: true }),
      TypeError,
      `dtype is ${dtype}`,
    );
  }
});

Deno.test("integers that do not fit are errors, and fractions are cut off", () => {
  const refused: [DType, (number | bigint)[]][] = [
    ["int32", [2 ** 31, -(2 ** 31) - 1, NaN, Infinity, 2n ** 31n]],
    ["uint8", [256, -1, NaN, -1.5, 300n]],
    ["int64", [2 ** 53, -(2 ** 60), 1e30, NaN, -Infinity, 2n ** 63n, -(2n ** 63n) - 1n]],
  ];
  const { buffers } = device.memory;
  for (const [dtype, values] of refused) {
    for (const value of values) {
      assertThrows(() => tensor([value], { device, dtype }), RangeError, `current element is ${value}`);
      if (typeof value === "bigint") continue;
      assertThrows(() => full([2], value, { device, dtype }), RangeError, `current element is ${value}`);
      using x = zeros([2], { device, dtype });
      assertThrows(() => x.fill_(value), RangeError, `current element is ${value}`);
      assertThrows(() => x.newFull([1], value), RangeError, `current element is ${value}`);
    }
  }
  assertEquals(device.memory.buffers, buffers);
  for (const dtype of ["int32", "int64"] as const) {
    assertEquals(tensor([1.7, -1.7, 0.2], { device, dtype }).tolist(), [1, -1, 0]);
  }
  assertEquals(tensor([255.9, -0.9], { device, dtype: "uint8" }).tolist(), [255, 0]);
  assertEquals(tensor([2n, 3n], { device, dtype: "float32" }).tolist(), [2, 3]);
});

Deno.test("arithmetic of int64 is exact and wraps around", () => {
  const x = tensor(big, { device });
  const exact = (y: Tensor) => y.tolist({ bigint: true });
  assertEquals(exact(x.add(x)), big.map((n) => BigInt.asIntN(64, n + n)));
  assertEquals(exact(x.mul(3)), big.map((n) => BigInt.asIntN(64, 3n * n)));
  assertEquals(exact(x.sub(1)), big.map((n) => BigInt.asIntN(64, n - 1n)));
  assertEquals(exact(x.abs()), big.map((n) => BigInt.asIntN(64, n < 0n ? -n : n)));
  assertEquals(x.gt(2 ** 53).tolist(), [true, false, true, true]);
  assertEquals(exact(tensor([-7n, 7n, -7n], { device }).floorDivide(2)), [-4n, 3n, -4n]);
  assertEquals(exact(tensor([-7n, 7n, -7n], { device }).remainder(2)), [1n, 1n, 1n]);
  assertEquals(exact(tensor([3n, -1n, 2n, 1n], { device }).pow(tensor([39n, -3n, -1n, -9n], { device }))), [
    4052555153018976267n,
    -1n,
    0n,
    1n,
  ]);
});

Deno.test("to() converts int64 as C does: the low bits, the nearest float, not 0", () => {
  const x = tensor(big, { device });
  assertEquals(x.to("int32").tolist(), [3, 0, -1, 1]);
  assertEquals(x.to("uint8").tolist(), [3, 0, 255, 1]);
  assertEquals(x.to("float64").tolist(), [2 ** 62, -(2 ** 63), 2 ** 63, 2 ** 53]);
  assertEquals(x.to("float32").tolist(), [2 ** 62, -(2 ** 63), 2 ** 63, 2 ** 53]);
  assertEquals(tensor([2n ** 32n, 0n], { device }).to("bool").tolist(), [true, false]);
  const floats = tensor([1e30, -1e30, NaN, 2.9, -2.9], { device, dtype: "float64" });
  assertEquals(floats.long().tolist({ bigint: true }), [2n ** 63n - 1n, -(2n ** 63n), 0n, 2n, -2n]);
  assertEquals(tensor([-5], { device, dtype: "int32" }).long().tolist(), [-5]);
});

Deno.test("indices may be of any integer type, and none beyond 2^32 is taken for another", () => {
  const x = tensor([[1, 2], [3, 4]], { device });
  for (const dtype of ["uint8", "int32", "int64"] as const) {
    const index = tensor([1, 0], { device, dtype });
    assertEquals(x.indexSelect(0, index).tolist(), [[3, 4], [1, 2]]);
    assertEquals(x.gather(1, index.reshape([2, 1])).tolist(), [[2], [3]]);
    assertEquals(x.scatter(1, index.reshape([2, 1]), 9).tolist(), [[1, 9], [9, 4]]);
    assertEquals(x.scatterAdd(1, index.reshape([2, 1]), 9).tolist(), [[1, 11], [12, 4]]);
    assertEquals(x.clone().indexAdd_(0, index, x).tolist(), [[4, 6], [4, 6]]);
  }
  const outside = tensor([2n ** 32n], { device });
  assertThrows(() => x.indexSelect(0, outside), RangeError, "current index is 4294967296");
  assertThrows(() => x.indexSelect(0, tensor([0], { device })), TypeError, "must be integers");
  assertThrows(() => x.gather(0, x), TypeError, "must be integers");
});

Deno.test("isinf() and isfinite() know that integers are finite, also at their bounds", () => {
  for (const x of [tensor(big, { device }), tensor([2 ** 31 - 1, -(2 ** 31)], { device, dtype: "int32" })]) {
    assertEquals([x.isinf().any().item(), x.isfinite().all().item()], [0, 1]);
  }
});

Deno.test("formatTensor() writes every digit of int64", () => {
  assertEquals(
    tensor(big.slice(0, 2), { device }).toString(),
    "tensor([ 4611686018427387907, -9223372036854775808], dtype=int64)",
  );
  assertEquals(arange(0, 3, 1, options).toString(), "tensor([0, 1, 2], dtype=int64)");
});
