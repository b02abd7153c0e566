/** Compares boxes with those of torchvision 0.28, from `scripts/images/boxes.py`. */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import type { Image } from "../image.ts";
import { affining, rotating, tilting } from "../imaging/warp_movements.ts";
import {
  cropping,
  flippingHorizontally,
  flippingVertically,
  type PixelMovement,
  resizing,
} from "../imaging/movement.ts";
import { CenterCrop } from "../transforms/crops.ts";
import { Pad } from "../transforms/pad.ts";
import { TransformSample } from "../transforms/transform_sample.ts";
import { BoundingBoxes, type BoxFormat } from "./bounding_boxes.ts";
import { boxArea, boxConvert, boxIou, clipBoxesToImage, generalizedBoxIou } from "./box_functions.ts";
import { batchedNms, nms, removeSmallBoxes } from "./nms.ts";

type Rows = readonly (readonly number[])[];

const reference: {
  readonly canvas: readonly [number, number];
  readonly given: Readonly<Record<BoxFormat, Rows>>;
  readonly moved: readonly {
    readonly change: string;
    readonly format: BoxFormat;
    readonly canvas: readonly [number, number];
    readonly boxes: Rows;
  }[];
  readonly boxes: number[][];
  readonly scores: number[];
  readonly area: readonly number[];
  readonly iou: Rows;
  readonly generalizedIou: Rows;
  readonly cxcywh: Rows;
  readonly clipped: Rows;
  readonly large: readonly number[];
  readonly nms: Readonly<Record<string, readonly number[]>>;
  readonly batchedNms: readonly number[];
} = JSON.parse(Deno.readTextFileSync(new URL("../testdata/boxes.json", import.meta.url)));

const [height, width] = reference.canvas, size = { width, height };
const corners = [[0, 0], [59, 0], [59, 39], [0, 39]] as const;
const CHANGES: Readonly<Record<string, PixelMovement>> = {
  hflip: flippingHorizontally(size),
  vflip: flippingVertically(size),
  crop: cropping({ top: 5, left: 8, height: 20, width: 30 }),
  centerCrop: new CenterCrop([50, 31]).move(size),
  pad: new Pad([1, 2, 3, 4]).move(size),
  resize: resizing(size, [20, 90]),
  resizeShort: resizing(size, 20, "bilinear", 25),
  affine: affining(size, { angle: 20, translate: [3, -2], scale: 1.2, shear: [5, -3] }),
  affineCenter: affining(size, { angle: -35, scale: 0.7, shear: [0, 10], center: [4, 9] }),
  rotate: rotating(size, 30, {}),
  rotateCenter: rotating(size, -75, { center: [10, 10] }),
  rotateExpand: rotating(size, 25, { expand: true }),
  rotateQuarter: rotating(size, 90, { expand: true }),
  perspective: tilting(size, { from: corners, to: [[4, 3], [50, 0], [57, 36], [2, 30]] }, {}),
};

function assertClose(actual: Rows, expected: Rows, told: string, tolerance = 1e-3): void {
  assertEquals(actual.length, expected.length, told);
  expected.forEach((row, i) =>
    row.forEach((v, k) =>
      assertAlmostEquals(actual[i]![k]!, v, tolerance, `${told}: ${actual[i]} for ${row}`)
    )
  );
}

for (const [name, movement] of Object.entries(CHANGES)) {
  Deno.test(`TransformSample() moves boxes as torchvision does: ${name}`, () => {
    for (const { format, canvas, boxes } of reference.moved.filter(({ change }) => change === name)) {
      const given = new BoundingBoxes(reference.given[format], { canvasSize: [height, width], format });
      const step = { move: () => movement, apply: (image: Image) => image };
      const { boxes: moved } = new TransformSample([step]).apply({ boxes: given });
      assertEquals([moved.canvasSize, moved.format], [canvas, format]);
      // Pillow centers the turned image in its larger canvas; torchvision moves boxes to the canvas' corner.
      assertClose(moved.rows(), boxes, format, name === "rotateExpand" ? 1 : 1e-3);
    }
  });
}

