/** Nodes on the way of a walk. */
import type { Tensor } from "@troodon/core";
import type { Node } from "./node.ts";

/** A node in one walk, with the gradients of its outputs as far as they have come in. */
export class Visit {
  readonly node: Node;
  readonly grads: (Tensor | null)[];
  needed = true;
  reached = false;
  /** Numbers of the targets that are outputs of this node. */
  targets: number[] | null = null;

  constructor(node: Node) {
    this.node = node;
    this.grads = [null];
    for (let i = 1; i < node.outputCount; i++) this.grads.push(null);
  }
}
