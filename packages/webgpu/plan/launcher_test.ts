import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import type { KernelCall } from "@troodon/core";
import { body, expr as e, rowMajor } from "@troodon/core/kernel";
import { Bindings } from "../device/bindings.ts";
import { Failures } from "../device/failures.ts";
import { GpuMemory } from "../device/gpu_memory.ts";
import { Numbers } from "../device/numbers.ts";
import { Pipelines } from "../device/pipelines.ts";
import { BufferPool, type GpuBuffer } from "../device/pool.ts";
import { CommandStream } from "../device/stream.ts";
import { fakeDevice, fakeOpened } from "../fake_device.ts";
import { KERNELS, type Kernels } from "../kernels/mod.ts";
import type { GpuView } from "../operands.ts";
import { Launcher } from "./launcher.ts";
import { WORK_LIMITS } from "./work.ts";

function open({ plans = 99, kernels = KERNELS, limit = 2 ** 20 }: {
  plans?: number;
  kernels?: Kernels;
  limit?: number;
} = {}) {
  const { device, counts } = fakeDevice(), failures = new Failures(device);
  const memory = new GpuMemory(device, failures), numbers = new Numbers(device.queue, memory);
  const bindings = new Bindings(device, numbers.handle),
    pipelines = new Pipelines(device, failures, bindings, { unused: 0 });
  const stream = new CommandStream(device, failures, bindings, numbers);
  const pool = new BufferPool(memory, { limit, retire: (buffers) => bindings.drop(buffers) });
  const { traits } = fakeOpened(device), status = pool.allocate(16);
  const parts = {
    traits,
    limits: { ...WORK_LIMITS, bytes: limit },
    kernels,
    pool,
    pipelines,
    stream,
    status,
    storageBuffers: 8,
  };
  const launcher = new Launcher(parts, { plans });
  const view = (shape: readonly number[], offset = 0, buffer?: GpuBuffer): GpuView => {
    const size = shape.reduce((n, x) => n * x, 1) + offset;
    const own = buffer ?? pool.allocate(4 * size);
    return { buffer: own, dtype: "float32", shape, strides: rowMajor(shape), offset };
  };
  return { launcher, view, pool, pipelines, counts, stream, numbers };
}

const ADD = body(e.add(e.mul(e.input(0), e.scalar(0)), e.input(1)));
const add = (shape: readonly number[], scalar = 1): KernelCall => (
  { kernel: "map", body: ADD, compute: "float32", scalars: [scalar], shape }
);

Deno.test("Launcher.launch() plans calls that differ in live numbers alone once", () => {
  const { launcher, view, pipelines, counts, stream } = open(), shape = [3, 5];
  for (let i = 0; i < 4; i++) {
    launcher.launch(add(shape, i), [view(shape, 4 * i + 4), view(shape)], [view(shape)]);
  }
  assertEquals([launcher.plans, pipelines.made], [1, 1]);
  launcher.launch(add([15]), [view([15], 4), view([15])], [view([15])]);
  assertEquals(launcher.plans, 2);
  // Another shape, and the same shader: dense maps read how many elements they have.
  assertEquals(pipelines.made, 1);
  stream.flush();
  assertEquals(counts.events.filter((event) => event === "map").length, 5);
});

Deno.test("Launcher.launch() forgets the plan least recently used, and pipelines that no other plan uses", () => {
  const { launcher, view, pipelines } = open({ plans: 2 });
  const map = (n: number) => launcher.launch(add([n]), [view([n]), view([n])], [view([n])]);
  const softmax = (n: number) => launcher.launch({ kernel: "softmax" }, [view([2, n])], [view([2, n])]);
  const held = () => [launcher.plans, pipelines.held, pipelines.made];
  map(8);
  softmax(3);
  assertEquals(held(), [2, 2, 2]);
  // The plan of 8 elements goes, its pipeline stays as that of 16 uses it.
  softmax(3);
  map(16);
  assertEquals(held(), [2, 2, 2]);
  map(8);
  // The softmax went, as it was the oldest by use.
  assertEquals(held(), [2, 1, 2]);
  map(16);
  assertEquals(held(), [2, 1, 2]);
  softmax(3);
  assertEquals(held(), [2, 2, 3]);
  map(16);
  assertEquals(held(), [2, 2, 3]);
  for (let n = 4; n < 40; n++) softmax(n);
  assertEquals(held(), [2, 2, 39]);
});

Deno.test("Launcher.run() binds a plan to the buffers, offsets and scalars of another call", () => {
  const { launcher, view, counts, stream, numbers } = open(), shape = [2, 3];
  const inputs = [view(shape, 4), view(shape)], output = view(shape);
  const plan = launcher.plan(add(shape, 1), inputs, [output]);
  assertEquals(plan.operands, [1, 2, 3]);
  const others = [view(shape, 8), view(shape)], other = view(shape);
  launcher.run(plan, add(shape, 0.5), others, [other]);
  numbers.send();
  const words = new Uint32Array(counts.buffers[0]!.bytes.buffer);
  const bits = new Uint32Array(Float32Array.of(0.5).buffer)[0]!;
  assertEquals([words[8], words[9]], [8, bits]);
  const bound = counts.groups.at(-1)!.slice(0, 3);
  assertEquals(bound.map((b) => [...others, other].findIndex((v) => (v.buffer.handle as unknown) === b)), [
    0,
    1,
    2,
  ]);
  stream.flush();
  assertEquals(counts.events.filter((event) => event === "map"), ["map"]);
});

