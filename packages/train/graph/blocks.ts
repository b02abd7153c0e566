/** The graph of a network in boxes, as a picture shows it. */
import type { AnyModule } from "@troodon/nn";
import type { TracedNode } from "./trace_graph.ts";

/** A box of the graph of a network. */
export interface BlockNode {
  /** Its name, which no other box has. */
  readonly name: string;
  /** Label of the block. */
  readonly title: string;
  /** The class of its layer; "" for what is in none. */
  readonly type: string;
  /** The shape of what it gives. */
  readonly shape: readonly number[];
  /** Names of the boxes that it reads. */
  readonly inputs: readonly string[];
}

/**
 * The boxes of a graph, each after those that it reads; parameters have none.
 *
 * @param detail A box for all calls that a layer makes when it is called, or one for each call.
 */
export function blocksOf(
  model: AnyModule,
  nodes: readonly TracedNode[],
  detail: "layers" | "calls",
): BlockNode[] {
  const leaves = new Map(
    [...model.namedModules()].filter(([, module]) => module.children().next().done).map(([path, module]) =>
      [path, module.constructor.name] as const
    ),
  );
  const layerOf = ({ layer, kind }: TracedNode): string | undefined =>
    detail === "layers" && kind === "call" && leaves.has(layer) ? layer : undefined;
  const prepared = preparing(nodes, layerOf);
  // The box of each node: that of a call of the same layer before it, or its own.
  const blockOf = new Map<string, string>(), byName = new Map(nodes.map((node) => [node.name, node]));
  const blocks = new Map<string, BlockNode>();
  for (const node of nodes) {
    if (prepared.has(node.name)) continue;
    const layer = layerOf(node);
    const read = node.inputs.filter((name) => !prepared.has(name));
    const same = layer === undefined ? undefined : read.find((name) => byName.get(name)!.call === node.call);
    const own = same === undefined ? node.name : blockOf.get(same)!, before = blocks.get(own);
    blockOf.set(node.name, own);
    const inputs = read.map((name) => blockOf.get(name)!).filter((name) => name !== own);
    const type = layer === undefined ? "" : leaves.get(layer)!;
    const title = layer === undefined ? node.op : `${layer ? `${layer} ` : ""}${type}`;
    blocks.set(own, {
      ...{ name: own, title, type, shape: node.shape },
      inputs: [...new Set([...before?.inputs ?? [], ...inputs])],
    });
  }
  return [...blocks.values()];
}

/** Names of the parameters, and of calls by which a layer prepares its own: they read parameters alone, for that layer alone. */
function preparing(
  nodes: readonly TracedNode[],
  layerOf: (node: TracedNode) => string | undefined,
): Set<string> {
  const readers = new Map<string, TracedNode[]>(), found = new Set<string>();
  for (const node of nodes) {
    for (const name of node.inputs) readers.set(name, [...readers.get(name) ?? [], node]);
  }
  for (const node of nodes) {
    const layer = layerOf(node);
    const prepares = layer !== undefined && node.inputs.length > 0 && node.inputs.every((name) =>
      found.has(name)
    ) &&
      readers.get(node.name)!.every((reader) => reader.call === node.call);
    if (node.kind === "parameter" || prepares) found.add(node.name);
  }
  return found;
}
