import { assertEquals, assertThrows } from "@std/assert";
import { type Body, type ComputeType, DTYPES, type RandomState, type Shape } from "@troodon/core";
import { ARITY, body, expr as e, SCALAR_FUNCTIONS } from "@troodon/core/kernel";
import type { CpuView } from "../../view.ts";
import {
  assertClose,
  asStored,
  context,
  expected,
  type Placement,
  read,
  tensor,
} from "../../test_support.ts";
import { map } from "./map.ts";

const [x, y] = [e.input(0), e.input(1)];
const GELU = e.mul(e.mul(0.5, x), e.add(1, e.erf(e.mul(x, Math.SQRT1_2))));

/** Runs a body into new outputs and compares them with the reference. */
function check(
  label: string,
  made: Body,
  shape: Shape,
  inputs: readonly CpuView[],
  { compute = "float32", scalars = [], random, out = {}, tolerance, floor }: {
    compute?: ComputeType;
    scalars?: number[];
    random?: RandomState;
    out?: Placement;
    tolerance?: number;
    floor?: number;
  } = {},
): void {
  const outputs = made.outputs.map(() => tensor(shape, () => 77, { dtype: compute, ...out }));
  const want = expected(made, compute, shape, inputs, scalars, random);
  map(
    context,
    { kernel: "map", body: made, compute, scalars, shape, ...(random && { random }) },
    inputs,
    outputs,
  );
  outputs.forEach((view, o) => {
    const stored = want[o]!.map((v) => asStored(view.dtype, compute === "float32" ? Math.fround(v) : v));
    assertClose(read(view), stored, `${label} ${o}`, tolerance, floor);
  });
}

const SPECIAL = [
  ...[0, -0, 1, -1, 0.5, -0.5, 2, -2, Infinity, -Infinity, NaN, 1e-45, -1e-39, 3e38, -3e38, 88.7, 88.8],
  ...[-87.4, -103.9, -104.1, 0.625, 0.9277, 1e-20, 1e10, -1e10, 100, -100, 2.5, 3.5, 12345.678, 16777217],
].map(Math.fround);

/** Pairs of special numbers, and a grid. */
function samples(arity: number): number[][] {
  const lists: number[][] = Array.from({ length: arity }, () => []);
  const put = (...values: number[]): void => lists.forEach((list, i) => list.push(Math.fround(values[i]!)));
  for (const a of SPECIAL) for (const b of SPECIAL) put(a, b, 0.25);
  for (let i = 0; i < 2000; i++) put((i - 1000) / 99, (i * 7919 % 2001 - 1000) / 333, i % 3 - 1);
  return lists;
}

const BITS = ["and", "or", "xor", "not", "shiftLeft", "shiftRight"];

Deno.test("map computes every function in float32, at special values too", () => {
  for (const fn of SCALAR_FUNCTIONS.filter((fn) => !BITS.includes(fn))) {
    const made = body(e.call(fn, ...[x, y, e.input(2)].slice(0, ARITY[fn])));
    const lists = samples(ARITY[fn]);
    const n = lists[0]!.length;
    const inputs = lists.map((list) => tensor([n], (i) => list[i]!));
    const floor = fn === "logaddexp" ? 1 : 0;
    check(fn, made, [n], inputs, { tolerance: fn === "erfc" ? 8e-7 : 3e-7, floor });
  }
});

Deno.test("map computes every function in float64", () => {
  for (const fn of SCALAR_FUNCTIONS.filter((fn) => !BITS.includes(fn))) {
    const made = body(e.call(fn, ...[x, y, e.input(2)].slice(0, ARITY[fn])));
    const lists = samples(ARITY[fn]).map((list) => list.slice(0, 1200));
    const inputs = lists.map((list) => tensor([1199], (i) => list[i]!, { dtype: "float64" }));
    check(fn, made, [1199], inputs, { compute: "float64", tolerance: 4e-16 });
  }
});

