/** Calls that differ in one thing alone, one after the other: the plan of one must not be taken for another's. */
import { assertEquals } from "@std/assert";
import type { DType, KernelCall } from "@troodon/core";
import { body, expr as e, rowMajor } from "@troodon/core/kernel";
import { openDevice } from "../device/open_device.ts";
import { WebGpuBackend } from "../mod.ts";
import { compare, noise, openBackend, picks, type Plan } from "../test_support.ts";
import type { WebGpuTuning } from "../tuning.ts";

const backend = await openBackend();
const test = (name: string, fn: (b: WebGpuBackend) => Promise<void>) =>
  Deno.test({ name, ignore: !backend, fn: () => fn(backend!) });

const SHAPE = [4, 6];
const ADD = body(e.add(e.mul(e.input(0), e.scalar(0)), e.input(1)));
const SUB = body(e.sub(e.mul(e.input(0), e.scalar(0)), e.input(1)));
const SCALED = body(e.mul(e.input(0), e.scalar(0))), SQUARE = body(e.square(e.input(0)));
const CUT = body(e.max(e.input(0), e.scalar(0)));

/** A view into a buffer of 64 elements, so that any offset and strides have room. */
function plan(seed: number, change: Partial<Plan> = {}): Plan {
  const data = change.dtype === "int32" ? picks(64, 4, seed) : noise(64, seed);
  return { dtype: "float32", shape: SHAPE, data, strides: rowMajor(change.shape ?? SHAPE), ...change };
}

type Case = readonly [call: KernelCall, inputs: readonly Plan[], outputs: readonly Plan[]];

/** Each of them first, and then again: the second time with the plan that is there. */
async function inTurns(b: WebGpuBackend, cases: readonly Case[], tolerance = 1e-5): Promise<void> {
  for (let i = 0; i < 2; i++) for (const one of cases) await compare(b, ...one, tolerance);
}

const map = { kernel: "map", body: ADD, compute: "float32", scalars: [2], shape: SHAPE } as const;

function mapCases(): Case[] {
  const [x, y, z] = [plan(1), plan(2), plan(3)], cases: Case[] = [[map, [x, y], [z]]];
  cases.push([{ ...map, scalars: [3] }, [x, y], [z]], [{ ...map, body: SUB }, [x, y], [z]]);
  for (const offset of [4, 8, 1, 3, 6]) {
    cases.push([map, [{ ...x, offset }, y], [z]], [map, [x, { ...y, offset }], [z]]);
    cases.push([map, [x, y], [{ ...z, offset }]]);
  }
  for (const strides of [[1, 4], [8, 1], [0, 1], [6, 0], [7, 1], [0, 0]]) {
    cases.push([map, [{ ...x, strides }, y], [z]], [map, [x, { ...y, strides }], [z]]);
    if (!strides.includes(0)) cases.push([map, [x, y], [{ ...z, strides }]]);
  }
  for (const dtype of ["float16", "bfloat16", "int32"] as DType[]) {
    const data = picks(64, 50);
    cases.push([map, [{ ...x, dtype, data }, y], [z]], [map, [x, y], [{ ...z, dtype, data }]]);
  }
  const integers = [4, 5].map((seed) => plan(seed, { dtype: "int32" }));
  cases.push([{ ...map, compute: "int32" }, integers, [plan(6, { dtype: "int32" })]]);
  cases.push([map, integers, [plan(6, { dtype: "int32" })]]);
  for (const shape of [[6, 4], [24], [2, 12], [4, 5], [3]]) {
    const laid = [x, y, z].map((one) => ({ ...one, shape, strides: rowMajor(shape) }));
    cases.push([{ ...map, shape }, laid.slice(0, 2), laid.slice(2)]);
  }
  // Rows that begin with fours, and those that do not.
  for (const strides of [[8, 1], [9, 1], [12, 1]]) {
    const shape = [3, 8], laid = (one: Plan): Plan => ({ ...one, shape, strides: [8, 1] });
    const [p, q, r] = [laid(x), laid(y), laid(z)];
    cases.push([{ ...map, shape }, [{ ...p, strides }, q], [r]], [{ ...map, shape }, [p, q], [{
      ...r,
      strides,
    }]]);
  }
  // Whole buffers, after which a store may go on.
  for (const shape of [[4, 6], [5, 5], [23]]) {
    const whole = { dtype: "float32", shape } as const, size = shape.reduce((n, s) => n * s, 1);
    cases.push([{ ...map, shape }, [{ ...whole, data: noise(size) }, { ...whole, data: noise(size, 2) }], [
      whole,
    ]]);
  }
  return cases;
}

test("map() plans what differs in one thing anew", async (b) => {
  await inTurns(b, mapCases());
});

