import { assert, assertEquals, assertThrows } from "@std/assert";
import type { BackendLaunch, Body, DType, MapCall, RandomState, Shape } from "@troodon/core";
import { body, bytesOf, expr as e, rowMajor, sizeOf } from "@troodon/core/kernel";
import { CpuBackend } from "../../backend.ts";
import { CpuContext } from "../../context.ts";
import type { CpuView } from "../../view.ts";
import type { CpuBuffer } from "../../memory.ts";
import { context, read, tensor } from "../../test_support.ts";
import { MAP } from "./map.ts";
import { Maps } from "./maps.ts";

type Launch = BackendLaunch<CpuBuffer>;

const [x0, x1, x2] = [0, 1, 2].map(e.input), [s0, s1] = [0, 1].map(e.scalar);
/** Two tensors change, a third is read. */
const STEP: Body = body(
  e.sub(x0!, e.div(e.mul(s0!, x1!), e.add(e.sqrt(e.abs(x2!)), e.sub(1, s1!)))),
  e.add(e.mul(s1!, x1!), x2!),
);
const NEXT: Body = body(e.add(x0!, 1)), SUM: Body = body(e.add(x0!, x1!)), DRAW: Body = body(e.random());

interface Placed {
  readonly dtype?: DType;
  readonly strides?: readonly number[];
}

function view(backend: CpuBackend, shape: Shape, phase: number, { dtype = "float32", strides }: Placed = {}) {
  const count = sizeOf(shape), buffer = backend.allocate(count * bytesOf(dtype));
  const values = Float32Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + phase));
  const bytes = dtype === "float32"
    ? values
    : dtype === "float64"
    ? Float64Array.from(values)
    : Float16Array.from(values);
  backend.write(buffer, new Uint8Array(bytes.buffer));
  return { buffer, dtype, shape, strides: strides ?? rowMajor(shape), offset: 0 };
}

function step(
  backend: CpuBackend,
  shape: Shape,
  phase: number,
  placed: Placed = {},
  scalars = [0.3, 0.9],
): Launch {
  const [a, b] = [view(backend, shape, phase, placed), view(backend, shape, phase + 1, placed)];
  const compute = placed.dtype === "float64" ? "float64" : "float32";
  const call: MapCall = { kernel: "map", body: STEP, compute, scalars, shape };
  return { call, inputs: [a, b, view(backend, shape, phase + 2)], outputs: [a, b] };
}

function apply(body: Body, inputs: Launch["inputs"], outputs: Launch["outputs"]): Launch {
  return {
    call: { kernel: "map", body, compute: "float32", scalars: [], shape: outputs[0]!.shape },
    inputs,
    outputs,
  };
}

const bytesIn = (backend: CpuBackend, launches: readonly Launch[]): Uint8Array[] =>
  launches.flatMap(({ outputs }) => outputs.map(({ buffer }) => backend.readSync(buffer)));

/** Small and large, of several layouts and types, some alike. */
function mixed(backend: CpuBackend): Launch[] {
  return [
    step(backend, [5], 0),
    step(backend, [70, 90], 1),
    step(backend, [70, 90], 2, { strides: [1, 70] }),
    step(backend, [0], 3),
    step(backend, [4099], 4, { dtype: "float64" }),
    step(backend, [33], 5, { dtype: "float16" }),
    step(backend, [5], 6, {}, [0.1, 0.5]),
    step(backend, [], 7),
    step(backend, [33], 8, { dtype: "float16" }),
    step(backend, [5], 9, {}, [0.1, 0.5]),
  ];
}

Deno.test("Maps give what single launches give, bit for bit, whatever the number of threads", () => {
  const runs = [0, 1, 2, 3].map((threads) => {
    using backend = new CpuBackend({ threads: threads || 1, grain: 0, blas: "off" });
    const launches = mixed(backend);
    for (let round = 0; round < 3; round++) {
      if (threads > 0) backend.launchAll(launches);
      else for (const { call, inputs, outputs } of launches) backend.launch(call, inputs, outputs);
    }
    return bytesIn(backend, launches);
  });
  for (const bytes of runs) assertEquals(bytes, runs[0]);
  assert(new Set(runs[0]!.map((bytes) => bytes.join())).size > 15);
});

