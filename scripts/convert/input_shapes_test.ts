import { assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend } from "@troodon/troodon";
import { describedInput, readInputShapes } from "./input_shapes.ts";

const device = new Device(new ReferenceBackend());
const shown = (text: string) => readInputShapes(text, device).map(({ dtype, shape }) => [dtype, ...shape]);

Deno.test("readInputShapes() makes one sample of each input", () => {
  assertEquals(shown("1x28x28"), [["float32", 1, 1, 28, 28]]);
  assertEquals(shown("int64:16, 3"), [["int64", 1, 16], ["float32", 1, 3]]);
});

Deno.test("readInputShapes() refuses what is no size", () => {
  for (const text of ["", "3x", "x3", "0", "-1", "3.5", "int7:3", "3,,4"]) {
    assertThrows(() => shown(text), TypeError, `Cannot take --input ${text} as it must be sizes`);
  }
});

Deno.test("describedInput() knows networks for images, and no others", () => {
  const shapeFor = (...described: unknown[]) => describedInput({ describe: () => described }, device)?.shape;
  assertEquals(shapeFor({ channels: 3, size: 4 }), [1, 3, 4, 4]);
  assertEquals(shapeFor({ channels: 1, size: [2, 3], classes: 10 }), [1, 1, 2, 3]);
  for (const described of [[2, 3], [{ channels: 3 }], [{ size: 3 }], [null], []]) {
    assertEquals(shapeFor(...described), undefined);
  }
});
