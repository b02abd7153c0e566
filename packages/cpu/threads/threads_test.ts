import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Body, KernelCall, Shape } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { CpuBackend } from "../backend.ts";
import { CpuContext } from "../context.ts";
import type { CpuView } from "../view.ts";
import { KERNELS } from "../kernels/mod.ts";
import { CpuMemory } from "../memory.ts";
import { context, tensor } from "../test_support.ts";
import { mostThreads } from "./count.ts";
import { call } from "./task.ts";

const [x0, x1] = [e.input(0), e.input(1)];
const crews = [1, 2, 3].map((threads) => new CpuContext(context.memory, { threads, grain: 0 }));

const bytesOf = ({ buffer: { pointer, bytes } }: CpuView): Uint8Array =>
  context.memory.u8.slice(pointer, pointer + bytes);

/** Runs a call with 1, 2 and 3 threads; asserts that the bytes are the same, and that there are some. */
function assertSame(given: KernelCall, inputs: readonly CpuView[], shapes: readonly Shape[]): void {
  const runs = crews.map((crew) => {
    const outputs = shapes.map((shape) => tensor(shape, () => 7));
    const kernel = KERNELS[given.kernel] as (...args: unknown[]) => void;
    kernel(crew, given, inputs, outputs);
    crew.clear();
    return outputs.map(bytesOf);
  });
  for (const bytes of runs) assertEquals(bytes, runs[0]);
  const untouched = bytesOf(tensor([1], () => 7)).join();
  for (const bytes of runs[0]!) assert(bytes.subarray(0, 4).join() !== untouched);
}

const wave = (shape: Shape, phase = 0): CpuView => tensor(shape, (i) => Math.sin(i * 1.7 + phase));

function mapCall(made: Body, shape: Shape): KernelCall {
  return { kernel: "map", body: made, compute: "float32", scalars: [], shape };
}

Deno.test("Threads give the same maps whatever their number", () => {
  const gelu = body(e.mul(x0, e.erf(x0))), both = body(e.add(e.sin(x0), e.mul(x1, x1)));
  for (const n of [1, 5, 31, 64, 65, 1000, 4099]) assertSame(mapCall(gelu, [n]), [wave([n])], [[n]]);
  const turned = tensor([70, 90], (i) => Math.sin(i), { strides: [1, 70] });
  assertSame(mapCall(both, [70, 90]), [turned, wave([70, 90])], [[70, 90]]);
  const drawn = { ...mapCall(body(e.random()), [777]), random: { seed: [1, 2], offset: [3, 4] } };
  assertSame(drawn as KernelCall, [], [[777]]);
});

Deno.test("Threads give the same reductions whatever their number", () => {
  const base = {
    kernel: "reduce",
    op: "sum",
    body: body(e.exp(x0)),
    compute: "float32",
    scalars: [],
  } as const;
  for (const shape of [[9, 130], [300, 70], [130, 600], [3, 5]]) {
    const [rows, columns] = shape as [number, number];
    assertSame({ ...base, shape, axes: [1] }, [wave(shape)], [[rows, 1]]);
    assertSame({ ...base, shape, axes: [0] }, [wave(shape)], [[1, columns]]);
  }
  const shape = [4, 9, 33];
  assertSame({ ...base, shape, axes: [0, 2] }, [wave(shape)], [[1, 9, 1]]);
});

Deno.test("Threads give the same rows whatever their number", () => {
  for (const [rows, n] of [[1, 40], [17, 3], [17, 10], [50, 129]] as const) {
    const x = wave([rows, n]), g = wave([rows, n], 1), each = wave([rows, 1], 2), one = wave([n], 3);
    assertSame({ kernel: "softmax" }, [x], [[rows, n]]);
    assertSame({ kernel: "logSoftmaxGrad" }, [g, x], [[rows, n]]);
    assertSame({ kernel: "layerNorm", eps: 1e-5 }, [x, one, one], [[rows, n], [rows, 1], [rows, 1]]);
    assertSame({ kernel: "layerNormGrad" }, [g, x, each, each, one], [[rows, n], [n], [n]]);
    const classes = tensor([rows], (i) => i % n, { dtype: "int32" });
    assertSame({ kernel: "crossEntropy", ignoreIndex: -100 }, [x, classes], [[rows], [rows, n]]);
    assertSame({ kernel: "crossEntropyGrad", ignoreIndex: -100 }, [each, x, classes], [[rows, n]]);
  }
  const shape = [5, 6, 21], weight = wave([6]);
  assertSame({ kernel: "batchNorm", eps: 1e-5 }, [wave(shape), weight, weight], [shape, [6], [6]]);
});

