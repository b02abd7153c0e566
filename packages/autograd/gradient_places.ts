/** Memory that the gradients of leaves are made in. */
import { FLAT_GRAD, flatPlace, type Reservation } from "@troodon/core";
import { AccumulateGrad, type Node } from "./node.ts";
import type { Visit } from "./visit.ts";

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
    if (leaf === null || leaf.isDisposed || leaf.storage.lease === null || leaf.grad !== null) continue;
    if (visit === undefined || !visit.needed || visit.reached) continue;
    const place = flatPlace(leaf), gradients = place?.flat.beside(FLAT_GRAD);
    if (place && gradients) (places ??= []).push(gradients.reservation(place.index));
  }
  return places;
}
