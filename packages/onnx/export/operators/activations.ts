/** Elementwise ops that ONNX has an operator for. */
import { type ElementwiseOp, toProgram } from "@troodon/core/kernel";
import { type Attributes, float } from "../graph/attributes.ts";
import type { Call } from "../trace/recording.ts";
import type { Context, Translation } from "./translation.ts";

/** The numbers of an elementwise call. */
function scalars({ action }: Call): readonly number[] {
  return (action as { params: { scalars: readonly number[] } }).params.scalars;
}

/** Number `index` of the call, which must not follow extents. */
function fixedScalar({ call }: Context, index: number): number {
  const value = call.number((c) => scalars(c)[index]!);
  if (typeof value === "number") return value;
  throw new RangeError(
    `Cannot export ${call.place} as its numbers must be fixed: make them no function of extents`,
  );
}

/** An operator of one input with settings made of the numbers of the call. */
const one =
  (type: string, attributes: (number: (index: number) => number) => Attributes = () => ({})): Translation =>
  (context) => context.graph.node(type, context.inputs, attributes((index) => fixedScalar(context, index)));

/** Clip between bounds, null for none. */
const clip =
  (bounds: (number: (index: number) => number) => readonly [number | null, number | null]): Translation =>
  (context) => {
    const { graph, call, inputs } = context, { dtype } = call.inputs[0]!;
    const [low, high] = bounds((index) => fixedScalar(context, index));
    const scalar = (value: number | null) => value === null ? null : graph.scalar(value, dtype);
    return graph.node("Clip", [inputs[0]!, scalar(low), scalar(high)]);
  };

/** The exact form in steps, or as an operator from version 20 on. */
const gelu = (approximate: "none" | "tanh"): Translation => ({ graph, call, inputs: [x] }) => {
  const { dtype } = call.inputs[0]!, number = (value: number) => graph.scalar(value, dtype);
  if (approximate === "none") {
    const erf = graph.node("Erf", [graph.node("Div", [x!, number(Math.SQRT2)])]);
    const share = graph.node("Add", [erf, number(1)]);
    return graph.node("Mul", [graph.node("Mul", [x!, share]), number(0.5)]);
  }
  const cube = graph.node("Mul", [graph.node("Mul", [x!, x!]), x!]);
  const inner = graph.node("Add", [x!, graph.node("Mul", [cube, number(0.044715)])]);
  const tanh = graph.node("Tanh", [graph.node("Mul", [inner, number(Math.sqrt(2 / Math.PI))])]);
  return graph.node("Mul", [graph.node("Mul", [x!, graph.node("Add", [tanh, number(1)])]), number(0.5)]);
};

/** A translation, and what a call must be like for it. */
export interface Activation {
  readonly translate: Translation;
  /** Returns true if a call can be translated so; by default, if its input has a floating dtype. */
  readonly fits?: (context: Context) => boolean;
}

const of = (translate: Translation): Activation => ({ translate });

/** By name of the op. */
export const ACTIVATIONS: Readonly<Record<string, Activation>> = {
  relu: of(one("Relu")),
  relu6: of(clip(() => [0, 6])),
  softsign: of(one("Softsign")),
  hardsigmoid: of(one("HardSigmoid", () => ({ alpha: float(1 / 6), beta: float(0.5) }))),
  hardswish: of(one("HardSwish")),
  selu: of(one("Selu")),
  elu: of(one("Elu", (number) => ({ alpha: float(number(0)) }))),
  celu: { translate: one("Celu", (number) => ({ alpha: float(number(0)) })), fits: isSingle },
  leakyRelu: of(one("LeakyRelu", (number) => ({ alpha: float(number(0)) }))),
  hardtanh: of(clip((number) => [number(0), number(1)])),
  clamp: { translate: clip((number) => [number(0), number(1)]), fits: hasNumbers },
  clampMin: { translate: clip((number) => [number(0), null]), fits: hasNumbers },
  clampMax: { translate: clip((number) => [null, number(0)]), fits: hasNumbers },
  softshrink: of(one("Shrink", (number) => ({ lambd: float(number(0)), bias: float(number(0)) }))),
  hardshrink: of(one("Shrink", (number) => ({ lambd: float(number(0)), bias: float(0) }))),
  threshold: {
    translate: one("ThresholdedRelu", (number) => ({ alpha: float(number(0)) })),
    fits: (context) => isSingle(context) && fixedScalar(context, 1) === 0,
  },
  softplus: {
    translate: one("Softplus"),
    fits: (context) => isSingle(context) && fixedScalar(context, 0) === 1,
  },
  prelu: { translate: one("PRelu"), fits: ({ call }) => call.inputs[1]!.rank <= call.inputs[0]!.rank },
  gelu: {
    translate: (context) => gelu(isExact(context) ? "none" : "tanh")(context),
    fits: isFloat,
  },
};

/** Returns true for the exact form of GELU, false for its approximation. */
function isExact({ call }: Context): boolean {
  const { op } = call.action as { readonly kind: "op"; readonly op: ElementwiseOp; readonly params: unknown };
  return toProgram([op.expr]).steps.some((step) => step.kind === "call" && step.fn === "erfc");
}

function isFloat({ call }: Context): boolean {
  const { dtype } = call.inputs[0]!;
  return dtype === "float32" || dtype === "float64" || dtype === "float16";
}

function isSingle(context: Context): boolean {
  return context.call.inputs[0]!.dtype === "float32";
}

function hasNumbers(context: Context): boolean {
  return isFloat(context) && context.inputs.length === 1;
}

/** The nodes of an elementwise op by its name; null where it has none or the call does not fit. */
export function asActivation(context: Context): ReturnType<Translation> | null {
  const known = Object.hasOwn(ACTIVATIONS, context.call.name) ? ACTIVATIONS[context.call.name]! : null;
  return known !== null && (known.fits ?? isFloat)(context) ? known.translate(context) : null;
}
