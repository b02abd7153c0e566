/** Sliding a set of weighted taps over an image: the inside of a convolution. */
import type { Code, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { emitSpill } from "../gemm/macro.ts";
import { finishTile, outerProduct } from "../gemm/micro.ts";
import { NUMBER_TYPES } from "../gemm/number_type.ts";
import { panelVectors, type RowTiles, TILE_VECTORS } from "../gemm/tiles.ts";
import { emitPairMicro, emitSpillPairs, PAIR_ROWS } from "./pairs.ts";

const TYPE = NUMBER_TYPES.float32;
const { lanes: LANES } = TYPE;

/**
 * A matrix product whose right side is never made: its column for output pixel
 * p is the image at p plus the offset of each tap, and neighboring pixels are
 * neighbors in the image, so that a tile of the product loads them as they lie.
 *
 * Parameters of "correlate": panels of weights; offsets of the taps, image,
 * bytes between the image rows of two output rows; output, bytes between its
 * channels and between its rows; vectors to add to each channel (0 for none),
 * full row tiles, height, width, taps (at least 1), address of SPILL_BYTES bytes.
 */
export function emitCorrelate(module: ModuleBuilder, { rows, last }: Pick<RowTiles, "rows" | "last">): void {
  const micros = new Map<number, readonly Code[]>(), pairMicros = new Map<number, Code>();
  for (const height of new Set([rows, last])) {
    if (height === 0) continue;
    micros.set(height, [1, TILE_VECTORS].map((vectors) => emitTapMicro(module, height, vectors)));
    pairMicros.set(height, emitPairMicro(module, height));
  }
  const spill = emitSpill(module, TYPE), spillPairs = emitSpillPairs(module);
  const code = module.function({ params: Array.from({ length: 13 }, () => "i32"), export: "correlate" });
  const [weights, taps, image, imageRow, output, channelBytes, outputRow] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [addend, full, height, width, steps, temporary] = [7, 8, 9, 10, 11, 12] as const;
  const x = code.local("i32"), rest = code.local("i32"), left = code.local("i32"), base = code.local("i32");
  const panel = code.local("i32"), to = code.local("i32");
  const add = code.local("i32"), addBytes = code.local("i32");
  const wide = code.local("i32"), y = code.local("i32"), step = code.local("i32");
  const firstImage = code.local("i32"), firstOutput = code.local("i32");
  const WIDE = LANES * TILE_VECTORS;

  /**
   * All channels of the pixels at `x`; rows of fewer pixels than a tile go through temporary memory, and so do pairs
   * of pixels from several rows.
   */
  const down = (vectors: number, spilled: boolean, paired = false): void => {
    const tile = (tall: number): void => {
      code.get(steps).get(panel).get(taps).get(base).get(spilled ? temporary : to);
      if (spilled) code.i32(16 * vectors);
      else code.get(channelBytes);
      code.get(add).get(addBytes);
      if (paired) {
        code.get(imageRow).call(pairMicros.get(tall)!);
        code.get(temporary).get(to).get(channelBytes).get(outputRow).i32(tall).call(spillPairs);
      } else code.call(micros.get(tall)![vectors - 1]!);
      if (spilled && !paired) {
        code.get(temporary).i32(16 * vectors).get(to).get(channelBytes).i32(tall).get(width).call(spill);
      }
      code.get(panel).get(steps).i32(16 * panelVectors(TYPE, tall)).op("i32.mul", "i32.add").set(panel);
      code.get(to).get(channelBytes).i32(tall).op("i32.mul", "i32.add").set(to);
      code.get(add).get(addBytes).i32(tall).op("i32.mul", "i32.add").set(add);
    };
    code.get(weights).set(panel).get(addend).set(add);
    code.get(x).i32(2).op("i32.shl").tee(to).get(image).op("i32.add").set(base);
    code.get(to).get(output).op("i32.add").set(to);
    code.get(full).set(left).repeat(left, () => tile(rows));
    if (last > 0) tile(last);
  };
  /** The last pixels of a row, if there are at least as many: some are calculated twice. */
  const atEnd = (vectors: number): void => {
    code.get(width).i32(LANES * vectors).op("i32.sub").set(x);
    down(vectors, false);
  };

  code.get(addend).if(() => code.i32(4 * WIDE).set(addBytes));
  // Rows that leave one or two columns: those of several rows together, the last rows twice if they must.
  code.get(width).set(wide).get(width).i32(WIDE).op("i32.gt_s").get(height).i32(PAIR_ROWS).op("i32.ge_s");
  code.op("i32.and").get(width).i32(1).op("i32.sub").i32(WIDE - 1).op("i32.and").i32(2).op(
    "i32.lt_u",
    "i32.and",
  );
  code.if(() => {
    code.get(width).i32(1).op("i32.sub").i32(-WIDE).op("i32.and").set(wide);
    code.get(width).i32(2).op("i32.sub").set(x).get(image).set(firstImage).get(output).set(firstOutput);
    code.get(height).set(y);
    code.loop((again) => {
      down(TILE_VECTORS, true, true);
      code.get(y).i32(2 * PAIR_ROWS).op("i32.sub").tee(step).i32(0).get(step).i32(0).op("i32.lt_s", "select");
      code.i32(PAIR_ROWS).op("i32.add").set(step).get(y).i32(PAIR_ROWS).op("i32.sub").set(y);
      code.get(image).get(step).get(imageRow).op("i32.mul", "i32.add").set(image);
      code.get(output).get(step).get(outputRow).op("i32.mul", "i32.add").set(output);
      code.get(y).i32(0).op("i32.gt_s").brIf(again);
    });
    code.get(firstImage).set(image).get(firstOutput).set(output);
  });
  code.repeat(height, () => {
    code.i32(0).set(x);
    code.countTo(x, wide, WIDE, () => down(TILE_VECTORS, false));
    code.get(wide).get(x).op("i32.sub").tee(rest).if(() => {
      code.get(width).i32(WIDE).op("i32.ge_s").if(
        () => code.get(rest).i32(LANES).op("i32.le_s").if(() => atEnd(1), () => atEnd(TILE_VECTORS)),
        () =>
          code.get(width).i32(LANES).op("i32.le_s").if(() => down(1, true), () => down(TILE_VECTORS, true)),
      );
    });
    code.advance(image, imageRow).advance(output, outputRow);
  });
}

/** Like the micro-kernel of products, but each step finds its pixels at an offset of its own. */
function emitTapMicro(module: ModuleBuilder, rows: number, vectors: number): Code {
  const code = module.function({ params: Array.from({ length: 8 }, () => "i32") });
  const [steps, weights, taps, image, c, rowBytes, addend, addendBytes] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const sums = Array.from({ length: rows }, () => code.locals("v128", vectors));
  const right = code.locals("v128", vectors), left = code.local("v128"), spread = code.local("v128");
  const at = code.local("i32");
  code.loop((again) => {
    code.get(image).get(taps).memory("i32.load").op("i32.add").set(at);
    right.forEach((v, i) => code.get(at).memory("v128.load", 16 * i, 2).set(v));
    outerProduct(code, TYPE, weights, right, sums, left, spread);
    code.increase(weights, 16 * panelVectors(TYPE, rows)).increase(taps, 4);
    code.get(steps).i32(1).op("i32.sub").tee(steps).brIf(again);
  });
  finishTile(code, TYPE, sums, c, rowBytes, addend, addendBytes);
  return code.keepApart();
}
