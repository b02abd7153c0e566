import { type Device, fromTypedArray, type Tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showArgument, showAsText } from "@troodon/core/kernel";

/** Format of a box: two corners, a corner and the size, or the center and the size. */
export type BoxFormat = "xyxy" | "xywh" | "cxcywh";

/** All values of {@linkcode BoxFormat}. */
export const BOX_FORMATS: readonly BoxFormat[] = ["xyxy", "xywh", "cxcywh"];

/** Options of {@linkcode BoundingBoxes}. */
export interface BoundingBoxesOptions {
  /** Size of the image, `[height, width]`. */
  readonly canvasSize: readonly [height: number, width: number];
  /** Meaning of the four numbers of a box (default `"xyxy"`). */
  readonly format?: BoxFormat;
}
const BOUNDING_BOXES_OPTIONS: OptionKeys<BoundingBoxesOptions> = { canvasSize: true, format: true };

type Box = readonly [number, number, number, number];

const TO_CORNERS: Readonly<Record<BoxFormat, (box: Box) => Box>> = {
  xyxy: (box) => box,
  xywh: ([x, y, w, h]) => [x, y, x + w, y + h],
  cxcywh: ([x, y, w, h]) => [x - w / 2, y - h / 2, x + w / 2, y + h / 2],
};
const FROM_CORNERS: Readonly<Record<BoxFormat, (box: Box) => Box>> = {
  xyxy: (box) => box,
  xywh: ([x, y, right, bottom]) => [x, y, right - x, bottom - y],
  cxcywh: ([x, y, right, bottom]) => [(x + right) / 2, (y + bottom) / 2, right - x, bottom - y],
};

/**
 * Boxes around objects of an image, which {@linkcode TransformSample} moves along with it. They are immutable: methods
 * return new boxes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BoundingBoxes } from "@troodon/datasets";
 *
 * const boxes = new BoundingBoxes([[10, 20, 30, 50]], { canvasSize: [40, 60] });
 * assertEquals(boxes.convert("cxcywh").rows(), [[20, 35, 20, 30]]);
 * assertEquals(boxes.clamp().rows(), [[10, 20, 30, 40]]);
 * ```
 */
export class BoundingBoxes {
  /** The numbers, four a box. */
  readonly data: Float32Array;
  /** Meaning of the numbers. */
  readonly format: BoxFormat;
  /** Size of the image, `[height, width]`. */
  readonly canvasSize: readonly [height: number, width: number];

  /**
   * Makes boxes from rows of four numbers, or from all numbers in one list.
   *
   * @throws {TypeError} If the format is unknown.
   * @throws {RangeError} If a box does not have four finite numbers, or the canvas size is not of nonnegative integers.
   */
  constructor(boxes: readonly (readonly number[])[] | Float32Array, options: BoundingBoxesOptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { canvasSize, format = "xyxy" } = readOptions(new.target.name, options, BOUNDING_BOXES_OPTIONS);
    if (!BOX_FORMATS.includes(format)) {
      throw new TypeError(
        `Cannot make BoundingBoxes as format must be one of ${BOX_FORMATS.join(", ")}: current format is ${
          showArgument(format)
        }`,
      );
    }
    const isRows = !(boxes instanceof Float32Array);
    if (isRows ? boxes.some((box) => box.length !== 4) : boxes.length % 4 !== 0) {
      throw new RangeError("Cannot make BoundingBoxes as each box must have four numbers");
    }
    if (canvasSize?.length !== 2 || !canvasSize.every((n) => Number.isInteger(n) && n >= 0)) {
      throw new RangeError(
        `Cannot make BoundingBoxes as canvasSize must be [height, width] in pixels: current canvasSize is ${
          showArgument(canvasSize)
        }`,
      );
    }
    const data = isRows ? Float32Array.from(boxes.flat()) : boxes;
    if (!data.every(Number.isFinite)) {
      throw new RangeError("Cannot make BoundingBoxes as their numbers must be finite");
    }
    this.data = data;
    this.format = format;
    this.canvasSize = canvasSize;
  }

  /** The number of boxes. */
  get length(): number {
    return this.data.length / 4;
  }

  /** Returns the boxes as rows of four numbers. */
  rows(): number[][] {
    return Array.from({ length: this.length }, (_, i) => [...this.data.subarray(4 * i, 4 * i + 4)]);
  }

  /** Returns the boxes in another format. */
  convert(format: BoxFormat): BoundingBoxes {
    if (format === this.format) return this;
    const rows = this.rows().map((box) =>
      FROM_CORNERS[format](TO_CORNERS[this.format](box as unknown as Box))
    );
    return new BoundingBoxes(rows, { canvasSize: this.canvasSize, format });
  }

  /** Returns the parts of the boxes within the canvas. */
  clamp(): BoundingBoxes {
    const [height, width] = this.canvasSize;
    const within = (v: number, most: number): number => Math.max(0, Math.min(most, v));
    return this.map(([left, top, right, bottom]) => [
      within(left, width),
      within(top, height),
      within(right, width),
      within(bottom, height),
    ]);
  }

  /**
   * Returns the boxes around the corners that `change` moves, in the same format.
   *
   * @param canvasSize `[height, width]` of the new canvas (default: the same).
   */
  map(
    change: (
      corners: readonly [left: number, top: number, right: number, bottom: number],
    ) => readonly number[],
    canvasSize: readonly [height: number, width: number] = this.canvasSize,
  ): BoundingBoxes {
    const rows = this.convert("xyxy").rows().map((box) => change(box as [number, number, number, number]));
    return new BoundingBoxes(rows, { canvasSize, format: "xyxy" }).convert(this.format);
  }

  /**
   * Returns the boxes at the given indices.
   *
   * @throws {RangeError} If an index is out of range.
   */
  select(indices: readonly number[]): BoundingBoxes {
    const rows = this.rows();
    const chosen = indices.map((i) => {
      const row = rows[i];
      if (row) return row;
      throw new RangeError(`Cannot select box ${i} as there are ${this.length} boxes`);
    });
    return new BoundingBoxes(chosen, { canvasSize: this.canvasSize, format: this.format });
  }

  /**
   * Returns the indices of the boxes that are at least `minSize` pixels wide and high, as torchvision's
   * `SanitizeBoundingBoxes` keeps them.
   */
  sane(minSize = 1): number[] {
    const corners = this.convert("xyxy").rows();
    return corners.flatMap(([x = 0, y = 0, right = 0, bottom = 0], i) =>
      right - x >= minSize && bottom - y >= minSize ? [i] : []
    );
  }

  /** Returns the boxes as a float32 tensor `[n, 4]`, on the default device if none is given. */
  toTensor(device?: Device): Tensor {
    return fromTypedArray(this.data, [this.length, 4], { ...(device && { device }) });
  }

  /** Shows the boxes, their format and their canvas. */
  toString(): string {
    const [height, width] = this.canvasSize;
    const rows = this.rows().map((row) => `[${row.join(", ")}]`).join(", ");
    return `BoundingBoxes([${rows}], format=${this.format}, canvas=${width}x${height})`;
  }

  static {
    showAsText(this);
  }
}
