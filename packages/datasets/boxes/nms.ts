/** Functions that select boxes on the host. */
import { fromTypedArray, type Tensor } from "@troodon/core";
import { checkCall } from "@troodon/core/kernel";

function checkScores(name: string, boxes: Tensor, others: readonly Tensor[]): void {
  const [n, four] = boxes.shape;
  if (boxes.ndim === 2 && four === 4 && others.every(({ ndim, shape }) => ndim === 1 && shape[0] === n)) {
    return;
  }
  throw new RangeError(
    `Cannot apply ${name}() as boxes must be [n, 4], with a number for each: current shapes are ${
      [boxes, ...others].map(({ shape }) => `[${shape.join(", ")}]`).join(" and ")
    }`,
  );
}

const indices = (kept: readonly number[], { device }: Tensor): Tensor =>
  fromTypedArray(Int32Array.from(kept), [kept.length], { device });

const f = Math.fround;

/** Returns the indices that remain, by falling score; only boxes of the same `group` suppress each other. */
function suppress(
  boxes: ArrayLike<number>,
  scores: ArrayLike<number>,
  threshold: number,
  group: (i: number) => number,
): number[] {
  const order = Array.from(scores, (_, i) => i).sort((i, j) => scores[j]! - scores[i]! || i - j);
  const side = (i: number, k: 0 | 1): number => f(boxes[4 * i + k + 2]! - boxes[4 * i + k]!);
  const areas = order.map((_, i) => f(side(i, 0) * side(i, 1)));
  const overlap = (i: number, j: number, k: 0 | 1): number => {
    const low = Math.max(boxes[4 * i + k]!, boxes[4 * j + k]!);
    return Math.max(0, f(Math.min(boxes[4 * i + k + 2]!, boxes[4 * j + k + 2]!) - low));
  };
  const kept: number[] = [];
  for (const i of order) {
    const covered = kept.some((j) => {
      if (group(i) !== group(j)) return false;
      const both = f(overlap(i, j, 0) * overlap(i, j, 1));
      return f(both / f(f(areas[i]! + areas[j]!) - both)) > threshold;
    });
    if (!covered) kept.push(i);
  }
  return kept;
}

/**
 * Non-maximum suppression: leaves out boxes that overlap one of a higher score, as `torchvision.ops.nms`. The boxes are
 * read and compared on the host, in float32.
 *
 * @param boxes `[n, 4]`, in the format `"xyxy"`.
 * @param scores `[n]`.
 * @param iouThreshold Intersection over union above which a box is left out.
 * @returns The indices of the other boxes by falling score, int32.
 * @throws {RangeError} If the shapes do not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { nms } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const boxes = tensor([[0, 0, 10, 10], [1, 0, 10, 10], [20, 0, 30, 10]], { device });
 * const kept = await nms(boxes, tensor([0.5, 0.9, 0.3], { device }), 0.5);
 * assertEquals([...await kept.dataAsync()], [1, 2]);
 * ```
 */
export async function nms(boxes: Tensor, scores: Tensor, iouThreshold: number): Promise<Tensor> {
  checkCall("nms", arguments, "xxd");
  checkScores("nms", boxes, [scores]);
  const [corners, order] = await Promise.all([read(boxes), read(scores)]);
  return indices(suppress(corners, order, iouThreshold, () => 0), boxes);
}

/**
 * Non-maximum suppression within each class, as `torchvision.ops.batched_nms`: boxes of different classes do not
 * suppress each other. See {@linkcode nms}.
 *
 * @param boxes `[n, 4]`, in the format `"xyxy"`.
 * @param scores `[n]`.
 * @param classes The classes of the boxes, `[n]`.
 * @param iouThreshold Intersection over union above which a box is left out.
 * @returns The indices of the other boxes by falling score, int32.
 * @throws {RangeError} If the shapes do not fit.
 */
export async function batchedNms(
  boxes: Tensor,
  scores: Tensor,
  classes: Tensor,
  iouThreshold: number,
): Promise<Tensor> {
  checkCall("batchedNms", arguments, "xxxd");
  checkScores("batchedNms", boxes, [scores, classes]);
  const [corners, order, groups] = await Promise.all([read(boxes), read(scores), read(classes)]);
  return indices(suppress(corners, order, iouThreshold, (i) => groups[i]!), boxes);
}

/**
 * Returns the indices, int32, of boxes in the format `"xyxy"` whose sides are at least `minSize` long.
 *
 * @param boxes `[n, 4]`.
 * @throws {RangeError} If the shape does not fit.
 */
export async function removeSmallBoxes(boxes: Tensor, minSize: number): Promise<Tensor> {
  checkCall("removeSmallBoxes", arguments, "xd");
  checkScores("removeSmallBoxes", boxes, []);
  const corners = await read(boxes);
  const kept = Array.from({ length: boxes.shape[0]! }, (_, i) => i).filter((i) =>
    [0, 1].every((k) => f(corners[4 * i + k + 2]! - corners[4 * i + k]!) >= minSize)
  );
  return indices(kept, boxes);
}

/** Reads the elements of a tensor as numbers. */
async function read(x: Tensor): Promise<Float64Array> {
  return Float64Array.from(await x.dataAsync(), Number);
}
