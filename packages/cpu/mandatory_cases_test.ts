/** Calls of the mandatory kernel families. */
import type { Body, KernelCall, Shape } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { below, type FamilyCase, of } from "./operand_cases_test.ts";

const [x0, x1] = [e.input(0), e.input(1)], s0 = e.scalar(0);
const SCALED: Body = body(e.add(e.mul(x0, s0), x1)), TWO: Body = body(e.mul(x0, 2), e.sub(x0, x1));
const PLACED: Body = body(e.add(x0, e.coordinate(0))), POST: Body = body(e.mul(x0, s0));
const SUM: Body = body(e.add(x0, x1)), RELU: Body = body(e.max(x0, 0)), FIRST: Body = body(x0);

function maps(): FamilyCase[] {
  const map = (made: Body, shape: Shape, scalars: readonly number[] = []) =>
    ({ kernel: "map", body: made, compute: "float32", scalars, shape }) as const;
  return [
    { call: map(SCALED, [77], [1.5]), inputs: [of([77]), of([77])], outputs: [of([77])] },
    { call: map(SCALED, [5], [0.5]), inputs: [of([5]), of([5])], outputs: [of([5])] },
    {
      call: map(SCALED, [9, 70], [2]),
      inputs: [of([9, 70], { strides: [1, 9] }), of([9, 70], { strides: [0, 1], dtype: "float16" })],
      outputs: [of([9, 70], { dtype: "float64" })],
    },
    { call: map(TWO, [40]), inputs: [of([40]), of([40])], outputs: [of([40]), of([40], { dtype: "int32" })] },
    { call: map(PLACED, [6, 3]), inputs: [of([6, 3])], outputs: [of([6, 3])] },
    {
      call: { ...map(body(e.random()), [33]), random: { seed: [1, 2], offset: [3, 4] } },
      inputs: [],
      outputs: [of([33])],
    },
  ];
}

function reductions(): FamilyCase[] {
  const reduce = (shape: Shape, axes: readonly number[], more: Partial<KernelCall> = {}): KernelCall =>
    ({
      ...{ kernel: "reduce", op: "sum", body: FIRST, compute: "float32", scalars: [1.5], shape, axes },
      ...more,
    }) as KernelCall;
  return [
    { call: reduce([7, 70], [1]), inputs: [of([7, 70])], outputs: [of([7, 1])] },
    { call: reduce([70, 130], [0], { post: POST }), inputs: [of([70, 130])], outputs: [of([1, 130])] },
    { call: reduce([3, 900], [0, 1], { post: POST }), inputs: [of([3, 900])], outputs: [of([1, 1])] },
    { call: reduce([900], [0], { op: "max" }), inputs: [of([900])], outputs: [of([1])] },
    {
      call: reduce([4, 5, 6], [0, 2], { op: "prod", compute: "int32", body: SUM }),
      inputs: [of([4, 5, 6], { dtype: "int32" }), of([4, 5, 6], { dtype: "uint8", value: (i) => i % 3 })],
      outputs: [of([1, 5, 1], { dtype: "int32" })],
    },
  ];
}

function alongAxes(): FamilyCase[] {
  const scan = (op: "sum" | "max" | "logaddexp", axis: number, reverse = false) =>
    ({ kernel: "scan", op, axis, reverse }) as const;
  const sorted = { kernel: "sort", axis: 1, descending: true } as const;
  return [
    {
      call: { kernel: "argreduce", op: "max", axis: 1 },
      inputs: [of([5, 40])],
      outputs: [of([5, 1], { dtype: "int32" })],
    },
    {
      call: { kernel: "argreduce", op: "min", axis: 0 },
      inputs: [of([5, 40])],
      outputs: [of([1, 40], { dtype: "int32" })],
    },
    {
      call: { kernel: "argreduce", op: "min", axis: 0 },
      inputs: [of([9], { dtype: "float16" })],
      outputs: [of([1], { dtype: "int32" })],
    },
    { call: scan("sum", 1), inputs: [of([4, 33])], outputs: [of([4, 33])] },
    { call: scan("sum", 0, true), inputs: [of([6, 20])], outputs: [of([6, 20], { dtype: "float64" })] },
    {
      call: scan("max", 0),
      inputs: [of([19], { dtype: "float16" })],
      outputs: [of([19], { dtype: "float16" })],
    },
    { call: scan("logaddexp", 0), inputs: [of([5])], outputs: [of([5])] },
    { call: sorted, inputs: [of([3, 50])], outputs: [of([3, 50]), of([3, 50], { dtype: "int32" })] },
    {
      call: { ...sorted, axis: 0, descending: false },
      inputs: [of([90, 2], { dtype: "int32" })],
      outputs: [of([90, 2], { dtype: "int32" }), of([90, 2], { dtype: "int32" })],
    },
    { call: { kernel: "fold", axis: 0, step: 2, dilation: 1 }, inputs: [of([6, 3])], outputs: [of([13])] },
    {
      call: { kernel: "fold", axis: 1, step: 1, dilation: 2 },
      inputs: [of([3, 4, 2], { dtype: "float16" })],
      outputs: [of([3, 6], { dtype: "float16" })],
    },
  ];
}

