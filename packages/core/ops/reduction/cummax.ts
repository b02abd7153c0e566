/** Running extremes along an axis, and where they were. */
import type { DimOr } from "../../dim_then.ts";
import { named } from "../../named_results.ts";
import { INDEX_DTYPE } from "../../dtype.ts";
import { type Body, body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { CompositeOp, KernelOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import type { ValuesAndIndices } from "./extreme.ts";
import { addedAt } from "../indexing/gather.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface AxisParams {
  readonly axis: number;
}

const scan = (name: string, op: "max" | "min"): KernelOp<AxisParams> => ({
  kind: "kernel",
  name,
  differentiable: false,
  infer: ([x]) => [x!],
  kernel: (_inputs, _outputs, { axis }) => ({ kernel: "scan", op, axis, reverse: false }),
});

const [X, RUNNING] = [e.input(0), e.input(1)];

/** Whether an element is the running extreme at its position: equal to it, or NaN. */
const REACHES: ElementwiseOp = elementwise({
  name: "reaches",
  kind: "bool",
  expr: e.where(e.isNan(X), 1, e.equal(X, RUNNING)),
});

const places = new Map<number, Body>();

/** A position along `axis` where the input is true, else 0. */
function placesAlong(axis: number): Body {
  let found = places.get(axis);
  if (found === undefined) places.set(axis, found = body(e.where(X, e.coordinate(axis), 0)));
  return found;
}

const PLACES: KernelOp<AxisParams> = {
  kind: "kernel",
  name: "places",
  differentiable: false,
  infer: ([x]) => [{ shape: x!.shape, dtype: INDEX_DTYPE }],
  kernel: ([x], _outputs, { axis }) => ({
    kernel: "map",
    body: placesAlong(axis),
    compute: "int32",
    scalars: [],
    shape: x!.shape,
  }),
};

const LATEST: KernelOp<AxisParams> = scan("latest", "max");

/** Positions along `axis` where `mask` is true, else 0. */
export function placesOf(mask: Tensor, axis: number): Tensor {
  return mask.apply(PLACES, { axis });
}

/** For each element the last position up to it along `axis` where `mask` is true, or 0. */
export function latestPlaces(mask: Tensor, axis: number): Tensor {
  return tidySync(() => placesOf(mask, axis).apply(LATEST, { axis }));
}

/** The running extremes, and the latest position of each. */
function runningExtreme(name: string, op: "max" | "min"): CompositeOp<AxisParams> {
  const running = scan(name, op);
  return {
    kind: "composite",
    name,
    infer: ([x]) => [x!, { shape: x!.shape, dtype: INDEX_DTYPE }],
    composite([x], params) {
      const values = x!.apply(running, params);
      const reached = x!.apply(REACHES, NO_SCALARS, values);
      return [values, latestPlaces(reached, params.axis)];
    },
    saves: () => ({ outputs: [1] }),
    readsGradsOf: 1,
    vjp: ([g], saved) => [
      () => addedAt(g!, saved.params.axis, saved.spec(0).shape, saved.output(1)),
    ],
  };
}

const CUMMAX: CompositeOp<AxisParams> = runningExtreme("cummax", "max");
const CUMMIN: CompositeOp<AxisParams> = runningExtreme("cummin", "min");

function along(op: CompositeOp<AxisParams>, x: Tensor, dim: DimOr<number>): ValuesAndIndices {
  const axis = normalizeAxis(op.name, dim, x.ndim);
  if (x.ndim === 0) {
    return tidySync(() => {
      const { values, indices } = along(op, x.reshape([1]), 0);
      return named({ values: values.reshape([]), indices: indices.reshape([]) });
    });
  }
  const [values, indices] = x.applyAll(op, { axis }) as [Tensor, Tensor];
  return named({ values, indices });
}

/**
 * The largest elements so far along `dim`, and their positions (int64): of equals the last, to which the gradient goes.
 * NaN is the largest from where it occurs.
 *
 * @example The position of the later 3
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cummax, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const { values, indices } = cummax(tensor([1, 3, 2, 3], { device }), 0);
 * assertEquals(values.tolist(), [1, 3, 3, 3]);
 * assertEquals(indices.tolist(), [0, 1, 1, 3]);
 * ```
 */
export function cummax(x: Tensor, dim: DimOr<number>): ValuesAndIndices {
  checkCall("cummax", arguments, "x.");
  return along(CUMMAX, x, dim);
}

/**
 * The smallest elements so far along `dim`, and their positions (int64): of equals the last, to which the gradient
 * goes. NaN is the smallest from where it occurs.
 */
export function cummin(x: Tensor, dim: DimOr<number>): ValuesAndIndices {
  checkCall("cummin", arguments, "x.");
  return along(CUMMIN, x, dim);
}
