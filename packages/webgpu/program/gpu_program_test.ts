/** Programs on a device that calculates nothing, and two on a real device. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  body,
  expr as e,
  type LaunchProgram,
  type ProgramLaunch,
  type ProgramView,
} from "@troodon/core/kernel";
import { WebGpuBackend } from "../backend.ts";
import { GpuError } from "../device/gpu_error.ts";
import type { GpuBuffer } from "../device/pool.ts";
import { fakeDevice, fakeOpened, type FakeOptions } from "../fake_device.ts";
import { openBackend } from "../test_support.ts";
import type { WebGpuTuning } from "../tuning.ts";

const AFFINE = body(e.add(e.mul(e.input(0), e.scalar(0)), e.scalar(1)));

function view(slot: number, size = 4): ProgramView {
  return { slot, dtype: "float32", shape: [size], strides: [1], offset: 0 };
}

function affine(from: number, to: number, more: Partial<ProgramLaunch> = {}, size = 4): ProgramLaunch {
  const call = { kernel: "map", body: AFFINE, compute: "float32", scalars: [2, 1], shape: [size] } as const;
  return { call, inputs: [view(from, size)], outputs: [view(to, size)], live: [], ...more };
}

/** A scalar that is live. */
const live = (index: number, number: number) => ({ kind: "scalar", index, number }) as const;

/** Program on given memory with 4 float32 per slot. */
function program(slots: number, ...launches: readonly ProgramLaunch[]): LaunchProgram {
  return { slots: Array.from({ length: slots }, () => ({ kind: "given", bytes: 16 })), launches };
}

function open(options: FakeOptions = {}, tuning?: WebGpuTuning) {
  const fake = fakeDevice(options), backend = new WebGpuBackend(fakeOpened(fake.device), tuning);
  return {
    ...fake,
    backend,
    buffers: (count: number) => Array.from({ length: count }, () => backend.allocate(16)),
  };
}

const none = { numbers: [], randoms: [] };

Deno.test("GpuProgram makes nothing in later runs, and writes the numbers that are live alone", async () => {
  const { backend, buffers, counts } = open(), given = buffers(4);
  const softmax = { call: { kernel: "softmax" }, live: [] } as const,
    flat = { ...view(1), shape: [1, 4], strides: [4, 1] };
  using runnable = backend.compile(program(
    4,
    affine(0, 1),
    { ...softmax, inputs: [flat], outputs: [{ ...flat, slot: 2 }] },
    affine(2, 3, { live: [live(0, 0)] }),
  ));
  const run = async (number: number, own = given): Promise<string[]> => {
    const before = counts.events.length;
    runnable.run({ buffers: own, numbers: [number], randoms: [] });
    await backend.finish();
    return counts.events.slice(before);
  };
  const first = await run(1), { buffers: made, groups, pipelines } = counts;
  // Numbers that are equal in every run are written first, then those of this submission.
  assertEquals(first, ["write", "map", "softmax", "map", "write", "copy", "submit"]);
  const known = [made.length, groups.length, pipelines.length];
  for (let i = 0; i < 3; i++) assertEquals(await run(i), first.slice(1));
  assertEquals([made.length, groups.length, pipelines.length], known);
  // Two inputs used in turns reuse their bind groups.
  const other = given.with(0, backend.allocate(16));
  await run(0, other);
  assertEquals([made.length, groups.length, pipelines.length], [known[0]! + 1, known[1]! + 1, known[2]!]);
  for (let i = 0; i < 3; i++) await run(i, i % 2 === 0 ? given : other);
  assertEquals([made.length, groups.length, pipelines.length], [known[0]! + 1, known[1]! + 1, known[2]!]);
});

