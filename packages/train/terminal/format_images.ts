import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "@troodon/datasets";
import { sideBySide, wrapWords } from "./ansi.ts";
import { imageLines, shrunk } from "./half_blocks.ts";

/** Options of {@linkcode formatImages}. */
export interface FormatImagesOptions {
  /** Lines below each image, which are wrapped; none by default. */
  readonly captions?: readonly (readonly string[])[];
  /** Characters in a line; 80 by default. */
  readonly columns?: number;
  /** Half blocks in gray or color by the escape codes of terminals, in place of plain characters; false by default. */
  readonly color?: boolean;
}
const FORMAT_IMAGES_OPTIONS: OptionKeys<FormatImagesOptions> = { captions: true, columns: true, color: true };

/** Most characters in a line of an image: three digits fit in 80. */
const WIDEST = 24;
/** Columns from which there are two images in a row. */
const TWO = 34;

/** The most characters in a line of an image for a window. */
const widestIn = (columns: number): number =>
  Math.max(1, Math.min(WIDEST, columns < TWO ? columns : Math.floor((columns + 2) / 2) - 2));

/** Wraps a caption between words, and within those that are too long. */
const wrapped = (caption: string, width: number): string[] =>
  wrapWords(
    caption.split(" ").flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "gu")) ?? []),
    width,
    " ",
  );

/**
 * Draws images for a terminal, side by side as far as there is room. Larger ones are scaled to 24 columns, or to less
 * where only so two of them have room.
 *
 * @param images Of any channels and sizes.
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

/** Blocks whose captions begin at the same line: lower images have empty lines below them. */
function align(blocks: readonly (readonly string[])[], images: readonly Image[]): string[][] {
  const heights = images.map(({ height }) => Math.ceil(height / 2)), tallest = Math.max(...heights);
  return blocks.map((block, i) => [
    ...block.slice(0, heights[i]),
    ...new Array<string>(tallest - heights[i]!).fill(""),
    ...block.slice(heights[i]),
  ]);
}