test("map() plans views that share a buffer, and those that do not, apart", async (b) => {
  const make = (seed: number) => {
    const buffer = b.allocate(16);
    b.write(buffer, new Uint8Array(Float32Array.of(1 + seed, 2, 3, 4).buffer));
    return { buffer, dtype: "float32", shape: [4], strides: [1], offset: 0 } as const;
  };
  const [x, y, z] = [make(0), make(1), make(2)];
  const call = { ...map, shape: [4] },
    read = async (v: typeof x) => [...new Float32Array((await b.read(v.buffer)).buffer)];
  b.launch(call, [x, y], [z]);
  assertEquals(await read(z), [4, 6, 9, 12]);
  b.launch(call, [x, x], [z]);
  assertEquals(await read(z), [3, 6, 9, 12]);
  b.launch(call, [x, y], [x]);
  assertEquals(await read(x), [4, 6, 9, 12]);
  b.launch(call, [x, y], [y]);
  assertEquals(await read(y), [10, 14, 21, 28]);
  b.launch(call, [y, z], [x]);
  assertEquals(await read(x), [23, 34, 51, 68]);
  // One element for all, of a buffer that is read by fours as well.
  b.launch(call, [x, { ...x, strides: [0] }], [z]);
  assertEquals(await read(z), [69, 91, 125, 159]);
  b.launch(call, [z, { ...x, strides: [0] }], [x]);
  assertEquals(await read(x), [161, 205, 273, 341]);
  for (const { buffer } of [x, y, z]) b.release(buffer);
});

function reduceCases(): Case[] {
  const x = plan(1), cases: Case[] = [];
  const call = {
    kernel: "reduce",
    op: "sum",
    body: SCALED,
    compute: "float32",
    scalars: [2],
    shape: SHAPE,
  } as const;
  for (const axes of [[1], [0], [0, 1]]) {
    const shape = SHAPE.map((n, a) => axes.includes(a) ? 1 : n), y = plan(2, { shape });
    for (const op of ["sum", "prod", "max", "min"] as const) cases.push([{ ...call, axes, op }, [x], [y]]);
    cases.push([{ ...call, axes, scalars: [5] }, [x], [y]], [{ ...call, axes, body: SQUARE }, [x], [y]]);
    cases.push([{ ...call, axes, post: CUT }, [x], [y]], [{ ...call, axes, post: SQUARE }, [x], [y]]);
    for (const change of [{ offset: 4 }, { offset: 3 }, { strides: [1, 4] }, { strides: [0, 1] }]) {
      cases.push([{ ...call, axes }, [{ ...x, ...change }], [y]]);
    }
    cases.push([{ ...call, axes }, [x], [{ ...y, offset: 5 }]]);
    const halves: Plan = { ...y, dtype: "float16", data: picks(64, 9) };
    cases.push([{ ...call, axes }, [{ ...x, data: picks(64, 5) }], [halves]]);
    const integers = plan(1, { dtype: "int32" }), whole: Plan = { ...y, dtype: "int32", data: picks(64, 9) };
    for (const op of ["sum", "prod", "max", "min"] as const) {
      cases.push([{ ...call, op, axes, compute: "int32" }, [integers], [whole]]);
    }
  }
  // Lines that several workgroups share, with what comes after in the second dispatch.
  for (const scalars of [[2], [0.5]]) {
    for (const post of [CUT, SQUARE]) {
      const shape = [1, 40_000], long = { dtype: "float32", shape, data: noise(40_000) } as const;
      cases.push([{ ...call, shape, axes: [1], scalars, post }, [long], [{
        dtype: "float32",
        shape: [1, 1],
      }]]);
    }
  }
  return cases;
}

test("reduce() plans what differs in one thing anew", async (b) => {
  await inTurns(b, reduceCases(), 1e-4);
});

function alongCases(): Case[] {
  const x = plan(1), cases: Case[] = [];
  for (const axis of [0, 1]) {
    const kept = plan(2, { shape: SHAPE.map((n, a) => a === axis ? 1 : n), dtype: "int32" });
    const y = plan(3), positions = plan(4, { dtype: "int32" });
    for (const change of [{}, { offset: 4 }, { offset: 2 }, { strides: [1, 4] }, { strides: [8, 1] }]) {
      const seen = { ...x, ...change };
      for (const op of ["max", "min"] as const) {
        cases.push([{ kernel: "argreduce", op, axis }, [seen], [kept]]);
      }
      for (const op of ["sum", "prod", "max", "min", "logaddexp"] as const) {
        for (const reverse of [false, true]) cases.push([{ kernel: "scan", op, axis, reverse }, [seen], [y]]);
      }
      for (const descending of [false, true]) {
        cases.push([{ kernel: "sort", axis, descending }, [seen], [y, positions]]);
      }
      cases.push([{ kernel: "gather", axis }, [seen, plan(5, { dtype: "int32" })], [y]]);
      for (const mode of ["set", "add"] as const) {
        cases.push([{ kernel: "scatter", axis, mode }, [plan(5, { dtype: "int32" }), seen], [y]]);
        const whole = { ...y, dtype: "int32" as const, data: picks(64, 90) };
        const integers = { ...seen, dtype: "int32" as const, data: picks(64, 40, 3) };
        cases.push([{ kernel: "scatter", axis, mode }, [plan(5, { dtype: "int32" }), integers], [whole]]);
      }
    }
  }
  for (const [step, dilation] of [[1, 1], [2, 1], [1, 2], [3, 2]] as const) {
    const windows = (count: number, axis: number) => ({
      shape: axis === 0 ? [count, 2, 3] : [2, count, 3],
      output: axis === 0
        ? [(count - 1) * step + 2 * dilation + 1, 2]
        : [2, (count - 1) * step + 2 * dilation + 1],
    });
    for (const axis of [0, 1]) {
      const { shape, output } = windows(3, axis);
      cases.push([{ kernel: "fold", axis, step, dilation }, [plan(1, { shape })], [
        plan(2, { shape: output }),
      ]]);
      // One position more than the windows reach.
      const larger = output.map((n, a) => a === axis ? n + 1 : n);
      cases.push([{ kernel: "fold", axis, step, dilation }, [plan(1, { shape })], [
        plan(2, { shape: larger }),
      ]]);
    }
  }
  return cases;
}

