/** Images that are dark where those of the training are light. */
import type { Image } from "@troodon/troodon";
import { meanOf, type Normalization } from "./normalization.ts";

/** Hints at --invert for an image with a light ground where the training images have a dark one, or the reverse. */
export function hintOf({ data }: Image, normalization: Normalization, inverted: boolean): string | null {
  const own = data.reduce((sum, byte) => sum + byte / 255, 0) / data.length;
  if ((own > 0.5) === (meanOf(normalization) > 0.5)) return null;
  const [ground, theirs] = own > 0.5 ? ["light", "dark"] : ["dark", "light"];
  return `its ground is ${ground}, that of the training images is ${theirs}: try it ${
    inverted ? "without" : "with"
  } --invert`;
}
