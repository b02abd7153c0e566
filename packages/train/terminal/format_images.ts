import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "@troodon/datasets";
import { sideBySide, wrapWords } from "./ansi.ts";
import { imageLines, shrunk } from "./half_blocks.ts";

/** Options of {@linkcode formatImages}. */
export interface FormatImagesOptions {
  /** Caption lines below each image, wrapped to its width; none by default. */
  readonly captions?: readonly (readonly string[])[];
  /** Maximum line width in characters; 80 by default. */
  readonly columns?: number;
  /** True to draw half blocks in gray or color by terminal escape codes; false, the default, for plain characters. */
  readonly color?: boolean;
}
const FORMAT_IMAGES_OPTIONS: OptionKeys<FormatImagesOptions> = { captions: true, columns: true, color: true };

/** Maximum width of an image in characters, so that three digits fit in 80. */
const WIDEST = 24;
/** Window width from which two images stand side by side. */
const TWO = 34;

/** Maximum width of an image for a window width. */
const widestIn = (columns: number): number =>
  Math.max(1, Math.min(WIDEST, columns < TWO ? columns : Math.floor((columns + 2) / 2) - 2));

/** Wraps a caption at spaces, and splits words that are too long. */
const wrapped = (caption: string, width: number): string[] =>
  wrapWords(
    caption.split(" ").flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "gu")) ?? []),
    width,
    " ",
  );

/**
 * Draws images for a terminal, side by side as far as they fit. Images wider than 24 columns are scaled to 24, or to
 * less if only then two of them fit.
 *
 * @param images Images with any number of channels and any size.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image } from "@troodon/datasets";
 * import { formatImages } from "@troodon/train";
 *
 * const image = new Image(3, 2, 1, new Uint8Array([0, 255, 0, 0, 255, 255]));
 * assertEquals(formatImages([image, image], { captions: [["one"], ["two"]] }), " @+   @+\none  two");
 * ```
 */
export function formatImages(images: readonly Image[], options?: FormatImagesOptions): string {
  const { captions = [], columns = 80, color = false } = readOptions(
    "formatImages()",
    options,
    FORMAT_IMAGES_OPTIONS,
  );
  const widest = widestIn(columns);
  const small = images.map((image) => shrunk(image, widest));
  const longest = Math.max(0, ...captions.flat().map((caption) => caption.length));
  const width = Math.max(Math.min(longest, widest), ...small.map((image) => image.width));
  const count = Math.max(1, Math.floor((columns + 2) / (width + 2))), rows: string[] = [];
  for (let start = 0; start < small.length; start += count) {
    const blocks = small.slice(start, start + count).map((image, i) => [
      ...imageLines(image, color),
      ...(captions[start + i] ?? []).flatMap((caption) => wrapped(caption, width)),
    ]);
    rows.push(
      sideBySide(align(blocks, small.slice(start, start + count)), blocks.map(() => width)).join("\n"),
    );
  }
  return rows.join("\n\n");
}

/** Pads lower images with empty lines, so that the captions of a row begin at the same line. */
function align(blocks: readonly (readonly string[])[], images: readonly Image[]): string[][] {
  const heights = images.map(({ height }) => Math.ceil(height / 2)), tallest = Math.max(...heights);
  return blocks.map((block, i) => [
    ...block.slice(0, heights[i]),
    ...new Array<string>(tallest - heights[i]!).fill(""),
    ...block.slice(heights[i]),
  ]);
}
