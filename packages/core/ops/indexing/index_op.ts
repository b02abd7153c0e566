/** Elements picked by tensors of positions, and put there. */
import type { CompositeOp, TensorSpec } from "../../op.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { laidOver } from "./gather.ts";
import { SCATTER, SCATTER_ADD } from "./scatter_op.ts";
import { linePositions, mergedView, type PickParams, type Plan, planOf } from "./positions.ts";

function planFor(op: string, specs: readonly TensorSpec[], { picked }: PickParams, shape: Shape): Plan {
  return planOf(op, shape, picked, specs.map((s) => s.shape));
}

/** x and tensors of positions to what these pick. */
export const INDEX: CompositeOp<PickParams> = {
  kind: "composite",
  name: "index",
  infer: ([x, ...indices], params) => [{
    shape: planFor("index", indices, params, x!.shape).result,
    dtype: x!.dtype,
  }],
  composite([x, ...indices], params) {
    const { shape } = x!, plan = planFor("index", indices, params, shape);
    const line = linePositions("index", shape, params.picked, indices, plan);
    return mergedView(x!, plan).indexSelect(plan.line, line).reshape(plan.result);
  },
  saves: ({ picked }) => ({ inputs: picked.map((_, i) => i + 1) }),
  vjp: ([g], saved) => {
    const { picked } = saved.params, indices = picked.map((_, i) => saved.input(i + 1));
    return [() => g!.apply(INDEX_BACKWARD, { picked, shape: saved.spec(0).shape }, ...indices)];
  },
};

/** g and tensors of positions to zeros of a shape, with g added there. */
const INDEX_BACKWARD: CompositeOp<PickParams & { readonly shape: Shape }> = {
  kind: "composite",
  name: "indexBackward",
  infer: ([g], { shape }) => [{ shape, dtype: g!.dtype }],
  composite([g, ...indices], { picked, shape }) {
    return putInto(g!.newEmpty(shape).zero_(), g!, indices, { picked, accumulate: true });
  },
  saves: ({ picked }) => ({ inputs: picked.map((_, i) => i + 1) }),
  vjp: ([g], saved) => {
    const { picked } = saved.params, indices = picked.map((_, i) => saved.input(i + 1));
    return [() => g!.apply(INDEX, { picked }, ...indices)];
  },
};

/** Params of the ops that gather and put elements by index tensors. */
export interface PutParams extends PickParams {
  /** Whether values are added. */
  readonly accumulate: boolean;
}

/** x, values that broadcast to what is picked, and tensors of positions, to x with the values there. */
export const INDEX_PUT: CompositeOp<PutParams> = {
  kind: "composite",
  name: "indexPut",
  infer: ([x]) => [x!],
  composite: ([x, value, ...indices], params) => putInto(x!.packedCopy(), value!, indices, params),
  saves: ({ picked }) => ({ inputs: picked.map((_, i) => i + 2) }),
  vjp: ([g], saved) => {
    const { picked, accumulate } = saved.params, indices = picked.map((_, i) => saved.input(i + 2));
    return [
      accumulate
        ? () => g!
        : () => g!.apply(INDEX_PUT, { picked, accumulate }, g!.newEmpty([]).zero_(), ...indices),
      () => g!.apply(INDEX, { picked }, ...indices),
    ];
  },
};

/**
 * Puts values, which broadcast to what is picked, into the place of what is picked of `x`, by way of a view of it; returns
 * `x`. Null where strides allow no such view.
 */
export function putIntoView(
  x: Tensor,
  value: Tensor,
  indices: readonly Tensor[],
  { picked, accumulate }: PutParams,
): Tensor | null {
  const plan = planOf("indexPut", x.shape, picked, indices.map((index) => index.shape));
  const target = mergedView(x, plan);
  if (target.storage !== x.storage) return null;
  const line = linePositions("indexPut", x.shape, picked, indices, plan);
  const shape = plan.merged.with(plan.line, sizeOf(plan.around));
  const source = value.to(x.dtype).expand(plan.result).reshape(shape);
  target.applyInto(
    accumulate ? SCATTER_ADD : SCATTER,
    { axis: plan.line },
    target,
    laidOver(line, plan.line, shape),
    source,
  );
  return x;
}

/** {@linkcode putIntoView} of a contiguous tensor, which has views of all its axes joined. */
function putInto(x: Tensor, value: Tensor, indices: readonly Tensor[], params: PutParams): Tensor {
  const done = putIntoView(x, value, indices, params);
  if (done !== null) return done;
  const { picked } = params, plan = planOf("indexPut", x.shape, picked, indices.map((index) => index.shape));
  // Axes that are apart come first, so that they can be joined.
  const order = [...plan.from, ...plan.others], inverse: number[] = [];
  order.forEach((axis, i) => inverse[axis] = i);
  const moved = x.permute(order).packedCopy();
  let at = 0;
  const front = picked.map(({ axes }) => ({ axis: (at += axes) - axes, axes }));
  putIntoView(moved, value, indices, { ...params, picked: front });
  return x.copy_(moved.permute(inverse));
}
