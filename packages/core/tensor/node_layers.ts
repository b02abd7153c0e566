/** Maps graph nodes to the layers that recorded them. */
import type { GradNode, OpCall } from "../tape.ts";

/** Remembers the layer of each graph node for call listeners; `L` is the type of layers. */
export class NodeLayers<L> {
  readonly #layers = new WeakMap<GradNode, L>();

  /** Notes that a call was made in `layer`. A leaf belongs to the layer that uses it first. */
  note({ inputs, outputs }: OpCall, layer: L): void {
    for (const { ownNode } of outputs) this.#place(ownNode, layer);
    for (const { ownNode } of inputs) this.#place(ownNode, layer);
  }

  #place(node: GradNode | null, layer: L): void {
    if (node !== null && !this.#layers.has(node)) this.#layers.set(node, layer);
  }

  /** Returns the layer of a node; undefined if the node is unknown. */
  of(node: GradNode): L | undefined {
    return this.#layers.get(node);
  }
}
