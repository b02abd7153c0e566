import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus } from "@troodon/core/kernel";
import { BoundingBoxes } from "../boxes/bounding_boxes.ts";
import { Image } from "../image.ts";
import type { Extents, PixelMovement } from "../imaging/movement.ts";
import { Mask } from "../mask.ts";
import { checkTransforms } from "./compose.ts";
import type { ColorTransform, MovingTransform, Transform } from "./transform.ts";

/** A sample of named values; images, masks, lists of masks, and boxes are transformed. */
export type AnnotatedSample = Readonly<Record<string, unknown>>;

const isMoving = (step: object): step is MovingTransform => "move" in step;
const isColor = (step: object): step is ColorTransform => "keepsPlaces" in step && step.keepsPlaces === true;

/**
 * Applies transforms to images, masks and bounding boxes together, as torchvision's `transforms.v2`: one change is
 * drawn for all values of a sample. Masks take the nearest pixel and are filled with 0. Boxes become the boxes around
 * their moved corners, cut to the canvas if the image is. Other values, such as labels, stay.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BoundingBoxes, Image, RandomHorizontalFlip, Resize, TransformSample } from "@troodon/datasets";
 *
 * const transform = new TransformSample([new RandomHorizontalFlip(1), new Resize([20, 20])]);
 * const { boxes, image, label } = transform.apply({
 *   image: new Image(10, 10, 3, new Uint8Array(300)),
 *   boxes: new BoundingBoxes([[0, 0, 4, 5]], { canvasSize: [10, 10] }),
 *   label: 3,
 * });
 * assertEquals([image.width, boxes.rows(), label], [20, [[12, 0, 20, 10]], 3]);
 * ```
 */
export class TransformSample<S extends AnnotatedSample> implements Transform<S, S> {
  readonly #steps: readonly (MovingTransform | ColorTransform)[];

  /**
   * Sets the steps.
   *
   * @throws {TypeError} If a step is neither a {@linkcode MovingTransform} nor a {@linkcode ColorTransform}.
   */
  constructor(transforms: readonly (MovingTransform | ColorTransform)[]) {
    checkSurplus(new.target.name, arguments, 1);
    checkTransforms(new.target.name, transforms);
    const wrong = transforms.find((step) => !isMoving(step) && !isColor(step));
    if (wrong) {
      throw new TypeError(
        `Cannot make TransformSample as masks and boxes cannot follow ${
          (wrong as object).constructor.name
        }: a step must have a method move() or state keepsPlaces`,
      );
    }
    this.#steps = transforms;
  }

  /**
   * Returns the transformed sample.
   *
   * @throws {RangeError} If images, masks and boxes differ in size.
   */
  apply<T extends S>(sample: T, generator: Generator = defaultGenerator()): T {
    let values = sample;
    for (const step of this.#steps) {
      if (isMoving(step)) {
        const size = sizeOf(values);
        if (size) values = changed(values, movedBy(step.move(size, generator)));
      } else {
        values = changed(
          values,
          (value) =>
            value instanceof Image && !(value instanceof Mask) ? step.apply(value, generator) : value,
        );
      }
    }
    return values;
  }
}

/** Applies `change` to the values of a sample and to the items of its lists. */
function changed<T extends AnnotatedSample>(sample: T, change: (value: unknown) => unknown): T {
  const entries = Object.entries(sample).map((
    [name, value],
  ) => [name, Array.isArray(value) ? value.map(change) : change(value)]);
  return Object.fromEntries(entries) as T;
}

/** Returns the common size of the values of a sample; null if no value has a size. */
function sizeOf(sample: AnnotatedSample): Extents | null {
  const sizes = Object.values(sample).flat().flatMap((value): Extents[] => {
    if (value instanceof Image) return [value];
    return value instanceof BoundingBoxes
      ? [{ height: value.canvasSize[0], width: value.canvasSize[1] }]
      : [];
  });
  const [first, ...rest] = sizes;
  if (first === undefined) return null;
  const other = rest.find(({ width, height }) => width !== first.width || height !== first.height);
  if (other === undefined) return first;
  throw new RangeError(
    `Cannot transform a sample as its images, masks and boxes must have one size: current sizes are ` +
      `${first.width}x${first.height} and ${other.width}x${other.height}`,
  );
}

function movedBy(movement: PixelMovement): (value: unknown) => unknown {
  return (value) => {
    if (value instanceof Mask) {
      const { width, height, data } = movement.draw(value, true);
      return new Mask(width, height, data);
    }
    if (value instanceof Image) return movement.draw(value);
    if (!(value instanceof BoundingBoxes)) return value;
    const moved = value.map(([left, top, right, bottom]) => {
      const corners = [[left, top], [right, top], [right, bottom], [left, bottom]] as const;
      const places = corners.map(([x, y]) => movement.point(x, y));
      const xs = places.map(([x]) => x), ys = places.map(([, y]) => y);
      return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    }, [movement.height, movement.width]);
    return movement.cuts ? moved.clamp() : moved;
  };
}
