/** Affine maps, rotations and perspective as movements. */
import { affine, type AffineOptions, rotate, type RotateOptions, type WarpOptions } from "./affine.ts";
import { affineMatrix, rotation } from "./affine_matrix.ts";
import { type Extents, type PixelMovement, pointBy } from "./movement.ts";
import { type Corners, perspective, perspectiveCoefficients } from "./perspective.ts";

/** Options that keep the labels of a mask as they are. */
const LABELS: WarpOptions = { interpolation: "nearest", fill: 0 };

/** See {@linkcode affine}. */
export function affining({ width, height }: Extents, options: AffineOptions): PixelMovement {
  return {
    width,
    height,
    cuts: true,
    draw: (image, isMask = false) => affine(image, isMask ? { ...options, ...LABELS } : options),
    point: pointBy([...affineMatrix({ width, height }, options), 0, 0, 1]),
  };
}

/** See {@linkcode rotate}. */
export function rotating(size: Extents, angle: number, options: RotateOptions): PixelMovement {
  const { matrix, width, height } = rotation(size, angle, options);
  return {
    width,
    height,
    cuts: true,
    draw: (image, isMask = false) => rotate(image, angle, isMask ? { ...options, ...LABELS } : options),
    point: pointBy([...matrix, 0, 0, 1]),
  };
}

/** See {@linkcode perspective}. */
export function tilting(
  { width, height }: Extents,
  points: { readonly from: Corners; readonly to: Corners },
  options: WarpOptions,
): PixelMovement {
  return {
    width,
    height,
    cuts: true,
    draw: (image, isMask = false) => perspective(image, points, isMask ? LABELS : options),
    point: pointBy([...perspectiveCoefficients(points), 1]),
  };
}
