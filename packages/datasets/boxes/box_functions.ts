/** Functions of `torchvision.ops` on boxes as tensors `[n, 4]`; all but the last are differentiable. */
import { cat, stack, type Tensor, tidySync } from "@troodon/core";
import { checkCall, showArgument } from "@troodon/core/kernel";
import { BOX_FORMATS, type BoxFormat } from "./bounding_boxes.ts";

function checkBoxes(name: string, ...boxes: readonly Tensor[]): void {
  const wrong = boxes.find(({ shape }) => shape.length < 2 || shape.at(-1) !== 4);
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot apply ${name}() as boxes must be [n, 4]: current shape is [${wrong.shape.join(", ")}]`,
  );
}

const first = (boxes: Tensor): Tensor => boxes.narrow(-1, 0, 2);
const second = (boxes: Tensor): Tensor => boxes.narrow(-1, 2, 2);
const area = (size: Tensor): Tensor => size.select(-1, 0).mul(size.select(-1, 1));

/**
 * Returns the areas of boxes in the format `"xyxy"`.
 *
 * @returns `[n]`.
 * @throws {RangeError} If boxes are not `[n, 4]`.
 */
export function boxArea(boxes: Tensor): Tensor {
  checkCall("boxArea", arguments, "x");
  checkBoxes("boxArea", boxes);
  return tidySync(() => area(second(boxes).sub(first(boxes))));
}

/** Returns the intersections and unions of all pairs, `[n, m]` each. */
function intersect(a: Tensor, b: Tensor): readonly [intersection: Tensor, union: Tensor] {
  const rows = a.unsqueeze(-2), columns = b.unsqueeze(-3);
  const low = first(rows).maximum(first(columns)), high = second(rows).minimum(second(columns));
  const intersection = area(high.sub(low).clamp({ min: 0 }));
  const areas = area(second(a).sub(first(a))).unsqueeze(-1).add(area(second(b).sub(first(b))).unsqueeze(-2));
  return [intersection, areas.sub(intersection)];
}

/**
 * Returns the intersection over union of all pairs of boxes in the format `"xyxy"`.
 *
 * @param a `[n, 4]`.
 * @param b `[m, 4]`.
 * @returns `[n, m]`.
 * @throws {RangeError} If boxes are not `[n, 4]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { boxIou } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const iou = boxIou(tensor([[0, 0, 2, 2]], { device }), tensor([[0, 0, 2, 2], [0, 0, 1, 2], [5, 5, 6, 6]], { device }));
 * assertEquals([...await iou.dataAsync()], [1, 0.5, 0]);
 * ```
 */
export function boxIou(a: Tensor, b: Tensor): Tensor {
  checkCall("boxIou", arguments, "xx");
  checkBoxes("boxIou", a, b);
  return tidySync(() => {
    const [intersection, union] = intersect(a, b);
    return intersection.div(union);
  });
}

/**
 * Returns the generalized intersection over union of all pairs of boxes in the format `"xyxy"`. It subtracts the share
 * of their common bounding box that neither covers, so that separate boxes have a gradient too (Rezatofighi et al.,
 * 2019).
 *
 * @param a `[n, 4]`.
 * @param b `[m, 4]`.
 * @returns `[n, m]`, from -1 to 1.
 * @throws {RangeError} If boxes are not `[n, 4]`.
 */
export function generalizedBoxIou(a: Tensor, b: Tensor): Tensor {
  checkCall("generalizedBoxIou", arguments, "xx");
  checkBoxes("generalizedBoxIou", a, b);
  return tidySync(() => {
    const [intersection, union] = intersect(a, b);
    const rows = a.unsqueeze(-2), columns = b.unsqueeze(-3);
    const low = first(rows).minimum(first(columns)), high = second(rows).maximum(second(columns));
    const around = area(high.sub(low).clamp({ min: 0 }));
    return intersection.div(union).sub(around.sub(union).div(around));
  });
}

/**
 * Converts boxes to another format.
 *
 * @param boxes `[n, 4]`.
 * @throws {TypeError} If a format is unknown.
 * @throws {RangeError} If boxes are not `[n, 4]`.
 */
export function boxConvert(boxes: Tensor, from: BoxFormat, to: BoxFormat): Tensor {
  checkCall("boxConvert", arguments, "xtt");
  checkBoxes("boxConvert", boxes);
  const unknown = [from, to].find((format) => !BOX_FORMATS.includes(format));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot apply boxConvert() as formats must be among ${BOX_FORMATS.join(", ")}: current format is ${
        showArgument(unknown)
      }`,
    );
  }
  return tidySync(() => {
    const [a, b] = [first(boxes), second(boxes)];
    const low = from === "cxcywh" ? a.sub(b.mul(0.5)) : a;
    const high = from === "xyxy" ? b : low.add(b), size = from === "xyxy" ? b.sub(a) : b;
    if (to === "xyxy") return cat([low, high], -1);
    return cat([to === "xywh" ? low : low.add(high).mul(0.5), size], -1);
  });
}

/**
 * Cuts boxes in the format `"xyxy"` to an image.
 *
 * @param boxes `[n, 4]`.
 * @param size `[height, width]` of the image.
 * @throws {RangeError} If boxes are not `[n, 4]`.
 */
export function clipBoxesToImage(boxes: Tensor, size: readonly [height: number, width: number]): Tensor {
  checkCall("clipBoxesToImage", arguments, "xs");
  checkBoxes("clipBoxesToImage", boxes);
  const [height, width] = size;
  return tidySync(() => {
    const [x, y, right, bottom] = [0, 1, 2, 3].map((i, k) =>
      boxes.select(-1, i).clamp({ min: 0, max: k % 2 ? height : width })
    );
    return stack([x!, y!, right!, bottom!], -1);
  });
}
