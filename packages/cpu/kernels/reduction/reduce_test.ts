import { assert, assertEquals } from "@std/assert";
import type { Body, ComputeType, ReduceOp, Shape } from "@troodon/core";
import { body, compileReference, expr as e, INT32, sizeOf } from "@troodon/core/kernel";
import { CpuContext } from "../../context.ts";
import type { CpuView } from "../../view.ts";
import {
  assertClose,
  asStored,
  context,
  expected,
  type Placement,
  positionOf,
  read,
  tensor,
} from "../../test_support.ts";
import { reduce } from "./reduce.ts";

const [x, y] = [e.input(0), e.input(1)];
const START = { sum: 0, prod: 1, max: -Infinity, min: Infinity };
const INT_START = { sum: 0, prod: 1, max: -2147483648, min: 2147483647 };

function combine(op: ReduceOp, compute: ComputeType, a: number, b: number): number {
  if (op === "max") return Math.max(a, b);
  if (op === "min") return Math.min(a, b);
  if (compute === "int32") return op === "sum" ? INT32.add(a, b) : INT32.mul(a, b);
  return op === "sum" ? a + b : a * b;
}

interface Options {
  readonly op?: ReduceOp;
  readonly post?: Body;
  readonly compute?: ComputeType;
  readonly scalars?: readonly number[];
  readonly out?: Placement;
  readonly tolerance?: number;
  readonly floor?: number;
}

/** Splits all that can be split. */
const split = new CpuContext(context.memory, { threads: 2, grain: 0 });

/** Compares a reduction with the reference, done at once and in parts. */
function check(
  label: string,
  made: Body,
  shape: Shape,
  axes: number[],
  inputs: CpuView[],
  options: Options = {},
): void {
  const {
    op = "sum",
    post,
    compute = "float32",
    scalars = [],
    out = {},
    tolerance = op === "prod" ? 3e-6 : 3e-7,
    floor = 1,
  } = options;
  const kept = shape.map((n, a) => axes.includes(a) ? 1 : n);
  const output = tensor(kept, () => 77, { dtype: compute, ...out });
  const call = { op, body: made, ...(post && { post }), compute, scalars, shape, axes };
  const [values] = expected(made, compute, shape, inputs, scalars);
  const results = new Float64Array(sizeOf(kept)).fill((compute === "int32" ? INT_START : START)[op]);
  for (let i = 0; i < sizeOf(shape); i++) {
    const at = positionOf(shape, i).reduce((n, p, a) => n * kept[a]! + (axes.includes(a) ? 0 : p), 0);
    results[at] = combine(op, compute, results[at]!, values![i]!);
  }
  const one = new Float64Array(1);
  const want = results.map((v) => {
    if (post && compute !== "int64") compileReference(post, compute)([v], scalars, [], 0, one);
    return asStored(output.dtype, post ? one[0]! : compute === "float32" ? Math.fround(v) : v);
  });
  for (const within of [context, split]) {
    reduce(within, { kernel: "reduce", ...call }, inputs, [output]);
    within.clear();
    assertClose(read(output), want, label, tolerance, floor);
  }
}

const some = (i: number): number => (i * 37 % 101) / 50 - 1;

Deno.test("reduce brings together rows of all lengths", () => {
  for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 127, 1000, 5000]) {
    for (const op of ["sum", "prod", "max", "min"] as const) {
      check(`${op} ${n}`, body(x), [n], [0], [tensor([n], (i) => 1 + some(i) / 100)], { op });
      check(`${op} 3 x ${n}`, body(x), [3, n], [1], [tensor([3, n], (i) => 1 + some(i) / 100)], { op });
    }
  }
});

Deno.test("reduce brings together columns of all widths", () => {
  for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 127]) {
    for (const op of ["sum", "prod", "max", "min"] as const) {
      check(`${op} ${n}`, body(x), [200, n], [0], [tensor([200, n], (i) => 1 + some(i) / 100)], { op });
      const many = tensor([3, 70, n + 60], (i) => 1 + some(i) / 100);
      check(`${op} ${n} many`, body(x), [3, 70, n + 60], [1], [many], { op });
    }
    check(`none of ${n}`, body(x), [0, n], [0], [tensor([0, n], () => 0)], { op: "max" });
  }
});

Deno.test("reduce handles any axes of any layout", () => {
  const made = body(e.add(e.mul(x, y), e.exp(y)));
  const shape = [3, 4, 5, 6];
  const places = [[120, 30, 6, 1], [1, 3, 12, 60], [0, 6, 0, 1], [0, 0, 0, 0], [240, 60, 12, 2], [
    120,
    30,
    6,
    -1,
  ]];
  const subsets = Array.from({ length: 16 }, (_, bits) => [0, 1, 2, 3].filter((a) => bits >> a & 1));
  for (const a of places) {
    for (const b of places) {
      const inputs = [a, b].map((strides) =>
        tensor(shape, some, { strides, offset: strides[3] === -1 ? 5 : 0 })
      );
      for (const axes of subsets) {
        check(`${axes} of ${a} and ${b}`, made, shape, axes, inputs, { floor: 300 });
      }
    }
  }
});

