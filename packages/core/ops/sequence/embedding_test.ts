import { assertEquals, assertThrows } from "@std/assert";
import { arange, Device, embedding, ReferenceBackend, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const table = arange(0, 6, 1, { device, dtype: "float32" }).reshape([3, 2]);

Deno.test("embedding() takes indices of any shape and integer type", () => {
  const indices = tensor([[2, 0]], { device, dtype: "uint8" });
  assertEquals(embedding(indices, table).tolist(), [[[4, 5], [0, 1]]]);
  assertEquals(embedding(tensor(1, { device, dtype: "int32" }), table).tolist(), [2, 3]);
});

Deno.test("embedding() says what does not fit", () => {
  const one = tensor([1], { device, dtype: "int32" });
  assertThrows(
    () => embedding(tensor([1], { device }), table),
    TypeError,
    "the indices must be integers: current dtype is float32, convert it with .long()",
  );
  assertThrows(() => embedding(one, table.flatten()), RangeError, "current shape is [6]");
  assertThrows(
    () => embedding(one, table, { paddingIdx: 3 }),
    RangeError,
    "paddingIdx must be an integer from -3 to 2",
  );
  assertThrows(() => embedding(tensor([3], { device, dtype: "int32" }), table), RangeError, "[0, 3)");
});