Deno.test("map computes every function in int32", () => {
  const values = [0, 1, -1, 2, -2, 7, -7, 3, 31, 100, -1000, 65537, 2147483647, -2147483648, 5, 123456789];
  const n = values.length ** 2;
  for (const fn of SCALAR_FUNCTIONS) {
    const made = body(e.call(fn, ...[x, y, e.input(2)].slice(0, ARITY[fn])));
    const inputs = [(i: number) => values[i % 16]!, (i: number) => values[i >> 4]!, (i: number) => i % 3]
      .slice(0, ARITY[fn]).map((f) => tensor([n], f, { dtype: "int32" }));
    check(fn, made, [n], inputs, { compute: "int32", tolerance: 0 });
  }
});

Deno.test("map handles all lengths", () => {
  const adam = body(
    e.sub(x, e.div(e.mul(e.scalar(0), y), e.add(e.sqrt(e.input(2)), e.scalar(1)))),
    e.add(e.mul(y, e.scalar(2)), e.mul(x, e.sub(1, e.scalar(2)))),
    e.less(x, y),
  );
  for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 127, 1000]) {
    const inputs = [1, 2, 3].map((s) => tensor([n], (i) => (i * 37 * s % 101) / 20));
    check(`adam ${n}`, adam, [n], inputs, { scalars: [1e-3, 1e-8, 0.999], floor: 1 });
    check(`gelu ${n}`, body(GELU), [n], inputs.slice(0, 1), { floor: 1 });
    check(`relu ${n}`, body(e.where(e.greater(x, 0), x, 0)), [n], inputs.slice(0, 1));
  }
});

Deno.test("map walks broadcast, transposed, strided and reversed operands", () => {
  const made = body(e.add(e.mul(x, y), e.sin(y)), e.sub(x, y));
  const places: [Shape, readonly number[], number][] = [
    [[3, 4, 5], [20, 5, 1], 0],
    [[3, 4, 5], [1, 15, 3], 2],
    [[3, 4, 5], [0, 1, 0], 1],
    [[3, 4, 5], [0, 0, 0], 3],
    [[3, 4, 5], [80, 20, 2], 0],
    [[3, 4, 5], [20, -5, 1], 15],
    [[3, 4, 5], [20, 5, -1], 4],
  ];
  const numbers = (i: number): number => (i * 29 % 97) / 31;
  for (const [shape, a, first] of places) {
    for (const [, b, second] of places) {
      const inputs = [
        tensor(shape, numbers, { strides: a, offset: first }),
        tensor(shape, (i) => numbers(i + 5), { strides: b, offset: second }),
      ];
      check(`${a} ${b}`, made, shape, inputs, { floor: 1 });
      check(`${a} ${b} out`, made, shape, inputs, { floor: 1, out: { strides: [1, 3, 12], offset: 1 } });
      check(`${a} ${b} spread`, made, shape, inputs, {
        floor: 1,
        out: { strides: [-40, 10, 2], offset: 80 },
      });
    }
  }
});

Deno.test("map cuts transposed operands into tiles", () => {
  for (const shape of [[64, 64], [256, 70], [67, 129], [16, 1000], [3, 50, 70]]) {
    const strides = shape.map((_, a) => shape.slice(0, a).reduce((p, n) => p * n, 1));
    const inputs = [tensor(shape, (i) => i, { strides }), tensor(shape, (i) => i % 7)];
    check(`${shape}`, body(e.add(x, y)), shape, inputs);
    check(`${shape}`, body(x), shape, inputs.slice(0, 1));
  }
});

