import { assert, assertEquals, assertThrows } from "@std/assert";
import { Generator, type KernelCall } from "@troodon/core";
import { body, expr as e, type LaunchProgram, type ProgramView } from "@troodon/core/kernel";
import { CpuBackend } from "../backend.ts";
import { CpuContext } from "../context.ts";
import { KERNELS } from "../kernels/mod.ts";
import { type CpuBuffer, CpuMemory } from "../memory.ts";
import { CpuProgram } from "./cpu_program.ts";

const AFFINE = body(e.add(e.mul(e.input(0), e.scalar(0)), e.scalar(1)));
const affine = (a: number, b: number, size = 4): KernelCall => (
  { kernel: "map", body: AFFINE, compute: "float32", scalars: [a, b], shape: [size] }
);

function view(slot: number, size = 4, offset = 0): ProgramView {
  return { slot, dtype: "float32", shape: [size], strides: [1], offset };
}

/** Program on given memory with 4 float32 per slot. */
function program(slots: number, launches: LaunchProgram["launches"]): LaunchProgram {
  return { slots: Array.from({ length: slots }, () => ({ kind: "given", bytes: 16 })), launches };
}

function open(options?: ConstructorParameters<typeof CpuBackend>[0]) {
  const backend = new CpuBackend({ threads: 1, blas: "off", ...options });
  return {
    backend,
    vector(...values: number[]): CpuBuffer {
      const buffer = backend.allocate(4 * values.length);
      backend.write(buffer, new Uint8Array(new Float32Array(values).buffer));
      return buffer;
    },
    read: (buffer: CpuBuffer): number[] => [...new Float32Array(backend.readSync(buffer).buffer)],
  };
}

const none = { numbers: [], randoms: [] };

Deno.test("CpuProgram runs on the memory that each run is given", () => {
  const { backend, vector, read } = open();
  using doubled = backend.compile(program(3, [
    { call: affine(2, 0), inputs: [view(0)], outputs: [view(1)], live: [] },
    { call: affine(1, 1, 2), inputs: [view(1, 2, 2)], outputs: [view(2, 2, 1)], live: [] },
  ]));
  const between = vector(0, 0, 0, 0);
  for (let i = 0; i < 3; i++) {
    const x = vector(i, 2, 3, 4), y = vector(9, 9, 9, 9);
    doubled.run({ buffers: [x, between, y], ...none });
    assertEquals([read(x), read(between), read(y)], [[i, 2, 3, 4], [2 * i, 4, 6, 8], [9, 7, 9, 9]]);
  }
});

Deno.test("CpuProgram refuses views and memory that are too small", () => {
  const { backend, vector } = open();
  const reading = (offset: number) =>
    program(2, [{ call: affine(2, 0), inputs: [view(0, 4, offset)], outputs: [view(1)], live: [] }]);
  assertThrows(() => backend.compile(reading(1)), RangeError, "must lie in their buffers");
  using doubled = backend.compile(reading(0));
  for (const buffers of [[vector(1, 2, 3), vector(0, 0, 0, 0)], [vector(1, 2, 3, 4), vector(0)]]) {
    assertThrows(() => doubled.run({ buffers, ...none }), RangeError, "must have 16 bytes");
  }
});

Deno.test("CpuProgram takes numbers and random states from each run, and keeps those of the recording otherwise", () => {
  const { backend, vector, read } = open(), generator = new Generator(1);
  const states = [0, 1].map(() => generator.reserve(4));
  const draw = {
    kernel: "map",
    body: body(e.random(0)),
    compute: "float32",
    scalars: [],
    shape: [4],
  } as const;
  using some = backend.compile(program(3, [
    {
      call: affine(2, 5),
      inputs: [view(0)],
      outputs: [view(1)],
      live: [{ kind: "scalar", index: 1, number: 1 }],
    },
    { call: affine(3, 7), inputs: [view(1)], outputs: [view(1)], live: [] },
    {
      call: { ...draw, random: states[0]! },
      inputs: [],
      outputs: [view(2)],
      live: [{ kind: "random", random: 0 }],
    },
  ]));
  const buffers = [vector(1, 2, 3, 4), vector(0, 0, 0, 0), vector(0, 0, 0, 0)];
  const drawn = states.map((random) => {
    some.run({ buffers, numbers: [-1, 10], randoms: [random] });
    assertEquals(read(buffers[1]!), [12, 14, 16, 18].map((n) => 3 * n + 7));
    const expected = vector(0, 0, 0, 0);
    backend.launch({ ...draw, random }, [], [{ ...view(0), buffer: expected }]);
    assertEquals(read(buffers[2]!), read(expected));
    return read(expected);
  });
  assert(drawn[0]![0] !== drawn[1]![0]);
  some.run({ buffers, numbers: [-1, 20], randoms: [states[0]!] });
  assertEquals(read(buffers[1]!), [22, 24, 26, 28].map((n) => 3 * n + 7));
});

