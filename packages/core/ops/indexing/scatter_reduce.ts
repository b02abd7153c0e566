/** Elements combined with those that another tensor names. */
import { isFloating } from "../../dtype.ts";
import type { CompositeOp, Saved } from "../../op.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { operandsOf, SCATTER_ADD, SCATTER_COMBINE } from "./scatter_op.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** How elements are combined. */
export type ScatterReduction = "sum" | "prod" | "mean" | "amax" | "amin";

/** Options of {@linkcode scatterReduce}. */
export interface ScatterReduceOptions {
  /** Whether the previous elements of the tensor take part in the reduction; true by default. */
  readonly includeSelf?: boolean;
}

/** The keys of {@linkcode ScatterReduceOptions}. */
export const SCATTER_REDUCE_OPTIONS: OptionKeys<ScatterReduceOptions> = { includeSelf: true };

interface ReduceParams {
  readonly axis: number;
  readonly reduce: ScatterReduction;
  readonly includeSelf: boolean;
}

const MODES = { sum: "add", prod: "mul", mean: "add", amax: "max", amin: "min" } as const;

/** Initial values of the reduction: x, or the identity where x is excluded. */
function start(
  x: Tensor,
  index: Tensor,
  source: Tensor,
  { axis, reduce, includeSelf }: ReduceParams,
): Tensor {
  if (includeSelf) return x.packedCopy();
  const extreme = reduce === "amax" || reduce === "amin";
  return x.scatter(axis, index, extreme ? source : reduce === "prod" ? 1 : 0);
}

/** How many elements each mean is of; 1 where none were put. */
function countsLike(x: Tensor, index: Tensor, { axis, includeSelf }: ReduceParams): Tensor {
  const ones = x.newOnes(x.shape);
  return (includeSelf ? ones : ones.scatter_(axis, index, 0)).scatterAdd_(axis, index, 1);
}

/** Means of sums; those of integers are rounded down. Counts of half precision are no larger than it can tell apart. */
function divided(sums: Tensor, index: Tensor, params: ReduceParams): Tensor {
  if (!isFloating(sums.dtype)) return sums.floorDivide(countsLike(sums, index, params)).to(sums.dtype);
  const wide = sums.dtype === "float64" ? sums : sums.to("float32");
  return wide.div(countsLike(wide, index, params)).to(sums.dtype);
}

/** x, an index and a source of its shape to x with the source combined with what is in its places. */
const SCATTER_REDUCE: CompositeOp<ReduceParams> = {
  kind: "composite",
  name: "scatterReduce",
  infer: ([x]) => [x!],
  composite([x, index, source], params) {
    const { axis, reduce } = params, output = start(x!, index!, source!, params);
    output.applyInto(SCATTER_COMBINE[MODES[reduce]], { axis }, output, index!, source!);
    return reduce === "mean" ? divided(output, index!, params) : output;
  },
  saves: ({ reduce }) =>
    reduce === "sum" || reduce === "mean" ? { inputs: [1] } : { inputs: [0, 1, 2], outputs: [0] },
  vjp: ([g], saved) => {
    const { axis, reduce, includeSelf } = saved.params, index = saved.input(1);
    // What takes no part where something was put has no gradient there.
    const own = (part: Tensor): Tensor => includeSelf ? part : part.scatter(axis, index, 0);
    switch (reduce) {
      case "sum":
        return [() => own(g!), null, () => g!.gather(axis, index)];
      case "mean": {
        const share = () => divided(g!, index, saved.params);
        return [() => own(share()), null, () => share().gather(axis, index)];
      }
      case "prod":
        return [() => own(g!.mul(productOfPut(saved))), null, () => gradientOfFactors(g!, saved)];
      default:
        return [() => own(sharedOver(g!, saved).self), null, () => sharedOver(g!, saved).source];
    }
  },
};

/** The product of the source elements scattered to each element of x, of the shape of x. */
function productOfPut(saved: Saved<ReduceParams>): Tensor {
  const x = saved.input(0), { axis } = saved.params;
  return scatterReduce(x.newOnes(x.shape), axis, saved.input(1), saved.input(2), "prod");
}

/**
 * g times the product of the other factors: right also where factors are 0. Its own gradient is 0 between two of several
 * zeros that were put to one place, as they are not told apart there.
 */
