import type { BatchNormCall, BatchNormGradCall } from "@troodon/core";
import { body, expr as e, relaid } from "@troodon/core/kernel";
import type { Draft, Planned, Planner, PlanView } from "../kernel.ts";
import { map } from "./map.ts";
import { ITSELF, reduce, reduceTogether } from "./reduce.ts";

const [A, B, C, D, E, F, G] = [0, 1, 2, 3, 4, 5, 6].map(e.input) as [
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
];
const [COUNT, EPS] = [e.scalar(0), e.scalar(1)];

const MEAN = body(e.div(A, COUNT));
const DEVIATION = body(e.square(e.sub(A, B)));
const INV_STD = body(e.rsqrt(e.add(e.div(A, COUNT), EPS)));
const UNIT = e.mul(e.sub(A, B), C);
const NORMAL = body(UNIT), AFFINE = body(e.add(e.mul(UNIT, D), E));

/** Axes of [n, c, s] that each channel is reduced over. */
const AXES = [0, 2];

/** A value for each channel as a view of the shape of x. */
const perChannel = (v: PlanView, shape: readonly number[]): PlanView => relaid(v, shape, [0, 1, 0]);
/** A value for each channel as the output of a reduction over {@linkcode AXES}. */
const result = (v: PlanView): PlanView => relaid(v, [1, v.shape[0]!, 1], [0, 1, 0]);

/** What a normalization is of: views of the shape of `x` unless something else is said. */
export interface Normalization {
  /** The axes that mean and deviation are taken over. */
  readonly axes: readonly number[];
  readonly eps: number;
  /** Mean and 1 / deviation. */
  readonly statistics: readonly [PlanView, PlanView];
  /** The same, as outputs of reductions over the axes. */
  readonly results: readonly [PlanView, PlanView];
  /** Weight and bias, or nothing. */
  readonly affine: readonly PlanView[];
}

/** The mean, from it the deviation, and by both the result. */
export function normalize(
  planner: Planner,
  { axes, eps, statistics, results, affine }: Normalization,
  x: PlanView,
  y: PlanView,
): Draft[] {
  const { shape } = x, scalars = [axes.reduce((n, axis) => n * shape[axis]!, 1), eps];
  const call = { kernel: "reduce", op: "sum", compute: "float32", scalars, shape, axes } as const;
  const body = affine.length > 0 ? AFFINE : NORMAL, [mean] = statistics;
  return [
    ...reduce(planner, { ...call, body: ITSELF, post: MEAN }, [x], [results[0]]),
    ...reduce(planner, { ...call, body: DEVIATION, post: INV_STD }, [x, mean], [results[1]]),
    ...map(planner, { kernel: "map", body, compute: "float32", shape }, [x, ...statistics, ...affine], [y]),
  ];
}

/** See {@linkcode BatchNormCall}. */
export function batchNorm(
  planner: Planner,
  { eps }: Planned<BatchNormCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [x, ...affine] = inputs as [PlanView, ...PlanView[]], { shape } = x;
  const [y, mean, invStd] = outputs as [PlanView, PlanView, PlanView];
  return normalize(
    planner,
    {
      axes: AXES,
      eps,
      statistics: [perChannel(mean, shape), perChannel(invStd, shape)],
      results: [result(mean), result(invStd)],
      affine: affine.map((v) => perChannel(v, shape)),
    },
    x,
    y,
  );
}

// g, x, mean, invStd, and the sums of g and of g * unit.
const SHARE = body(e.mul(A, e.mul(e.sub(B, C), D)));
const SLOPE = e.mul(D, e.sub(A, e.div(e.add(E, e.mul(e.mul(e.sub(B, C), D), F)), COUNT)));
const INPUT_GRAD = body(SLOPE), WEIGHTED_GRAD = body(e.mul(SLOPE, G));

/** The gradients of weight and bias, and from them that of x; see {@linkcode BatchNormGradCall}. */
export function batchNormGrad(
  planner: Planner,
  _: Planned<BatchNormGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [g, x, mean, invStd, ...weight] = inputs as [PlanView, PlanView, PlanView, PlanView, ...PlanView[]];
  const [dx, dWeight, dBias] = outputs as [PlanView, PlanView, PlanView], { shape } = x;
  const known = [g, x, perChannel(mean, shape), perChannel(invStd, shape)];
  const scalars = [shape[0]! * shape[2]!];
  const call = { kernel: "reduce", op: "sum", compute: "float32", shape, axes: AXES } as const;
  const all = [...known, ...[dBias, dWeight, ...weight].map((v) => perChannel(v, shape))];
  const gradient = weight.length > 0 ? WEIGHTED_GRAD : INPUT_GRAD;
  return [
    ...reduceTogether(planner, { ...call, bodies: [SHARE, ITSELF] }, known, [result(dWeight), result(dBias)]),
    ...map(planner, { kernel: "map", body: gradient, compute: "float32", scalars, shape }, all, [dx]),
  ];
}
