import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { DType } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { GpuError, WebGpuBackend } from "./mod.ts";
import { openBackend } from "./test_support.ts";

const backend = await openBackend();
const test = (name: string, fn: (b: WebGpuBackend) => Promise<void> | void) =>
  Deno.test({ name, ignore: !backend, fn: () => fn(backend!) });

type Buffer = ReturnType<WebGpuBackend["allocate"]>;

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const int32 = (...values: number[]): Uint8Array => new Uint8Array(Int32Array.from(values).buffer);
const numbers = (data: Uint8Array): number[] => [...new Int32Array(data.buffer)];
const NEXT = body(e.add(e.input(0), e.scalar(0)));

const view = (buffer: Buffer, dtype: DType = "int32") =>
  ({ buffer, dtype, shape: [3], strides: [1], offset: 0 }) as const;
const added = (x: Buffer, y: Buffer, scalar: number) => ({
  call: { kernel: "map", body: NEXT, compute: "int32", scalars: [scalar], shape: [3] },
  inputs: [view(x)],
  outputs: [view(y)],
} as const);

test("write(), launch(), launchAll() and read() take effect in every order", async (b) => {
  const all = [0, 1, 2].map(() => b.allocate(12)), [x, y, z] = all as [Buffer, Buffer, Buffer];
  const step = {
    write: () => b.write(x, int32(10, 20, 30)),
    launch: () => b.launch(added(x, x, 1).call, [view(x)], [view(x)]),
    all: () => b.launchAll([added(x, x, 5), added(y, y, 5), added(x, z, 5)]),
    // A single word is put in by a kernel.
    part: () => b.write(x, bytes(7), 5),
    read: async () => {
      await b.read(z);
    },
  };
  const orders = [
    ["write", "all"],
    ["all", "write"],
    ["launch", "all", "write", "launch"],
    ["all", "all", "write", "all"],
    ["write", "launch", "write", "all", "read", "all"],
    ["all", "read", "write", "launch"],
    ["all", "part", "launch"],
    ["part", "all", "write", "part", "all"],
  ] as const;
  for (const order of orders) {
    b.write(x, int32(100, 200, 300));
    b.write(y, int32(1000, 2000, 3000));
    b.write(z, int32(0, 0, 0));
    let [p, q, r] = [[100, 200, 300], [1000, 2000, 3000], [0, 0, 0]];
    for (const name of order) {
      await step[name]();
      if (name === "write") p = [10, 20, 30];
      else if (name === "launch") p = p.map((v) => v + 1);
      else if (name === "part") p = [p[0]!, (p[1]! & ~0xff00) | (7 << 8), p[2]!];
      else if (name === "all") {
        p = p.map((v) => v + 5);
        q = q.map((v) => v + 5);
        r = p.map((v) => v + 5);
      }
    }
    const found = [x, y, z].map(async (buffer) => numbers(await b.read(buffer)));
    assertEquals(await Promise.all(found), [p, q, r], order.join(" "));
  }
  for (const buffer of all) b.release(buffer);
});

test("write() leaves bytes around it alone, whatever their alignment", async (b) => {
  const buffer = b.allocate(20), before = Array.from({ length: 20 }, (_, i) => 100 + i);
  for (
    const [start, size] of [[4, 1], [4, 3], [4, 5], [3, 5], [5, 3], [1, 1], [2, 4], [0, 18], [16, 3], [17, 3]]
  ) {
    b.write(buffer, Uint8Array.from(before));
    b.write(buffer, new Uint8Array(size!).fill(9), start!);
    const expected = before.map((x, i) => i >= start! && i < start! + size! ? 9 : x);
    assertEquals([...await b.read(buffer)], expected, `${size} bytes at ${start}`);
  }
  const { liveBytes } = b.report;
  // Part of a larger array, and nothing at all.
  b.write(buffer, Uint8Array.from(before).subarray(3, 8), 5);
  b.write(buffer, bytes(), 3);
  const expected = before.map((x, i) => i >= 17 ? 9 : i >= 5 && i < 10 ? 98 + i : x);
  assertEquals([...await b.read(buffer)], expected);
  assertEquals(b.report.liveBytes, liveBytes);
  b.release(buffer);
});

test("read() and write() refuse ranges beyond the end, by a byte and by many", async (b) => {
  const buffer = b.allocate(6);
  b.write(buffer, bytes(1, 2, 3, 4, 5, 6));
  for (const [start, end] of [[0, 7], [7, 7], [-1, 2], [4, 3], [0, 4096], [-4, -1]]) {
    const range = { start: start!, end: end! };
    await assertRejects(
      () => b.read(buffer, range),
      RangeError,
      `Cannot read bytes ${start} to ${end} as the buffer has 6`,
    );
    if (b.readSync) assertThrows(() => b.readSync!(buffer, range), RangeError, "the buffer has 6");
  }
  assertThrows(
    () => b.write(buffer, bytes(1), 6),
    RangeError,
    "Cannot write bytes 6 to 7 as the buffer has 6",
  );
  assertThrows(() => b.write(buffer, new Uint8Array(7)), RangeError);
  assertThrows(() => b.write(buffer, bytes(1, 2, 3, 4), 4), RangeError);
  assertEquals(await b.read(buffer, { start: 6, end: 6 }), bytes());
  assertEquals(await b.read(buffer), bytes(1, 2, 3, 4, 5, 6));
  b.release(buffer);
});

