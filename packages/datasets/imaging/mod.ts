/** Functions from images to images, as torchvision's `transforms.functional` has them. */
export { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, adjustSharpness } from "./adjust.ts";
export { affine, type AffineOptions, rotate, type RotateOptions, type WarpOptions } from "./affine.ts";
export { gaussianBlur } from "./blur.ts";
export { permuteChannels } from "./channels.ts";
export type { Border, Fill, Interpolation, ResizeFilter } from "./common.ts";
export { centerCrop, crop, hflip, type Rectangle, transpose, vflip } from "./crop.ts";
export { type Displacement, elastic, type ElasticOptions } from "./elastic.ts";
export { type Corners, perspective, type Point } from "./perspective.ts";
export { resize, type ResizeOptions, type ResizeSize } from "./resize.ts";
export { adjustGamma, autocontrast, equalize, invert, posterize, solarize } from "./tables.ts";