Deno.test("Maps follow one another where they share memory", () => {
  using backend = new CpuBackend({ threads: 2, grain: 0 });
  const [a, b] = [view(backend, [64], 0), view(backend, [64], 1)];
  const half = (offset: number) => ({ ...a, shape: [32], offset });
  const launches = [
    apply(SUM, [a, b], [a]),
    apply(SUM, [b, a], [b]),
    apply(SUM, [a, b], [a]),
    apply(NEXT, [half(0)], [half(0)]),
    apply(NEXT, [half(32)], [half(32)]),
    apply(SUM, [a, a], [b]),
  ];
  const [p, q] = [a, b].map(({ buffer }) => new Float32Array(backend.readSync(buffer).buffer)) as [
    Float32Array,
    Float32Array,
  ];
  const f = Math.fround;
  const [x, y] = [new Float32Array(64), new Float32Array(64)];
  for (let i = 0; i < 64; i++) {
    const first = f(p[i]! + q[i]!), second = f(q[i]! + first);
    x[i] = f(f(first + second) + 1);
    y[i] = f(2 * x[i]!);
  }
  backend.launchAll(launches);
  assertEquals(new Float32Array(backend.readSync(a.buffer).buffer), x);
  assertEquals(new Float32Array(backend.readSync(b.buffer).buffer), y);
});

Deno.test("Maps are taken together unless one writes what another uses", () => {
  const [a, b, c, d] = [0, 1, 2, 3].map((phase) => tensor([5], (i) => i + phase)) as [
    CpuView,
    CpuView,
    CpuView,
    CpuView,
  ];
  const maps = new Maps(context), taken = (...launches: Launch[]): number => maps.run(launches, 0);
  assertEquals(taken(apply(SUM, [b, a], [b]), apply(SUM, [c, a], [c]), apply(NEXT, [d], [d])), 3);
  assertEquals(taken(apply(SUM, [b, a], [b]), apply(NEXT, [d], [d]), apply(NEXT, [a], [a])), 2);
  assertEquals(taken(apply(NEXT, [a], [a]), apply(NEXT, [d], [d]), apply(SUM, [b, a], [b])), 2);
  assertEquals(taken(apply(NEXT, [a], [b]), apply(NEXT, [d], [d]), apply(NEXT, [c], [b])), 2);
  assertEquals(taken(apply(NEXT, [a], [a]), apply(NEXT, [a], [a])), 0);
  assertEquals(taken(apply(NEXT, [a], [a])), 0);
});

Deno.test("Maps of the same memory are never made by two threads at once", () => {
  using backend = new CpuBackend({ threads: 3, grain: 0 });
  const [a, b] = [view(backend, [1024], 0), view(backend, [1024], 0)], zero = new Uint8Array(4096);
  // What a holds is read, then written, and read again.
  const launches = Array.from({ length: 20 }, () => [apply(SUM, [b, a], [b]), apply(NEXT, [a], [a])]).flat();
  for (let round = 0; round < 200; round++) {
    for (const { buffer } of [a, b]) backend.write(buffer, zero);
    backend.launchAll(launches);
    const found = [a, b].map(({ buffer }) => new Set(new Float32Array(backend.readSync(buffer).buffer)));
    assertEquals(found, [new Set([20]), new Set([190])]);
  }
});

Deno.test("Maps of which some are left out now and then do not drive out other plans", () => {
  const { memory } = context, within = new CpuContext(memory, { plans: { calls: 100 } });
  const maps = new Maps(within), made = Array.from({ length: 12 }, (_, i) => tensor([1 + i % 5], () => i));
  const all = made.map((v) => apply(NEXT, [v], [v])), other = tensor([77], () => 0);
  const once = apply(SUM, [other, other], [other]), { call, inputs, outputs } = once;
  MAP.run(within, call as MapCall, inputs, outputs);
  const { plan } = MAP.entry(within, call as MapCall, inputs, outputs);
  for (let round = 0; round < 200; round++) {
    maps.run(all.filter((_, i) => (round * 2654435761 >>> i & 3) !== 0), 0);
    assert(MAP.entry(within, call as MapCall, inputs, outputs).plan === plan);
    // The maps of a list are those of all lists, five different ones.
    for (const { call, inputs, outputs } of all) MAP.entry(within, call as MapCall, inputs, outputs);
    assert(within.plans.calls <= 100);
  }
});

Deno.test("Maps plan a list when it comes the second time, and then keep to the plan", () => {
  const within = new CpuContext(context.memory), maps = new Maps(within);
  const made = [1, 2, 3].map((n) => tensor([n], () => 0)), all = made.map((v) => apply(NEXT, [v], [v]));
  const calls = [1, 2, 3, 4].map((round) => {
    assertEquals(maps.run(all, 0), 3);
    for (const v of made) assertEquals(new Set(read(v)), new Set([round]));
    return within.plans.calls;
  });
  // The list as seen and its three maps, then the list of three.
  assertEquals(calls, [4, 7, 7, 7]);
  assertEquals(maps.run(all.toReversed(), 0), 3);
  assertEquals(within.plans.calls, 8);
});

