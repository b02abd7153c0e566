import { assertEquals } from "@std/assert";
import { body, expr as e, FLOAT64 } from "@troodon/core/kernel";
import { openHostileGpu } from "@troodon/testing";
import { WebGpuBackend } from "../mod.ts";
import { openBackend, run } from "../test_support.ts";

const hostile = await openHostileGpu("reassociated");
const BACKENDS = {
  "a compiler that assumes neither NaN nor infinity": hostile && new WebGpuBackend(hostile),
  "the compiler in use": await openBackend(),
};
addEventListener(
  "unload",
  () => BACKENDS["a compiler that assumes neither NaN nor infinity"]?.[Symbol.dispose](),
);

const VALUES = [
  NaN,
  -NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  2 ** -149,
  -(2 ** -149),
  2 ** 127,
  -(2 ** 127),
  1.5,
];
const PAIRS = VALUES.flatMap((a) => VALUES.map((b) => [a, b] as const));

type Comparing = "less" | "lessEqual" | "equal" | "notEqual" | "min" | "max";
const FUNCTIONS: readonly Comparing[] = ["less", "lessEqual", "equal", "notEqual", "min", "max"];

/** What is compared of a and b: the operands themselves, numbers without a sign, a literal on either side. */
const FORMS: Readonly<
  Record<
    string,
    { of: (fn: Comparing, b: number) => e.Expr; exact: (a: number, b: number) => [number, number] }
  >
> = {
  both: { of: (fn) => e.call(fn, e.input(0), e.input(1)), exact: (a, b) => [a, b] },
  sizes: {
    of: (fn) => e.call(fn, e.abs(e.input(0)), e.abs(e.input(1))),
    exact: (a, b) => [Math.abs(a), Math.abs(b)],
  },
  // Among them NaN with a sign.
  opposites: { of: (fn) => e.call(fn, e.neg(e.input(0)), e.neg(e.input(1))), exact: (a, b) => [-a, -b] },
  "literals behind": { of: (fn, b) => e.call(fn, e.input(0), e.constant(b)), exact: (a, b) => [a, b] },
  "literals behind sizes": {
    of: (fn, b) => e.call(fn, e.abs(e.input(0)), e.constant(b)),
    exact: (a, b) => [Math.abs(a), b],
  },
  "literals in front": { of: (fn, b) => e.call(fn, e.constant(b), e.input(0)), exact: (a, b) => [b, a] },
};

for (const [compiler, backend] of Object.entries(BACKENDS)) {
  for (const [form, { of, exact }] of Object.entries(FORMS)) {
    for (const fn of FUNCTIONS) {
      Deno.test({
        name: `${fn}() of ${form} is right of NaN, infinities and zeros by ${compiler}`,
        ignore: backend === undefined,
        async fn() {
          for (
            const pairs of form.startsWith("literals") ? Map.groupBy(PAIRS, ([, b]) => b).values() : [PAIRS]
          ) {
            const shape = [pairs.length], [a, b] = [0, 1].map((i) => pairs.map((pair) => pair[i]!));
            const [found] = await run(
              backend!,
              { kernel: "map", body: body(of(fn, b![0]!)), compute: "float32", scalars: [], shape },
              [{ dtype: "float32", shape, data: a! }, { dtype: "float32", shape, data: b! }],
              [{ dtype: "float32", shape }],
            );
            // Which of two zeros is the larger is nobody's business.
            const plain = (x: number): number => x === 0 ? 0 : x;
            assertEquals(found!.map(plain), pairs.map(([x, y]) => plain(FLOAT64[fn](...exact(x, y)))));
          }
        },
      });
    }
  }
}
