/** The backend on a device that calculates nothing and has little memory. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { KernelCall } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { WebGpuBackend } from "./backend.ts";
import { GpuError } from "./device/gpu_error.ts";
import { fakeDevice, fakeOpened, type FakeOptions } from "./fake_device.ts";
import { KERNELS } from "./kernels/mod.ts";
import type { WebGpuTuning } from "./tuning.ts";

const KIB = 1024, MIB = 2 ** 20;
const SUM = body(e.add(e.input(0), e.input(1)));

/** Memory for `bytes` beside what every backend takes, and kernels that fill their last buffer with ones. */
function open(bytes: number, options: FakeOptions = {}, tuning: WebGpuTuning = { numbers: { slots: 1 } }) {
  const empty = new WebGpuBackend(fakeOpened(fakeDevice(options).device), tuning);
  const fake = fakeDevice({
    ...options,
    memory: empty.report.heldBytes + bytes,
    compute: (_, buffers) => void buffers.at(-2)!.bytes.fill(1),
  });
  const backend = new WebGpuBackend(fakeOpened(fake.device), tuning);
  const view = (bytes: number) => {
    const buffer = backend.allocate(bytes);
    return { buffer, dtype: "float32", shape: [bytes / 4], strides: [1], offset: 0 } as const;
  };
  const add = (x: ReturnType<typeof view>, y: typeof x, z: typeof x) => {
    const call: KernelCall = { kernel: "map", body: SUM, compute: "float32", scalars: [], shape: x.shape };
    backend.launch(call, [x, y], [z]);
  };
  /** Throws unless kernels have written to a view. */
  const holdsOnes = async ({ buffer }: ReturnType<typeof view>) =>
    assertEquals(await backend.read(buffer, { start: 0, end: 4 }), new Uint8Array(4).fill(1));
  return { ...fake, backend, view, add, holdsOnes };
}

Deno.test("WebGpuBackend frees spare buffers where memory is missing, once the work on them is handed over", async () => {
  const { backend, view, add, counts, holdsOnes } = open(64 * KIB);
  const [x, y, z] = [view(16 * KIB), view(16 * KIB), view(8 * KIB)];
  add(x, x, y);
  backend.release(x.buffer);
  const big = view(32 * KIB);
  assertEquals(counts.events.filter((event) => event !== "write"), ["map", "submit", "copy", "submit"]);
  await holdsOnes(y);
  const { spareBytes, liveBytes } = backend.report;
  assertEquals([spareBytes, liveBytes], [0, (16 + 8 + 32) * KIB + 16]);
  for (const { buffer } of [y, z, big]) backend.release(buffer);
});

Deno.test("WebGpuBackend.allocate() says what is in use where there is no memory, and goes on with less", async () => {
  const { backend, view, add, holdsOnes } = open(64 * KIB), [x, spare] = [view(16 * KIB), view(16 * KIB)];
  backend.release(spare.buffer);
  const before = backend.report.liveBytes;
  assertThrows(
    () => backend.allocate(64 * KIB),
    RangeError,
    // With a staging buffer.
    "Cannot allocate 65536 bytes as the memory of the GPU is full: use smaller batches; 20480 spare bytes were freed",
  );
  assertEquals([backend.report.liveBytes, backend.report.spareBytes], [before, 0]);
  const [y, again] = [view(16 * KIB), view(16 * KIB)];
  add(x, x, y);
  add(y, y, again);
  await holdsOnes(again);
});

Deno.test("WebGpuBackend gives back what a launch took that found no memory for the rest", () => {
  const { backend, view, counts } = open(32 * KIB), [x, y] = [view(8 * KIB), view(8 * KIB)];
  const places = { ...view(8 * KIB), dtype: "int32" } as const;
  const sort: KernelCall = { kernel: "sort", axis: 0, descending: false };
  // Values and their places: there is room for one of both.
  const { liveBytes } = backend.report;
  assertThrows(() => backend.launch(sort, [x], [y, places]), RangeError, "memory of the GPU is full");
  assertEquals([backend.report.liveBytes, counts.events.includes("sort")], [liveBytes, false]);
});

Deno.test("WebGpuBackend.write() gives back what it took where it fails", () => {
  const map = () => {
    throw new TypeError("no map today");
  };
  const backend = new WebGpuBackend(fakeOpened(fakeDevice().device), { kernels: { ...KERNELS, map } });
  const buffer = backend.allocate(8), { liveBytes } = backend.report;
  assertThrows(() => backend.write(buffer, new Uint8Array(1), 1), TypeError, "no map today");
  assertEquals(backend.report.liveBytes, liveBytes);
});

