/** Test calls of kernels that work on vectors of any width, at sizes around those of vectors. */
import type { Body, ComputeType, DType, KernelCall, Shape, Window2d } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { below, type FamilyCase, of, type OperandCase } from "./operand_cases_test.ts";

const [x0, x1] = [e.input(0), e.input(1)], s0 = e.scalar(0);

const SIZES = [...Array.from({ length: 71 }, (_, i) => i), 127, 128, 129, 600, 1000];
const LENGTHS = [...SIZES, 555, 1100];

/** An operand whose sums depend on their order. */
function rough(shape: Shape, dtype: DType = "float32", strides?: readonly number[]): OperandCase {
  const value = (i: number): number => 3 * Math.sin(1.7 * i + shape.length) + (i % 7) / 3;
  return of(shape, { dtype, value, ...strides && { strides } });
}

function map(
  made: Body,
  inputs: readonly OperandCase[],
  outputs: readonly OperandCase[],
  compute: ComputeType = "float32",
): FamilyCase {
  const { shape } = outputs[0]!;
  return { call: { kernel: "map", body: made, compute, scalars: [0.75], shape }, inputs, outputs };
}

const BODIES: readonly Body[] = [
  body(e.add(e.mul(x0, x1), s0)),
  body(e.mul(e.mul(0.5, x0), e.add(1, e.erf(e.mul(x0, Math.SQRT1_2)))), e.tanh(x1)),
  body(e.where(e.less(x0, x1), e.exp(x0), e.log(e.abs(x1)))),
  body(e.pow(e.abs(x0), x1)),
];

function maps(): FamilyCase[] {
  const found: FamilyCase[] = [];
  for (const made of BODIES) {
    for (const n of made === BODIES[3] ? [1, 7, 21] : SIZES) {
      found.push(map(made, [rough([n]), rough([n])], made.outputs.map(() => rough([n]))));
    }
  }
  const plain = BODIES[0]!;
  const types: DType[] = ["bool", "uint8", "int32", "float16", "bfloat16", "float32", "float64"];
  for (const n of [1, 3, 4, 5, 8, 13, 21, 70]) {
    for (const dtype of types) {
      for (const compute of ["float32", "float64", "int32"] as const) {
        found.push(map(plain, [rough([n], dtype), rough([n])], [rough([n])], compute));
        found.push(map(plain, [rough([n]), rough([n])], [rough([n], dtype)], compute));
        const strided = rough([n, 3], dtype, [1, n]);
        found.push(map(plain, [strided, rough([n, 3])], [rough([n, 3], dtype)], compute));
      }
    }
    found.push(map(body(e.floorDiv(x0, x1)), [rough([n]), rough([n])], [rough([n])], "int32"));
    found.push(
      map(body(e.less(x0, x1)), [rough([n], "float64"), rough([n])], [rough([n], "bool")], "float64"),
    );
    found.push(map(body(e.add(e.coordinate(0), e.coordinate(1))), [], [rough([3, n])]));
    found.push(
      map(plain, [rough([3, n], "float32", [0, 1]), rough([3, n], "float32", [1, 0])], [rough([3, n])]),
    );
    for (const compute of ["float32", "float64"] as const) {
      const random = { seed: [1, 2], offset: [3, 0xfffffffe] } as const, shape = [3, n];
      const call: KernelCall = { kernel: "map", body: body(e.random()), compute, scalars: [], shape, random };
      found.push({ call, inputs: [], outputs: [rough(shape, compute)] });
    }
  }
  found.push(map(plain, [rough([70, 90], "float32", [1, 70]), rough([70, 90])], [rough([70, 90])]));
  return found;
}

function reductions(): FamilyCase[] {
  const found: FamilyCase[] = [], first = body(x0), squares = body(e.mul(e.sub(x0, 1), x0));
  const post = body(e.div(x0, s0));
  const add = (
    made: Body,
    compute: ComputeType,
    op: "sum" | "prod" | "max" | "min",
    shape: Shape,
    axis: number,
  ) => {
    const call = {
      kernel: "reduce",
      op,
      body: made,
      post,
      compute,
      scalars: [7],
      shape,
      axes: [axis],
    } as const;
    const input = op === "max" && shape[axis]! > 5
      ? of(shape, { dtype: compute, value: (i) => i % 97 === 50 ? NaN : Math.sin(i) })
      : rough(shape, compute);
    found.push({ call, inputs: [input], outputs: [rough(shape.with(axis, 1), compute)] });
  };
  for (const compute of ["float32", "float64", "int32"] as const) {
    for (const op of ["sum", "prod", "max", "min"] as const) {
      for (const n of compute === "float32" && op === "sum" ? LENGTHS : [1, 6, 9, 20, 45, 70, 600]) {
        add(first, compute, op, [3, n], 1);
        add(squares, compute, op, [5, n], 0);
      }
      add(first, compute, op, [70, 130], 0);
      add(first, compute, op, [70, 77], 0);
    }
  }
  return found;
}

