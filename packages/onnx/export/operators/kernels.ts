/** Kernels that ONNX has an operator of its own for. */
import type { DType, Tensor } from "@troodon/core";
import type { KernelOp } from "@troodon/core/kernel";
import { float, int } from "../graph/attributes.ts";
import type { JointValue } from "../graph/join.ts";
import { asActivation } from "./activations.ts";
import { byFamily, epilogued, products, reduced } from "./families.ts";
import { outputDims, sameShapes, type Translation } from "./translation.ts";

/** x [..., k] by weight [n, k], and perhaps bias [n]. */
const linear: Translation = (context) => {
  const { call, graph, inputs: [x, weight, bias] } = context;
  if (call.inputs[0]!.rank === 2 && bias !== undefined) {
    return graph.node("Gemm", [x!, weight!, bias], { transB: int(1) });
  }
  const product = graph.node("MatMul", [x!, graph.transpose(weight!, [1, 0])]);
  return bias === undefined ? product : graph.node("Add", [product, bias]);
};

/** A product of which either operand may be turned. */
const product: Translation = (context) => {
  const { call, graph, inputs } = context, { left, right } = call.params as { left: boolean; right: boolean };
  const { rank } = call.inputs[0]!, axes = Array.from({ length: rank }, (_, i) => i);
  const swapped = axes.with(rank - 2, rank - 1).with(rank - 1, rank - 2);
  const operands = [left, right].map((turn, i) => turn ? graph.transpose(inputs[i]!, swapped) : inputs[i]!);
  const all = products(context);
  return epilogued(context, graph.node("MatMul", operands), [], [], all, all[0]!.epilogue);
};

const mean: Translation = (context) => {
  // The mean of distances from a second input has the same name.
  if (context.inputs.length > 1) return byFamily(context);
  const { call, inputs, graph } = context, [x] = call.inputs, y = call.output;
  const { axes } = call.firstParams as { axes: readonly number[] };
  return reduced(context, "ReduceMean", graph.cast(inputs[0]!, x!.dtype, y.dtype), axes, x!.rank === y.rank);
};

const REVERSED = -(2 ** 31);

const flip: Translation = ({ call, graph, inputs }) => {
  const { axes } = call.params as { axes: readonly number[] };
  const each = (value: number) => graph.ints(axes.map(() => value));
  return axes.length === 0
    ? inputs[0]!
    : graph.node("Slice", [inputs[0]!, each(-1), each(REVERSED), graph.ints(axes), each(-1)]);
};

const indexSelect: Translation = ({ call, graph, inputs }) => {
  const { axis } = call.params as { axis: number };
  const index = call.inputs[1]!.rank === 0 ? graph.reshape(inputs[1]!, [1]) : inputs[1]!;
  return graph.node("Gather", [inputs[0]!, index], { axis: int(axis) });
};

/** The stored vector that a value is a look at, of shape [1, c, 1, ...]; null if it is none. */
function vectorOf(value: JointValue, dtype: DType): Tensor | null {
  if (!value.fixed || value.dtype !== dtype) return null;
  const { call } = value.first.producers[0] ?? {}, source = call ? call.inputs[0]! : value.first;
  const looks = call === undefined || (call.action.kind === "op" && call.action.op.name === "reshape");
  return looks && source.spec.shape.length === 1 ? source.held : null;
}

/** x, and mean, variance and perhaps weight and bias of channels, [1, c, 1, ...]. */
const batchNorm: Translation = (context) => {
  const { call, graph, inputs, store } = context, [x, ...rest] = call.inputs, { dtype } = x!;
  const vectors = rest.flatMap((value) => vectorOf(value, dtype) ?? []);
  if (vectors.length < rest.length || x!.rank < 2) return byFamily(context);
  const [mean, variance, weight, bias] = vectors.map((vector) => store(vector, "constant"));
  const filled = (value: number) => graph.list(new Array<number>(vectors[0]!.numel()).fill(value), dtype);
  const { scalars: [eps] } = call.params as { scalars: readonly number[] };
  return graph.node("BatchNormalization", [
    inputs[0]!,
    weight ?? filled(1),
    bias ?? filled(0),
    mean!,
    variance!,
  ], {
    epsilon: float(eps!),
  });
};

const copied: Translation = ({ inputs }) => inputs[0]!;

const converted: Translation = ({ call, graph, inputs }) =>
  graph.cast(inputs[0]!, call.inputs[0]!.dtype, call.output.dtype);

/** The second input over the shape of the first. */
const overwritten: Translation = (context) => {
  const { call, graph, inputs } = context, [, source] = call.inputs;
  const cast = graph.cast(inputs[1]!, source!.dtype, call.output.dtype);
  return sameShapes(source!, call.output)
    ? cast
    : graph.node("Expand", [cast, graph.shape(outputDims(context))]);
};

const KERNELS: Readonly<Record<string, Translation>> = {
  linear,
  linearRelu: (context) => context.graph.node("Relu", [linear(context) as string]),
  mm: product,
  bmm: product,
  mean,
  flip,
  indexSelect,
  batchNorm,
  clone: copied,
  to: converted,
  copy_: overwritten,
};

/** The nodes of a kernel. */
export const kernel: Translation = (context) => {
  const { call } = context, { op } = call.action as { op: KernelOp };
  if (Object.hasOwn(KERNELS, call.name)) return KERNELS[call.name]!(context);
  return ("expr" in op ? asActivation(context) : null) ?? byFamily(context);
};
