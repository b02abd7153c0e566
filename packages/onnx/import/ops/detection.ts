/** Boxes of objects in images. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import type { Call } from "../call.ts";
import type { Operators } from "../operator.ts";

/** The sides of a box. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A box of two opposite corners, in either order, or of its center and its extents. */
function boxOf([a, b, c, d]: readonly number[], isCentered: boolean): Box {
  return isCentered
    ? { left: a! - c! / 2, right: a! + c! / 2, top: b! - d! / 2, bottom: b! + d! / 2 }
    : { left: Math.min(b!, d!), right: Math.max(b!, d!), top: Math.min(a!, c!), bottom: Math.max(a!, c!) };
}

const areaOf = ({ left, right, top, bottom }: Box): number => (right - left) * (bottom - top);

/** The area that two boxes share, by that which they cover together. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width <= 0 || height <= 0 ? 0 : width * height / (areaOf(a) + areaOf(b) - width * height);
}

/** Positions of the boxes that are kept, the best first: none overlaps a better one by more than `threshold`. */
function kept(
  boxes: readonly Box[],
  scores: readonly number[],
  most: number,
  threshold: number,
  least: number,
): number[] {
  const order = scores.map((_, i) => i).filter((i) => scores[i]! > least).sort((a, b) =>
    scores[b]! - scores[a]!
  );
  const chosen: number[] = [];
  for (const i of order) {
    if (chosen.length >= most) break;
    if (chosen.every((other) => overlap(boxes[i]!, boxes[other]!) <= threshold)) chosen.push(i);
  }
  return chosen;
}

function nonMaxSuppression(call: Call): Tensor {
  const [boxes, scores] = [0, 1].map((i) => call.numbers(i) ?? call.refuse("it needs boxes and scores"));
  const [images = 0, classes = 0, count = 0] = call.inputs[1]!.tensor.shape;
  const most = call.number(2) ?? 0, threshold = call.number(3) ?? 0, least = call.number(4) ?? -Infinity;
  const isCentered = call.attributes.int("center_point_box", 0) === 1, rows: number[] = [];
  for (let image = 0; image < images; image++) {
    const all = Array.from({ length: count }, (_, i) => {
      const at = 4 * (image * count + i);
      return boxOf(boxes!.slice(at, at + 4), isCentered);
    });
    for (let type = 0; type < classes; type++) {
      const at = (image * classes + type) * count;
      for (const i of kept(all, scores!.slice(at, at + count), most, threshold, least)) {
        rows.push(image, type, i);
      }
    }
  }
  const values = BigInt64Array.from(rows, BigInt);
  return core.fromTypedArray(values, [rows.length / 3, 3], { dtype: "int64", device: call.device });
}

/** Boxes of objects in images. */
export const DETECTION: Operators = { NonMaxSuppression: { run: nonMaxSuppression, known: [2, 3, 4] } };
