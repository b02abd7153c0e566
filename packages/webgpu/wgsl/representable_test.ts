import { assertThrows } from "@std/assert";
import { checkNumbers, checkPositions } from "./representable.ts";

Deno.test("checkNumbers() refuses words and constants that are not of 32 bits, and nothing else", () => {
  const code = "let a = 4294967295u; let b = 2147483647; let c = 0xffffffffu; let d = 5000000000f; let e = " +
    "1.12345678901f; let f = x12345678901; let g = 0.5e12345678901;";
  checkNumbers("map", code, [0, 2 ** 32 - 1]);
  assertThrows(
    () => checkNumbers("map", code, [1, 2 ** 32]),
    RangeError,
    "Cannot run map() on the GPU as its sizes must be below 2^32: current one is 4294967296",
  );
  assertThrows(() => checkNumbers("map", "i % 4294967296u", []), RangeError, "below 2^32");
  assertThrows(
    () => checkNumbers("gather", "if (at >= 2147483648) {", []),
    RangeError,
    "Cannot run gather() on the GPU as its sizes must be below 2^31: current one is 2147483648",
  );
});

Deno.test("checkPositions() takes extents whose last position is int32", () => {
  checkPositions("sort", 2 ** 31);
  assertThrows(
    () => checkPositions("sort", 2 ** 31 + 1),
    RangeError,
    "Cannot run sort() on the GPU as positions must be below 2^31: current extent is 2147483649",
  );
});
