import { assert, assertEquals } from "@std/assert";
import { fakeDevice } from "../fake_device.ts";
import { Bindings } from "./bindings.ts";
import { Failures } from "./failures.ts";
import { GpuError } from "./gpu_error.ts";
import { GpuMemory } from "./gpu_memory.ts";
import { Numbers } from "./numbers.ts";
import { openDevice } from "./open_device.ts";
import { BufferPool } from "./pool.ts";
import { Readback, type ReadbackOptions } from "./readback.ts";
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
    const { device } = opened!, failures = new Failures(device);
    const memory = new GpuMemory(device, failures), numbers = new Numbers(device.queue, memory);
    const bindings = new Bindings(device, numbers.handle);
    const stream = new CommandStream(device, failures, bindings, numbers);
    const pool = new BufferPool(memory, {
      limit: 2 ** 20,
      retire: (buffers) => bindings.drop(buffers),
    });
    const readback = new Readback(memory, stream);
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

function open(options?: ReadbackOptions, { device, counts } = fakeDevice({ maxBufferSize: 2 ** 20 })) {
  const failures = new Failures(device);
  const memory = new GpuMemory(device, failures), numbers = new Numbers(device.queue, memory);
  const bindings = new Bindings(device, numbers.handle);
  const stream = new CommandStream(device, failures, bindings, numbers);
  const pool = new BufferPool(memory, { limit: 2 ** 20, retire: () => {} });
  const buffer = pool.allocate(2 ** 16), first = counts.buffers.length;
  const readback = new Readback(memory, stream, options), staging = () => counts.buffers.slice(first);
  stream.write(buffer, Uint8Array.from({ length: 2 ** 16 }, (_, i) => i % 251), 0);
  const piece = (start: number, end: number) => ({ buffer, start, end });
  const expected = (start: number, end: number) =>
    Uint8Array.from({ length: end - start }, (_, i) => (start + i) % 251);
  return { readback, staging, piece, expected, counts };
}

Deno.test("Readback keeps one staging buffer of the size that was needed, and destroys smaller ones", () => {
  const { readback, staging, piece, expected } = open();
  for (
    const [start, end] of [[0, 100], [7, 4000], [1, 2], [0, 4096], [4, 5000], [0, 8192], [3, 3], [0, 100]]
  ) {
    assertEquals(readback.readSync([piece(start!, end!)]), [expected(start!, end!)]);
  }
  assertEquals(staging().map(({ size, destroyed }) => [size, destroyed]), [[4096, true], [8192, false]]);
  readback.close();
  assertEquals(staging().map(({ destroyed }) => destroyed), [true, true]);
});

Deno.test("Readback reads what no staging buffer holds in parts", async () => {
  const { readback, staging, piece, expected } = open({ limit: 8192 });
  for (const end of [8000, 8180, 8193, 20_001]) {
    for (const start of [0, 3, 8]) {
      assertEquals(readback.readSync([piece(start, end)]), [expected(start, end)]);
    }
  }
  assertEquals(staging().map(({ size }) => size), [4096, 8192]);
  const pieces = [piece(5, 30_000), piece(1, 2), piece(2, 2)],
    all = [expected(5, 30_000), expected(1, 2), expected(2, 2)];
  assertEquals(readback.readSync(pieces), all);
  assertEquals(await readback.read(pieces), all);
  assertEquals(Math.max(...staging().map(({ size }) => size)), 8192);
  const whole = open();
  whole.readback.readSync([whole.piece(0, 2 ** 15 + 1)]);
  assertEquals(whole.staging().map(({ size }) => size), [4096, 2 ** 16]);
});

Deno.test("Readback.settle() waits for a task where reads at once have left many promises behind", async () => {
  const { readback, piece, expected } = open({ promises: 3 });
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 3; i++) {
      assertEquals(readback.settle(), null);
      assertEquals(readback.readSync([piece(0, 4)]), [expected(0, 4)]);
    }
    const settled = readback.settle();
    assert(settled !== null);
    await settled;
  }
  assertEquals(readback.settle(), null);
});

Deno.test("Readback.read() stages what is read at the same time apart", async () => {
  const { readback, staging, piece, expected } = open();
  for (let i = 0; i < 2; i++) {
    const all = [readback.read([piece(5, 9), piece(6, 11), piece(4, 4)]), readback.read([piece(1, 100)])];
    assertEquals(await Promise.all(all), [
      [expected(5, 9), expected(6, 11), expected(4, 4)],
      [expected(1, 100)],
    ]);
  }
  assertEquals(staging().map(({ destroyed }) => destroyed), [false, false]);
});

Deno.test("Readback waits where the runtime does not map at once, and keeps nothing of the attempt", async () => {
  const fake = fakeDevice({ maxBufferSize: 2 ** 20 }), create = fake.device.createBuffer.bind(fake.device);
  // As browsers do it: a buffer is mapped a while after it was asked for.
  fake.device.createBuffer = (descriptor) => {
    const buffer = create(descriptor), { getMappedRange } = buffer;
    let mapped = false;
    buffer.mapAsync = async () => {
      await undefined;
      mapped = true;
      return undefined;
    };
    buffer.getMappedRange = (...range) => {
      if (!mapped) throw new DOMException("not mapped yet", "OperationError");
      return getMappedRange.apply(buffer, range);
    };
    return buffer;
  };
  const { readback, staging, piece, expected } = open({}, fake);
  assertEquals(readback.sync, false);
  assertEquals(staging().map(({ destroyed }) => destroyed), [true]);
  for (const [start, end] of [[5, 9], [0, 5000]] as const) {
    assertEquals(await readback.read([piece(start, end)]), [expected(start, end)]);
  }
  readback.close();
  assertEquals(staging().map(({ destroyed }) => destroyed), [true, true, true]);
});
