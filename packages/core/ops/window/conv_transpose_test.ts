import { assertEquals, assertThrows } from "@std/assert";
import { convTranspose1d, convTranspose2d, Device, ones, ReferenceBackend } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const shaped = (...shape: number[]) => ones(shape, { device });

Deno.test("convTranspose2d() adds windows up where they overlap", () => {
  assertEquals(convTranspose1d(shaped(1, 2), shaped(1, 1, 2), shaped(1)).tolist(), [[2, 3, 2]]);
  assertEquals(
    convTranspose2d(shaped(1, 1, 2), shaped(1, 1, 1, 1), null, { stride: 2, outputPadding: 1 }).tolist(),
    [[[1, 0, 1, 0], [0, 0, 0, 0]]],
  );
});

Deno.test("convTranspose2d() says what does not fit", () => {
  const x = shaped(1, 2, 2, 2);
  assertThrows(
    () => convTranspose2d(x, shaped(3, 2, 2, 2)),
    RangeError,
    "[1, 2, 2, 2], [3, 2, 2, 2], groups is 1",
  );
  assertThrows(() => convTranspose2d(x, shaped(2, 3, 2, 2), shaped(2)), RangeError, "[2, 3, 2, 2], [2]");
  assertThrows(
    () => convTranspose2d(x, shaped(2, 3, 2, 2), null, { outputPadding: 1 }),
    RangeError,
    "outputPadding must be below stride",
  );
  assertThrows(
    () => convTranspose2d(x, shaped(2, 3, 1, 1), null, { padding: 1 }),
    RangeError,
    "must have elements",
  );
  assertThrows(() => convTranspose1d(x, shaped(2, 3, 2)), RangeError, "Cannot apply convTranspose1d()");
});
