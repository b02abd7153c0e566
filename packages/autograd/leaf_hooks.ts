/** Hooks of leaves, which run when a gradient has been left in them. */
import type { PostAccumulateGradHook, Tensor } from "@troodon/core";
import { isSoleOwner, reserving } from "@troodon/core/kernel";
import { accumulate } from "./accumulate.ts";
import { reservationFor } from "./gradient_places.ts";
import { AccumulateGrad } from "./leaf_node.ts";
import type { Node } from "./node.ts";

/** How many hooks there are on all leaves: mostly none, and then walks need not look for them. */
let registered = 0;

/** Has `hook` called when a gradient has been left in the leaf of `node`, until disposed. */
export function hookLeaf(node: AccumulateGrad, hook: PostAccumulateGradHook): Disposable {
  // A function of its own, as the same one may be registered twice.
  const entry: PostAccumulateGradHook = (leaf) => hook(leaf);
  node.afterwards = [...node.afterwards, entry];
  registered++;
  return {
    [Symbol.dispose]: () => {
      if (!node.afterwards.includes(entry)) return;
      node.afterwards = node.afterwards.filter((known) => known !== entry);
      registered--;
    },
  };
}

/** Takes the gradient out of `grads`, adds it to that of the leaf of `node`, and calls the hooks of the leaf. */
export function leave(node: AccumulateGrad, grads: (Tensor | null)[], createGraph: boolean): void {
  const leaf = node.tensor!, g = grads[0]!;
  // A gradient that others hold too is copied, such as a part of the gradient of cat().
  const place = createGraph || isSoleOwner(g) ? null : reservationFor(leaf);
  const add = (): void => accumulate(leaf, g, createGraph, true);
  if (place === null) add();
  else reserving([place], add);
  // Before the hooks: if one fails, the walk frees what it still has.
  grads[0] = null;
  for (const hook of node.afterwards) hook(leaf);
}

/**
 * Sorts the nodes of a walk, the latest first, so that whatever a node made comes before it. Leaves with hooks come as
 * soon as their gradient is complete: their hooks may free it before those of other leaves are there.
 */
export function sortNodes<V extends { readonly node: Node }>(order: V[]): void {
  order.sort((a, b) => b.node.id - a.node.id);
  if (registered === 0) return;
  const last = new Map<Node, number>();
  order.forEach(({ node }, i) => {
    for (const next of node.next) {
      if (next instanceof AccumulateGrad && next.afterwards.length > 0) last.set(next, i);
    }
  });
  const early = Map.groupBy(order.filter(({ node }) => last.has(node)), ({ node }) => last.get(node)!);
  const sorted = order.flatMap((
    visit,
    i,
  ) => [...(last.has(visit.node) ? [] : [visit]), ...(early.get(i) ?? [])]);
  sorted.forEach((visit, i) => order[i] = visit);
}