function positions(): FamilyCase[] {
  return [1, 5, 16, 17, 23, 40, 70, 129].flatMap((n) =>
    ["float32", "float64", "int32"].flatMap((dtype) =>
      [0, 1].map((axis): FamilyCase => {
        const shape = [n, n];
        return {
          call: { kernel: "argreduce", op: axis === 0 ? "max" : "min", axis },
          inputs: [rough(shape, dtype as DType)],
          outputs: [of(shape.with(axis, 1), { dtype: "int32" })],
        };
      })
    )
  );
}

function rows(): FamilyCase[] {
  return LENGTHS.filter((n) => n > 0).flatMap((n): FamilyCase[] => {
    const shape = [5, n], x = rough(shape), each = of([5]), classes = below(n, [5]), one = [5, 1];
    return [
      { call: { kernel: "softmax" }, inputs: [x], outputs: [of(shape)] },
      { call: { kernel: "logSoftmax" }, inputs: [x], outputs: [of(shape)] },
      { call: { kernel: "softmaxGrad" }, inputs: [rough(shape), of(shape)], outputs: [of(shape)] },
      { call: { kernel: "logSoftmaxGrad" }, inputs: [rough(shape), of(shape)], outputs: [of(shape)] },
      {
        call: { kernel: "crossEntropy", ignoreIndex: 1 },
        inputs: [x, classes],
        outputs: [each, of(shape)],
      },
      {
        call: { kernel: "crossEntropyGrad", ignoreIndex: 1 },
        inputs: [each, x, classes],
        outputs: [of(shape)],
      },
      {
        call: { kernel: "layerNorm", eps: 1e-5 },
        inputs: [x, rough([n]), rough([n])],
        outputs: [of(shape), of(one), of(one)],
      },
      {
        call: { kernel: "layerNormGrad" },
        inputs: [rough(shape), rough(shape), rough(one), rough(one), rough([n])],
        outputs: [of(shape), of([n]), of([n])],
      },
    ];
  });
}

function moves(): FamilyCase[] {
  const modes = ["set", "add", "max"] as const, dtypes = ["float32", "uint8", "int64"] as const;
  return [1, 4, 5, 8, 11, 16, 17, 31, 40, 70, 129, 1100, 5000].flatMap((n) =>
    dtypes.flatMap((dtype): FamilyCase[] => {
      const rows = of([6, n], { dtype }),
        index = of([4, n], { dtype: "int32", strides: [1, 0], value: (i) => i });
      return [
        { call: { kernel: "gather", axis: 0 }, inputs: [rows, index], outputs: [of([4, n], { dtype })] },
        ...modes.map((mode): FamilyCase => ({
          call: { kernel: "scatter", axis: 0, mode },
          inputs: [index, of([4, n], { dtype })],
          outputs: [rows],
        })),
      ];
    })
  );
}

function pools(): FamilyCase[] {
  const window = (size: number, stride: number, edge: number): Window2d => ({
    size: [size, size],
    stride: [stride, stride],
    padding: [edge, edge, edge, edge],
    dilation: [1, 1],
  });
  return [[2, 2, 0], [3, 1, 1], [3, 2, 0], [3, 2, 1], [5, 1, 2]].flatMap(([size, stride, edge]) =>
    [9, 16, 17, 23, 38, 140].flatMap((n): FamilyCase[] => {
      const given = window(size!, stride!, edge!), x = [2, 2, 6, n];
      const y = [2, 2, ...[6, n].map((length) => Math.floor((length + 2 * edge! - size!) / stride!) + 1)];
      const places = of(y, { dtype: "int32", value: (i) => i % n });
      return [
        ...[false, true].flatMap((relu): FamilyCase[] => [
          { call: { kernel: "maxPool2d", window: given, relu }, inputs: [rough(x)], outputs: [of(y)] },
          {
            call: { kernel: "maxPool2d", window: given, relu },
            inputs: [rough(x)],
            outputs: [of(y), places],
          },
        ]),
        { call: { kernel: "maxPool2dGrad", window: given }, inputs: [rough(y), places], outputs: [of(x)] },
        ...[false, true].flatMap((countIncludePad): FamilyCase[] => [
          {
            call: { kernel: "avgPool2d", window: given, countIncludePad },
            inputs: [rough(x)],
            outputs: [of(y)],
          },
          {
            call: { kernel: "avgPool2dGrad", window: given, countIncludePad },
            inputs: [rough(y)],
            outputs: [of(x)],
          },
        ]),
      ];
    })
  );
}

/** Calls of the kernels that are written for vectors of any width. */
export const WIDE_CASES: readonly FamilyCase[] = [
  ...maps(),
  ...reductions(),
  ...positions(),
  ...rows(),
  ...moves(),
  ...pools(),
];
