/** Memory that the gradients of leaves are made in. */
import type { Tensor } from "@troodon/core";
import { FLAT_GRAD, flatPlace, type Reservation } from "@troodon/core/kernel";
import { AccumulateGrad } from "./leaf_node.ts";
import type { Node } from "./node.ts";
import type { Visit } from "./visit.ts";

/** Place for the first gradient of `leaf`, if that lies in a `FlatBuffer`; null if there is none. */
export function reservationFor(leaf: Tensor): Reservation | null {
  if (leaf.isDisposed || leaf.storage.lease === null || leaf.grad !== null) return null;
  const place = flatPlace(leaf);
  return place?.flat.beside(FLAT_GRAD)?.reservation(place.index) ?? null;
}

/**
 * Places for the gradients of the leaves among `next`: of those that lie in a `FlatBuffer`, beside which there is a place
 * for each, where this is the first gradient to come in. Null if there are none.
 */
export function reservationsFor(
  next: readonly (Node | null)[],
  visits: ReadonlyMap<Node, Visit>,
): readonly Reservation[] | null {
  let places: Reservation[] | null = null;
  for (let i = 0; i < next.length; i++) {
    const node = next[i]!;
    if (!(node instanceof AccumulateGrad)) continue;
    const leaf = node.tensor, visit = visits.get(node);
    if (leaf === null || visit === undefined || !visit.needed || visit.reached) continue;
    const place = reservationFor(leaf);
    if (place !== null) (places ??= []).push(place);
  }
  return places;
}
