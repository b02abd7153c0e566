import { assertEquals } from "@std/assert";
import { body, expr as e } from "@troodon/core/kernel";
import { openHostileGpu } from "@troodon/testing";
import { WebGpuBackend } from "../mod.ts";
import { run } from "../test_support.ts";

const [X, Y, Z] = [e.input(0), e.input(1), e.input(2)];

/** Expressions that are something else of finite numbers, or in another order: with x, y and z, and what they are. */
const CASES: readonly (readonly [
  name: string,
  e.Expr,
  operands: readonly [x: number, y: number, z: number],
  exact: number,
])[] = [
  ["differences of infinities", e.sub(X, X), [Infinity, 0, 0], NaN],
  ["quotients of zeros", e.div(X, X), [0, 0, 0], NaN],
  ["products with 0", e.mul(X, 0), [Infinity, 0, 0], NaN],
  ["products with a comparison", e.mul(X, e.less(Y, 0)), [NaN, 1, 0], NaN],
  ["products with a choice", e.mul(e.where(e.less(Y, 0), Z, 0), X), [Infinity, 1, 3], NaN],
  ["sums of products with a choice", e.add(e.mul(e.where(e.less(Y, 0), 0, Z), X), Z), [NaN, -1, 3], NaN],
  ["what rounding left of a sum", e.sub(e.sub(e.add(X, Y), X), Y), [1, 2 ** -24, 0], -(2 ** -24)],
  ["what rounding left of an added sum", e.add(e.add(X, Y), Z), [2 ** -24, 1, -1], 0],
  ["products that overflow on the way", e.mul(e.mul(X, Y), Z), [1e30, 1e-30, 1e-30], 1e-30],
  // exp() ends with a product that overflows as it is rounded.
  ["functions that something is added to", e.sub(e.exp(X), Y), [Infinity, Infinity, 0], NaN],
  ["products that would overflow", e.mul(e.mul(X, Y), Z), [1e-30, 1e30, 1e30], 1e30],
];

for (const liberty of ["reassociated", "fused", "unfused"] as const) {
  const opened = await openHostileGpu(liberty);
  const backend = opened && new WebGpuBackend(opened);
  addEventListener("unload", () => backend?.[Symbol.dispose]());
  for (const [name, expression, operands, exact] of CASES) {
    for (const lanes of [1, 4]) {
      Deno.test({
        name: `WgslMachine calculates ${name} by ${lanes} as written where sums are ${liberty}`,
        ignore: backend === undefined,
        async fn() {
          const shape = [lanes], all = (value: number) => new Array<number>(lanes).fill(Math.fround(value));
          const [found] = await run(
            backend!,
            { kernel: "map", body: body(expression), compute: "float32", scalars: [], shape },
            operands.map((x) => ({ dtype: "float32", shape, data: all(x) })),
            [{ dtype: "float32", shape }],
          );
          assertEquals(found, all(exact));
        },
      });
    }
  }
}