Deno.test("CpuProgram does maps that may run at once with numbers of their own", () => {
  for (const options of [{ threads: 1 }, { threads: 3, grain: 0 }]) {
    const { backend, vector, read } = open(options);
    using all = backend.compile(program(4, [
      ...[0, 1, 2].map((slot) => ({
        call: affine(slot, 0),
        inputs: [view(slot)],
        outputs: [view(slot)],
        live: slot === 2 ? [{ kind: "scalar", index: 0, number: 0 } as const] : [],
        together: 1,
      })),
      { call: affine(1, 1), inputs: [view(2)], outputs: [view(3)], live: [], together: 2 },
    ]));
    const buffers = Array.from({ length: 4 }, () => vector(1, 2, 3, 4));
    all.run({ buffers, numbers: [7], randoms: [] });
    assertEquals(buffers.map(read), [[0, 0, 0, 0], [1, 2, 3, 4], [7, 14, 21, 28], [8, 15, 22, 29]]);
    backend[Symbol.dispose]();
  }
});

Deno.test("CpuProgram throws what a call throws, and runs again", () => {
  const { backend, vector, read } = open();
  const index: ProgramView = { ...view(1), dtype: "int32" };
  using picked = backend.compile(program(3, [
    { call: { kernel: "gather", axis: 0 }, inputs: [view(0), index], outputs: [view(2)], live: [] },
  ]));
  const buffers = [vector(5, 6, 7, 8), vector(0, 0, 0, 0), vector(0, 0, 0, 0)];
  const run = (...indices: number[]): number[] => {
    backend.write(buffers[1]!, new Uint8Array(new Int32Array(indices).buffer));
    picked.run({ buffers, ...none });
    return read(buffers[2]!);
  };
  assertEquals(run(3, 2, 1, 0), [8, 7, 6, 5]);
  assertThrows(() => run(0, 0, 4, 0), RangeError, "current index is 4");
  assertEquals(run(0, 1, 0, 1), [5, 6, 5, 6]);
});

Deno.test("CpuProgram follows the number of threads, takes no memory as it runs, and gives its own back", () => {
  const { backend, vector, read } = open({ grain: 0 });
  const half: ProgramView = { ...view(0, 1000), dtype: "float16" };
  const sums = backend.compile({
    slots: [{ kind: "given", bytes: 2000 }, { kind: "given", bytes: 4000 }],
    launches: [
      {
        call: { kernel: "scan", op: "sum", axis: 0, reverse: true },
        inputs: [half],
        outputs: [view(1, 1000)],
        live: [],
      },
    ],
  });
  const x = backend.allocate(2000), y = vector(...new Array<number>(1000).fill(0));
  backend.write(x, new Uint8Array(new Float16Array(1000).fill(1).buffer));
  const used: number[] = [];
  for (const threads of [1, 1, 3, 1]) {
    backend.setNumThreads(threads);
    sums.run({ buffers: [x, y], ...none });
    assertEquals(read(y).slice(0, 3), [1000, 999, 998]);
    used.push(backend.memory.live);
    backend.write(y, new Uint8Array(4000));
  }
  assertEquals(used[1], used[0]);
  backend.setNumThreads(1);
  const { live } = backend.memory;
  for (let i = 0; i < 2; i++) {
    sums[Symbol.dispose]();
    assert(backend.memory.live < live && backend.memory.live > live - 4096);
  }
  assertThrows(() => sums.run({ buffers: [x, y], ...none }), TypeError, "Cannot run a program");
  backend[Symbol.dispose]();
});

Deno.test("CpuProgram shares work out to as many threads as there are when it runs", () => {
  const context = new CpuContext(new CpuMemory(), { threads: 1, grain: 0 });
  const rows: ProgramView = { ...view(0), shape: [40, 4], strides: [4, 1] };
  const launch = { call: { kernel: "softmax" }, inputs: [rows], outputs: [rows], live: [] } as const;
  const slots = [{ kind: "given", bytes: 640 }] as const, buffers = [context.memory.allocate(640)];
  using softmax = new CpuProgram(context, KERNELS, { slots, launches: [launch] });
  const tasks = (): number => {
    softmax.run({ buffers, ...none });
    return context.threads.counts.reduce((sum, n) => sum + n, 0);
  };
  assertEquals(tasks(), 0);
  context.threads.count = 3;
  assert(tasks() > 3);
  context.threads.close();
});

Deno.test("CpuBackend.compile() refuses kernels that it is without", () => {
  const { backend } = open({ without: ["softmax"] });
  const flat: ProgramView = { ...view(0), shape: [1, 4], strides: [4, 1] };
  const launch = { call: { kernel: "softmax" }, inputs: [flat], outputs: [flat], live: [] } as const;
  assertThrows(() => backend.compile(program(1, [launch])), TypeError, "Cannot launch softmax()");
});
