import { assertEquals } from "@std/assert";
import { Bindings } from "./bindings.ts";
import { Failures } from "./failures.ts";
import { GpuError } from "./gpu_error.ts";
import { Numbers } from "./numbers.ts";
import { openDevice } from "./open_device.ts";
import { BufferPool } from "./pool.ts";
import { Readback } from "./readback.ts";
import { CommandStream } from "./stream.ts";

const opened = await openDevice({ allowFallback: true }).catch((error) => {
  if (!(error instanceof GpuError)) throw error;
  console.log(`SKIP webgpu: ${error.message}`);
  return null;
});

Deno.test({
  name: "Readback reads pieces at once and later, several at a time",
  ignore: !opened,
  async fn() {
    const { device } = opened!, failures = new Failures(device), numbers = new Numbers(device);
    const bindings = new Bindings(device, numbers.handle);
    const stream = new CommandStream(device, failures, bindings, numbers);
    const pool = new BufferPool(device, failures, {
      limit: 2 ** 20,
      retire: (buffers) => bindings.drop(buffers),
    });
    const readback = new Readback(device, stream);
    const [a, b] = [pool.allocate(8), pool.allocate(20000)];
    stream.write(a, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 0);
    stream.write(b, new Uint8Array(20000).fill(9), 0);
    const pieces = [{ buffer: a, start: 3, end: 6 }, { buffer: b, start: 19999, end: 20000 }];
    const expected = [Uint8Array.of(4, 5, 6), Uint8Array.of(9)];
    if (readback.sync) assertEquals(readback.readSync(pieces), expected);
    const [first, second] = await Promise.all([
      readback.read(pieces),
      readback.read([{ buffer: b, start: 0, end: 20000 }]),
    ]);
    assertEquals(first, expected);
    assertEquals(second, [new Uint8Array(20000).fill(9)]);
    // What was changed meanwhile is seen by the next one alone.
    const early = readback.read([{ buffer: a, start: 0, end: 4 }]);
    stream.write(a, Uint8Array.of(40, 30, 20, 10), 0);
    const late = readback.read([{ buffer: a, start: 0, end: 4 }]);
    assertEquals([await early, await late], [[Uint8Array.of(1, 2, 3, 4)], [Uint8Array.of(40, 30, 20, 10)]]);
    await failures.settle();
    failures.close();
    pool.trim();
    readback.close();
    device.destroy();
  },
});