Deno.test("reduce writes to any layout and element type", () => {
  const shape = [4, 6, 9];
  const inputs = [tensor(shape, (i) => i % 5, { dtype: "uint8" })];
  for (const dtype of ["float32", "float64", "int32", "uint8", "bool", "float16"] as const) {
    for (const axes of [[0], [1], [2], [0, 2], [0, 1]]) {
      for (const compute of ["float32", "float64", "int32"] as const) {
        const strides = shape.map((n, a) => axes.includes(a) ? 1 : n === 9 ? 2 : n === 6 ? 20 : 130);
        check(`${dtype} ${axes} ${compute}`, body(x), shape, axes, inputs, {
          compute,
          out: { dtype, strides },
        });
      }
    }
  }
});

Deno.test("reduce applies what comes after, and scalars to both", () => {
  const made = body(e.mul(e.square(x), e.add(e.scalar(0), e.scalar(0))));
  const post = body(e.sqrt(e.add(e.mul(x, e.scalar(1)), e.scalar(2))));
  for (const axes of [[0], [1], [0, 1]]) {
    check(`${axes}`, made, [13, 21], axes, [tensor([13, 21], some)], { post, scalars: [0.5, 0.25, 1e-3] });
  }
  const mean = body(e.div(x, e.scalar(0)));
  check("mean", body(x), [64, 10], [0], [tensor([64, 10], some)], { post: mean, scalars: [64] });
});

Deno.test("reduce gives NaN for extrema with NaN", () => {
  for (const op of ["max", "min"] as const) {
    for (const at of [0, 5, 18, 126]) {
      const input = tensor([127], (i) => i === at ? NaN : i);
      check(`${op} ${at}`, body(x), [127], [0], [input], { op });
      const column = tensor([127, 5], (i) => i === at ? NaN : i);
      check(`${op} ${at} columns`, body(x), [127, 5], [0], [column], { op });
      const wide = tensor([127, 103], (i) => i === at * 7 ? NaN : i);
      check(`${op} ${at} wide`, body(x), [127, 103], [0], [wide], { op });
    }
  }
});

Deno.test("reduce sums a million float32 precisely", () => {
  const n = 1 << 20;
  for (const shape of [[n], [n / 16, 16], [1024, 1024]]) {
    const input = tensor(shape, (i) => Math.fround(0.1 + (i * 7919 % 1000) / 1000));
    let exact = 0;
    for (const v of read(input)) exact += v;
    const output = tensor(shape.map(() => 1), () => 0);
    const axes = shape.map((_, a) => a);
    const call = {
      kernel: "reduce",
      op: "sum",
      body: body(x),
      compute: "float32",
      scalars: [],
      shape,
      axes,
    } as const;
    reduce(context, call, [input], [output]);
    assert(Math.abs(read(output)[0]! / exact - 1) < 2e-7);
    const columns = tensor([1, ...shape.slice(1)], () => 0);
    reduce(context, { ...call, axes: [0] }, [input], [columns]);
    let sum = 0;
    for (const v of read(columns)) sum += v;
    assert(Math.abs(sum / exact - 1) < 2e-7);
    for (const view of [input, output, columns]) context.memory.release(view.buffer);
  }
});

Deno.test("reduce keeps the parts of sums precise", () => {
  const half = 1 << 17, value = (i: number): number => i * 7919 % 8001;
  // What the second half takes away is what the first adds, in another order.
  const input = tensor([2 * half], (i) => i < half ? value(i) : -value((i * 5 + 3) % half));
  const output = tensor([1], () => 77);
  const call = {
    op: "sum",
    body: body(x),
    compute: "float32",
    scalars: [],
    shape: [2 * half],
    axes: [0],
  } as const;
  reduce(split, { kernel: "reduce", ...call }, [input], [output]);
  split.clear();
  assertEquals(read(output)[0], 0);
});

Deno.test("reduce gives the same bits for any number of threads", () => {
  for (const [shape, axes] of [[[300_001], [0]], [[3, 200_001], [1]], [[50_001, 5], [0]]] as const) {
    const input = tensor(shape, (i) => Math.fround(1 / (1 + i * 7919 % 1000)));
    for (const [op, compute] of [["sum", "float32"], ["prod", "float32"], ["sum", "float64"]] as const) {
      const output = tensor(shape.map((n, a) => a === axes[0] ? 1 : n), () => 0, { dtype: compute });
      const call = {
        kernel: "reduce",
        op,
        body: body(e.add(x, 0.5)),
        compute,
        scalars: [],
        shape,
        axes,
      } as const;
      const found = [1, 2, 3].map((threads) => {
        const within = new CpuContext(context.memory, { threads });
        reduce(within, call, [input], [output]);
        within.clear();
        within.threads.close();
        return read(output);
      });
      assertEquals(found[1], found[0]);
      assertEquals(found[2], found[0]);
    }
  }
});

Deno.test("reduce knows positions", () => {
  const made = body(e.mul(x, e.add(e.coordinate(0), e.mul(e.coordinate(1), 10))));
  for (const axes of [[0], [1], [0, 1], []]) {
    check(`${axes}`, made, [7, 30], axes, [tensor([7, 30], some)], { floor: 1000 });
  }
  assertEquals(made.usesCoordinate, true);
});
