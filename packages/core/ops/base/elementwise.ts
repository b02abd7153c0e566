/** The form that all elementwise ops share: kernel and gradient follow from an expression. */
import { computeType, type DType, isFloating, promote } from "../../dtype.ts";
import { body } from "../../expr/body.ts";
import { type Expr, input, scalar } from "../../expr/expr.ts";
import { gradientBody } from "../../expr/gradient.ts";
import type { KernelOp, Saves, TensorSpec } from "../../op.ts";
import type { RandomState } from "../../random/generator.ts";
import { broadcastShapes, type Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { checkUnary } from "../../tensor/check_call.ts";

/** Run-time arguments of an elementwise op. */
export interface ElementwiseParams {
  /** What the `scalar` leaves of the expression stand for. */
  readonly scalars: readonly number[];
  /** What its `random` leaves draw from. */
  readonly random?: RandomState;
}

/**
 * What comes out: "same" the promoted type of the inputs; "float" that, or
 * float32 for integers; "bool"; "integral" is "same" but refuses floats.
 */
export type ResultKind = "same" | "float" | "bool" | "integral";

/** An elementwise op: its inputs are numbered as they are given. */
export interface ElementwiseDefinition {
  /** As in errors. */
  readonly name: string;
  /** Name of its node in the graph without the suffix, where it differs. */
  readonly gradName?: string;
  /** What comes out. */
  readonly kind: ResultKind;
  /** What an element is. */
  readonly expr: Expr;
  /** The slope for each input, where formulas of their own are better than the derivative of `expr`: a series, a limit. */
  readonly slopes?: readonly Expr[];
  /** See {@linkcode GradientRule.once}. */
  readonly once?: true;
}

/** An op of one output made of an expression. */
export interface ElementwiseOp extends KernelOp<ElementwiseParams> {
  /** What an element is. */
  readonly expr: Expr;
}

/** No scalars. */
export const NO_SCALARS: ElementwiseParams = { scalars: [] };

/**
 * The type that tensors of an op meet in: as PyTorch has it, a tensor without
 * axes gives way to those with axes unless it is of a higher kind (bool, integer,
 * floating).
 */
export function promoteSpecs(specs: readonly TensorSpec[]): DType {
  const first = specs[0]!.dtype;
  let same = true;
  for (let i = 1; i < specs.length && same; i++) same = specs[i]!.dtype === first;
  if (same) return first;
  const meet = (some: readonly TensorSpec[]) =>
    some.reduce<DType | undefined>((d, s) => d === undefined ? s.dtype : promote(d, s.dtype), undefined);
  const wide = meet(specs.filter((s) => s.shape.length > 0));
  const scalars = meet(specs.filter((s) => s.shape.length === 0));
  if (wide === undefined || scalars === undefined) return (wide ?? scalars)!;
  return kindOf(scalars) > kindOf(wide) ? promote(wide, scalars) : wide;
}

const kindOf = (dtype: DType): number => dtype === "bool" ? 0 : isFloating(dtype) ? 2 : 1;

/** The type of the calculation, given a number's effect: 2.5 makes integers floats. */
function meetingType(
  name: string,
  kind: ResultKind,
  specs: readonly TensorSpec[],
  scalars: readonly number[],
): DType {
  const dtype = promoteSpecs(specs);
  if (isFloating(dtype)) {
    if (kind === "integral") {
      throw new TypeError(
        `Cannot apply ${name}() as dtypes must be bool or integers: current dtype is ${dtype}`,
      );
    }
    return dtype;
  }
  if (kind === "float") return "float32";
  let whole = true;
  for (let i = 0; i < scalars.length; i++) whole &&= Number.isInteger(scalars[i]);
  if (!whole && kind === "integral") {
    throw new TypeError(`Cannot apply ${name}() as numbers must be whole: current number is ${scalars[0]}`);
  }
  if (!whole) return "float32";
  return dtype === "bool" && scalars.length > 0 && kind !== "bool" ? "int64" : dtype;
}

/** The op of an expression. Its gradient is derived from the expression, on first need. */
export function elementwise(
  { name, gradName, kind, expr, slopes, once }: ElementwiseDefinition,
): ElementwiseOp {
  const forward = body(expr);
  const inputs = forward.inputs;
  let rules: readonly InputRule[] | null = null;
  const gradients = () =>
    rules ??= Array.from({ length: inputs }, (_, i) => inputRule(name, expr, inputs, i, slopes?.[i]));
  // For each set of inputs that need a gradient, the first in the lowest bit.
  const saves: Saves[] = [];
  return {
    kind: "kernel",
    name,
    ...(gradName !== undefined && { gradName }),
    ...(once && { once }),
    expr,
    differentiable: kind !== "bool" && kind !== "integral",
    infer(specs, { scalars }): readonly TensorSpec[] {
      let shape: Shape = specs[0]!.shape;
      for (let i = 1; i < specs.length; i++) shape = broadcastShapes(name, shape, specs[i]!.shape);
      const dtype = meetingType(name, kind, specs, scalars);
      return [{ shape, dtype: kind === "bool" ? "bool" : dtype }];
    },
    kernel(specs, outputs, { scalars, random }) {
      const { shape, dtype } = outputs[0]!;
      const compute = computeType(kind === "bool" ? meetingType(name, kind, specs, scalars) : dtype);
      const call = { kernel: "map", body: forward, compute, scalars, shape } as const;
      return random ? { ...call, random } : call;
    },
    saves(_, wants) {
      let wanted = 0;
      for (let i = 0; i < inputs; i++) if (wants.needs(i)) wanted |= 1 << i;
      return saves[wanted] ??= savesOf(gradients(), inputs, wanted);
    },
    flows: (i) => gradients()[i] !== null,
    vjp(gradsOfOutputs, saved) {
      const g = gradsOfOutputs[0]!, all = gradients(), parts: ((() => Tensor) | null)[] = [];
      for (let i = 0; i < all.length; i++) {
        const rule = all[i]!;
        parts.push(rule === null ? null : rule.op === null ? () => g : () => pulled(rule.op!, rule.reads));
      }
      return parts;

      function pulled(op: ElementwiseOp, reads: readonly number[]): Tensor {
        const read = (r: number): Tensor => r < inputs ? saved.input(r) : saved.output(0);
        if (reads.length === 0) return g.apply(op, saved.params);
        if (reads.length === 1) return g.apply(op, saved.params, read(reads[0]!));
        return g.apply(op, saved.params, ...reads.map(read));
      }
    },
  };
}

/** Null: no gradient; `op` null: the incoming gradient itself; else an op on that and on what it reads. */
type InputRule = null | { readonly op: ElementwiseOp | null; readonly reads: readonly number[] };

/** `reads` counts inputs from 0, and the output as one more. */
function inputRule(name: string, expr: Expr, inputs: number, index: number, slope?: Expr): InputRule {
  const found = gradientBody(expr, inputs, index, slope);
  if (found.zero) return null;
  if (found.identity) return { op: null, reads: [] };
  // What the compact expression reads behind the incoming gradient, counted from 1.
  const reads = found.uses.map((i) => i - 1);
  return { op: elementwise({ name: `${name}Backward`, kind: "same", expr: found.compact }), reads };
}

function savesOf(rules: readonly InputRule[], inputs: number, wanted: number): Saves {
  const reads = new Set(rules.flatMap((rule, i) => (wanted >> i) & 1 ? rule?.reads ?? [] : []));
  return { inputs: [...reads].filter((r) => r < inputs), outputs: reads.has(inputs) ? [0] : [] };
}

/** A function of two operands, either of which may be a number. */
export interface BinaryOp {
  /** As in errors. */
  readonly name: string;
  /** Of two tensors. */
  readonly both: ElementwiseOp;
  /** Of a tensor and a number. */
  readonly numberRight: ElementwiseOp;
  /** Of a number and a tensor. */
  readonly numberLeft: ElementwiseOp;
}

/**
 * The three forms of a function of two operands, with slopes where they are not the derivatives of `expr`. A number that
 * a slope reads counts as saved if `once`.
 */
export function binary(
  name: string,
  kind: ResultKind,
  expr: (a: Expr, b: Expr) => Expr,
  slopes?: (a: Expr, b: Expr) => readonly [Expr, Expr],
  once?: true,
): BinaryOp {
  const form = (a: Expr, b: Expr, ...wanted: (0 | 1)[]) => {
    const known = slopes?.(a, b);
    return elementwise({
      name,
      kind,
      expr: expr(a, b),
      ...(known && { slopes: wanted.map((i) => known[i]) }),
      ...(once && { once }),
    });
  };
  return {
    name,
    both: form(input(0), input(1), 0, 1),
    numberRight: form(input(0), scalar(0), 0),
    numberLeft: form(scalar(0), input(0), 1),
  };
}

/** Applies a function of two operands. */
export function applyBinary(op: BinaryOp, x: Tensor | number, y: Tensor | number): Tensor {
  if (typeof y === "number") {
    if (typeof x === "number") {
      throw new TypeError(`Cannot apply ${op.name}() to two numbers: one must be a tensor`);
    }
    return x.apply(op.numberRight, { scalars: [y] });
  }
  return typeof x === "number" ? y.apply(op.numberLeft, { scalars: [x] }) : x.apply(op.both, NO_SCALARS, y);
}

/** Applies it with the result in the place of `x`. */
export function applyBinaryInto(op: BinaryOp, x: Tensor, y: Tensor | number): Tensor {
  return typeof y === "number"
    ? x.applyInto(op.numberRight, { scalars: [y] }, x)
    : x.applyInto(op.both, NO_SCALARS, x, y);
}

/** Applies a function of one tensor that was called with the arguments `given`. */
export function applyUnary(op: ElementwiseOp, x: Tensor, given: ArrayLike<unknown>): Tensor {
  checkUnary(op.name, given);
  return x.apply(op, NO_SCALARS);
}

/** Applies a function of one tensor in place, storing the result in `x`. */
export function applyUnaryInto(op: ElementwiseOp, x: Tensor, given: ArrayLike<unknown>): Tensor {
  checkUnary(op.name, given);
  return x.applyInto(op, NO_SCALARS, x);
}

/** The op of a function of one tensor, with its slope where that is not the derivative of `expr`. */
export function unary(
  name: string,
  kind: ResultKind,
  expr: (x: Expr) => Expr,
  slope?: (x: Expr) => Expr,
): ElementwiseOp {
  const x = input(0);
  return elementwise({ name, kind, expr: expr(x), ...(slope && { slopes: [slope(x)] }) });
}
