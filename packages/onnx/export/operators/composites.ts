/** Ops made of others that ONNX has an operator of its own for. */
import type { Window2d } from "@troodon/core/kernel";
import { float, int, ints } from "../graph/attributes.ts";
import type { Name } from "../graph/builder.ts";
import { ROWWISE } from "./rowwise.ts";
import { type Context, extentAlong, type Translation } from "./translation.ts";

/** The settings of a window. */
function windowAttributes({ size, stride, padding: [top, bottom, left, right], dilation }: Window2d) {
  return {
    kernel_shape: ints(size),
    strides: ints(stride),
    pads: ints([top, left, bottom, right]),
    dilations: ints(dilation),
  };
}

const conv2d: Translation = ({ call, graph, inputs }) => {
  const { window, groups } = call.params as { window: Window2d; groups: number };
  return graph.node("Conv", inputs, { ...windowAttributes(window), group: int(groups) });
};

const convTranspose2d: Translation = ({ call, graph, inputs }) => {
  const { window, groups } = call.firstParams as { window: Window2d; groups: number };
  const { size, stride, padding, dilation } = window, given = call.inputs[0]!.first.spec.shape;
  const made = call.output.first.spec.shape;
  const missing = [0, 1].map((i) => {
    const reach = (given[2 + i]! - 1) * stride[i]! + dilation[i]! * (size[i]! - 1) + 1;
    return made[2 + i]! - (reach - padding[2 * i]! - padding[2 * i + 1]!);
  });
  return graph.node("ConvTranspose", inputs, {
    ...windowAttributes(window),
    group: int(groups),
    output_padding: missing.some((n) => n !== 0) ? ints(missing) : undefined,
  });
};

const maxPool2d: Translation = ({ call, graph, inputs }) => {
  const { window, relu } = call.params as { window: Window2d; relu: boolean };
  const x = relu ? graph.node("Relu", [inputs[0]!]) : inputs[0]!;
  if (call.outputs[1] === undefined) return graph.node("MaxPool", [x], windowAttributes(window));
  const [values, places] = graph.nodeOf("MaxPool", [x], 2, windowAttributes(window)) as [Name, Name];
  // Counted over the whole tensor: within the plane.
  const [, , h, w] = fixedShapeFrom(call, 2), size = graph.scalar(h! * w!, "int64");
  return [values, graph.cast(graph.node("Mod", [places, size]), "int64", call.spec(1).dtype)];
};

/** The shape of the first input, whose extents from `axis` on must be fixed. */
function fixedShapeFrom(call: Context["call"], axis: number): number[] {
  const x = call.inputs[0]!;
  return x.first.spec.shape.map((n, i) => i < axis ? n : x.fixedExtent(i, call.place));
}

const avgPool2d: Translation = ({ call, graph, inputs }) => {
  const { window, countIncludePad } = call.firstParams as { window: Window2d; countIncludePad: boolean };
  const { kernel_shape, strides, pads } = windowAttributes(window);
  return graph.node("AveragePool", inputs, {
    kernel_shape,
    strides,
    pads,
    count_include_pad: int(countIncludePad ? 1 : 0),
  });
};

const onRows: Translation = ({ call, graph, inputs }) =>
  graph.node(ROWWISE[call.name]!, inputs, { axis: int(-1) });

/** x [rows, n], and perhaps a weight and a bias. */
const layerNorm: Translation = (context) => {
  const { call, graph, inputs: [x, weight, bias] } = context;
  const { eps } = call.params as { eps: number };
  const scale = weight ??
    graph.node("Expand", [
      graph.scalar(1, call.output.dtype),
      graph.extent(extentAlong(context, call.inputs[0]!, 1)),
    ]);
  return graph.node("LayerNormalization", [x!, scale, bias ?? null], { axis: int(-1), epsilon: float(eps) });
};

const cat: Translation = ({ call, graph, inputs }) => {
  const { axis } = call.firstParams as { axis: number };
  const parts = inputs.flatMap((x, i) => {
    const { shapes, dtype } = call.inputs[i]!;
    return shapes.every((shape) => shape[axis] === 0) ? [] : [graph.cast(x, dtype, call.output.dtype)];
  });
  return parts.length === 1 ? parts[0]! : graph.node("Concat", parts, { axis: int(axis) });
};

const pieces: Translation = (context) => {
  const { call, graph, inputs } = context;
  const { axis } = call.firstParams as { axis: number };
  const extents = call.outputs.map((_, i) => extentAlong(context, call.spec(i), axis));
  return extents.length === 1
    ? inputs[0]!
    : graph.nodeOf("Split", [inputs[0]!, graph.shape(extents)], extents.length, { axis: int(axis) });
};

const embedding: Translation = ({ graph, inputs }) =>
  graph.node("Gather", inputs.slice(0, 2), { axis: int(0) });

const det: Translation = ({ graph, inputs }) => graph.node("Det", inputs);

/** A translation, and for which outputs it stands. */
export interface Composite {
  readonly translate: Translation;
  /** Number of outputs that are translated, the first ones; all by default. */
  readonly outputs?: number;
}

/** By name of the op. */
export const COMPOSITES: Readonly<Record<string, Composite>> = {
  conv2d: { translate: conv2d },
  conv2dInputGrad: { translate: convTranspose2d },
  maxPool2d: { translate: maxPool2d },
  avgPool2d: { translate: avgPool2d },
  softmax: { translate: onRows },
  logSoftmax: { translate: onRows },
  layerNorm: { translate: layerNorm, outputs: 1 },
  cat: { translate: cat },
  chunk: { translate: pieces },
  split: { translate: pieces },
  embedding: { translate: embedding },
  det: { translate: det },
};