function indexed(): FamilyCase[] {
  return [
    { call: { kernel: "gather", axis: 0 }, inputs: [of([9, 17]), below(9, [5, 17])], outputs: [of([5, 17])] },
    {
      call: { kernel: "gather", axis: 0 },
      inputs: [of([9, 20]), of([5, 20], { dtype: "int32", strides: [1, 0], value: (i) => i })],
      outputs: [of([5, 20])],
    },
    // Nothing but the axis differs.
    ...[0, 1].flatMap((axis): FamilyCase[] => [
      { call: { kernel: "gather", axis }, inputs: [of([6, 6]), below(6, [6, 6])], outputs: [of([6, 6])] },
      {
        call: { kernel: "scatter", axis, mode: "set" },
        inputs: [below(6, [6, 6]), of([6, 6])],
        outputs: [of([6, 6])],
      },
      {
        call: { kernel: "scatter", axis, mode: "add" },
        inputs: [below(6, [6, 6]), of([6, 6])],
        outputs: [of([6, 6])],
      },
    ]),
    {
      call: { kernel: "scatter", axis: 0, mode: "set" },
      inputs: [below(9, [5, 6]), of([5, 6], { dtype: "uint8", value: (i) => i })],
      outputs: [of([9, 6], { dtype: "uint8", value: () => 7 })],
    },
    {
      call: { kernel: "scatter", axis: 1, mode: "add" },
      inputs: [below(4, [5, 6]), of([5, 6])],
      outputs: [of([5, 4])],
    },
    {
      call: { kernel: "scatter", axis: 0, mode: "add" },
      inputs: [
        of([6, 10], { dtype: "int32", strides: [1, 0], value: (i) => i % 3 }),
        of([6, 10], { dtype: "float16" }),
      ],
      outputs: [of([3, 10], { dtype: "float16" })],
    },
  ];
}

function products(): FamilyCase[] {
  const matmul: KernelCall = { kernel: "matmul", scalars: [] };
  return [
    { call: matmul, inputs: [of([5, 7]), of([7, 9])], outputs: [of([5, 9])] },
    { call: matmul, inputs: [of([20, 33]), of([33, 41], { strides: [1, 33] })], outputs: [of([20, 41])] },
    { call: matmul, inputs: [of([1, 40]), of([40, 30])], outputs: [of([1, 30])] },
    { call: matmul, inputs: [of([30, 40]), of([40, 1])], outputs: [of([30, 1])] },
    {
      call: { kernel: "matmul", epilogue: SUM, scalars: [] },
      inputs: [of([6, 5]), of([5, 11]), of([6, 11], { strides: [0, 1] })],
      outputs: [of([6, 11])],
    },
    {
      call: { kernel: "matmul", epilogue: RELU, scalars: [] },
      inputs: [of([2, 3, 4], { dtype: "float64" }), of([2, 4, 3], { dtype: "float64" })],
      outputs: [of([2, 3, 3], { dtype: "float64" })],
    },
    {
      call: matmul,
      inputs: [of([3, 2, 9, 8], { strides: [144, 8, 16, 1] }), of([3, 2, 8, 10])],
      outputs: [of([3, 2, 9, 10], { strides: [180, 10, 20, 1] })],
    },
    { call: matmul, inputs: [of([4, 3]), of([3, 4])], outputs: [of([4, 4], { strides: [10, 2] })] },
    { call: matmul, inputs: [of([4, 0]), of([0, 4])], outputs: [of([4, 4])] },
    {
      call: matmul,
      inputs: [of([4, 6], { dtype: "float16" }), of([6, 5], { dtype: "float16" })],
      outputs: [of([4, 5], { dtype: "float16" })],
    },
  ];
}

/** Some calls of every mandatory family. */
export const MANDATORY_CASES: readonly FamilyCase[] = [
  ...maps(),
  ...reductions(),
  ...alongAxes(),
  ...indexed(),
  ...products(),
];
