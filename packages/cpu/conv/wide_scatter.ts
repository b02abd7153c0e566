/** Spreading gradients over the taps that made them, by tiles for processors that check no bounds. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { multiplyAdd, NUMBER_TYPES } from "../gemm/number_type.ts";
import { panelVectors, type RowTiles } from "../gemm/tiles.ts";
import { setMask } from "../gemm/wide_type.ts";

const TYPE = NUMBER_TYPES.float32;

/** Gradients beside each other that a tile spreads. */
const WIDE = 8;

/** Most taps of a tile: with a vector of gradients and a weight they take 15 registers. */
const MOST = 13;

/** Cuts taps into tiles of about the same size. */
export function scatterTiles(taps: number): RowTiles {
  const rows = Math.ceil(taps / Math.ceil(taps / MOST)), full = Math.floor(taps / rows);
  return { rows, full, last: taps - full * rows };
}

/**
 * Adds "scatter", which works as in {@linkcode emitScatter} without panels of gradients. Parameters: panels of weights;
 * offsets of the taps, image, bytes between the image rows of two rows of gradients; gradients, bytes between filters;
 * full tiles, height, width, filters (at least 1).
 */
export function emitWideScatter(
  module: ModuleBuilder,
  { rows, last }: Pick<RowTiles, "rows" | "last">,
): void {
  const micros = [false, true].map((masked) =>
    [rows, last].map((height) => height === 0 ? null : emitTile(module, height, masked))
  );
  const code = module.function({ params: Array.from({ length: 10 }, () => "i32"), export: "scatter" });
  const [weights, taps, image, imageRow, g, filterBytes, full, height, width, filters] = [
    ...[0, 1, 2, 3, 4],
    ...[5, 6, 7, 8, 9],
  ] as [Local, Local, Local, Local, Local, Local, Local, Local, Local, Local];
  const x = code.local("i32"), left = code.local("i32"), at = code.local("i32"), to = code.local("i32");
  const panel = code.local("i32"), tap = code.local("i32"), rest = code.local("i32");
  /** All taps of the pixels at `at`. */
  const down = (masked: boolean): void => {
    const tile = (tall: number, micro: Code): void => {
      code.get(filters).get(panel).get(at).get(filterBytes).get(to).get(tap).get(rest).call(micro);
      code.get(panel).get(filters).i32(16 * panelVectors(TYPE, tall)).op("i32.mul", "i32.add").set(panel);
      code.increase(tap, 4 * tall);
    };
    const [whole, part] = micros[masked ? 1 : 0]!;
    code.get(weights).set(panel).get(taps).set(tap).get(full).set(left);
    code.repeat(left, () => tile(rows, whole!));
    if (part) tile(last, part!);
  };
  code.get(width).i32(WIDE - 1).op("i32.and").set(rest);
  code.repeat(height, () => {
    code.get(g).set(at).get(image).set(to).get(width).i32(3).op("i32.shr_u").set(x);
    code.repeat(x, () => {
      down(false);
      code.increase(at, 4 * WIDE).increase(to, 4 * WIDE);
    });
    code.get(rest).if(() => down(true));
    code.advance(image, imageRow);
    code.get(g).get(width).i32(2).op("i32.shl", "i32.add").set(g);
  });
}

/**
 * A tile of taps. Parameters: filters, weights, gradients, bytes between filters, image, offsets of the taps, pixels
 * (all of a vector unless masked).
 */
function emitTile(module: ModuleBuilder, rows: number, masked: boolean): Code {
  const code = module.function({ params: Array.from({ length: 7 }, () => "i32") });
  const [steps, weights, g, filterBytes, image, taps, pixels] = [0, 1, 2, 3, 4, 5, 6] as const;
  // A vector of gradients may take two registers.
  const { vectorBytes } = code, parts = 4 * WIDE / vectorBytes;
  const sums = Array.from({ length: rows }, () => code.locals("v128", parts));
  const right = code.locals("v128", parts), spread = code.local("v128"), at = code.local("i32");
  code.loop((again) => {
    right.forEach((v, part) => code.get(g).memory("v128.load", part * vectorBytes, 2).set(v));
    sums.forEach((row, r) => {
      code.get(weights).memory("v128.load32_splat", 4 * r).set(spread);
      row.forEach((sum, part) => multiplyAdd(code, TYPE, spread, right[part]!, sum));
    });
    code.increase(weights, 16 * panelVectors(TYPE, rows)).advance(g, filterBytes);
    code.get(steps).i32(1).op("i32.sub").tee(steps).brIf(again);
  });
  const masks = masked ? code.locals("v128", parts) : [];
  masks.forEach((mask, part) => setMask(code, TYPE, mask, pixels, part * vectorBytes / 4));
  sums.forEach((row, r) => {
    code.get(image).get(taps).memory("i32.load", 4 * r).op("i32.add").set(at);
    row.forEach((sum, part) => {
      const place = part * vectorBytes;
      code.get(at).get(at).memory("v128.load", place, 2).get(sum);
      if (masked) code.get(masks[part]!).op("v128.and");
      code.op("f32x4.add").memory("v128.store", place, 2);
    });
  });
  return code;
}