Deno.test("GpuProgram keeps kernels whose plans are forgotten, and gives all back at the end", () => {
  const { backend, buffers, counts } = open({}, { launcher: { plans: 1 }, pipelines: { unused: 0 } });
  const given = buffers(2);
  const shape = [2 ** 20], long = { op: "sum", compute: "float32", scalars: [], shape, axes: [0] } as const;
  const sum: ProgramLaunch = {
    call: { kernel: "reduce", body: body(e.input(0)), ...long },
    inputs: [view(1, 2 ** 20)],
    outputs: [view(2, 1)],
    live: [],
  };
  const slots = [16, 2 ** 22, 16].map((bytes) => ({ kind: "given", bytes }) as const);
  const large = [given[0]!, backend.allocate(2 ** 22), given[1]!];
  const { liveBytes, heldBytes } = backend.report;
  const runnable = backend.compile({ slots, launches: [affine(0, 0), sum, affine(0, 0, {}, 3)] });
  for (let i = 0; i < 2; i++) runnable.run({ buffers: large, ...none });
  const { pipelines } = backend.report;
  assert(pipelines > 2 && backend.report.liveBytes > liveBytes);
  // Recorded dispatches use the numbers of the program until they are submitted.
  for (let i = 0; i < 2; i++) runnable[Symbol.dispose]();
  assertEquals(counts.events.at(-1), "submit");
  assert(backend.report.pipelines < pipelines && backend.report.pipelines <= 2);
  assertEquals(backend.report.liveBytes, liveBytes);
  assert(
    backend.report.heldBindGroups < 4 && backend.report.heldBytes < heldBytes + backend.report.spareBytes + 1,
  );
  assertThrows(() => runnable.run({ buffers: large, ...none }), TypeError, "Cannot run a program");
  backend[Symbol.dispose]();
});

Deno.test("GpuProgram holds as much temporary memory as the launch that needs most, whatever their order", () => {
  const [short, long] = [2 ** 18, 2 ** 22], whole = { compute: "float32", scalars: [], axes: [0] } as const;
  const held = [[short, long], [long, short], [long]].map((order) => {
    const { backend } = open(), bytes = [4 * long, 4], buffers = bytes.map((size) => backend.allocate(size));
    const launches = order.map((length): ProgramLaunch => ({
      call: { kernel: "reduce", op: "sum", body: body(e.input(0)), ...whole, shape: [length] },
      inputs: [view(0, length)],
      outputs: [view(1, 1)],
      live: [],
    }));
    const { liveBytes } = backend.report;
    backend.compile({ slots: bytes.map((bytes) => ({ kind: "given", bytes })), launches }).run({
      buffers,
      ...none,
    });
    return backend.report.liveBytes - liveBytes;
  });
  assert(held[0]! > 0 && held[1] === held[0] && held[2] === held[0], `${held}`);
});

Deno.test("GpuProgram hands work over as launches do", () => {
  const { backend, buffers, counts } = open({}, { stream: { batch: 3 }, numbers: { slots: 2 } }),
    given = buffers(2);
  const many = Array.from({ length: 7 }, (_, i) => affine(0, 1, i > 4 ? { live: [live(0, i - 5)] } : {}));
  using runnable = backend.compile(program(2, ...many));
  runnable.run({ buffers: given, numbers: [5, 6], randoms: [] });
  assertEquals(
    counts.events.filter((event) => event !== "write").join(" "),
    "map map map submit map map map submit map",
  );
  assertEquals(backend.report.dispatches, 7);
  // Bytes written by the host come after the dispatches recorded for the buffer.
  backend.write(given[1]!, new Uint8Array(16));
  assertEquals(counts.events.slice(-3), ["write", "submit", "write"]);
});

Deno.test("GpuProgram plans anew where memory ends elsewhere, or slots have it in common", () => {
  const { backend, buffers, counts } = open(), given = buffers(2);
  using runnable = backend.compile(program(2, affine(0, 1, {}, 3)));
  const run = (...own: GpuBuffer[]): void => runnable.run({ buffers: own, ...none });
  const exact = [backend.allocate(12), backend.allocate(12)];
  run(exact[0]!, exact[1]!);
  const { plans } = backend.report;
  // Nothing may be stored after the third element here.
  run(given[0]!, given[1]!);
  assertEquals(backend.report.plans, plans + 1);
  run(given[0]!, given[0]!);
  assertEquals(backend.report.plans, plans + 2);
  assertEquals(counts.groups.at(-1)!.length, 2);
  run(given[1]!, given[0]!);
  assertEquals([backend.report.plans, counts.groups.at(-1)!.length], [plans + 2, 3]);
});

