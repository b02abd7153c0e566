/** The layers that nodes of a graph were recorded in. */
import type { GradNode, OpCall } from "../tape.ts";

/** Remembers which layer each node of the graph belongs to, for listeners of calls. `L` says what a layer is. */
export class NodeLayers<L> {
  readonly #layers = new WeakMap<GradNode, L>();

  /** Notes that a call was made in `layer`. Leaves belong to the layer that uses them first. */
  note({ inputs, outputs }: OpCall, layer: L): void {
    for (const { ownNode } of outputs) this.#place(ownNode, layer);
    for (const { ownNode } of inputs) this.#place(ownNode, layer);
  }

  #place(node: GradNode | null, layer: L): void {
    if (node !== null && !this.#layers.has(node)) this.#layers.set(node, layer);
  }

  /** The layer of a node; undefined for one of which nothing was heard. */
  of(node: GradNode): L | undefined {
    return this.#layers.get(node);
  }
}
