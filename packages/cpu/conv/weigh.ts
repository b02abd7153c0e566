/** Sums over all pixels of products of images and gradients: the inside of the gradient of a convolution's weights. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { finishTile, outerProduct } from "../gemm/micro.ts";
import { multiplyAdd, NUMBER_TYPES } from "../gemm/number_type.ts";
import { TILE_VECTORS } from "../gemm/tiles.ts";

const TYPE = NUMBER_TYPES.float32;

/** Filters that are handled together. */
export const PANEL_FILTERS: number = TILE_VECTORS * TYPE.lanes;

/** Bytes of the sums of a tap. */
export const TAP_BYTES: number = 4 * PANEL_FILTERS;

/** Taps that a tile takes together: next to each other in the image, or anywhere. */
export type TapKind = "next" | "apart";

/** Most taps of a tile: with two vectors of gradients each they just fit into 16 registers. */
export const MOST_TAPS: Readonly<Record<TapKind, number>> = { next: 5, apart: 4 };

/**
 * "weigh": for each group of `taps` taps, adds to their sums (vectors of the
 * gradients of several filters, one after the other) the products of the image
 * at the taps and the gradients, over all pixels. Parameters: groups (at least
 * 1); table of them: offset of the sums, then of the tap, or of each tap if they
 * lie apart; image, bytes between pixels, bytes from behind a row to the next;
 * panel of gradients, sums, height, width (at least 1).
 */
export function emitWeigh(module: ModuleBuilder, kind: TapKind, taps: number, vectors: number): void {
  const micro = kind === "next" ? emitNext(module, taps, vectors) : emitApart(module, taps, vectors);
  const code = module.function({ params: Array.from({ length: 9 }, () => "i32"), export: "weigh" });
  const [groups, table, image, pixelBytes, rowBytes, panel, sums, height, width] = [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
  ] as const;
  const offsets = kind === "next" ? 1 : taps;
  code.repeat(groups, () => {
    for (let i = 0; i < offsets; i++) code.get(image).get(table).memory("i32.load", 4 + 4 * i).op("i32.add");
    code.get(pixelBytes).get(rowBytes).get(panel);
    code.get(sums).get(table).memory("i32.load").op("i32.add");
    code.get(height).get(width).call(micro);
    code.increase(table, 4 + 4 * offsets);
  });
}

/** All pixels, row by row. */
function emitPixels(
  code: Code,
  [pixelBytes, rowBytes, height, width]: readonly [Local, Local, Local, Local],
  images: readonly Local[],
  step: () => void,
): void {
  const x = code.local("i32");
  code.loop((nextRow) => {
    code.get(width).set(x);
    code.loop((nextPixel) => {
      step();
      for (const image of images) code.advance(image, pixelBytes);
      code.get(x).i32(1).op("i32.sub").tee(x).brIf(nextPixel);
    });
    for (const image of images) code.advance(image, rowBytes);
    code.get(height).i32(1).op("i32.sub").tee(height).brIf(nextRow);
  });
}

/** Neighboring taps come with one load, and are spread by shuffles. */
function emitNext(module: ModuleBuilder, taps: number, vectors: number): Code {
  const code = module.function({ params: Array.from({ length: 7 }, () => "i32") });
  const [image, pixelBytes, rowBytes, panel, c, height, width] = [0, 1, 2, 3, 4, 5, 6] as const;
  const sums = Array.from({ length: taps }, () => code.locals("v128", vectors));
  const right = code.locals("v128", vectors), left = code.local("v128"), spread = code.local("v128");
  emitPixels(code, [pixelBytes, rowBytes, height, width], [image], () => {
    right.forEach((v, i) => code.get(panel).memory("v128.load", 16 * i, 2).set(v));
    outerProduct(code, TYPE, image, right, sums, left, spread);
    code.increase(panel, 16 * vectors);
  });
  addToSums(code, sums, c);
  return code.keepApart();
}

/** Taps anywhere come one by one. */
function emitApart(module: ModuleBuilder, taps: number, vectors: number): Code {
  const code = module.function({ params: Array.from({ length: taps + 6 }, () => "i32") });
  const images = Array.from({ length: taps }, (_, i) => i);
  const [pixelBytes, rowBytes, panel, c, height, width] = [0, 1, 2, 3, 4, 5].map((i) => taps + i) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const sums = images.map(() => code.locals("v128", vectors));
  const right = code.locals("v128", vectors), spread = code.local("v128");
  emitPixels(code, [pixelBytes, rowBytes, height, width], images, () => {
    right.forEach((v, i) => code.get(panel).memory("v128.load", 16 * i, 2).set(v));
    images.forEach((image) => {
      code.get(image).memory("v128.load32_splat").set(spread);
      right.forEach((v, i) => multiplyAdd(code, TYPE, spread, v, sums[image]![i]!));
    });
    code.increase(panel, 16 * vectors);
  });
  addToSums(code, sums, c);
  return code.keepApart();
}

function addToSums(code: Code, sums: readonly (readonly Local[])[], c: Local): void {
  const bytes = code.local("i32"), addend = code.local("i32");
  code.i32(TAP_BYTES).set(bytes).get(c).set(addend);
  finishTile(code, TYPE, sums, c, bytes, addend, bytes);
}

/** "unpanel": sums to weights. Parameters: sums, weights, bytes between filters, filters, taps. */
export function emitUnpanel(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 5 }, () => "i32"), export: "unpanel" });
  const [sums, weights, filterBytes, filters, taps] = [0, 1, 2, 3, 4] as const;
  const from = code.local("i32"), to = code.local("i32"), left = code.local("i32");
  code.repeat(filters, () => {
    code.get(sums).set(from).get(weights).set(to).get(taps).set(left);
    code.repeat(left, () => {
      code.get(to).get(from).memory("f32.load").memory("f32.store");
      code.increase(to, 4).increase(from, TAP_BYTES);
    });
    code.increase(sums, 4).advance(weights, filterBytes);
  });
}

/** "add": sums to sums. Parameters: to, from, vectors (at least 1). */
export function emitAddSums(module: ModuleBuilder): void {
  const code = module.function({ params: ["i32", "i32", "i32"], export: "add" });
  const [to, from, vectors] = [0, 1, 2] as const;
  code.repeat(vectors, () => {
    code.get(to).get(to).memory("v128.load").get(from).memory("v128.load").op("f32x4.add").memory(
      "v128.store",
    );
    code.increase(to, 16).increase(from, 16);
  });
}