Deno.test("Maps tell lists of the same bodies apart by shapes, types and strides", () => {
  using backend = new CpuBackend({ threads: 1 }), other = new CpuBackend({ threads: 1 });
  const lists = (within: CpuBackend): Launch[][] =>
    [{ shape: [6, 4] }, { shape: [4, 6] }, { shape: [6, 4], strides: [1, 6] }, {
      shape: [6, 4],
      dtype: "float64",
    }].map(({ shape, ...placed }) => [0, 1].map((phase) => step(within, shape, phase, placed as Placed)));
  const [together, alone] = [lists(backend), lists(other)];
  for (let round = 0; round < 3; round++) {
    for (const launches of together) backend.launchAll(launches);
    for (const { call, inputs, outputs } of alone.flat()) other.launch(call, inputs, outputs);
  }
  assertEquals(bytesIn(backend, together.flat()), bytesIn(other, alone.flat()));
});

Deno.test("Maps come and go without more memory each time", () => {
  using backend = new CpuBackend({ threads: 2, grain: 0, plans: { calls: 64 } });
  const all = Array.from({ length: 12 }, (_, i) => step(backend, [1 + i % 5], i)), live: number[] = [];
  for (let round = 0; round < 200; round++) {
    backend.launchAll(all.filter((_, i) => (round * 2654435761 >>> i & 3) !== 0));
    live.push(backend.memory.live);
  }
  assert(live.at(-1)! <= Math.max(...live.slice(0, 100)) + 4096, `${live}`);
  backend.launchAll([]);
});

Deno.test("Maps make other calls in their place, and draw random numbers as single launches do", () => {
  using backend = new CpuBackend();
  const [a, b] = [view(backend, [6], 0), view(backend, [1], 0)],
    random: RandomState = { seed: [1, 2], offset: [3, 4] };
  const draw = (outputs: Launch["outputs"]): Launch => {
    const { call } = apply(DRAW, [], outputs);
    return { call: { ...call as MapCall, random }, inputs: [], outputs };
  };
  const reduce = {
    kernel: "reduce",
    op: "sum",
    body: body(x0!),
    compute: "float32",
    scalars: [],
    shape: [6],
    axes: [0],
  } as const;
  const c = view(backend, [6], 2), d = view(backend, [6], 3);
  backend.launchAll([
    draw([a]),
    { call: reduce, inputs: [a], outputs: [b] },
    apply(NEXT, [b], [b]),
    draw([c]),
    draw([d]),
  ]);
  const numbers = new Float32Array(backend.readSync(a.buffer).buffer);
  assertEquals(backend.readSync(c.buffer), backend.readSync(a.buffer));
  assertEquals(backend.readSync(d.buffer), backend.readSync(a.buffer));
  assert(
    Math.abs(new Float32Array(backend.readSync(b.buffer).buffer)[0]! - 1 - numbers.reduce((s, n) => s + n)) <
      1e-5,
  );
  const careless = [a, c].map((v) => apply(DRAW, [], [v]));
  assertThrows(() => backend.launchAll(careless), TypeError, "random state");
});

Deno.test("Maps leave other calls alone that share no memory with them", () => {
  using backend = new CpuBackend();
  const shape = [2, 3], base = { body: body(x0!), compute: "float32", scalars: [], shape } as const;
  const total = { kernel: "reduce", op: "max", axes: [1], ...base } as const;
  for (let round = 0; round < 3; round++) {
    const [a, b, c] = [view(backend, shape, 0), view(backend, shape, 1), view(backend, shape, 2)];
    const [maxima, soft] = [view(backend, [2, 1], 3), view(backend, shape, 4)];
    const numbers = ({ buffer }: typeof a) => new Float32Array(backend.readSync(buffer).buffer);
    const before = [a, b, c].map(numbers);
    backend.launchAll([
      apply(NEXT, [a], [a]),
      { call: total, inputs: [b], outputs: [maxima] },
      apply(NEXT, [c], [c]),
      { call: { kernel: "softmax" }, inputs: [b], outputs: [soft] },
    ]);
    assertEquals(numbers(a), before[0]!.map((v) => v + 1));
    assertEquals(numbers(c), before[2]!.map((v) => v + 1));
    const rows = [before[1]!.slice(0, 3), before[1]!.slice(3)];
    assertEquals([...numbers(maxima)], rows.map((row) => Math.max(...row)));
    const sums = [0, 3].map((at) => numbers(soft).slice(at, at + 3).reduce((s, v) => s + v));
    for (const sum of sums) assert(Math.abs(sum - 1) < 1e-6);
  }
});
