/** Names of values within graphs. */
import type { OnnxAttribute, OnnxGraph, OnnxNode } from "../model/types.ts";

/** Gives a value another name. */
export type Rename = (name: string) => string;

/** A node whose values, also those that graphs in it name, have other names. */
export function renamedNode(
  node: OnnxNode,
  rename: Rename,
  attributes: (node: OnnxNode) => readonly OnnxAttribute[] = ({ attribute }) => attribute,
): OnnxNode {
  return {
    ...node,
    input: node.input.map(rename),
    output: node.output.map(rename),
    attribute: attributes(node).map((attribute) =>
      attribute.g === undefined
        ? attribute
        : { ...attribute, g: renamedGraph(attribute.g, rename, attributes) }
    ),
  };
}

function renamedGraph(
  graph: OnnxGraph,
  rename: Rename,
  attributes?: (node: OnnxNode) => readonly OnnxAttribute[],
): OnnxGraph {
  return {
    ...graph,
    node: graph.node.map((node) => renamedNode(node, rename, attributes)),
    initializer: graph.initializer.map((tensor) => ({ ...tensor, name: rename(tensor.name ?? "") })),
    input: graph.input.map((value) => ({ ...value, name: rename(value.name) })),
    output: graph.output.map((value) => ({ ...value, name: rename(value.name) })),
  };
}

/** A graph within a node, whose own values have a prefix: other graphs may use the same names. */
export function isolated(graph: OnnxGraph, prefix: string): OnnxGraph {
  const own = new Set<string>();
  for (const { name } of [...graph.initializer, ...graph.input]) own.add(name ?? "");
  for (const { output } of graph.node) for (const name of output) own.add(name);
  own.delete("");
  return renamedGraph(graph, (name) => own.has(name) ? prefix + name : name);
}
