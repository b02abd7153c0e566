/** Nodes, constants and the names of inputs and outputs as a model. */
import type { OnnxDimension, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from "../model/types.ts";
import type { Name } from "./graph/builder.ts";
import { onnxType } from "./graph/data_types.ts";
import { symbolOf } from "./graph/dim.ts";
import type { JointValue } from "./graph/join.ts";

/** Parts of a model: nodes, stored tensors, inputs and outputs. */
export interface Parts {
  readonly nodes: readonly OnnxNode[];
  /** All stored tensors, by name. */
  readonly initializers: ReadonlyMap<Name, OnnxTensor>;
  readonly inputs: readonly { readonly name: string; readonly value: JointValue }[];
  /** The outputs, with the names that they have among the nodes. */
  readonly outputs: readonly { readonly name: string; readonly value: JointValue; readonly from: Name }[];
  readonly opset: number;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The version of the format that goes with a version of the operators. */
const irVersion = (opset: number): number => opset <= 18 ? 8 : 9;

/** The model, without nodes and constants that no output needs. */
export function assemble(parts: Parts): OnnxModel {
  const { initializers, inputs, outputs, opset, name, metadata } = parts;
  const nodes = named(parts), used = new Set(nodes.flatMap((node) => node.input));
  return {
    irVersion: irVersion(opset),
    producerName: "troodon",
    opsetImport: [{ domain: "", version: opset }],
    graph: {
      name,
      node: nodes,
      initializer: [...initializers.values()].filter((tensor) => used.has(tensor.name!)),
      input: inputs.map(({ name, value }) => valueInfo(name, value)),
      output: outputs.map(({ name, value }) => valueInfo(name, value)),
    },
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  };
}

/** The nodes that the outputs need, with the outputs under their names. */
function named({ nodes, outputs }: Parts): OnnxNode[] {
  const made = new Set(nodes.flatMap((node) => node.output)), names = new Map<Name, string>();
  const copies: OnnxNode[] = [];
  for (const { name, from } of outputs) {
    if (made.has(from) && !names.has(from)) names.set(from, name);
    else {copies.push({
        opType: "Identity",
        name: `/${name}`,
        input: [names.get(from) ?? from],
        output: [name],
        attribute: [],
      });}
  }
  const rename = (list: readonly string[]): string[] => list.map((name) => names.get(name) ?? name);
  const all = [
    ...nodes.map((node) => ({ ...node, input: rename(node.input), output: rename(node.output) })),
    ...copies,
  ];
  const needed = new Set(outputs.map(({ name }) => name));
  return all.toReversed().filter((node) => {
    const wanted = node.output.some((name) => needed.has(name));
    if (wanted) { for (const name of node.input) needed.add(name); }
    return wanted;
  }).reverse();
}

function valueInfo(name: string, value: JointValue): OnnxValueInfo {
  const dim = value.first.spec.shape.map((_, axis): OnnxDimension => {
    const extent = value.extent(axis);
    if (typeof extent === "number") return { dimValue: extent };
    const symbol = extent && symbolOf(extent);
    return symbol ? { dimParam: symbol } : {};
  });
  return { name, type: { tensorType: { elemType: onnxType(value.dtype), shape: { dim } } } };
}