test("kernels along an axis plan what differs in one thing anew", async (b) => {
  await inTurns(b, alongCases());
});

function matmulCases(): Case[] {
  const cases: Case[] = [];
  const epilogues = [undefined, body(e.mul(e.input(0), e.scalar(0))), body(e.add(e.input(0), e.input(1)))];
  // Dot products, single threads, tiles, and sums in parts.
  for (const [m, n, k] of [[4, 6, 5], [40, 36, 9], [68, 72, 60], [40, 48, 600]] as const) {
    const x = { dtype: "float32", shape: [m, k], data: noise(m * k + 8) } as const;
    const y = { dtype: "float32", shape: [k, n], data: noise(k * n + 8, 3) } as const;
    const z = { dtype: "float32", shape: [m, n], data: noise(m * n + 8, 5) } as const;
    for (const epilogue of epilogues) {
      const rest = epilogue?.inputs === 2 ? [{ ...z, shape: [m, n], strides: [0, 1] }] : [];
      for (const scalars of epilogue?.scalars ? [[2], [3]] : [[]]) {
        const call = { kernel: "matmul", scalars, ...(epilogue && { epilogue }) } as const;
        // Shaders of tiles are long: a few of them do.
        if (m > 40 || k > 100) {
          cases.push([call, [x, y, ...rest], [z]], [call, [x, { ...y, offset: 3 }, ...rest], [z]]);
          continue;
        }
        for (const offset of [0, 4, 3]) {
          cases.push([call, [{ ...x, offset }, y, ...rest], [z]], [call, [x, { ...y, offset }, ...rest], [
            z,
          ]]);
          cases.push([call, [x, y, ...rest], [{ ...z, offset }]]);
        }
        cases.push([call, [{ ...x, strides: [1, m] }, y, ...rest], [z]]);
        cases.push([call, [x, { ...y, strides: [1, k] }, ...rest], [z]]);
        cases.push([call, [x, y, ...rest], [{ ...z, strides: [1, m] }]]);
      }
    }
  }
  return cases;
}

test("matmul() plans what differs in one thing anew", async (b) => {
  await inTurns(b, matmulCases(), 1e-3);
});

/** Limits so small that every call meets them. */
const TINY: WebGpuTuning = {
  launcher: { plans: 2 },
  pipelines: { unused: 0 },
  bindings: { groups: 2 },
  numbers: { slots: 2 },
  stream: { batch: 2, writes: 64 },
  readback: { limit: 0 },
  keptBytes: 0,
};

Deno.test({
  name: "a backend that keeps next to nothing calculates as any other",
  ignore: !backend,
  async fn() {
    using tiny = new WebGpuBackend(await openDevice({ allowFallback: true }), TINY);
    const cases = [...mapCases().slice(0, 12), ...alongCases().filter((_, i) => i % 9 === 0)];
    cases.push(...reduceCases().slice(-2), ...matmulCases().filter((_, i) => i % 20 === 0));
    for (const one of cases) await compare(tiny, ...one, 1e-3);
    const { plans, pipelines, spareBytes, liveBytes } = tiny.report;
    assertEquals([plans, liveBytes, pipelines <= 16], [2, 16, true]);
    assertEquals(spareBytes <= 2 ** 20, true);
    const before = tiny.report.submissions, x = tiny.allocate(4), shape = [1];
    const view = { buffer: x, dtype: "float32", shape, strides: [1], offset: 0 } as const;
    tiny.write(x, new Uint8Array(4));
    for (let i = 1; i <= 7; i++) tiny.launch({ ...map, body: SCALED, shape, scalars: [i] }, [view], [view]);
    assertEquals((await tiny.read(x)).length, 4);
    assertEquals(tiny.report.submissions - before, 4);
    tiny.release(x);
  },
});
