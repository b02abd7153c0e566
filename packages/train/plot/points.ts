/** Points of a picture, from tensors and arrays. */
import { Tensor } from "@troodon/core";

/** A place on a {@linkcode Plot}. */
export type PlotPoint = readonly [x: number, y: number];

/** One coordinate of many points: the elements of a tensor, which is read, or of an array. */
export type Coordinates = Tensor | ArrayLike<number>;

/** True for coordinates, false for the options that may stand in their place. */
export function areCoordinates(value: object): value is Coordinates {
  return value instanceof Tensor || "length" in value;
}

const numbers = (of: Coordinates): ArrayLike<number | bigint> => of instanceof Tensor ? of.dataSync() : of;

/**
 * The points with the given coordinates.
 *
 * @throws {RangeError} If there are more of one coordinate than of the other.
 */
export function pointsOf(x: Coordinates, y: Coordinates): PlotPoint[] {
  const xs = numbers(x), ys = numbers(y);
  if (xs.length !== ys.length) {
    throw new RangeError(
      `Cannot add points as x and y must have equally many elements: current counts are ${xs.length} and ${ys.length}`,
    );
  }
  return Array.from({ length: xs.length }, (_, i) => [Number(xs[i]), Number(ys[i])]);
}
