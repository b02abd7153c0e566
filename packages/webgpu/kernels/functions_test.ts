import { assertEquals } from "@std/assert";
import { ARITY, body, compileReference, expr, SCALAR_FUNCTIONS, type ScalarFunction } from "@troodon/core";
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

/** The largest error, in units of the last of 24 bits, and where. */
function worst(
  fn: ScalarFunction,
  columns: readonly (readonly number[])[],
  results: readonly number[],
  compute: "float32" | "int32",
): { error: number; where: string } {
  const reference = compileReference(bodyOf(fn), compute), exact = new Float64Array(1);
  let error = 0, where = "";
  results.forEach((y, i) => {
    const args = columns.map((c) => c[i]!);
    reference(args, [], [i], i, exact);
    const x = compute === "int32" ? exact[0]! : Math.fround(exact[0]!);
    if (Object.is(x, y) || x === y) return;
    // GPUs may take subnormal numbers for 0.
    const size = Math.max(Math.abs(x), CANCELLING.has(fn) ? 1 : 2 ** -125);
    const found = Math.abs(x - y) / size * 2 ** 23;
    if (!(found <= error)) {
      error = Number.isNaN(found) ? Infinity : found;
      where = `${fn}(${args}) is ${x}: current result is ${y}`;
    }
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
    const { error, where } = worst(fn, used, results!, compute);
    if (error > bound(fn)) all.push(`${error} ulp: ${where}`);
  }
  return all;
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
  assertEquals(await faults(backend, "float32", SCALAR_FUNCTIONS, [a, b, b.toReversed()], bound), []);
}

Deno.test({
  name: "map() calculates every scalar function in float32",
  ignore: !backend,
  fn: () => everyFunction(backend!),
});

for (const liberty of ["reassociated", "fused", "unfused"] as const) {
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