function gradientOfFactors(g: Tensor, saved: Saved<ReduceParams>): Tensor {
  const { axis, includeSelf } = saved.params,
    x = saved.input(0),
    index = saved.input(1),
    source = saved.input(2);
  const at = (t: Tensor): Tensor => t.gather(axis, index);
  const zero = source.eq(0), marks = zero.to(source.dtype);
  const alone = zero.logicalAnd(at(x.newZeros(x.shape).apply(SCATTER_ADD, { axis }, index, marks)).eq(1));
  // A factor that is the only zero: the product of the others is that with a 1 in its place.
  const others = scatterReduce(x, axis, index, source.maskedFill(alone, 1), "prod", { includeSelf });
  const quotient = at(g.mul(saved.output(0))).div(source.maskedFill(zero, 1));
  return at(g.mul(others)).where(alone, quotient);
}

// (max x)' is shared evenly over ties
function sharedOver(g: Tensor, saved: Saved<ReduceParams>): { self: Tensor; source: Tensor } {
  const { axis, includeSelf } = saved.params, index = saved.input(1), result = saved.output(0).detach();
  const reached = saved.input(0).eq(result).to(g.dtype);
  const self = includeSelf ? reached : reached.scatter(axis, index, 0);
  const source = saved.input(2).eq(result.gather(axis, index)).to(g.dtype);
  // As in PyTorch, an element that takes no part counts if it is equal. Nothing was put, or reached, where the count is 0.
  const count = reached.apply(SCATTER_ADD, { axis }, index, source);
  const share = g.div(count.maskedFill(count.eq(0), 1));
  return { self: share.mul(self), source: share.gather(axis, index).mul(source) };
}

/**
 * `x` with elements of `source` combined with what is in their places, for a matrix and `dim` 1 with
 * `x[i][index[i][j]]`. Integers have their means rounded down; NaN wins in "amax" and "amin", whose slope is shared evenly
 * over ties.
 *
 * @param source A tensor that is not smaller than the index, or a number.
 *
 * @example Largest elements of two groups
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, scatterReduce, tensor, zeros } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const groups = tensor([0, 1, 0, 1], { device, dtype: "int32" });
 * const x = tensor([3, -1, 5, -2], { device });
 * assertEquals(scatterReduce(zeros([2], { device }), 0, groups, x, "amax").tolist(), [5, 0]);
 * assertEquals(scatterReduce(zeros([2], { device }), 0, groups, x, "amax", { includeSelf: false }).tolist(), [5, -1]);
 * ```
 */
export function scatterReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor | number,
  reduce: ScatterReduction,
  options?: ScatterReduceOptions,
): Tensor {
  checkCall("scatterReduce", arguments, "xdxn..");
  const { includeSelf = true } = readOptions("scatterReduce()", options, SCATTER_REDUCE_OPTIONS);
  const axis = normalizeAxis("scatterReduce", dim, x.ndim);
  checkReduction("scatterReduce", reduce);
  return called(
    "scatterReduce",
    [x, index, source],
    () =>
      x.apply(
        SCATTER_REDUCE,
        { axis, reduce, includeSelf },
        ...operandsOf("scatterReduce", x, index, source),
      ),
  );
}

/** {@linkcode scatterReduce} in the place of `x`. */
export function scatterReduce_(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor | number,
  reduce: ScatterReduction,
  options?: ScatterReduceOptions,
): Tensor {
  checkCall("scatterReduce_", arguments, "xdxn..");
  const { includeSelf = true } = readOptions("scatterReduce_()", options, SCATTER_REDUCE_OPTIONS);
  const axis = normalizeAxis("scatterReduce_", dim, x.ndim);
  checkReduction("scatterReduce_", reduce);
  return called("scatterReduce_", [x, index, source], () => {
    const [at, values] = operandsOf("scatterReduce_", x, index, source);
    if (reduce === "sum" && includeSelf) return x.applyInto(SCATTER_ADD, { axis }, x, at, values);
    // What the gradient reads of it must not be overwritten.
    const read = reduce !== "sum" && reduce !== "mean" && (x.isRecorded || values.isRecorded);
    return x.copy_((read ? x.clone() : x).apply(SCATTER_REDUCE, { axis, reduce, includeSelf }, at, values));
  });
}

/** Refuses reductions that there are not. */
export function checkReduction(op: string, reduce: string): void {
  if (!(reduce in MODES)) {
    throw new TypeError(
      `Cannot apply ${op}() as the reduction must be ${
        Object.keys(MODES).join(", ")
      }: current one is ${reduce}`,
    );
  }
}
