import { assertEquals, assertThrows } from "@std/assert";
import {
  Cnn,
  Device,
  LeNet,
  Mlp,
  type Module,
  nn,
  ReferenceBackend,
  setDefaultDevice,
} from "@troodon/troodon";
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
  setDefaultDevice(device);
  const shapeFor = (model: Module) => describedInput(model, device)?.shape;
  assertEquals(shapeFor(new Mlp({ size: 4, channels: 3, hidden: 2 })), [1, 3, 4, 4]);
  assertEquals(shapeFor(new LeNet({ size: [30, 28] })), [1, 1, 30, 28]);
  assertEquals(shapeFor(new Cnn()), [1, 1, 28, 28]);
  assertEquals(shapeFor(new nn.Linear(2, 3)), undefined);
});
