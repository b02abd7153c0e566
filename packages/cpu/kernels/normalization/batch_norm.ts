/** Batch normalization and its gradient, as reductions and maps whose bodies are the formulas. */
import type { BatchNormCall, BatchNormGradCall } from "@troodon/core";
import { body, computeType, expr as e, relaid } from "@troodon/core/kernel";
import type { Kernel } from "../../kernel.ts";
import type { CpuView } from "../../view.ts";
import { map } from "../map/map.ts";
import { reduce } from "../reduction/reduce.ts";

const [x0, x1, x2, x3, x4, x5] = [0, 1, 2, 3, 4, 5].map(e.input) as [
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
];
const s0 = e.scalar(0);
const FIRST = body(x0);
const MEAN = body(e.div(x0, s0));
const SQUARES = body(e.square(e.sub(x0, x1)));
/** Of a sum of squares: its count, and eps. */
const INV_STD = body(e.rsqrt(e.add(e.div(x0, s0), e.scalar(1))));
/** Inputs x, mean, invStd, then weight and bias. */
const UNIT = e.mul(e.sub(x0, x1), x2);
const NORMALIZED = [UNIT, e.mul(UNIT, x3), e.add(e.mul(UNIT, x3), x4)].map((expr) => body(expr));
/** Inputs g, x, mean, invStd. */
const G_UNIT = e.mul(e.sub(x1, x2), x3);
const WEIGHTED = body(e.mul(x0, G_UNIT));
/** Inputs g, x, mean, invStd, sum of g x, sum of g, weight; of normalized x. Scalar: their count. */
const PULLED = e.sub(e.sub(x0, e.div(x5, s0)), e.mul(G_UNIT, e.div(x4, s0)));
const SLOPE = body(e.mul(PULLED, x3));
const WEIGHTED_SLOPE = body(e.mul(PULLED, e.mul(x3, e.input(6))));

/** A number per channel, at every position. */
function spread(view: CpuView, shape: readonly number[]): CpuView {
  return relaid(view, shape, [0, view.strides[0]!, 0]);
}

/** The same as the result of a reduction. */
function channels(view: CpuView, c: number): CpuView {
  return relaid(view, [1, c, 1], [0, view.strides[0]!, 0]);
}

/** Runs a {@linkcode BatchNormCall}. */
export const batchNorm: Kernel<BatchNormCall> = (context, { eps }, inputs, outputs) => {
  const [x, ...rest] = inputs as [CpuView, ...CpuView[]];
  const [y, mean, invStd] = outputs as [CpuView, CpuView, CpuView];
  const { shape } = x, compute = computeType(x.dtype);
  const [n, c, s] = shape as [number, number, number];
  const scalars = [n * s, eps];
  const call = { op: "sum", compute, scalars, shape, axes: [0, 2] } as const;
  reduce(context, { kernel: "reduce", ...call, body: FIRST, post: MEAN }, [x], [channels(mean, c)]);
  const about = spread(mean, shape);
  reduce(context, { kernel: "reduce", ...call, body: SQUARES, post: INV_STD }, [x, about], [
    channels(invStd, c),
  ]);
  const views = [x, about, spread(invStd, shape), ...rest.map((view) => spread(view, shape))];
  const normalized = NORMALIZED[rest.length]!;
  map(context, { kernel: "map", body: normalized, compute, scalars: [], shape }, views, [y]);
};

/** Runs a {@linkcode BatchNormGradCall}. */
export const batchNormGrad: Kernel<BatchNormGradCall> = (context, _, inputs, outputs) => {
  const [g, x, mean, invStd, weight] = inputs as [CpuView, CpuView, CpuView, CpuView, CpuView?];
  const [dx, dWeight, dBias] = outputs as [CpuView, CpuView, CpuView];
  const { shape } = g, compute = computeType(g.dtype);
  const [n, c, s] = shape as [number, number, number];
  const call = { kernel: "reduce", op: "sum", compute, scalars: [], shape, axes: [0, 2] } as const;
  const views = [g, x, spread(mean, shape), spread(invStd, shape)];
  reduce(context, { ...call, body: WEIGHTED }, views, [channels(dWeight, c)]);
  reduce(context, { ...call, body: FIRST }, [g], [channels(dBias, c)]);
  const all = [
    ...views,
    spread(dWeight, shape),
    spread(dBias, shape),
    ...weight ? [spread(weight, shape)] : [],
  ];
  const made = weight ? WEIGHTED_SLOPE : SLOPE;
  map(context, { kernel: "map", body: made, compute, scalars: [n * s], shape }, all, [dx]);
};
