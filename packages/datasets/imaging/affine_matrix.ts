/** Matrices of affine maps and rotations, with the bits of torchvision and Pillow. */
import type { AffineOptions, RotateOptions } from "./affine.ts";
import type { Extents } from "./movement.ts";

/** `[a, b, c, d, e, f]`: place (x, y) of the result shows place (a x + b y + c, d x + e y + f) of the image. */
export type Matrix = readonly [number, number, number, number, number, number];

const radians = (degrees: number): number => degrees * Math.PI / 180;

/** Returns the corners of an image, in order around it. */
export function cornersOf(width: number, height: number): readonly (readonly [number, number])[] {
  return [[0, 0], [width, 0], [width, height], [0, height]];
}

/**
 * Returns the matrix of an affine map: the inverse of a translation, and of rotation, scale and shear around the
 * center.
 */
export function affineMatrix({ width, height }: Extents, options: AffineOptions): Matrix {
  const { angle = 0, translate: [tx, ty] = [0, 0], scale = 1, shear = [0, 0] } = options;
  const [cx, cy] = options.center ?? [width / 2, height / 2];
  const turn = radians(angle), sx = radians(shear[0]), sy = radians(shear[1]);
  const a = Math.cos(turn - sy) / Math.cos(sy);
  const b = -(a * Math.tan(sx) + Math.sin(turn));
  const c = Math.sin(turn - sy) / Math.cos(sy);
  const d = Math.cos(turn) - c * Math.tan(sx);
  const [m0, m1, m3, m4] = [d / scale, -b / scale, -c / scale, a / scale];
  const m2 = cx - m0 * (cx + tx) - m1 * (cy + ty);
  const m5 = cy - m3 * (cx + tx) - m4 * (cy + ty);
  return [m0, m1, m2, m3, m4, m5];
}

/** A counterclockwise rotation: its matrix, and the size of the result. */
export interface Rotation extends Extents {
  /** The map from the result to the image. */
  readonly matrix: Matrix;
  /** The number of quarter turns that give the result without interpolation; undefined for other rotations. */
  readonly quarters?: 0 | 1 | 2 | 3;
}

/** Returns the rotation by an angle in degrees. */
export function rotation({ width, height }: Extents, angle: number, options: RotateOptions): Rotation {
  const { expand = false, center } = options;
  const rest = angle % 360, degrees = rest < 0 ? rest + 360 : rest;
  if (!center) {
    if (degrees === 0) return { matrix: [1, 0, 0, 0, 1, 0], width, height, quarters: 0 };
    if (degrees === 180) return { matrix: [-1, 0, width, 0, -1, height], width, height, quarters: 2 };
    if (degrees % 90 === 0 && (expand || width === height)) {
      const turned = { width: height, height: width };
      return degrees === 90
        ? { ...turned, matrix: [0, -1, width, 1, 0, 0], quarters: 1 }
        : { ...turned, matrix: [0, 1, 0, -1, 0, height], quarters: 3 };
    }
  }
  const [cx, cy] = center ?? [width / 2, height / 2];
  const round15 = (x: number): number => Number(x.toFixed(15));
  const cos = round15(Math.cos(-radians(degrees))), sin = round15(Math.sin(-radians(degrees)));
  const c = -cos * cx - sin * cy + cx;
  const f = sin * cx - cos * cy + cy;
  if (!expand) return { matrix: [cos, sin, c, -sin, cos, f], width, height };
  const corners = cornersOf(width, height);
  const xs = corners.map(([x, y]) => cos * x + sin * y + c);
  const ys = corners.map(([x, y]) => -sin * x + cos * y + f);
  const w = Math.ceil(Math.max(...xs)) - Math.floor(Math.min(...xs));
  const h = Math.ceil(Math.max(...ys)) - Math.floor(Math.min(...ys));
  const [dx, dy] = [-(w - width) / 2, -(h - height) / 2];
  return {
    matrix: [cos, sin, cos * dx + sin * dy + c, -sin, cos, -sin * dx + cos * dy + f],
    width: w,
    height: h,
  };
}
