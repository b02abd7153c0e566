/** Tiles of gradients of weights for machine code: sums over pixels of products of images and gradients. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { multiplyAdd, NUMBER_TYPES } from "../gemm/number_type.ts";
import { emitWidePack } from "../gemm/wide_pack.ts";

const TYPE = NUMBER_TYPES.float32;

/** Number of filters in a vector of gradients. */
export const VECTOR_FILTERS = 8;

/** Taps and filters of a tile. */
export interface WideTaps {
  /** Number of adjacent taps in a line, and number of lines. */
  readonly next: number;
  readonly lines: number;
  /** Vectors of filters. */
  readonly vectors: number;
  /** True if the gradients themselves are summed too. */
  readonly bias: boolean;
}

/** Returns the key of the module with these taps. */
export function wideTapsKey({ next, lines, vectors, bias }: WideTaps): string {
  return `conv/wideWeigh/${next}/${lines}/${vectors}/${bias ? 1 : 0}`;
}

/**
 * Adds "weigh", which works as in {@linkcode emitWeigh} on lines of taps. Parameters: groups (at least 1); table of them:
 * for each line the offset of its first tap's sums, then of the tap; image, bytes between pixels, bytes from behind a row
 * to the next; panel of gradients, sums, height, width (at least 1), sums of the gradients themselves.
 */
export function emitWideWeigh(module: ModuleBuilder, shape: WideTaps): void {
  const micro = emitPixels(module, shape), { lines } = shape;
  const code = module.function({ params: Array.from({ length: 10 }, () => "i32"), export: "weigh" });
  const [groups, table, image, pixelBytes, rowBytes, panel, sums, height, width, own] = [
    ...[0, 1, 2, 3, 4],
    ...[5, 6, 7, 8, 9],
  ] as [Local, Local, Local, Local, Local, Local, Local, Local, Local, Local];
  code.repeat(groups, () => {
    code.get(image).get(table).get(pixelBytes).get(rowBytes).get(panel).get(sums).get(height).get(width).get(
      own,
    );
    code.call(micro).increase(table, 8 * lines);
  });
}

/** Emits all pixels of a group of taps. */
function emitPixels(module: ModuleBuilder, { next, lines, vectors, bias }: WideTaps): Code {
  const code = module.function({ params: Array.from({ length: 9 }, () => "i32") });
  const [image, table, pixelBytes, rowBytes, panel, to, height, width, own] = [
    ...[0, 1, 2, 3, 4],
    ...[5, 6, 7, 8],
  ] as [Local, Local, Local, Local, Local, Local, Local, Local, Local];
  // The gradients of a vector of filters may take two registers.
  const { vectorBytes } = code, count = vectors * 4 * VECTOR_FILTERS / vectorBytes;
  const sums = Array.from({ length: lines * next }, () => code.locals("v128", count));
  const right = code.locals("v128", count), spread = code.local("v128");
  const gradients = bias ? code.locals("v128", count) : [];
  const images = code.locals("i32", lines), x = code.local("i32"), at = code.local("i32");
  images.forEach((local, l) =>
    code.get(image).get(table).memory("i32.load", 8 * l + 4).op("i32.add").set(local)
  );
  code.loop((nextRow) => {
    code.get(width).set(x);
    code.loop((nextPixel) => {
      right.forEach((v, i) => code.get(panel).memory("v128.load", i * vectorBytes, 2).set(v));
      sums.forEach((row, tap) => {
        code.get(images[Math.floor(tap / next)]!).memory("v128.load32_splat", 4 * (tap % next)).set(spread);
        row.forEach((sum, i) => multiplyAdd(code, TYPE, spread, right[i]!, sum));
      });
      gradients.forEach((sum, i) => code.get(sum).get(right[i]!).op("f32x4.add").set(sum));
      for (const local of images) code.advance(local, pixelBytes);
      code.increase(panel, count * vectorBytes);
      code.get(x).i32(1).op("i32.sub").tee(x).brIf(nextPixel);
    });
    for (const local of images) code.advance(local, rowBytes);
    code.get(height).i32(1).op("i32.sub").tee(height).brIf(nextRow);
  });
  /** Emits an addition to sums in memory. */
  const add = (row: readonly Local[], offset: number): void =>
    row.forEach((sum, i) => {
      const place = offset + i * vectorBytes;
      code.get(at).get(sum).get(at).memory("v128.load", place, 2).op("f32x4.add").memory(
        "v128.store",
        place,
        2,
      );
    });
  images.forEach((_, l) => {
    code.get(to).get(table).memory("i32.load", 8 * l).op("i32.add").set(at);
    for (let i = 0; i < next; i++) add(sums[l * next + i]!, 4 * i * VECTOR_FILTERS * vectors);
  });
  if (bias) {
    code.get(own).set(at);
    add(gradients, 0);
  }
  return code;
}

/**
 * Adds "pack": the gradients of some filters, pixel after pixel. Parameters: panel, gradients, bytes between filters,
 * filters (at least 1), pixels, vectors of a pixel.
 */
export function emitPackGradients(module: ModuleBuilder): void {
  const { vectorBytes } = module, lanes = vectorBytes / TYPE.bytes;
  const pack = emitWidePack(module, TYPE, "steps");
  const code = module.function({ params: Array.from({ length: 6 }, () => "i32"), export: "pack" });
  const [panel, gradients, filterBytes, filters, pixels, vectors] = [0, 1, 2, 3, 4, 5] as const;
  const stepBytes = code.local("i32");
  code.get(vectors).i32(4 * VECTOR_FILTERS).op("i32.mul").set(stepBytes);
  code.loop((again) => {
    code.get(panel).get(stepBytes).get(gradients).get(filterBytes).i32(4).get(filters).get(pixels).call(pack);
    code.get(gradients).get(filterBytes).i32(lanes).op("i32.mul", "i32.add").set(gradients);
    code.increase(panel, vectorBytes).increase(filters, -lanes);
    code.get(filters).i32(0).op("i32.gt_s").brIf(again);
  });
}

/** Adds "unpanel": sums to weights. Parameters: sums, bytes between taps, weights, bytes between filters, filters, taps. */
export function emitWideUnpanel(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 6 }, () => "i32"), export: "unpanel" });
  const [sums, tapBytes, weights, filterBytes, filters, taps] = [0, 1, 2, 3, 4, 5] as const;
  const from = code.local("i32"), to = code.local("i32"), left = code.local("i32");
  code.repeat(filters, () => {
    code.get(sums).set(from).get(weights).set(to).get(taps).set(left);
    code.repeat(left, () => {
      code.get(to).get(from).memory("f32.load").memory("f32.store");
      code.increase(to, 4).advance(from, tapBytes);
    });
    code.increase(sums, 4).advance(weights, filterBytes);
  });
}
