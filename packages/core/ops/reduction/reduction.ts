/** The form that reductions share. */
import type { ReduceOp } from "../../backend/kernel_call.ts";
import { computeType, type DType, isFloating } from "../../dtype.ts";
import { body } from "../../expr/body.ts";
import type { Expr } from "../../expr/expr.ts";
import type { KernelOp, Op, Saved, Saves, TensorSpec } from "../../op.ts";
import { normalizeAxes, type Shape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { OptionKeys } from "../../options.ts";

/** Options of all reductions. */
export interface ReduceOptions {
  /** Keep the reduced axes, with extent 1. */
  readonly keepdim?: boolean;
}

/** The keys of {@linkcode ReduceOptions}. */
export const REDUCE_OPTIONS: OptionKeys<ReduceOptions> = { keepdim: true };

/** Axes to reduce: one, several, or all if omitted or an empty list. */
export type Dims = number | readonly number[];

/**
 * Normalizes `dim` as most reductions take it: an empty list stands for all axes, unlike for `all()` and
 * `any()`, which reduce none then, as in PyTorch.
 */
export function allIfEmpty(dim: Dims | undefined): Dims | undefined {
  return Array.isArray(dim) && dim.length === 0 ? undefined : dim;
}

/** Run-time arguments of a reduction. */
export interface ReduceParams {
  readonly axes: readonly number[];
  readonly keepdim: boolean;
  readonly scalars: readonly number[];
  /** The type of the result, where the caller has a say in it. */
  readonly dtype?: DType | undefined;
}

/** What a reduction is made of. */
export interface ReductionDefinition {
  readonly name: string;
  readonly op: ReduceOp;
  /** What is brought together, over the inputs. */
  readonly body: Expr;
  /** Applied to each result, its input 0. */
  readonly post?: Expr;
  /** "same" as the input; "wide": int64 for bool and integers; "float": float32 for those; "bool". */
  readonly kind: "same" | "wide" | "float" | "bool";
  readonly saves?: Saves;
  /** See {@linkcode GradientRule}. */
  readonly accumulates?: true;
  readonly vjp?: (g: Tensor, saved: Saved<ReduceParams>) => Tensor;
}

/** Extents with the reduced axes gone, or of 1. */
export function reducedShape(shape: Shape, axes: readonly number[], keepdim: boolean): Shape {
  const left: number[] = [];
  for (let i = 0; i < shape.length; i++) {
    if (!axes.includes(i)) left.push(shape[i]!);
    else if (keepdim) left.push(1);
  }
  return left;
}

/** How many elements come together in one. */
export function reducedCount(shape: Shape, axes: readonly number[]): number {
  return sizeOf(axes.map((a) => shape[a]!));
}

function resultType(kind: ReductionDefinition["kind"], { dtype }: TensorSpec): DType {
  if (kind === "bool") return "bool";
  if (kind === "same" || isFloating(dtype)) return dtype;
  return kind === "wide" ? "int64" : "float32";
}

/** The op of a reduction of its first input; further ones broadcast to that. */
export function reduction(
  { name, op, kind, saves, accumulates, vjp, ...content }: ReductionDefinition,
): KernelOp<ReduceParams> {
  const forward = body(content.body), post = content.post && body(content.post);
  return {
    kind: "kernel",
    name,
    differentiable: vjp !== undefined,
    infer(inputs, { axes, keepdim, dtype }) {
      const x = inputs[0]!;
      return [{ shape: reducedShape(x.shape, axes, keepdim), dtype: dtype ?? resultType(kind, x) }];
    },
    kernel(inputs, outputs, { axes, scalars }) {
      const x = inputs[0]!, compute = computeType(kind === "bool" ? x.dtype : outputs[0]!.dtype);
      const call = { kernel: "reduce", op, body: forward, compute, scalars, shape: x.shape, axes } as const;
      return post ? { ...call, post } : call;
    },
    ...(saves && { saves: () => saves }),
    ...(accumulates && { accumulates }),
    ...(vjp && { vjp: ([g], saved) => [() => vjp(g!, saved)] }),
  };
}

/** Applies a reduction over `dim`; an empty list stands for all axes. */
export function reduceOver(
  op: Op<ReduceParams>,
  x: Tensor,
  dim: Dims | undefined,
  { keepdim = false }: ReduceOptions,
  scalars: (axes: readonly number[]) => readonly number[] = () => [],
  dtype?: DType,
): Tensor {
  const axes = normalizeAxes(op.name, allIfEmpty(dim), x.ndim);
  return x.apply(op, { axes, keepdim, scalars: scalars(axes), dtype });
}

/** A result, or its gradient, with the reduced axes back, so that it broadcasts against the input. */
export function unreduced(g: Tensor, saved: Saved<ReduceParams>): Tensor {
  const { axes, keepdim } = saved.params;
  return keepdim ? g : g.reshape(reducedShape(saved.spec(0).shape, axes, true));
}
