/** Tiles of gradients of images for machine code, where a load into all lanes is cheap. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { multiplyAdd, NUMBER_TYPES } from "../gemm/number_type.ts";
import { panelVectors, type RowTiles } from "../gemm/tiles.ts";

const TYPE = NUMBER_TYPES.float32;

/** Number of adjacent gradients in a vector. */
const LANES = 8;

/** Most taps of a tile, by its vectors of gradients: with these and a weight they take 15 registers. */
const TAPS: readonly number[] = [0, 13, 6];

/** Cuts of gradients into tiles. */
export interface ScatterCut {
  readonly tiles: RowTiles;
  /** Vectors of a tile, and gradients of a row beyond whole tiles. */
  readonly vectors: number;
  readonly rest: number;
}

/** Cuts `taps` taps and rows of `width` gradients into tiles of about the same size. */
export function cutScatter(taps: number, width: number): ScatterCut {
  const perRow = Math.ceil(width / LANES), vectors = perRow === 2 || perRow === 4 || perRow > 5 ? 2 : 1;
  const rows = Math.ceil(taps / Math.ceil(taps / TAPS[vectors]!)), full = Math.floor(taps / rows);
  return { tiles: { rows, full, last: taps - full * rows }, vectors, rest: width % (LANES * vectors) };
}

/**
 * Adds "scatter", which works as in {@linkcode emitScatter} without panels of gradients. Parameters: panels of weights;
 * offsets of the taps, image, bytes between the image rows of two rows of gradients; gradients, bytes between filters;
 * full tiles, height, width, filters (at least 1).
 */
export function emitWideScatter(module: ModuleBuilder, cut: ScatterCut): void {
  const { tiles: { rows, last }, vectors, rest } = cut, step = LANES * vectors;
  const micro = (height: number, vectors: number, some: number): Code | null =>
    height === 0 || vectors === 0 ? null : emitTile(module, height, vectors, some);
  const whole = [rows, last].map((height) => micro(height, vectors, 0));
  const edge = [rows, last].map((height) => micro(height, Math.ceil(rest / LANES), rest % LANES));
  const code = module.function({ params: Array.from({ length: 10 }, () => "i32"), export: "scatter" });
  const [weights, taps, image, imageRow, g, filterBytes, full, height, width, filters] = [
    ...[0, 1, 2, 3, 4],
    ...[5, 6, 7, 8, 9],
  ] as [Local, Local, Local, Local, Local, Local, Local, Local, Local, Local];
  const x = code.local("i32"), left = code.local("i32"), bytes = code.local("i32");
  const panel = code.local("i32"), tap = code.local("i32");
  /** Emits some taps of all gradients of a row, from right to left as in {@linkcode emitScatter}. */
  const across = (which: 0 | 1, tall: number): void => {
    const tile = (fn: Code): void => {
      code.get(filters).get(panel).get(g).get(x).op("i32.add").get(filterBytes);
      code.get(image).get(x).op("i32.add").get(tap).call(fn);
    };
    code.get(bytes).set(x);
    if (edge[which]) tile(edge[which]);
    code.block((done) =>
      code.loop((again) => {
        code.get(x).op("i32.eqz").brIf(done);
        code.increase(x, -4 * step);
        tile(whole[which]!);
        code.br(again);
      })
    );
    code.get(panel).get(filters).i32(16 * panelVectors(TYPE, tall)).op("i32.mul", "i32.add").set(panel);
    code.increase(tap, 4 * tall);
  };
  // Bytes of the whole tiles of a row.
  code.get(width).i32(rest).op("i32.sub").i32(2).op("i32.shl").set(bytes);
  code.repeat(height, () => {
    code.get(weights).set(panel).get(taps).set(tap).get(full).set(left);
    code.repeat(left, () => across(0, rows));
    if (last > 0) across(1, last);
    code.advance(image, imageRow);
    code.get(g).get(width).i32(2).op("i32.shl", "i32.add").set(g);
  });
}

/**
 * Emits a tile of taps by some vectors of gradients. Parameters: filters, weights,
 * gradients, bytes between filters, image, offsets of the taps. The last vector has `rest` gradients, all if that is 0.
 */
function emitTile(module: ModuleBuilder, rows: number, vectors: number, rest: number): Code {
  const code = module.function({ params: Array.from({ length: 6 }, () => "i32") });
  const [steps, weights, g, filterBytes, image, taps] = [0, 1, 2, 3, 4, 5] as const;
  // A vector of gradients may take two registers.
  const { vectorBytes } = code, count = vectors * 4 * LANES / vectorBytes, lanes = vectorBytes / 4;
  const sums = Array.from({ length: rows }, () => code.locals("v128", count));
  const right = code.locals("v128", count), spread = code.local("v128"), at = code.local("i32");
  code.loop((again) => {
    right.forEach((v, i) => code.get(g).memory("v128.load", i * vectorBytes, 2).set(v));
    sums.forEach((row, r) => {
      code.get(weights).memory("v128.load32_splat", 4 * r).set(spread);
      row.forEach((sum, i) => multiplyAdd(code, TYPE, spread, right[i]!, sum));
    });
    code.increase(weights, 16 * panelVectors(TYPE, rows)).advance(g, filterBytes);
    code.get(steps).i32(1).op("i32.sub").tee(steps).brIf(again);
  });
  const pixels = rest === 0 ? vectors * LANES : (vectors - 1) * LANES + rest;
  sums.forEach((row, r) => {
    code.get(image).get(taps).memory("i32.load", 4 * r).op("i32.add").set(at);
    row.forEach((sum, i) => {
      const place = i * vectorBytes, valid = pixels - i * lanes;
      code.get(at).get(at).memory("v128.load", place, 2).get(sum);
      if (valid < lanes) {
        code.i32x4(...Array.from({ length: lanes }, (_, lane) => lane < valid ? -1 : 0)).op("v128.and");
      }
      code.op("f32x4.add").memory("v128.store", place, 2);
    });
  });
  return code;
}
