/** Convolution tiles for machine code, where a load into all lanes is cheap. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { multiplyAdd, NUMBER_TYPES } from "../gemm/number_type.ts";
import { panelVectors, type RowTiles } from "../gemm/tiles.ts";
import { setMask, store } from "../gemm/wide_type.ts";
import { VECTOR_PIXELS } from "./wide_vectors.ts";

const TYPE = NUMBER_TYPES.float32;

/** Options of the tiles of a convolution. */
export interface CorrelateShape extends Pick<RowTiles, "rows" | "last"> {
  /** Vectors of a tile. */
  readonly vectors: number;
  /** Number of taps that are adjacent in the image. */
  readonly next: number;
  /** True if rows of the output are shorter than a vector. */
  readonly short: boolean;
}

/**
 * Adds "correlate": a product whose right side is never materialized, as in {@linkcode emitCorrelate}. Parameters:
 * panels of weights; offsets of the first of neighboring taps, image; output, bytes between its channels; numbers to
 * add to each channel (0 for none), full tiles of channels, groups of neighboring taps (at least 1); offsets of the
 * vectors of tiles, tiles, times, bytes to move in the image and in the output each time; width of the output.
 */
export function emitWideCorrelate(module: ModuleBuilder, shape: CorrelateShape): void {
  const { rows, last, vectors, next } = shape;
  const micros = [rows, last].map((height) => height === 0 ? null : emitTile(module, height, shape));
  const code = module.function({ params: Array.from({ length: 14 }, () => "i32"), export: "correlate" });
  const [weights, taps, image, output, channelBytes, addend, full] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [steps, table, tiles, times, imageStep, outputStep, width] = [7, 8, 9, 10, 11, 12, 13] as const;
  const panel = code.local("i32"), to = code.local("i32"), add = code.local("i32");
  const entry = code.local("i32"), left = code.local("i32"), count = code.local("i32");
  const tile = (height: number, micro: Code): void => {
    code.get(steps).get(panel).get(taps).get(entry).get(image).get(to).get(channelBytes).get(add).get(width);
    code.call(micro);
    code.get(panel).get(steps).i32(16 * next * panelVectors(TYPE, height)).op("i32.mul", "i32.add").set(
      panel,
    );
    code.get(to).get(channelBytes).i32(height).op("i32.mul", "i32.add").set(to);
    code.get(add).i32(4 * height).op("i32.add").i32(0).get(add).op("select").set(add);
  };
  code.repeat(times, () => {
    code.get(table).set(entry).get(tiles).set(count);
    code.repeat(count, () => {
      code.get(weights).set(panel).get(output).set(to).get(addend).set(add);
      code.get(full).set(left).repeat(left, () => tile(rows, micros[0]!));
      if (micros[1]) tile(last, micros[1]);
      code.increase(entry, 8 * vectors);
    });
    code.advance(image, imageStep).advance(output, outputStep);
  });
}

/** Emits a tile of some filters by some vectors of pixels, each anywhere in the image. */
function emitTile(module: ModuleBuilder, rows: number, { vectors, next, short }: CorrelateShape): Code {
  const code = module.function({ params: Array.from({ length: 9 }, () => "i32") });
  const [steps, weights, taps, table, image, output, channelBytes, addend, width] = [
    ...[0, 1, 2, 3, 4],
    ...[5, 6, 7, 8],
  ] as [Local, Local, Local, Local, Local, Local, Local, Local, Local];
  // A vector of pixels may take two registers.
  const { vectorBytes } = code, parts = 4 * VECTOR_PIXELS / vectorBytes;
  const sums = Array.from({ length: rows }, () => code.locals("v128", vectors * parts));
  const right = code.locals("v128", vectors * parts), spread = code.local("v128");
  const images = code.locals("i32", vectors), tap = code.local("i32"), at = code.locals("i32", vectors);
  images.forEach((local, v) => code.get(image).get(table).memory("i32.load", 8 * v).op("i32.add").set(local));
  code.loop((again) => {
    code.get(taps).memory("i32.load").set(tap);
    images.forEach((local, v) => code.get(local).get(tap).op("i32.add").set(at[v]!));
    const panelBytes = 16 * panelVectors(TYPE, rows);
    for (let i = 0; i < next; i++) {
      right.forEach((v, j) => {
        const place = 4 * i + j % parts * vectorBytes;
        code.get(at[Math.floor(j / parts)]!).memory("v128.load", place, 2).set(v);
      });
      sums.forEach((row, r) => {
        code.get(weights).memory("v128.load32_splat", i * panelBytes + 4 * r).set(spread);
        row.forEach((sum, j) => multiplyAdd(code, TYPE, spread, right[j]!, sum));
      });
    }
    code.increase(weights, next * panelBytes).increase(taps, 4);
    code.get(steps).i32(1).op("i32.sub").tee(steps).brIf(again);
  });
  code.get(addend).if(() =>
    sums.forEach((row, r) => {
      code.get(addend).memory("v128.load32_splat", 4 * r).set(spread);
      for (const sum of row) code.get(sum).get(spread).op("f32x4.add").set(sum);
    })
  );
  const masks = short ? code.locals("v128", parts) : [];
  masks.forEach((mask, part) => setMask(code, TYPE, mask, width, part * vectorBytes / 4));
  images.forEach((to, v) => code.get(output).get(table).memory("i32.load", 8 * v + 4).op("i32.add").set(to));
  sums.forEach((row, r) => {
    images.forEach((to, v) => {
      for (let part = 0; part < parts; part++) {
        store(code, to, row[v * parts + part]!, part * vectorBytes, masks[part]);
      }
      if (r < rows - 1) code.advance(to, channelBytes);
    });
  });
  return code;
}
