/** Views that one call gives. */
import type { Tensor } from "../../tensor.ts";

/** Makes `views` parts of one call, which no recorded op may change in place, as PyTorch has it; returns them. */
export function asParts(views: Tensor[]): Tensor[] {
  for (const { place } of views) if (place?.standing === "view") place.standing = "part";
  return views;
}
