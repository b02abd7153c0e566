import { Tensor } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Image } from "@troodon/datasets";
import { rgbaOf } from "../drawing/colors.ts";
import { Picture } from "../drawing/picture.ts";
import type { PictureShape } from "../drawing/shapes.ts";
import { textWidth } from "../drawing/stroke_font.ts";
import { label, TITLE } from "../plot/frame.ts";
import { imageOf } from "../tensorboard/summary_image.ts";

/** Options of {@linkcode plotImages}. */
export interface PlotImagesOptions {
  /** Images in a row; 8 by default. */
  readonly columns?: number;
  /** A line below each image. */
  readonly titles?: readonly string[];
  /** Width of an image in the picture; by default a multiple of its own near 72. */
  readonly size?: number;
  /** Stretches the elements of each image from black to white, as for images that were normalized (default false). */
  readonly normalize?: boolean;
  /** Title of the picture. */
  readonly title?: string;
}
const PLOT_IMAGES_OPTIONS: OptionKeys<PlotImagesOptions> = {
  ...{ columns: true, titles: true, size: true, normalize: true, title: true },
};

/** Options of {@linkcode plotFilters}. */
export type PlotFiltersOptions = Pick<PlotImagesOptions, "columns" | "size" | "title">;
const PLOT_FILTERS_OPTIONS: OptionKeys<PlotFiltersOptions> = { columns: true, size: true, title: true };

/** Room between images, and the size of the lines below them. */
const GAP = 8, SMALL = 11;

/**
 * Draws images in a grid: a tensor of shape [N, C, H, W] with elements from 0 to 1, or to 255 if it is of uint8, or `Image`s.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { Image } from "@troodon/datasets";
 * import { plotImages } from "@troodon/train";
 *
 * const images = [0, 255].map((level) => new Image(1, 1, 1, new Uint8Array([level])));
 * assertStringIncludes(plotImages(images, { titles: ["black", "white"] }).toString(), ">white</text>");
 * ```
 */
export function plotImages(images: Tensor | readonly Image[], options?: PlotImagesOptions): Picture {
  const { normalize = false, ...rest } = readOptions("plotImages()", options, PLOT_IMAGES_OPTIONS);
  checkCall("plotImages", arguments, "..");
  return gridPicture(images instanceof Tensor ? imagesOf(images, normalize) : images, rest);
}

/**
 * Draws the filters of a convolution from its weight of shape [filters, channels, H, W]: in colors where there are three
 * channels, else each channel by itself, from blue for the most negative weight of a filter over white to orange.
 *
 * @throws {RangeError} If the weight has other than four axes.
 */
export function plotFilters(weight: Tensor, options?: PlotFiltersOptions): Picture {
  const given = readOptions("plotFilters()", options, PLOT_FILTERS_OPTIONS);
  checkCall("plotFilters", arguments, "x.");
  const [filters, channels] = checkShape("plotFilters", weight);
  if (channels === 3) return gridPicture(imagesOf(weight, true), { title: "Filters", ...given });
  const columns = channels === 1 ? Math.min(8, filters) : Math.min(16, channels);
  return gridPicture(signedImages(weight), { title: "Filters", columns, size: 48, ...given });
}

function checkShape(name: string, { shape }: Tensor): readonly [number, number, number, number] {
  if (shape.length === 4) return shape as readonly number[] as readonly [number, number, number, number];
  throw new RangeError(
    `Cannot apply ${name}() as the shape must be [N, C, H, W]: current shape is [${shape.join(", ")}]`,
  );
}

/** The images of a tensor of shape [N, C, H, W]. */
function imagesOf(images: Tensor, normalize: boolean): Image[] {
  const [count, ...shape] = checkShape("plotImages", images), data = images.detach().dataSync();
  const size = shape.reduce((product, extent) => product * extent, 1),
    full = images.dtype === "uint8" ? 255 : 1;
  return Array.from({ length: count }, (_, n) => {
    let elements: ArrayLike<number> = data.subarray(n * size, (n + 1) * size);
    if (normalize) {
      const low = Math.min(...Array.from(elements)), range = Math.max(...Array.from(elements)) - low || 1;
      elements = Float32Array.from(elements, (x) => (x - low) / range * full);
    }
    return imageOf("plotImages", { data: elements, shape, full }, "CHW");
  });
}

/** An image for each channel of each filter. */
function signedImages(weight: Tensor): Image[] {
  const [filters, channels, height, width] = checkShape("plotFilters", weight),
    data = weight.detach().dataSync();
  const size = height * width, [low, high] = ["#0072b2", "#d55e00"].map(rgbaOf);
  return Array.from({ length: filters * channels }, (_, n) => {
    const filter = Math.floor(n / channels) * channels * size;
    const most = Math.max(...Array.from(data.subarray(filter, filter + channels * size), Math.abs)) || 1;
    const pixels = Array.from(data.subarray(n * size, (n + 1) * size), (x) => {
      const end = x < 0 ? low! : high!, t = Math.abs(x) / most;
      return [0, 1, 2].map((i) => 255 + (end[i]! - 255) * t);
    });
    return new Image(width, height, 3, new Uint8Array(pixels.flat()));
  });
}

function gridPicture(
  images: readonly Image[],
  { columns = 8, titles, size, title = "" }: Omit<PlotImagesOptions, "normalize">,
): Picture {
  const [first] = images, own = first?.width ?? 1, across = Math.min(columns, images.length);
  const wide = size ?? own * Math.max(1, Math.round(72 / own)), high = wide * (first?.height ?? 1) / own;
  const row = high + GAP + (titles ? SMALL + 6 : 0), top = title ? 38 : GAP;
  const shapes = images.flatMap((image, i): PictureShape[] => {
    const x = GAP + i % across * (wide + GAP),
      y = top + Math.floor(i / across) * row,
      text = titles?.[i] ?? "";
    // Shorter letters where a line would reach into the next one.
    const fitting = Math.min(SMALL, SMALL * (wide + GAP - 4) / Math.max(1, textWidth(text, SMALL)));
    return [
      { kind: "box", x: x - 1, y: y - 1, width: wide + 2, height: high + 2, color: "#dddddd" },
      { kind: "image", x, y, width: wide, height: high, image },
      ...(text ? [label(text, [x + wide / 2, y + high + SMALL + 2], "middle", fitting)] : []),
    ];
  });
  const width = Math.max(GAP + across * (wide + GAP), title ? textWidth(title, TITLE) + 40 : 0);
  const heading = title ? [label(title, [width / 2, 24], "middle", TITLE)] : [];
  return new Picture(width, top + Math.ceil(images.length / Math.max(1, across)) * row, [
    ...heading,
    ...shapes,
  ]);
}