Deno.test("Threads give the same products whatever their number", () => {
  for (
    const [m, k, n] of [[9, 40, 300], [300, 41, 9], [261, 330, 33], [40, 700, 1100], [1, 70, 170]] as const
  ) {
    assertSame({ kernel: "matmul", scalars: [] }, [wave([m, k]), wave([k, n])], [[m, n]]);
  }
});

Deno.test("Threads give the same convolutions whatever their number", () => {
  const window = { size: [3, 3], stride: [1, 2], padding: [1, 1, 1, 1], dilation: [1, 1] } as const;
  for (const [groups, c, o] of [[1, 3, 20], [2, 4, 6]] as const) {
    const x = wave([30, c, 9, 10]), weight = wave([o, c / groups, 3, 3], 1), g = wave([30, o, 9, 5], 2);
    assertSame({ kernel: "conv2d", window, groups }, [x, weight, wave([o])], [g.shape]);
    assertSame({ kernel: "conv2dInputGrad", window, groups }, [g, weight], [x.shape]);
    assertSame({ kernel: "conv2dWeightGrad", window, groups }, [g, x], [weight.shape, [o]]);
  }
});

Deno.test("Threads tell of a class that does not exist, whoever meets it", () => {
  const classes = tensor([40], (i) => i === 33 ? 9 : 1, { dtype: "int32" });
  const outputs = [tensor([40], () => 0), tensor([40, 5], () => 0)];
  for (const crew of crews) {
    const run = () =>
      KERNELS.crossEntropy!(
        crew,
        { kernel: "crossEntropy", ignoreIndex: -1 },
        [wave([40, 5]), classes],
        outputs,
      );
    assertThrows(run, RangeError, "classes");
    crew.clear();
  }
});

/** Tasks that add 1 to each of `count` words, which must be 0 before. */
function counters(own: CpuContext, count: number) {
  const { touch } = own.instance("test/touch", (module) => {
    const code = module.function({ params: ["i32"], export: "touch" });
    code.get(0).get(0).memory("i32.load").i32(1).op("i32.add").memory("i32.store");
    code.get(0).memory("i32.load").i32(1).op("i32.ne").if(() => code.op("unreachable"));
  });
  const { pointer } = own.memory.allocate(4 * count);
  own.memory.i32.fill(0, pointer / 4, pointer / 4 + count);
  const tasks = Array.from({ length: count }, (_, i) => [call(touch!, pointer + 4 * i)]);
  return { tasks, touch: touch!, values: () => own.memory.i32.slice(pointer / 4, pointer / 4 + count) };
}

Deno.test("Threads cut work into tasks of 15 µs, some for each thread", () => {
  const contexts = [1, 2, 3].map((threads) => new CpuContext(context.memory, { threads }));
  assertEquals(contexts.map((own) => own.parts(1e9)), [1, 8, 12]);
  assertEquals(contexts.map((own) => own.parts(50_000)), [1, 3, 3]);
  assertEquals(contexts.map((own) => own.parts(20_000)), [1, 1, 1]);
  for (const own of contexts) {
    assertEquals([1e9, 120_000, 70_000, 31_000, 20_000].map((time) => own.cuts(time)), [16, 8, 4, 2, 1]);
  }
  assertEquals(crews.map((own) => own.parts(1)), [1, 8, 12]);
  assertEquals(crews.map((own) => own.cuts(1)), [16, 16, 16]);
});

Deno.test("Threads do each task once, while memory grows", () => {
  const own = new CpuContext(new CpuMemory(), { threads: 3, grain: 0 });
  for (let round = 0; round < 60; round++) {
    const { tasks, values } = counters(own, 500);
    assertEquals(own.run(tasks, 1e6), 0);
    assertEquals(new Set(values()), new Set([1]));
    const { reserved } = own.memory.report;
    if (round % 10 === 0) own.memory.allocate(20_000_000 + reserved / 8);
  }
  own.threads.close();
});

