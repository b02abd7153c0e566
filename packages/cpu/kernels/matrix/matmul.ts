/** Products of matrices, and what is done to them before anyone reads them. */
import type { Body, ComputeType, Expr, MatmulCall } from "@troodon/core";
import { body, computeType, expr, sizeOf } from "@troodon/core/kernel";
import type { Kernel } from "../../kernel.ts";
import type { PlanView } from "../../plan/plan.ts";
import { PlannedKernel } from "../../plan/planned_kernel.ts";
import type { Planner } from "../../plan/planner.ts";
import { map, planMap } from "../map/map.ts";
import { multiply } from "./multiply.ts";
import { intoStaged, SAME, staged } from "../map/stage.ts";

/** The epilogue that costs nothing: what it adds is where the sums begin. */
const SUM: Body = body(expr.add(expr.input(0), expr.input(1)));

/** The epilogue relu(sum), and the relu() that remains once the addend is folded into the sums. */
const SUM_AND_RELU: Body = rectified(expr.add(expr.input(0), expr.input(1)));
const RELU: Body = rectified(expr.input(0));

function rectified(x: Expr): Body {
  return body(expr.where(expr.lessEqual(x, 0), 0, x));
}

/**
 * c = a b for inputs a and b of one compute type, plus a third input if its layout allows: whether it was added is
 * what is kept of a plan.
 */
const PRODUCT: PlannedKernel<ComputeType, boolean> = new PlannedKernel({
  key(key, _, inputs, outputs) {
    const { shape } = inputs[0]!;
    key.list(outputs[0]!.shape).add(shape[shape.length - 1]!).layouts(inputs).layouts(outputs);
  },
  plan(planner, compute, [a, b, addend], [c]) {
    return product(planner, compute, a!, b!, c!, addend);
  },
});

/** See {@linkcode MatmulCall}. */
export const matmul: Kernel<MatmulCall> = (context, { epilogue, scalars }, inputs, outputs) => {
  const output = outputs[0]!, { dtype } = output, compute = computeType(dtype);
  // All are of the output's dtype.
  if (!epilogue && dtype === compute) return void PRODUCT.run(context, compute, inputs, outputs);
  const { shape } = output;
  if (sizeOf(shape) === 0) return;
  const left = staged(context, inputs[0]!, compute), right = staged(context, inputs[1]!, compute);
  const rest = inputs.slice(2);
  intoStaged(context, output, (c) => {
    const sums = epilogue === SUM || epilogue === SUM_AND_RELU;
    const addend = sums && rest[0]!.dtype === c.dtype ? [rest[0]!] : [];
    const added = PRODUCT.run(context, compute, [left, right, ...addend], [c]);
    if (epilogue && !added) {
      map(context, { kernel: "map", body: epilogue, compute, scalars, shape }, [c, ...rest], [c]);
    } else if (epilogue === SUM_AND_RELU) {
      map(context, { kernel: "map", body: RELU, compute, scalars, shape }, [c], [c]);
    }
  });
};

/** Plans c = a b, plus `addend` if its layout allows, which is then the result. */
function product(
  planner: Planner,
  compute: ComputeType,
  a: PlanView,
  b: PlanView,
  c: PlanView,
  addend: PlanView | undefined,
): boolean {
  const rank = c.shape.length, m = c.shape[rank - 2]!, n = c.shape[rank - 1]!, k = a.shape[rank - 1]!;
  if (sizeOf(c.shape) === 0) return false;
  if (k === 0) {
    fillZero(planner, c);
    return false;
  }
  const rowStride = c.strides[rank - 2]!, columnStride = c.strides[rank - 1]!;
  const rowsDense = m === 1 || rowStride === 1, columnsDense = n === 1 || columnStride === 1;
  if (!rowsDense && !columnsDense) {
    const copy = planner.temporary(c.shape, c.dtype);
    product(planner, compute, a, b, copy, undefined);
    planCopy(planner, copy, c);
    return false;
  }
  // Tiles have dense rows, and a column is best multiplied as a row: (b' a')' is a b.
  const turned = !columnsDense || (n === 1 && rowsDense);
  const seed = addend && turned ? transposed(addend) : addend;
  const usable = seed !== undefined && seed.strides[rank - 1] === 1 ? seed : undefined;
  if (turned) multiply(planner, compute, transposed(b), transposed(a), transposed(c), usable);
  else multiply(planner, compute, a, b, c, usable);
  return usable !== undefined;
}

function transposed({ shape, strides, ...view }: PlanView): PlanView {
  const swap = <T>(list: readonly T[]): T[] => [...list.slice(0, -2), list.at(-1)!, list.at(-2)!];
  return { ...view, shape: swap(shape), strides: swap(strides) };
}

/** Plans the empty sum. */
function fillZero(planner: Planner, view: PlanView): void {
  planCopy(planner, { ...view, address: planner.constants([0, 0]), strides: view.shape.map(() => 0) }, view);
}

/** Plans a copy of a view to another one of its type. */
function planCopy(planner: Planner, from: PlanView, to: PlanView): void {
  const compute = computeType(to.dtype);
  planMap(planner, { kernel: "map", body: SAME, compute, scalars: [], shape: to.shape }, [from], [to]);
}
