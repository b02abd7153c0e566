import { assertEquals, assertThrows } from "@std/assert";
import {
  addmm,
  arange,
  bmm,
  Device,
  dot,
  matmul,
  mm,
  mv,
  ones,
  outer,
  ReferenceBackend,
  tensor,
  zeros,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const shaped = (...shape: number[]) => ones(shape, { device });

Deno.test("matmul() names the shapes that do not fit", () => {
  assertThrows(
    () => matmul(shaped(2, 3), shaped(4, 5)),
    RangeError,
    "Cannot apply matmul() as shapes must be [m, k] and [k, n]: current shapes are [2, 3] and [4, 5]",
  );
  assertThrows(() => matmul(shaped(3), shaped(4)), RangeError, "[k] and [k]: current shapes are [3] and [4]");
  assertThrows(() => matmul(shaped(2, 2, 3), shaped(3, 3, 4)), RangeError, "current shapes are [2] and [3]");
  assertThrows(() => matmul(shaped(), shaped(3)), RangeError, "vectors or matrices");
});

Deno.test("matmul() refuses operands of two types", () => {
  assertThrows(
    () => matmul(shaped(2, 2), ones([2, 2], { device, dtype: "float64" })),
    TypeError,
    "current dtypes are float32 and float64",
  );
});

Deno.test("matmul() of nothing to add up is 0", () => {
  assertEquals(matmul(shaped(2, 0), shaped(0, 3)).tolist(), zeros([2, 3], { device }).tolist());
  assertEquals(matmul(shaped(0, 2), shaped(2, 3)).shape, [0, 3]);
  assertEquals(matmul(shaped(2, 0, 4), shaped(4, 3)).shape, [2, 0, 3]);
});

Deno.test("matmul() multiplies integers", () => {
  const a = arange(0, 4, 1, { device, dtype: "int32" }).reshape([2, 2]);
  assertEquals(matmul(a, a).tolist(), [[2, 3], [6, 11]]);
  assertEquals(matmul(a, a).dtype, "int32");
});

Deno.test("matmul() reads transposed views", () => {
  const a = tensor([[1, 2], [3, 4]], { device });
  assertEquals(matmul(a.transpose(0, 1), a).tolist(), [[10, 14], [14, 20]]);
});

Deno.test("mm(), bmm(), mv(), dot() and outer() insist on their ranks", () => {
  assertThrows(() => mm(shaped(2, 2, 2), shaped(2, 2)), RangeError, "Cannot apply mm()");
  assertThrows(() => bmm(shaped(2, 2, 2), shaped(3, 2, 2)), RangeError, "Cannot apply bmm()");
  assertThrows(() => mv(shaped(2, 2), shaped(2, 2)), RangeError, "Cannot apply mv()");
  assertThrows(() => dot(shaped(2), shaped(3)), RangeError, "Cannot apply dot()");
  assertThrows(() => outer(shaped(2, 1), shaped(3)), RangeError, "Cannot apply outer()");
});

Deno.test("addmm() adds what broadcasts, in one launch", () => {
  const a = tensor([[1, 2]], { device }), b = tensor([[3, 0], [0, 4]], { device });
  const bias = tensor([10, 20], { device });
  const launches: string[] = [];
  using _ = device.listen(({ call }) => launches.push(call.kernel));
  const y = addmm(bias, a, b), z = addmm(bias, a, b, { beta: 2, alpha: -1 });
  assertEquals(launches, ["matmul", "matmul"]);
  assertEquals(y.tolist(), [[13, 28]]);
  assertEquals(z.tolist(), [[17, 32]]);
});