Deno.test("Threads report what a worker or the main thread runs into, and go on", () => {
  const own = new CpuContext(new CpuMemory(), { threads: 2, grain: 0 });
  const heard = new Set<boolean>(), end = performance.now() + 300_000;
  // Who meets the error is chance.
  for (let round = 0; heard.size < 2 && performance.now() < end; round++) {
    const { tasks, values } = counters(own, 100), spoiled = round % 100;
    own.memory.i32[tasks[spoiled]![0]!.args[0]! / 4] = 1;
    const error = assertThrows(() => own.run(tasks, 1e9), WebAssembly.RuntimeError, "unreachable");
    heard.add(error.message.startsWith("Cannot finish what a worker began"));
    assertEquals(own.run(tasks.filter((_, i) => values()[i] === 0), 1e9), 0);
    assertEquals(new Set(values().filter((_, i) => i !== spoiled)), new Set([1]));
  }
  assertEquals(heard.size, 2);
  own.threads.close();
});

Deno.test("Threads wait for each other however long a task is", () => {
  const own = new CpuContext(new CpuMemory(), { threads: 2, grain: 0 });
  const { spin } = own.instance("test/spin", (module) => {
    const code = module.function({ params: ["i32"], results: ["i32"], export: "spin" });
    code.loop((again) => code.get(0).i32(1).op("i32.sub").tee(0).brIf(again)).i32(4);
  });
  for (let round = 0; round < 5; round++) {
    assertEquals(own.run([[call(spin!, 100)], [call(spin!, 4_000_000)]], 1e6), 4);
  }
  own.threads.close();
});

Deno.test("CpuBackend sets the number of threads, and works on when disposed", () => {
  const backend = new CpuBackend({ threads: 2, grain: 0 });
  const x = backend.allocate(4096), y = backend.allocate(4096);
  const view = { dtype: "float32", shape: [1024], strides: [1], offset: 0 } as const;
  const made = body(e.add(x0, 1));
  const step = () =>
    backend.launch(mapCall(made, [1024]), [{ ...view, buffer: x }], [{ ...view, buffer: y }]);
  const check = () => {
    backend.write(y, new Uint8Array(4096));
    step();
    assertEquals(new Set(new Float32Array(backend.readSync(y).buffer)), new Set([1]));
  };
  check();
  assertEquals(backend.getNumThreads(), 2);
  assert(backend.describe().endsWith("2 threads"));
  backend.setNumThreads(3);
  assertEquals(backend.getNumThreads(), 3);
  check();
  backend.setNumThreads(1);
  check();
  for (const wrong of [0, 1.5, -1, NaN, mostThreads() + 1, 1e9]) {
    const message =
      `must be an integer from 1 to ${mostThreads()}, twice that of processors or 16: current is ${wrong}`;
    assertThrows(() => backend.setNumThreads(wrong), RangeError, message);
    assertThrows(() => new CpuBackend({ threads: wrong }), RangeError, message);
  }
  assertEquals(backend.getNumThreads(), 1);
  backend.setNumThreads(mostThreads());
  backend.setNumThreads(2);
  backend[Symbol.dispose]();
  check();
});

Deno.test("CpuBackend asks the environment for the number of threads", () => {
  const before = Deno.env.get("TROODON_NUM_THREADS");
  try {
    Deno.env.set("TROODON_NUM_THREADS", "5");
    assertEquals(new CpuBackend().getNumThreads(), 5);
    Deno.env.set("TROODON_NUM_THREADS", "many");
    assertThrows(() => new CpuBackend(), RangeError, "TROODON_NUM_THREADS=many");
    Deno.env.set("TROODON_NUM_THREADS", "200000");
    assertThrows(() => new CpuBackend(), RangeError, "TROODON_NUM_THREADS=200000");
  } finally {
    if (before === undefined) Deno.env.delete("TROODON_NUM_THREADS");
    else Deno.env.set("TROODON_NUM_THREADS", before);
  }
});