Deno.test("BoundingBoxes() converts, clamps, selects and shows boxes", async () => {
  const boxes = new BoundingBoxes([[10, 20, 20, 15], [58, 1, 9, 9]], {
    canvasSize: [40, 60],
    format: "xywh",
  });
  assertEquals(boxes.convert("xyxy").rows(), [[10, 20, 30, 35], [58, 1, 67, 10]]);
  assertEquals(boxes.convert("cxcywh").convert("xywh").rows(), boxes.rows());
  assertEquals(boxes.clamp().rows()[1], [58, 1, 2, 9]);
  assertEquals(boxes.clamp().sane(3), [0]);
  assertEquals(boxes.select([1]).rows(), [[58, 1, 9, 9]]);
  assertEquals(`${boxes.select([1])}`, "BoundingBoxes([[58, 1, 9, 9]], format=xywh, canvas=60x40)");
  assertEquals(new BoundingBoxes([], { canvasSize: [4, 6] }).clamp().length, 0);
  using rows = boxes.toTensor(device);
  assertEquals([rows.shape, [...await rows.dataAsync()]], [[2, 4], [...boxes.data]]);
  assertThrows(() => boxes.select([2]), RangeError, "box 2 as there are 2");
  assertThrows(() => new BoundingBoxes([[1, 2, 3]], { canvasSize: [4, 6] }), RangeError, "four numbers");
  assertThrows(() => new BoundingBoxes([[1, 2, 3, NaN]], { canvasSize: [4, 6] }), RangeError, "finite");
  assertThrows(() => new BoundingBoxes([], { canvasSize: [4.5, 6] }), RangeError, "[height, width]");
  assertThrows(
    () => new BoundingBoxes([], { canvasSize: [4, 6], format: "xxyy" as "xyxy" }),
    TypeError,
    "must be one of xyxy, xywh, cxcywh",
  );
});

const device = new Device(new ReferenceBackend());
const rowsOf = (x: Tensor): Rows => x.tolist() as number[][];
const part = (from: number, to: number): Tensor => tensor(reference.boxes.slice(from, to), { device });

Deno.test("boxIou() and its like give torchvision's numbers", () => {
  const a = part(0, 5), b = part(5, 12);
  assertClose([boxArea(a).tolist() as number[]], [reference.area], "area");
  assertClose(rowsOf(boxIou(a, b)), reference.iou, "iou", 1e-6);
  assertClose(rowsOf(generalizedBoxIou(a, b)), reference.generalizedIou, "generalized", 1e-6);
  assertClose(rowsOf(boxConvert(a, "xyxy", "cxcywh")), reference.cxcywh, "cxcywh", 1e-5);
  assertClose(rowsOf(clipBoxesToImage(a, [30, 40])), reference.clipped, "clipped", 1e-6);
  for (const format of ["xywh", "cxcywh"] as const) {
    const there = boxConvert(a, "xyxy", format);
    assertClose(rowsOf(boxConvert(there, format, "xyxy")), rowsOf(a), format, 1e-5);
  }
  assertThrows(() => boxIou(a, a.select(0, 0)), RangeError, "must be [n, 4]");
  assertThrows(() => boxConvert(a, "xyxy", "yxyx" as "xyxy"), TypeError, "xyxy, xywh, cxcywh");
});

Deno.test("nms(), batchedNms() and removeSmallBoxes() keep the boxes that torchvision keeps", async () => {
  const boxes = part(0, 60), scores = tensor(reference.scores, { device });
  for (const [threshold, kept] of Object.entries(reference.nms)) {
    assertEquals([...await (await nms(boxes, scores, Number(threshold))).dataAsync()], [...kept], threshold);
  }
  const classes = tensor(reference.scores.map((_, i) => i % 3), { device, dtype: "int32" });
  const kept = await batchedNms(boxes, scores, classes, 0.3);
  assertEquals([...await kept.dataAsync()], [...reference.batchedNms]);
  assert(kept.shape[0]! > reference.nms["0.3"]!.length);
  const large = await removeSmallBoxes(part(0, 20), 12);
  assertEquals([...await large.dataAsync()], [...reference.large]);
  await assertRejects(() => nms(boxes, scores.narrow(0, 0, 3), 0.5), RangeError, "with a number for each");
});