test("an index that does not exist is an error once, and good calls go on", async (b) => {
  const [x, index, y] = [b.allocate(12), b.allocate(12), b.allocate(12)];
  const gather = (...picks: number[]): void => {
    b.write(index, int32(...picks));
    b.launch({ kernel: "gather", axis: 0 }, [view(x), view(index)], [view(y)]);
  };
  const message = (i: number) => `indices must be integers in [0, 3): current index is ${i}`;
  b.write(x, int32(10, 20, 30));
  for (const bad of [3, -1]) {
    gather(0, 1, bad);
    await assertRejects(() => b.read(x), RangeError, message(bad));
    gather(2, 1, 0);
    assertEquals(numbers(await b.read(y)), [30, 20, 10]);
  }
  // The first of several is told, also when the device is waited for alone.
  gather(0, 7, 1);
  gather(8, 0, 0);
  await assertRejects(() => b.finish(), RangeError, message(7));
  await b.finish();
  gather(0, 0, 9);
  if (b.readSync) assertThrows(() => b.readSync!(y), RangeError, message(9));
  else await assertRejects(() => b.read(y), RangeError, message(9));
  gather(1, 1, 1);
  await b.finish();
  assertEquals(numbers(await b.read(y)), [20, 20, 20]);
  for (const buffer of [x, index, y]) b.release(buffer);
});

test("scatter() and crossEntropyLoss() name themselves where an index does not exist", async (b) => {
  const [x, index, loss, y] = [b.allocate(12), b.allocate(12), b.allocate(4), b.allocate(12)];
  b.write(x, new Uint8Array(12));
  b.write(index, int32(0, 5, 1));
  b.launch({ kernel: "scatter", axis: 0, mode: "set" }, [view(index), view(x)], [view(y)]);
  await assertRejects(
    () => b.read(y),
    RangeError,
    "Cannot apply scatter() as indices must be integers in [0, 3)",
  );
  const rows = { ...view(x, "float32"), shape: [3, 1], strides: [1, 1] };
  const entropy = { kernel: "crossEntropyLoss", ignoreIndex: 5, reduction: "sum" } as const;
  const outputs = [{ ...view(loss, "float32"), shape: [], strides: [] }, { ...rows, buffer: y }];
  b.launch(entropy, [rows, view(index)], outputs);
  await assertRejects(
    () => b.read(loss),
    RangeError,
    "Cannot apply crossEntropy() as targets must be classes from 0 to 0",
  );
  for (const buffer of [x, index, loss, y]) b.release(buffer);
});

test("launch() goes on after a call that was refused", async (b) => {
  const x = b.allocate(12), { liveBytes } = b.report;
  b.write(x, int32(1, 2, 3));
  const call = { kernel: "map", body: NEXT, compute: "float64", scalars: [1], shape: [3] } as const;
  for (let i = 0; i < 2; i++) assertThrows(() => b.launch(call, [view(x)], [view(x)]), TypeError, "float64");
  b.launch({ ...call, compute: "int32" }, [view(x)], [view(x)]);
  assertEquals(numbers(await b.read(x)), [2, 3, 4]);
  assertEquals(b.report.liveBytes, liveBytes);
  b.release(x);
});

test("a backend that was disposed of is not lost, and refuses everything", async () => {
  const own = await WebGpuBackend.create({ allowFallback: true }), x = own.allocate(12);
  own.launch(added(x, x, 1).call, [view(x)], [view(x)]);
  let destroyed = 0;
  const { destroy } = GPUDevice.prototype;
  GPUDevice.prototype.destroy = function () {
    destroyed++;
    destroy.call(this);
  };
  try {
    own[Symbol.dispose]();
    own[Symbol.dispose]();
  } finally {
    GPUDevice.prototype.destroy = destroy;
  }
  assertEquals(destroyed, 1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert(!own.lost);
  const { call, inputs, outputs } = added(x, x, 1);
  for (
    const refused of [
      () => own.write(x, int32(1, 2, 3)),
      () => own.launch(call, inputs, outputs),
      () => own.launchAll([{ call, inputs, outputs }]),
      () => own.readSync ? own.readSync(x) : own.write(x, bytes()),
    ]
  ) {
    const error = assertThrows(refused, GpuError, "disposed of");
    assert(error.lost);
  }
  await assertRejects(() => own.read(x), GpuError, "disposed of");
  await assertRejects(() => own.finish(), GpuError, "disposed of");
});
