/** Small graphs for tests. */
import { ONNX_ATTRIBUTE_TYPES, ONNX_DATA_TYPES } from "../mod.ts";
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from "../mod.ts";

/** A node of these attributes: integers, lists of them, or tensors. */
export function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, number | readonly number[] | OnnxTensor>> = {},
): OnnxNode {
  const attribute = Object.entries(attributes).map(([name, value]): OnnxAttribute => {
    if (typeof value === "number") return { name, type: ONNX_ATTRIBUTE_TYPES.INT, i: value };
    return "dims" in value
      ? { name, type: ONNX_ATTRIBUTE_TYPES.TENSOR, t: value }
      : { name, type: ONNX_ATTRIBUTE_TYPES.INTS, ints: value };
  });
  return { opType, input, output, attribute, name: `${opType}_${output[0]}` };
}

/** A stored tensor of float32. */
export function floats(name: string, dims: readonly number[], values: readonly number[]): OnnxTensor {
  return { name, dims, dataType: ONNX_DATA_TYPES.FLOAT, floatData: Float32Array.from(values) };
}

/** A stored tensor of int64. */
export function integers(name: string, dims: readonly number[], values: readonly number[]): OnnxTensor {
  return { name, dims, dataType: ONNX_DATA_TYPES.INT64, int64Data: BigInt64Array.from(values, BigInt) };
}

/** A model of a graph with inputs and outputs of these names. */
export function model(
  nodes: readonly OnnxNode[],
  initializer: readonly OnnxTensor[] = [],
  { input = ["x"], output = ["y"], ...rest }: {
    readonly input?: readonly string[];
    readonly output?: readonly string[];
  } & Partial<Omit<OnnxModel, "graph">> = {},
): OnnxModel {
  const named = (names: readonly string[]): OnnxGraph["input"] => names.map((name) => ({ name }));
  return {
    irVersion: 8,
    opsetImport: [{ domain: "", version: 18 }],
    graph: { name: "test", node: nodes, initializer, input: named(input), output: named(output) },
    ...rest,
  };
}
