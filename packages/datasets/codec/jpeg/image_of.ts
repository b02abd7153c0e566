/** Converts decoded planes to images. */
import { Image } from "../../image.ts";
import { type ColorModel, toImage } from "./color.ts";
import { jpegKernels } from "./simd/kernels.ts";
import { rgbOf, type Subsampling, suitsKernels } from "./simd/rgb_of.ts";
import { type Plane, upsample } from "./upsample.ts";

/** A component of an image, with as many samples as are stored. */
export interface SubsampledPlane extends Subsampling {
  readonly plane: Plane;
}

/** Returns the gray or RGB image of its components; WebAssembly converts the usual kinds. */
export function imageOf(
  planes: readonly SubsampledPlane[],
  size: { readonly width: number; readonly height: number },
  model: ColorModel,
): Image {
  const { width, height } = size, kernels = jpegKernels();
  const [luma, blue, red] = planes;
  if (
    kernels !== null && model === "ycc" && luma!.across === 1 && luma!.down === 1 &&
    blue!.across === red!.across && blue!.down === red!.down && suitsKernels(blue!, blue!.plane)
  ) {
    return new Image(width, height, 3, rgbOf(kernels, [luma!.plane, blue!.plane, red!.plane], blue!, size));
  }
  const all = planes.map(({ plane, across, down }) => upsample(plane, across, down, width, height));
  return toImage(all, width, height, model);
}
