/** The last two columns of four rows at once, where rows leave that much beside tiles. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { finishTile, outerProduct } from "../gemm/micro.ts";
import { NUMBER_TYPES } from "../gemm/number_type.ts";
import { panelVectors, TILE_VECTORS } from "../gemm/tiles.ts";

const TYPE = NUMBER_TYPES.float32;

/** Rows whose last two columns make a tile. */
export const PAIR_ROWS: number = TYPE.lanes * TILE_VECTORS / 2;

/**
 * A tile as of the micro-kernel for neighbors, but of two neighbors in each of four rows. Parameters: steps,
 * weights, offsets of the taps, image, tile, bytes between its rows, addend, bytes between its rows; bytes between
 * the rows of the image.
 */
export function emitPairMicro(module: ModuleBuilder, rows: number): Code {
  const code = module.function({ params: Array.from({ length: 9 }, () => "i32") });
  const [steps, weights, taps, image, c, rowBytes, addend, addendBytes, imageRow] = [
    ...[0, 1, 2, 3, 4],
    ...[5, 6, 7, 8],
  ] as [Local, Local, Local, Local, Local, Local, Local, Local, Local];
  const sums = Array.from({ length: rows }, () => code.locals("v128", TILE_VECTORS));
  const right = code.locals("v128", TILE_VECTORS), left = code.local("v128"), spread = code.local("v128");
  const at = code.local("i32");
  code.loop((again) => {
    code.get(image).get(taps).memory("i32.load").op("i32.add").set(at);
    right.forEach((v, i) => {
      if (i > 0) code.advance(at, imageRow);
      code.get(at).memory("v128.load64_zero", 0, 2).set(v);
      code.advance(at, imageRow).get(at).get(v).laneMemory("v128.load64_lane", 1, 0).set(v);
    });
    outerProduct(code, TYPE, weights, right, sums, left, spread);
    code.increase(weights, 16 * panelVectors(TYPE, rows)).increase(taps, 4);
    code.get(steps).i32(1).op("i32.sub").tee(steps).brIf(again);
  });
  finishTile(code, TYPE, sums, c, rowBytes, addend, addendBytes);
  return code.keepApart();
}

/**
 * Copies such a tile to where it belongs. Parameters: tile without gaps, output, bytes between its channels, and
 * between its rows; channels (at least 1).
 */
export function emitSpillPairs(module: ModuleBuilder): Code {
  const code = module.function({ params: Array.from({ length: 5 }, () => "i32") });
  const [tile, output, channelBytes, rowBytes, channels] = [0, 1, 2, 3, 4] as const, to = code.local("i32");
  return code.repeat(channels, () => {
    code.get(output).set(to);
    for (let row = 0; row < PAIR_ROWS; row++) {
      code.get(to).get(tile).memory("i64.load", 8 * row, 2).memory("i64.store", 0, 2).advance(to, rowBytes);
    }
    code.increase(tile, 8 * PAIR_ROWS).advance(output, channelBytes);
  });
}