Deno.test("map converts between all element types", () => {
  const made = body(e.add(x, e.mul(y, 0.5)));
  const values: Record<string, number[]> = {
    bool: [0, 1, 1, 0],
    uint8: [0, 1, 255, 127, 3],
    int32: [0, -5, 1000, 65536, -70000, 7],
    int64: [0, -5, 1000, 65536, -70000, 7],
    float16: [0, -0, 1.5, -2.25, 65504, 6e-8, 1e-5, 0.333251953125, Infinity, NaN],
    bfloat16: [0, 1.5, -2.25, 3e38, 1e-40, Infinity, NaN, 100],
    float32: [0, 1.75, -300.5, 1e-5, 70000, 65519, 65520, 5.9e-8, 2.9e-8, NaN, -Infinity, 1e-41, -1.5, 256.7],
    float64: [0, 1.75, -300.5, 1e-5, 70000, 1e300, NaN, -1.5, 256.7],
  };
  for (const dtype of DTYPES) {
    for (const result of DTYPES) {
      for (const compute of ["float32", "float64", "int32"] as const) {
        for (const stride of [0, 1, 2]) {
          const list = values[dtype]!;
          const place = { dtype, strides: [stride] };
          const inputs = [
            tensor([27], (i) => list[i % list.length]!, place),
            tensor([27], (i) => i % 4, { dtype }),
          ];
          const out = { dtype: result, strides: [stride === 2 ? 3 : 1] };
          // Two roundings, to float32 and to the type, may differ from one.
          const tolerance = result === "bfloat16" ? 0.008 : result === "float16" ? 0.001 : 2e-7;
          const bodies = [made, body(x)];
          for (const b of bodies) {
            const exact = b !== made && compute === "float32" && dtype !== "float64";
            check(`${dtype} ${compute} ${result} ${stride}`, b, [27], inputs.slice(0, b.inputs), {
              compute,
              out,
              tolerance: exact ? 0 : tolerance,
            });
          }
        }
      }
    }
  }
});

Deno.test("map writes into its inputs", () => {
  const made = body(e.add(x, y), e.mul(x, y));
  const [a, b] = [tensor([103], (i) => i / 10), tensor([103], (i) => 5 - i)];
  const want = expected(made, "float32", [103], [a, b]);
  map(context, { kernel: "map", body: made, compute: "float32", scalars: [], shape: [103] }, [a, b], [a, b]);
  assertClose(read(a), want[0]!, "sum");
  assertClose(read(b), want[1]!, "product");
});

Deno.test("map knows positions and draws the block of each element", () => {
  const random = { seed: [5, 6], offset: [0xffffff00, 3] } as const;
  for (const shape of [[5], [3, 5], [40, 30], [2, 3, 7]]) {
    const last = shape.length - 1;
    const made = body(
      e.add(e.mul(e.coordinate(0), 100), e.coordinate(last)),
      e.random(0),
      e.sub(e.random(3), e.random(1)),
      e.where(e.less(e.coordinate(last), e.coordinate(0)), x, 0),
    );
    const inputs = [tensor(shape, (i) => i, { strides: shape.map((_, a) => a === 0 ? 1 : 3) })];
    for (const compute of ["float32", "float64", "int32"] as const) {
      check(`${shape} ${compute}`, made, shape, inputs, { compute, random, floor: 1 });
    }
  }
});

Deno.test("map fills with what does not vary", () => {
  for (const shape of [[], [1], [7], [3, 5]]) {
    for (const dtype of ["float32", "int32", "bool"] as const) {
      check(`scalar ${shape}`, body(e.scalar(0)), shape, [], { scalars: [3], out: { dtype } });
      check(`constant ${shape}`, body(e.constant(2)), shape, [], { out: { dtype } });
      const mask = body(e.where(e.less(e.scalar(0), 4), e.sin(e.scalar(0)), 0), e.less(e.scalar(0), 4));
      check(`mask ${shape}`, mask, shape, [], { scalars: [3], out: { dtype } });
    }
  }
});

Deno.test("map refuses to draw without a random state", () => {
  const call = {
    kernel: "map",
    body: body(e.random(0)),
    compute: "float32",
    scalars: [],
    shape: [4],
  } as const;
  assertThrows(() => map(context, call, [], [tensor([4], () => 0)]), TypeError, "no random state");
});

Deno.test("a result of map does not depend on where the element lies", () => {
  const all = tensor([127], (i) => i / 19 - 3), out = tensor([127], () => 0);
  const call = { kernel: "map", body: body(GELU), compute: "float32", scalars: [] } as const;
  map(context, { ...call, shape: [127] }, [all], [out]);
  const results = read(out);
  for (let i = 0; i < 127; i++) {
    const one = { ...all, shape: [1], offset: i }, alone = tensor([1], () => 0);
    map(context, { ...call, shape: [1] }, [one], [alone]);
    assertEquals(read(alone)[0], results[i]);
  }
});

Deno.test("map tells calls of one body with and without an unread input apart", () => {
  const made = body(e.scalar(0));
  check("with", made, [3], [tensor([3], (i) => i)], { scalars: [5] });
  check("without", made, [3], [], { scalars: [6] });
});