Deno.test("WebGpuBackend reads by a staging buffer for which it frees what is spare, or says that there is none", async () => {
  const { backend, view } = open(64 * KIB), x = view(32 * KIB), spare = view(32 * KIB);
  assertThrows(() => backend.readSync!(x.buffer), RangeError, "Cannot allocate 32768 bytes");
  await assertRejects(() => backend.read(x.buffer), RangeError, "Cannot allocate 32768 bytes");
  backend.release(spare.buffer);
  assertEquals(backend.readSync!(x.buffer).length, 32 * KIB);
});

Deno.test("WebGpuBackend.write() frees what is spare where drivers have no memory for a copy, or says so", async () => {
  const { backend, view, room, counts } = open(8 * MIB), [x, spare] = [view(2 * MIB), view(2 * MIB)];
  const sevens = new Uint8Array(2 * MIB).fill(7),
    writes = () => counts.events.filter((event) => event === "write").length;
  backend.release(spare.buffer);
  room.push(false);
  backend.write(x.buffer, sevens);
  assertEquals([backend.report.spareBytes, writes(), await backend.read(x.buffer)], [0, 2, sevens]);
  room.push(false, false);
  assertThrows(() => backend.write(x.buffer, sevens), RangeError, "Cannot allocate 2097152 bytes");
  backend.write(x.buffer, sevens);
});

Deno.test("WebGpuBackend refuses what the host could not write, where it hears of that late", async () => {
  const { backend, view, add, room, holdsOnes } = open(8 * MIB, { late: true });
  const [x, y, z] = [view(2 * MIB), view(2 * MIB), view(2 * MIB)], sevens = new Uint8Array(2 * MIB).fill(7);
  add(x, x, z);
  room.push(false);
  backend.write(x.buffer, sevens);
  add(x, x, y);
  await assertRejects(() => backend.finish(), GpuError, "Cannot allocate 2097152 bytes");
  for (const { buffer } of [x, y]) {
    await assertRejects(() => backend.read(buffer), GpuError, "Cannot use a result");
  }
  await holdsOnes(z);
  backend.write(x.buffer, sevens);
  assertEquals(await backend.read(x.buffer), sevens);
  add(x, x, y);
  await holdsOnes(y);
});

Deno.test("WebGpuBackend bounds its memory where it is told to", () => {
  const fake = fakeDevice(),
    backend = new WebGpuBackend(fakeOpened(fake.device), { memory: { bytes: 2 ** 20 } });
  backend.release(backend.allocate(128 * KIB));
  backend.allocate(500 * KIB);
  const { spareBytes } = backend.report;
  assertThrows(() => backend.allocate(500 * KIB), RangeError, "as the GPU backend has 1048576 bytes in all");
  assertEquals([spareBytes, backend.report.spareBytes], [128 * KIB, 0]);
});

Deno.test("WebGpuBackend refuses every result that memory was missing for, where it hears of that late", async () => {
  const { backend, view, add, holdsOnes } = open(64 * KIB, { late: true });
  const [x, y, small, early] = [view(8 * KIB), view(8 * KIB), view(4 * KIB), view(4 * KIB)];
  const missing = "Cannot allocate 65536 bytes as the memory of the GPU is full";
  assertEquals(backend.readSync, undefined);
  add(x, x, early);
  await holdsOnes(early);
  const big = view(64 * KIB);
  add(x, x, big);
  add(big, x, y);
  await assertRejects(() => backend.read(y.buffer), GpuError, missing);
  // It was the first to ask. All others that depend on it, or may, are told the same, every time.
  for (let i = 0; i < 2; i++) {
    for (const { buffer } of [big, y]) {
      const error = await assertRejects(() => backend.read(buffer), GpuError, missing);
      assert(error.message.startsWith("Cannot use a result that the GPU did not calculate"));
    }
    assertThrows(() => add(y, x, small), GpuError, missing);
    assertThrows(() => add(x, x, big), GpuError, missing);
    assertThrows(() => add({ ...x, shape: [4] }, x, { ...y, shape: [4] }), GpuError, missing);
    assertThrows(() => backend.write(big.buffer, new Uint8Array(4)), GpuError, missing);
    const softmax = { call: { kernel: "softmax" }, inputs: [y], outputs: [small] } as const;
    assertThrows(() => backend.launchAll([softmax]), GpuError, missing);
  }
  // What was there before is as it was, and there is room for less.
  assertEquals(await backend.read(x.buffer), new Uint8Array(8 * KIB));
  await holdsOnes(early);
  const less = view(16 * KIB);
  add(x, x, less);
  await holdsOnes(less);
  // A result that is written anew is one again, as is memory that is used again.
  add(x, x, y);
  await holdsOnes(y);
});

