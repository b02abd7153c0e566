/**
 * Half precision in what takes several steps: float16 and bfloat16 are calculated with in float32, as in PyTorch, and
 * the result is rounded once.
 */
import { type DType, isFloating, isHalf } from "../../dtype.ts";
import type { CompositeOp, FusedOp, GradientRule, Op, Saved, TensorSpec } from "../../op.ts";
import { isRecord, isTensor, type TensorTree } from "../../owner.ts";
import { tidySync } from "../../scope.ts";
import type { Tensor } from "../../tensor.ts";
import { calledAs } from "./called.ts";
import { cast } from "./cast.ts";
import { promoteSpecs } from "./elementwise.ts";

/** A result that {@linkcode accumulated} can cast back from float32: a tensor, a list or a record of tensors, or null. */
export type AccumulatedResults = Tensor | null | readonly AccumulatedResults[];

/** Whether one of `inputs` is of 16 bits. */
export function hasHalf(inputs: readonly TensorSpec[]): boolean {
  for (let i = 0; i < inputs.length; i++) if (isHalf(inputs[i]!.dtype)) return true;
  return false;
}

function isHalfTensor(x: TensorTree): boolean {
  return typeof x === "object" && x !== null && "dtype" in x && isHalf(x.dtype as DType) && isTensor(x);
}

/** `x`, in float32 if it is of 16 bits. */
const widened = (x: Tensor): Tensor => isHalf(x.dtype) ? cast(x, "float32") : x;

/** The tensors of arrays and records widened, the same for the same tensor. */
function widenedTree(tree: TensorTree, known: Map<Tensor, Tensor>): TensorTree {
  if (isTensor(tree)) {
    if (!known.has(tree)) known.set(tree, widened(tree));
    return known.get(tree)!;
  }
  if (Array.isArray(tree)) return tree.map((item) => widenedTree(item, known));
  if (!isRecord(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([name, item]) => [name, widenedTree(item, known)]));
}

function narrowed<R extends AccumulatedResults>(results: R, dtype: DType): R {
  if (isList(results)) return results.map((y) => narrowed(y, dtype)) as unknown as R;
  return (results?.dtype === "float32" ? cast(results as Tensor, dtype) : results) as R;
}

function isList(results: AccumulatedResults): results is readonly AccumulatedResults[] {
  return Array.isArray(results);
}

/**
 * Applies `f` to `inputs` and frees the temporaries. Where tensors among these are of 16 bits, it is given float32
 * in their place, also within arrays and records, and what it gives in float32 is rounded to the type that these
 * tensors meet in. This is how functions of several ops calculate.
 *
 * @param name The function, which errors name instead of an op within.
 */
export function accumulated<const I extends readonly TensorTree[], R extends AccumulatedResults>(
  inputs: I,
  f: (...inputs: I) => R,
  name?: string,
): R {
  if (name !== undefined) {
    try {
      return accumulated(inputs, f);
    } catch (error) {
      throw calledAs(error, name, inputs);
    }
  }
  let half = false;
  for (let i = 0; i < inputs.length; i++) half ||= isHalfTensor(inputs[i]);
  if (!half) return tidySync(() => f(...inputs));
  const given = inputs.filter(isTensor);
  const dtype = promoteSpecs(given.filter((x) => isFloating(x.dtype))), known = new Map<Tensor, Tensor>();
  return tidySync(() => {
    const results = f(...inputs.map((tree) => widenedTree(tree, known)) as unknown as I);
    return isHalf(dtype) ? narrowed(results, dtype) : results;
  });
}

/**
 * The outputs of `op` by other ops. Where an input is of 16 bits, `op` itself is applied in float32, and what that
 * gives is rounded to the types in `specs`.
 */
export function composed<P>(
  op: FusedOp<P> | CompositeOp<P>,
  params: P,
  inputs: readonly Tensor[],
  specs: readonly TensorSpec[],
): readonly Tensor[] {
  if (op.kind === "composite" && op.views || !hasHalf(inputs)) {
    const made = op.composite(inputs, params);
    return isList(made) ? made : [made as Tensor];
  }
  const [first, ...rest] = inputs.map(widened);
  return first!.applyAll(op, params, ...rest).map((y, i) =>
    y.dtype === "float32" ? cast(y, specs[i]!.dtype) : y
  );
}

// Gradients of outputs that a rule does not read may be missing.
const rules = new WeakMap<GradientRule<never>, GradientRule<never>>();

/** `op` with a gradient rule that calculates in float32; what that gives is rounded to the type of the input. */
export function accumulating<P>(op: Op<P>): Op<P> {
  const known = rules.get(op) as Op<P> | undefined;
  if (known !== undefined) return known;
  const own: Op<P> = {
    ...op,
    vjp: (g, saved) => op.vjp!(g.map((part) => part && widened(part)), widenedSaved(saved)),
  };
  rules.set(op, own);
  return own;
}

function widenedSaved<P>(saved: Saved<P>): Saved<P> {
  return {
    params: saved.params,
    input: (i) => widened(saved.input(i)),
    output: (i) => widened(saved.output(i)),
    spec: (i) => saved.spec(i),
    needs: (i) => saved.needs(i),
  };
}
