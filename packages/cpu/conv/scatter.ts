/** Spreading gradients over the taps that made them: the inside of the gradient of a convolution's input. */
import { emitPack } from "../gemm/pack.ts";
import { sumProducts } from "../gemm/micro.ts";
import { NUMBER_TYPES } from "../gemm/number_type.ts";
import { panelVectors, type RowTiles, TILE_VECTORS } from "../gemm/tiles.ts";
import type { Code, ModuleBuilder } from "../targets/wasm/assembler.ts";

const TYPE = NUMBER_TYPES.float32;
const WIDE = TYPE.lanes * TILE_VECTORS;

/** Columns that tiles may stick out of an image: they add zeros there. */
export const SLACK: number = WIDE - 1;

/**
 * A product of the weights, taps by filters, and the gradients, filters by
 * pixels, whose rows are added to the image where each tap lies.
 *
 * Parameters of "scatter": panels of weights; offsets of the taps, image, bytes
 * between the image rows of two rows of gradients; gradients, bytes between
 * filters; room for panels of a row; full row tiles, height, width, filters (at
 * least 1).
 */
export function emitScatter(module: ModuleBuilder, { rows, last }: Pick<RowTiles, "rows" | "last">): void {
  const pack = emitPack(module, TYPE);
  const micros = new Map<number, readonly Code[]>();
  for (const height of new Set([rows, last])) {
    if (height === 0) continue;
    micros.set(height, [1, TILE_VECTORS].map((vectors) => emitScatterMicro(module, height, vectors)));
  }
  const code = module.function({ params: Array.from({ length: 11 }, () => "i32"), export: "scatter" });
  const [weights, taps, image, imageRow, g, filterBytes] = [0, 1, 2, 3, 4, 5] as const;
  const [panels, full, height, width, filters] = [6, 7, 8, 9, 10] as const;
  const x = code.local("i32"), wide = code.local("i32"), rest = code.local("i32"), left = code.local("i32");
  const panel = code.local("i32"), tap = code.local("i32"), mask = code.local("v128"), at = code.local("i32");

  /** Where the panels of column `x` are. */
  const panelAt = (): Code =>
    code.get(panels).get(x).get(filters).op("i32.mul").i32(2).op("i32.shl", "i32.add");
  /** Packs the `count` columns from `x` on. */
  const packColumns = (vectors: number, count: number): void => {
    panelAt().i32(vectors).get(g).get(x).i32(2).op("i32.shl", "i32.add");
    code.i32(TYPE.bytes).get(filterBytes).get(count).get(filters).call(pack);
  };
  /** Zeros for the lanes of a row's last vector, of panels of `vectors` from column `x` on, that are not pixels. */
  const maskRest = (vectors: number): void => {
    code.get(width).i32(TYPE.lanes - 1).op("i32.and").tee(left).if(() => {
      code.i32x4(0, 1, 2, 3).get(left).op("i32x4.splat", "i32x4.lt_s").set(mask);
      panelAt().i32(16 * (vectors - 1)).op("i32.add").set(at);
      code.get(filters).set(left).repeat(left, () => {
        code.get(at).get(at).memory("v128.load", 0, 2).get(mask).op("v128.and").memory("v128.store", 0, 2);
        code.increase(at, 16 * vectors);
      });
    });
  };
  /**
   * Adds some taps of all pixels of a row, from right to left. Every pixel of the image then receives its terms in the
   * order of the taps, regardless of the tiles: of two taps, the right one belongs to the left gradient.
   */
  const across = (tall: number): void => {
    const tile = (vectors: number): void => {
      code.get(filters).get(panel);
      panelAt().i32(16 * vectors).get(image).get(x).i32(2).op("i32.shl", "i32.add").get(tap);
      code.call(micros.get(tall)![vectors - 1]!);
    };
    code.get(rest).if(() => {
      code.get(wide).set(x);
      tile(1);
    });
    code.get(wide).i32(WIDE - 1).op("i32.add").i32(-WIDE).op("i32.and").set(x);
    code.block((done) =>
      code.loop((again) => {
        code.get(x).op("i32.eqz").brIf(done);
        code.increase(x, -WIDE);
        tile(TILE_VECTORS);
        code.br(again);
      })
    );
    code.get(panel).get(filters).i32(16 * panelVectors(TYPE, tall)).op("i32.mul", "i32.add").set(panel);
    code.increase(tap, 4 * tall);
  };

  // A rest of at most one vector makes narrow tiles.
  code.get(width).i32(WIDE - 1).op("i32.and").tee(rest).i32(1).op("i32.sub").i32(TYPE.lanes).op("i32.lt_u")
    .if(
      () => code.get(width).get(rest).op("i32.sub").set(wide),
      () => code.get(width).set(wide).i32(0).set(rest),
    );
  code.repeat(height, () => {
    code.i32(0).set(x).get(wide).if(() => {
      packColumns(TILE_VECTORS, wide);
      code.get(rest).op("i32.eqz").if(() => {
        code.get(wide).i32(1).op("i32.sub").i32(-WIDE).op("i32.and").set(x);
        maskRest(TILE_VECTORS);
        code.i32(0).set(x);
      });
    });
    code.get(rest).if(() => {
      code.get(wide).set(x);
      packColumns(1, rest);
      maskRest(1);
    });
    // The weights of some taps stay in the cache for the whole row.
    code.get(weights).set(panel).get(taps).set(tap).get(full).set(left);
    code.repeat(left, () => across(rows));
    if (last > 0) across(last);
    code.advance(image, imageRow);
    code.get(g).get(width).i32(2).op("i32.shl", "i32.add").set(g);
  });
}

/** Parameters: filters, weights, panel of gradients, bytes between its filters, image, offsets of the taps. */
function emitScatterMicro(module: ModuleBuilder, rows: number, vectors: number): Code {
  const code = module.function({ params: Array.from({ length: 6 }, () => "i32") });
  const [steps, a, b, stepBytes, image, taps] = [0, 1, 2, 3, 4, 5] as const;
  const sums = sumProducts(code, TYPE, rows, vectors, { steps, a, b, stepBytes });
  const at = code.local("i32");
  sums.forEach((row, r) => {
    code.get(image).get(taps).memory("i32.load", 4 * r).op("i32.add").set(at);
    row.forEach((sum, i) => {
      code.get(at).get(at).memory("v128.load", 16 * i, 2).get(sum).op("f32x4.add").memory(
        "v128.store",
        16 * i,
        2,
      );
    });
  });
  return code.keepApart();
}