Deno.test("WebGpuBackend refuses a spoiled result to all who read it at once, and not to those who get its memory", async () => {
  const { backend, view, add, counts } = open(64 * KIB, { late: true });
  const [x, y, big] = [view(8 * KIB), view(8 * KIB), view(64 * KIB)];
  add(big, x, y);
  const outcomes = await Promise.allSettled([1, 2, 3].map(() => backend.read(y.buffer)));
  assertEquals(outcomes.map(({ status }) => status), ["rejected", "rejected", "rejected"]);
  const made = counts.buffers.length;
  backend.release(y.buffer);
  const again = view(8 * KIB);
  assertEquals([again.buffer === y.buffer, counts.buffers.length], [true, made]);
  await backend.read(again.buffer);
});

Deno.test("WebGpuBackend keeps what was recorded before a large buffer that has no memory", async () => {
  const memory = { doubtful: 64 * KIB }, tuning = { numbers: { slots: 1 }, memory };
  const { backend, view, add, holdsOnes } = open(64 * KIB, { late: true }, tuning);
  const [x, before, after] = [view(4 * KIB), view(4 * KIB), view(4 * KIB)];
  add(x, x, before);
  add(view(64 * KIB), x, after);
  await assertRejects(() => backend.read(after.buffer), GpuError, "memory of the GPU is full");
  await assertRejects(() => backend.read(after.buffer), GpuError, "Cannot use a result");
  await holdsOnes(before);
});

Deno.test("WebGpuBackend takes what the host writes in place of a spoiled result", async () => {
  const { backend, view, add } = open(64 * KIB, { late: true });
  const [x, y, big] = [view(4 * KIB), view(4 * KIB), view(64 * KIB)];
  add(big, x, y);
  await assertRejects(() => backend.finish(), GpuError, "memory of the GPU is full");
  backend.write(y.buffer, new Uint8Array(4));
  await assertRejects(() => backend.read(y.buffer), GpuError, "Cannot use a result");
  backend.write(y.buffer, new Uint8Array(4 * KIB).fill(7));
  assertEquals(await backend.read(y.buffer), new Uint8Array(4 * KIB).fill(7));
});

Deno.test("WebGpuBackend tells a read late that there is no memory for it, and spoils nothing", async () => {
  const { backend, view, add } = open(64 * KIB, { late: true }), [x, rest] = [view(32 * KIB), view(16 * KIB)];
  add(x, x, x);
  await assertRejects(() => backend.read(x.buffer), GpuError, "Cannot allocate 32768 bytes");
  backend.release(rest.buffer);
  assertEquals(await backend.read(x.buffer), new Uint8Array(32 * KIB).fill(1));
});

Deno.test("WebGpuBackend uses no buffer again that had no memory", async () => {
  const { backend, view, add, holdsOnes, counts } = open(64 * KIB, { late: true });
  const x = view(8 * KIB), big = view(64 * KIB);
  backend.release(big.buffer);
  assertEquals(backend.report.spareBytes, 64 * KIB);
  await assertRejects(() => backend.finish(), GpuError, "memory of the GPU is full");
  assertEquals([backend.report.spareBytes, backend.report.liveBytes], [0, 8 * KIB + 16]);
  const again = view(64 * KIB);
  await assertRejects(() => backend.finish(), GpuError, "memory of the GPU is full");
  // Nobody has written to it.
  await assertRejects(() => backend.read(again.buffer), GpuError, "Cannot use a result");
  assertThrows(() => add(again, x, x), GpuError, "Cannot use a result");
  backend.release(again.buffer);
  assertEquals([backend.report.spareBytes, backend.report.liveBytes], [0, 8 * KIB + 16]);
  const fits = view(32 * KIB);
  add(x, x, fits);
  await holdsOnes(fits);
  const live = counts.buffers.filter(({ destroyed }) => !destroyed).reduce((sum, { size }) => sum + size, 0);
  assertEquals(backend.report.heldBytes, live);
});
