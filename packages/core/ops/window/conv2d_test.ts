import { assertEquals, assertThrows } from "@std/assert";
import { arange, conv1d, conv2d, Device, ones, ReferenceBackend } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const shaped = (...shape: number[]) => ones(shape, { device });

Deno.test("conv2d() takes one image without a batch", () => {
  const x = arange(0, 9, 1, { device, dtype: "float32" }).reshape([1, 3, 3]);
  assertEquals(conv2d(x, shaped(1, 1, 2, 2), shaped(1)).tolist(), [[[9, 13], [21, 25]]]);
});

Deno.test("conv2d() pads an even window behind", () => {
  const x = arange(0, 3, 1, { device, dtype: "float32" }).reshape([1, 1, 1, 3]);
  assertEquals(conv2d(x, shaped(1, 1, 1, 2), null, { padding: "same" }).tolist(), [[[[1, 3, 2]]]]);
});

Deno.test("conv2d() of an empty batch is empty", () => {
  assertEquals(conv2d(shaped(0, 2, 4, 4), shaped(3, 2, 3, 3), shaped(3)).shape, [0, 3, 2, 2]);
});

Deno.test("conv2d() says what does not fit", () => {
  const x = shaped(1, 2, 4, 4);
  assertThrows(
    () => conv2d(x, shaped(3, 1, 3, 3)),
    RangeError,
    "the input must have 1 channel, which weight [3, 1, 3, 3] is for: current input [1, 2, 4, 4] has 2",
  );
  assertThrows(
    () => conv2d(x, shaped(3, 1, 3, 3), null, { groups: 2 }),
    RangeError,
    "o a multiple of groups",
  );
  assertThrows(() => conv2d(x, shaped(3, 2, 3, 3), shaped(2)), RangeError, "[3, 2, 3, 3], [2]");
  assertThrows(
    () => conv2d(x, shaped(3, 2, 5, 5)),
    RangeError,
    "Cannot apply conv2d() as the padded input must be at least as large as the window: " +
      "current sizes are [4, 4] and [5, 5]",
  );
  assertThrows(() => conv2d(x, shaped(3, 2, 3, 3), null, { stride: 0 }), RangeError, "stride must be");
  assertThrows(
    () => conv2d(x, shaped(3, 2, 3, 3), null, { stride: 2, padding: "same" }),
    RangeError,
    'padding "same" needs a stride of 1',
  );
  assertThrows(() => conv2d(x, shaped(3, 2, 3, 3).to("float64")), TypeError, "float32 and float64");
  assertThrows(() => conv1d(x, shaped(3, 2, 3)), RangeError, "Cannot apply conv1d()");
});

Deno.test("conv2d() leaves no memory behind", () => {
  const [x, weight, bias] = [shaped(1, 2, 4, 4), shaped(3, 2, 3, 3), shaped(3)];
  const before = device.memory.buffers;
  conv2d(x, weight, bias, { padding: 1 }).dispose();
  assertEquals(device.memory.buffers, before);
});
