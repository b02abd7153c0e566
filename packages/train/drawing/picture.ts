import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { encodePng, type Image } from "@troodon/datasets";
import { writeAtomically } from "@troodon/io";
import { rasterize } from "./raster.ts";
import type { PictureShape } from "./shapes.ts";
import { base64, svgDocument } from "./svg.ts";

/** Options of {@linkcode Picture.toPng}. */
export interface PngFileOptions {
  /** Pixels of the file for each pixel of the picture, in each direction (default 2). */
  readonly scale?: number;
}
const PNG_FILE_OPTIONS: OptionKeys<PngFileOptions> = { scale: true };

/**
 * A picture of shapes: as SVG by `toString()`, as PNG by `toPng()`, and by itself in a notebook of Jupyter. Made by
 * functions such as {@linkcode plotConfusion}.
 *
 * @example
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 * import { plotConfusion } from "@troodon/train";
 *
 * const picture = plotConfusion([[9, 1], [2, 8]], { classes: ["cat", "dog"] });
 * assertStringIncludes(picture.toString(), ">cat</text>");
 * assertEquals([...picture.toPng().subarray(1, 4)], [0x50, 0x4e, 0x47]);
 * // await Deno.writeFile("confusion.png", picture.toPng());
 * ```
 */
export class Picture {
  /** Its width in pixels. */
  readonly width: number;
  /** Its height in pixels. */
  readonly height: number;
  /** The shapes in it, from below to above. */
  readonly shapes: readonly PictureShape[];

  /** A picture of `shapes` on white. */
  constructor(width: number, height: number, shapes: readonly PictureShape[]) {
    checkSurplus(new.target.name, arguments, 3);
    this.width = width;
    this.height = height;
    this.shapes = shapes;
  }

  /** The picture as SVG, as a file's content. */
  toString(): string {
    return svgDocument(this.width, this.height, this.shapes);
  }

  /**
   * The picture as pixels.
   *
   * @throws {TypeError} If a color has a form that only SVG knows.
   */
  toImage(options?: PngFileOptions): Image {
    const { scale = 2 } = readOptions("Picture.toImage()", options, PNG_FILE_OPTIONS);
    if (!(scale > 0 && this.width * this.height * scale * scale <= 2 ** 28)) {
      throw new RangeError(
        `Cannot draw a picture as its scale must be above 0 and give 2^28 pixels at most: current scale is ${scale}`,
      );
    }
    return rasterize(this.width, this.height, this.shapes, scale);
  }

  /** The picture as PNG, as a file's content: with strokes for letters, so that no font is needed. */
  toPng(options?: PngFileOptions): Uint8Array<ArrayBuffer> {
    return encodePng(this.toImage(options));
  }

  /** Writes the picture to a file: PNG where its name ends so, else SVG. */
  async save(path: string): Promise<void> {
    const isPng = path.toLowerCase().endsWith(".png");
    await writeAtomically(path, isPng ? this.toPng() : new TextEncoder().encode(this.toString()));
  }

  static {
    showInNotebooks(this);
  }
}

/** A value that can be drawn. */
interface Drawable {
  readonly width: number;
  readonly height: number;
  toString(): string;
  toPng(): Uint8Array;
}

/** Has notebooks of Jupyter draw the objects of a class: as SVG, or as PNG where they cannot show that. */
export function showInNotebooks(shown: { readonly prototype: Drawable }): void {
  const value = function (this: Drawable): Record<string, string> {
    return {
      "image/svg+xml": this.toString(),
      "image/png": base64(this.toPng()),
      "text/plain": `picture of ${this.width} x ${this.height} pixels`,
    };
  };
  // By definition rather than as a method, as a declaration cannot name this symbol.
  Object.defineProperty(shown.prototype, Symbol.for("Jupyter.display"), {
    configurable: true,
    writable: true,
    value,
  });
}
