import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { body, expr as e } from "@troodon/core/kernel";
import { GpuError, WebGpuBackend } from "./mod.ts";
import { openBackend } from "./test_support.ts";

const backend = await openBackend();
const test = (name: string, fn: (b: WebGpuBackend) => Promise<void> | void) =>
  Deno.test({ name, ignore: !backend, fn: () => fn(backend!) });

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const ITSELF = body(e.input(0)), NEXT = body(e.add(e.input(0), 1));

Deno.test("WebGpuBackend.create() says which adapters there are", async () => {
  const error = await assertRejects(() => WebGpuBackend.create({ adapter: "no such adapter" }), GpuError);
  assertMatch(
    error.message,
    /^Cannot open a GPU as no adapter (is called "no such adapter": current|was found)/,
  );
});

test("WebGpuBackend.create() takes a software adapter when asked alone", async (b) => {
  if (!b.describe().includes("software")) return;
  const error = await assertRejects(() => WebGpuBackend.create(), GpuError);
  assert(error.message.includes("allowFallback: true"), error.message);
  const name = b.describe().replace(/^webgpu: (\w+).*/, "$1");
  using named = await WebGpuBackend.create({ adapter: name.toUpperCase() });
  assertEquals(named.describe(), b.describe());
});

test("read() and write() take ranges of bytes that are no words", async (b) => {
  const buffer = b.allocate(11);
  b.write(buffer, bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  b.write(buffer, bytes(50, 60, 70), 3);
  b.write(buffer, bytes(90), 10);
  assertEquals(await b.read(buffer), bytes(0, 1, 2, 50, 60, 70, 6, 7, 8, 9, 90));
  assertEquals(await b.read(buffer, { start: 5, end: 8 }), bytes(70, 6, 7));
  assertEquals(await b.read(buffer, { start: 4, end: 4 }), bytes());
  assertEquals(b.readSync?.(buffer, { start: 1, end: 11 }).length ?? 10, 10);
  assertThrows(() => b.write(buffer, bytes(1, 2), 10), RangeError);
  await assertRejects(() => b.read(buffer, { start: 0, end: 12 }), RangeError);
  b.release(buffer);
});

test("write() takes effect where it stands among launches", async (b) => {
  const [x, y] = [b.allocate(4), b.allocate(4)];
  const view = (buffer: typeof x) =>
    ({ buffer, dtype: "int32", shape: [1], strides: [1], offset: 0 }) as const;
  const call = { kernel: "map", body: NEXT, compute: "int32", scalars: [], shape: [1] } as const;
  b.write(x, bytes(1, 0, 0, 0));
  b.launch(call, [view(x)], [view(y)]);
  b.write(x, bytes(9, 0, 0, 0));
  const [first, second] = [await b.read(y), await b.read(x)];
  assertEquals([first[0], second[0]], [2, 9]);
  b.release(x);
  b.release(y);
});

test("launch() keeps the order of very many calls", async (b) => {
  const x = b.allocate(4), view = { buffer: x, dtype: "int32", shape: [1], strides: [1], offset: 0 } as const;
  b.write(x, bytes(0, 0, 0, 0));
  const call = {
    kernel: "map",
    body: body(e.add(e.input(0), e.scalar(0))),
    compute: "int32",
    shape: [1],
  } as const;
  const before = b.report;
  for (let i = 0; i < 600; i++) b.launch({ ...call, scalars: [i] }, [view], [view]);
  assertEquals(new Int32Array((await b.read(x)).buffer)[0], 600 * 599 / 2);
  assertEquals(b.report.dispatches - before.dispatches, 600);
  assertEquals(b.report.submissions - before.submissions, 3);
  b.release(x);
});

test("launchAll() runs maps of one body together where nothing stands between them", async (b) => {
  const buffers = [4, 7, 1, 4, 4].map((size, i) => {
    const buffer = b.allocate(4 * size);
    b.write(buffer, new Uint8Array(Int32Array.from({ length: size }, (_, at) => 10 * i + at).buffer));
    return buffer;
  });
  const view = (i: number) => {
    const size = buffers[i]!.bytes / 4;
    return { buffer: buffers[i]!, dtype: "int32", shape: [size], strides: [1], offset: 0 } as const;
  };
  const next = (from: number, to: number) => {
    const { shape } = view(from);
    const call = { kernel: "map", body: NEXT, compute: "int32", scalars: [], shape } as const;
    return { call, inputs: [view(from)], outputs: [view(to)] };
  };
  const results = async (): Promise<number[][]> => {
    const all = await Promise.all(buffers.map((buffer) => b.read(buffer)));
    return all.map((data) => [...new Int32Array(data.buffer)]);
  };
  const before = b.report.dispatches;
  b.launchAll([0, 1, 2, 3, 4].map((i) => next(i, i)));
  const together = await results();
  assertEquals(together.map((x) => x[0]), [1, 11, 21, 31, 41]);
  assertEquals(together[1], [11, 12, 13, 14, 15, 16, 17]);
  assertEquals(b.report.dispatches - before, 1);
  // What reads or writes what another one writes has to wait for it.
  b.launchAll([next(0, 3), next(3, 4), next(4, 0), next(3, 4), next(1, 1), next(1, 1)]);
  const chained = await results();
  assertEquals(chained.map((x) => x[0]), [4, 13, 21, 2, 3]);
  for (const buffer of buffers) b.release(buffer);
});

test("allocate() says what is too much", (b) => {
  assertThrows(() => b.allocate(b.limits.bufferBytes + 1), RangeError, "use smaller batches");
  assert(!b.limits.dtypes.includes("float64"));
});

test("allocate() uses buffers again, the oldest one first", (b) => {
  const [x, y] = [b.allocate(1000), b.allocate(900)], { buffers, liveBytes } = b.report;
  b.release(x);
  b.release(y);
  const again = [b.allocate(600), b.allocate(1024)].map(({ id }) => id);
  assertEquals(again, [x.id, y.id].sort((a, z) => a - z));
  assertEquals([b.report.buffers, b.report.liveBytes], [buffers, liveBytes]);
  b.release(x);
  b.release(y);
});

test("launch() refuses what float32 and int32 cannot calculate", (b) => {
  const x = b.allocate(8),
    view = { buffer: x, dtype: "float64", shape: [1], strides: [1], offset: 0 } as const;
  const call = { kernel: "map", body: ITSELF, compute: "float64", scalars: [], shape: [1] } as const;
  assert(!b.supports(call, [view], [view]));
  assertThrows(() => b.launch(call, [view], [view]), TypeError, "use float32");
  b.release(x);
});

test("an error of the GPU is thrown once, at the next result", async () => {
  using own = await WebGpuBackend.create({ allowFallback: true });
  const x = own.allocate(16),
    view = { buffer: x, dtype: "float32", shape: [4], strides: [1], offset: 0 } as const;
  own.launch({ kernel: "map", body: NEXT, compute: "float32", scalars: [], shape: [4] }, [view], [view]);
  // What is recorded refers to a buffer that is gone.
  x.handle.destroy();
  const error = await assertRejects(() => own.finish(), GpuError);
  assertMatch(error.message, /^Cannot run map on the GPU: .*destroyed/s);
  await own.finish();
});

test("a backend that was disposed of says so", async () => {
  const own = await WebGpuBackend.create({ allowFallback: true });
  const x = own.allocate(4);
  own[Symbol.dispose]();
  own[Symbol.dispose]();
  assertThrows(() => own.write(x, bytes(1, 2, 3, 4)), GpuError, "disposed");
});

test("a device is destroyed as the process ends", async () => {
  const code = `import { WebGpuBackend } from ${JSON.stringify(import.meta.resolve("./mod.ts"))};
    const destroy = GPUDevice.prototype.destroy;
    GPUDevice.prototype.destroy = function () { console.log("destroyed"); destroy.call(this); };
    await WebGpuBackend.create({ allowFallback: true });`;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", code], stderr: "null" })
    .output();
  assertEquals(new TextDecoder().decode(stdout), "destroyed\n");
});

test("a device that is lost says so at every call", async () => {
  using own = await WebGpuBackend.create({ allowFallback: true });
  const x = own.allocate(4);
  own.loseDevice();
  await new Promise((resolve) => setTimeout(resolve));
  assert(own.lost);
  for (let i = 0; i < 2; i++) {
    const error = assertThrows(() => own.write(x, bytes(1, 2, 3, 4)), GpuError);
    assert(error.lost);
    assertMatch(error.message, /lost \(destroyed\)/);
  }
});

test("read() says that the device is lost, in the very task in which it was", async () => {
  using own = await WebGpuBackend.create({ allowFallback: true });
  const x = own.allocate(4);
  own.write(x, bytes(1, 2, 3, 4));
  own.loseDevice();
  const error = await assertRejects(() => own.read(x), GpuError, "lost (destroyed)");
  assert(error.lost && own.lost);
});

test("supports() leaves pooling by windows that one thread would take long for to composites", (b) => {
  const view = { dtype: "float32", shape: [1, 1, 300, 300], strides: [9e4, 9e4, 300, 1], offset: 0 } as const;
  const around = { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
  const supports = (...size: [number, number]): boolean =>
    b.supports({ kernel: "maxPool2d", window: { ...around, size } }, [view], [view]);
  assertEquals([supports(3, 3), supports(100, 100), supports(3, 300), supports(200, 200)], [
    true,
    true,
    true,
    false,
  ]);
});
