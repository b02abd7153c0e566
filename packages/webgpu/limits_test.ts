import { assertEquals, assertThrows } from "@std/assert";
import { Device, ones, Scope, tensor } from "@troodon/core";
import { openBackend } from "./test_support.ts";

const backend = await openBackend();
const test = (name: string, fn: (device: Device) => void) =>
  Deno.test({ name, ignore: !backend, fn: () => fn(new Device(backend!)) });

test("a tensor larger than a buffer is refused before memory is taken", (device) => {
  using _ = new Scope();
  const limit = backend!.limits.bufferBytes, rows = Math.floor(limit / 4096) + 1;
  const x = ones([rows, 1], { device }), y = ones([1, 1024], { device });
  const { buffers } = device.memory, { liveBytes } = backend!.report;
  for (const big of [() => x.mul(y), () => x.matmul(y), () => ones([rows, 1024], { device })]) {
    assertThrows(
      big,
      RangeError,
      `[${rows}, 1024] as its ${
        rows * 4096
      } bytes are more than one buffer of webgpu can have, which is ${limit}`,
    );
  }
  assertEquals([device.memory.buffers, backend!.report.liveBytes], [buffers, liveBytes]);
});

test("float64 is refused in one line that says what there is", (device) => {
  using _ = new Scope();
  const x = ones([2], { device }), { buffers } = device.memory;
  const doubles = new Float64Array(2);
  for (
    const make of [() => x.double(), () => tensor(doubles, { device }), () => x.add(1).sum().to("float64")]
  ) {
    assertThrows(make, TypeError, "Cannot make a tensor of float64 as webgpu holds float32, float16");
  }
  assertEquals(device.memory.buffers, buffers + 2);
});