Deno.test("Launcher.run() makes one buffer of what a plan sees twice", () => {
  const { launcher, view, counts } = open(), shape = [4], x = view(shape), y = view(shape);
  const plan = launcher.plan(add(shape), [x, y], [x]);
  assertEquals(plan.operands, [1, 2, 1]);
  const other = view(shape);
  launcher.run(plan, add(shape), [other, y], [other]);
  assertEquals(counts.groups.at(-1)!.length, 3);
});

Deno.test("Launcher gives temporary memory back, also where there is too little", () => {
  const { launcher, view, pool } = open(), shape = [1, 200_000];
  const call = {
    kernel: "reduce",
    op: "sum",
    body: body(e.input(0)),
    compute: "float32",
    scalars: [],
    shape,
    axes: [1],
  } as const;
  const [x, y] = [view(shape), view([1, 1])], before = pool.live;
  assertEquals(launcher.plan(call, [x], [y]).scratch.length, 1);
  launcher.launch(call, [x], [y]);
  assertEquals(pool.live, before);
  const small = open({ limit: 5000 }), [z, index] = [small.view([1000]), small.view([1000])];
  const places: GpuView = { ...index, dtype: "int32" };
  const { live } = small.pool, sort = { kernel: "sort", axis: 0, descending: false } as const;
  assertThrows(
    () => small.launcher.launch(sort, [z], [z, places]),
    RangeError,
    "Cannot run sort() on this GPU as its temporary memory of 8192 bytes must be at most 5000",
  );
  assertEquals(small.pool.live, live);
});

Deno.test("Launcher.suspicious is set by kernels that look at indices", () => {
  const { launcher, view } = open(), x = view([4]), index: GpuView = { ...view([4]), dtype: "int32" };
  launcher.launch(add([4]), [x, x], [x]);
  assert(!launcher.suspicious);
  launcher.launch({ kernel: "gather", axis: 0 }, [x, index], [view([4])]);
  assert(launcher.suspicious);
  launcher.suspicious = false;
  // A plan that is known says so again.
  launcher.launch({ kernel: "gather", axis: 0 }, [x, index], [view([4])]);
  assert(launcher.suspicious);
  // A loss of few rows is one dispatch; of many, or of many classes, each row has a loss first.
  for (const [rows, classes, dispatches] of [[4, 10, 1], [20_000, 10, 2], [4, 129, 2]] as const) {
    launcher.suspicious = false;
    const inputs: GpuView[] = [view([rows, classes]), { ...view([rows]), dtype: "int32" }];
    const outputs = [view([]), view([rows, classes])];
    const loss = { kernel: "crossEntropyLoss", ignoreIndex: -1, reduction: "sum" } as const;
    launcher.launch(loss, inputs, outputs);
    assert(launcher.suspicious);
    assertEquals(launcher.plan(loss, inputs, outputs).dispatches.length, dispatches);
  }
});

Deno.test("Launcher.launch() says which kernels there are not", () => {
  const { softmax: _, ...kernels } = KERNELS, { launcher, view } = open({ kernels });
  assertThrows(
    () => launcher.launch({ kernel: "softmax" }, [view([2, 3])], [view([2, 3])]),
    TypeError,
    "Cannot launch softmax() as webgpu has no such kernel: ask supports() first",
  );
  launcher.launch({ kernel: "logSoftmax" }, [view([2, 3])], [view([2, 3])]);
  const unknown = { kernel: "unknown" } as unknown as KernelCall;
  assertThrows(() => launcher.launch(unknown, [], []), TypeError, "Cannot launch unknown()");
});

Deno.test("Launcher.launchAll() runs what belongs together at once, and the rest in order", () => {
  const { launcher, view, stream, counts, pipelines } = open(), sizes = [4, 7, 1, 9];
  const launches = sizes.map((n) => ({
    call: add([n]),
    inputs: [view([n]), view([n])],
    outputs: [view([n])],
  }));
  const scan = { kernel: "scan", op: "sum", axis: 0, reverse: false } as const;
  launcher.launchAll([
    ...launches.slice(0, 2),
    { call: scan, inputs: [view([3])], outputs: [view([3])] },
    ...launches.slice(2),
  ]);
  launcher.launchAll([]);
  stream.flush();
  assertEquals(counts.events.filter((event) => event !== "write"), ["map", "scan", "map", "submit"]);
  const { plans } = launcher, { made } = pipelines;
  launcher.launchAll(launches.slice(0, 2));
  assertEquals([launcher.plans, pipelines.made], [plans, made]);
  // A pair of other sizes has a plan of its own, and the same shader.
  launcher.launchAll([launches[3]!, launches[0]!]);
  assertEquals([launcher.plans, pipelines.made], [plans + 1, made]);
  assertStrictEquals(
    launcher.plan(add([4]), launches[0]!.inputs, launches[0]!.outputs).dispatches.length,
    1,
  );
});
