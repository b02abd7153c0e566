/** Broadcasting of shapes. */
import { broadcastShapes as broadcastTwo, type Shape } from "../../shape.ts";

/**
 * Returns the shape that the given shapes broadcast to: along each axis, counted from the last, extents are
 * equal or 1.
 *
 * @throws {RangeError} If the shapes cannot be broadcast.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { broadcastShapes } from "@troodon/core";
 *
 * assertEquals(broadcastShapes([2, 1], [3], [4, 1, 1]), [4, 2, 3]);
 * ```
 */
export function broadcastShapes(...shapes: readonly Shape[]): Shape {
  const wrong = shapes.find((shape) => !Array.isArray(shape) || !shape.every(Number.isInteger));
  if (wrong !== undefined) {
    throw new TypeError(
      `Cannot apply broadcastShapes() as shapes must be lists of whole numbers: current shape is ${
        JSON.stringify(wrong)
      }`,
    );
  }
  return shapes.reduce<Shape>((a, b) => broadcastTwo("broadcastShapes", a, b), []);
}
