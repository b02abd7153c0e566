import { assertEquals } from "@std/assert";
import type { ScalarFunction } from "@troodon/core";
import { ARITY, body, compileReference, expr, SCALAR_FUNCTIONS } from "@troodon/core/kernel";
import { openHostileGpu } from "@troodon/testing";
import { WebGpuBackend } from "../mod.ts";
import { openBackend, run } from "../test_support.ts";

const backend = await openBackend();

const SPECIAL = [NaN, Infinity, 0, 1, 0.5, 1.5, 2.5, 1e-6, 30, 1e30, 3e9, 2049, 1e10, 1e-40]
  .flatMap((x) => [Math.fround(x), -Math.fround(x)]);

/** Numbers of all sizes without a pattern. */
function samples(n: number, seed: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    const u = ((i + 1) * 0.6180339887498949 * seed) % 1 * 2 - 1;
    const size = [1, 10, Math.exp(12 * Math.abs(u) - 6)][i % 3]!;
    return Math.fround(u * size);
  });
}

/** Functions whose results are as far off as their operands' rounding, where they cancel. */
const CANCELLING: ReadonlySet<ScalarFunction> = new Set(["logaddexp"]);

/** What the package says of the functions whose results are off by more than 3 units of the last place. */
const BOUNDS: Readonly<Partial<Record<ScalarFunction, number>>> = { tan: 4.5, erfc: 7.3, atan2: 3.1 };

/** 0 of the same sign for what is subnormal. */
function withoutSubnormal(x: number): number {
  return Math.abs(x) < 2 ** -126 ? 0 * Math.sign(x) : x;
}

/** The largest error, in units of the last of 24 bits, and where. */
function worst(
  fn: ScalarFunction,
  columns: readonly (readonly number[])[],
  results: readonly number[],
  compute: "float32" | "int32",
  flushed: boolean,
): { error: number; where: string } {
  const reference = compileReference(bodyOf(fn), compute), exact = new Float64Array(1);
  let error = 0, where = "";
  const exactly = (args: readonly number[], i: number): number => {
    reference(args, [], [i], i, exact);
    return compute === "int32" ? exact[0]! : Math.fround(exact[0]!);
  };
  results.forEach((y, i) => {
    const args = columns.map((c) => c[i]!), x = exactly(args, i);
    // GPUs may take subnormal numbers for 0.
    const least = CANCELLING.has(fn) ? 1 : 2 ** -125;
    const wanted = flushed ? [x, exactly(args.map(withoutSubnormal), i)] : [x];
    const errors = wanted.map((x) => {
      if (Object.is(x, y) || x === y || (flushed && withoutSubnormal(x) === withoutSubnormal(y))) return 0;
      const found = Math.abs(x - y) / Math.max(Math.abs(x), least) * 2 ** 23;
      return Number.isNaN(found) ? Infinity : found;
    });
    if (Math.min(...errors) <= error) return;
    error = Math.min(...errors);
    where = `${fn}(${args}) is ${x}: current result is ${y}`;
  });
  return { error, where };
}

function bodyOf(fn: ScalarFunction) {
  return body(expr.call(fn, ...Array.from({ length: ARITY[fn] }, (_, i) => expr.input(i))));
}

async function faults(
  backend: WebGpuBackend,
  compute: "float32" | "int32",
  functions: readonly ScalarFunction[],
  columns: readonly (readonly number[])[],
  bound: (fn: ScalarFunction) => number,
  flushed = false,
): Promise<string[]> {
  const all: string[] = [];
  const shape = [columns[0]!.length];
  for (const fn of functions) {
    const used = columns.slice(0, ARITY[fn]);
    const [results] = await run(
      backend,
      { kernel: "map", body: bodyOf(fn), compute, scalars: [], shape },
      used.map((data) => ({ dtype: compute, shape, data })),
      [{ dtype: compute, shape }],
    );
    const { error, where } = worst(fn, used, results!, compute, flushed);
    if (error > bound(fn)) all.push(`${error} ulp: ${where}`);
  }
  return all;
}

/** Whether subnormal numbers are 0 for arithmetic. */
async function flushes(backend: WebGpuBackend): Promise<boolean> {
  const shape = [1], one = { dtype: "float32", shape } as const;
  const call = { kernel: "map", body: bodyOf("mul"), compute: "float32", scalars: [], shape } as const;
  const [found] = await run(backend, call, [{ ...one, data: [1e-40] }, { ...one, data: [2] }], [one]);
  return found![0] === 0;
}

async function everyFunction(backend: WebGpuBackend): Promise<void> {
  const a = [...samples(900, 1)], b = [...samples(900, 7)];
  for (const x of SPECIAL) {
    for (const y of SPECIAL) {
      a.push(x);
      b.push(y);
    }
  }
  const bound = (fn: ScalarFunction): number => BOUNDS[fn] ?? 3;
  const flushed = await flushes(backend), columns = [a, b, b.toReversed()];
  assertEquals(await faults(backend, "float32", SCALAR_FUNCTIONS, columns, bound, flushed), []);
}

Deno.test({
  name: "map() calculates every scalar function in float32",
  ignore: !backend,
  fn: () => everyFunction(backend!),
});

for (const liberty of ["reassociated", "fused", "unfused", "flushed"] as const) {
  Deno.test({
    name: `map() calculates every scalar function where compilers assume no NaN and sums are ${liberty}`,
    ignore: !backend,
    async fn() {
      const opened = await openHostileGpu(liberty);
      if (opened === undefined) {
        return console.log("SKIP webgpu: no float64 in shaders to emulate fused products");
      }
      using hostile = new WebGpuBackend(opened);
      await everyFunction(hostile);
      assertEquals(await flushes(hostile), liberty === "flushed" || await flushes(backend!));
    },
  });
}

Deno.test({
  name: "map() calculates functions of integers in int32",
  ignore: !backend,
  async fn() {
    const pool = [0, 1, -1, 2, -2, 3, 5, -7, 31, 100, -100, 65537, 2147483647, -2147483648];
    const pairs = pool.flatMap((a) => pool.map((b) => [a, b] as const));
    const columns = [pairs.map(([a]) => a), pairs.map(([, b]) => b), pairs.map(([a, b]) => (a - b) | 0)];
    const functions: ScalarFunction[] = [
      ...["add", "sub", "mul", "div", "floorDiv", "fmod", "remainder", "pow", "min", "max"] as const,
      ...["less", "lessEqual", "equal", "notEqual", "where", "neg", "abs", "sign", "floor", "round"] as const,
      ...["isNan", "and", "or", "xor", "not", "shiftLeft", "shiftRight"] as const,
    ];
    assertEquals(await faults(backend!, "int32", functions, columns, () => 0), []);
  },
});