Deno.test("GpuProgram does alike maps by one dispatch as long as their numbers are equal", () => {
  const { backend, buffers } = open(), given = buffers(4);
  const maps = [0, 1, 2, 3].map((slot) => affine(slot, slot, { together: 1, live: [live(0, slot)] }));
  using runnable = backend.compile(program(4, ...maps));
  const run = (...numbers: number[]): number => {
    const { dispatches } = backend.report;
    runnable.run({ buffers: given, numbers, randoms: [] });
    return backend.report.dispatches - dispatches;
  };
  assertEquals([run(1, 1, 1, 1), run(2, 2, 2, 2), run(NaN, NaN, NaN, NaN)], [1, 1, 1]);
  assertEquals([run(1, 1, 2, 2), run(3, 3, 4, 4), run(5, 5, 5, 5)], [2, 2, 2]);
  assertEquals([run(1, 2, 3, 3), run(1, 1, 1, 1)], [3, 3]);
});

Deno.test("GpuProgram throws what is reported, refused or lost, as launches do", async () => {
  const { backend, buffers, counts, scopes, lose } = open({
    compute(label, buffers) {
      if (label === "gather") new Int32Array(buffers[3]!.bytes.buffer).set([1, 9, 4]);
    },
  });
  const given = buffers(3), index: ProgramView = { ...view(1), dtype: "int32" };
  using picked = backend.compile(program(3, {
    call: { kernel: "gather", axis: 0 },
    inputs: [view(0), index],
    outputs: [view(2)],
    live: [],
  }));
  picked.run({ buffers: given, ...none });
  assertThrows(() => backend.readSync!(given[2]!), RangeError, "current index is 9");
  using doubled = backend.compile(program(3, affine(0, 1), affine(1, 2)));
  doubled.run({ buffers: given, ...none });
  await backend.finish();
  scopes.push("no such shader");
  doubled.run({ buffers: given, ...none });
  await backend.finish().then(() => assert(false), (error) => assert(error instanceof GpuError));
  assertThrows(() => backend.readSync!(given[2]!), GpuError, "did not calculate");
  // A repeated calculation is right, although the memory in between was refused before.
  doubled.run({ buffers: given, ...none });
  backend.readSync!(given[2]!);
  scopes.push("no such shader");
  doubled.run({ buffers: given, ...none });
  await backend.finish().then(() => assert(false), () => {});
  using reader = backend.compile(program(3, affine(2, 0)));
  const { dispatches } = backend.report;
  assertThrows(() => reader.run({ buffers: given, ...none }), GpuError, "did not calculate");
  assertEquals(backend.report.dispatches, dispatches);
  assert(counts.events.includes("gather"));
  lose("unknown", "unplugged");
  await new Promise((resolve) => setTimeout(resolve));
  assertThrows(() => doubled.run({ buffers: given, ...none }), GpuError, "unplugged");
});

const gpu = await openBackend();

Deno.test({
  name: "GpuProgram gives runs of one submission numbers and memory of their own",
  ignore: gpu === undefined,
  async fn() {
    using runnable = gpu!.compile(program(2, affine(0, 1, { live: [live(0, 0)] }), affine(1, 1)));
    const x = gpu!.allocate(16), results = [1, 2, 3].map(() => gpu!.allocate(16));
    gpu!.write(x, new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer));
    const { submissions } = gpu!.report;
    results.forEach((y, i) => runnable.run({ buffers: [x, y], numbers: [10 * i], randoms: [] }));
    assertEquals(gpu!.report.submissions, submissions);
    for (const [i, y] of results.entries()) {
      const found = new Float32Array((await gpu!.read(y)).slice().buffer);
      assertEquals([...found], [1, 2, 3, 4].map((n) => 2 * (10 * i * n + 1) + 1));
    }
  },
});
