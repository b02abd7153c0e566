/** The loops over the tiles of a block of the result. */
import type { KernelContext } from "../kernel.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import type { Code, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { emitMicro } from "./micro.ts";
import type { NumberType } from "./number_type.ts";
import { panelVectors, type RowTiles, TILE_VECTORS } from "./tiles.ts";

/** Rows of the largest tile and bytes between them, for tiles that stick out. */
export const SPILL_BYTES: number = 9 * 32;

/** The function "block" for the given tiles. */
export function blockOf(
  context: Pick<KernelContext, "instance">,
  type: NumberType,
  { rows, last }: RowTiles,
): WasmFunction {
  return context.instance(
    `gemm/block/${type.name}/${rows}/${last}`,
    (w) => emitBlock(w, type, { rows, last }),
  )
    .block!;
}

/**
 * Parameters of "block": panels of A; panels of B, bytes between them, between
 * the steps of one of full width and of a narrow one; C, bytes between its rows;
 * addend (0 for none), bytes between its rows and between its columns (0 or one
 * element); full row tiles, columns, steps, address of SPILL_BYTES bytes.
 */
export function emitBlock(
  module: ModuleBuilder,
  type: NumberType,
  { rows, last }: Pick<RowTiles, "rows" | "last">,
): void {
  const micros = new Map<number, readonly Code[]>();
  for (const height of new Set([rows, last])) {
    if (height === 0) continue;
    micros.set(height, [1, TILE_VECTORS].map((vectors) => emitMicro(module, type, height, vectors)));
  }
  const spill = emitSpill(module, type);
  const code = module.function({ params: Array.from({ length: 14 }, () => "i32"), export: "block" });
  const [a, b, panelBytes, wideBytes, narrowBytes, c, rowBytes] = [0, 1, 2, 3, 4, 5, 6] as const;
  const [addend, addendRow, addendColumn, full, columns, steps, temporary] = [
    7,
    8,
    9,
    10,
    11,
    12,
    13,
  ] as const;
  const width = code.local("i32"), left = code.local("i32"), panel = code.local("i32");
  const to = code.local("i32"), add = code.local("i32"), addBytes = code.local("i32");
  const { lanes, bytes } = type, most = lanes * TILE_VECTORS;

  /** One tile of `height` rows at `panel` and `to`; then moves down. */
  const tile = (height: number, vectors: number): void => {
    const micro = micros.get(height)![vectors - 1]!;
    code.get(steps).get(panel).get(b).get(vectors === 1 ? narrowBytes : wideBytes);
    // Tiles that stick out go through temporary memory.
    for (const [inside, outside] of [[to, temporary], [rowBytes, undefined]] as const) {
      code.get(inside);
      if (outside === undefined) code.i32(16 * vectors);
      else code.get(outside);
      code.get(width).i32(lanes * vectors).op("i32.eq", "select");
    }
    code.get(add).get(addBytes).call(micro);
    code.get(width).i32(lanes * vectors).op("i32.ne").if(() =>
      code.get(temporary).i32(16 * vectors).get(to).get(rowBytes).i32(height).get(width).call(spill)
    );
    code.get(panel).get(steps).i32(16 * panelVectors(type, height)).op("i32.mul", "i32.add").set(panel);
    code.get(to).get(rowBytes).i32(height).op("i32.mul", "i32.add").set(to);
    code.get(add).get(addBytes).i32(height).op("i32.mul", "i32.add").set(add);
  };

  /** All tiles of a panel of B. */
  const down = (vectors: number): void => {
    code.get(a).set(panel).get(c).set(to).get(addend).set(add);
    code.get(full).set(left).repeat(left, () => tile(rows, vectors));
    if (last > 0) tile(last, vectors);
  };

  code.get(addend).if(() => code.get(addendRow).set(addBytes));
  code.loop((again) => {
    code.get(columns).i32(most).get(columns).i32(most).op("i32.lt_s", "select").set(width);
    code.get(width).i32(lanes).op("i32.le_s").if(() => down(1), () => down(TILE_VECTORS));
    code.advance(b, panelBytes).increase(c, most * bytes);
    code.get(addend).get(addendColumn).i32(most).op("i32.mul", "i32.add").set(addend);
    code.get(columns).get(width).op("i32.sub").tee(columns).brIf(again);
  });
}

/** Copies a tile. Parameters: from, bytes between its rows, to, bytes between its rows, rows, columns. */
export function emitSpill(module: ModuleBuilder, type: NumberType): Code {
  const code = module.function({ params: ["i32", "i32", "i32", "i32", "i32", "i32"] });
  const [from, fromBytes, to, toBytes, rows, columns] = [0, 1, 2, 3, 4, 5] as const;
  const source = code.local("i32"), target = code.local("i32"), left = code.local("i32");
  return code.repeat(rows, () => {
    code.get(from).set(source).get(to).set(target).get(columns).set(left);
    code.repeat(left, () => {
      code.get(target).get(source).memory(type.load).memory(type.store);
      code.increase(source, type.bytes).increase(target, type.bytes);
    });
    code.advance(from, fromBytes).advance(to, toBytes);
  });
}
