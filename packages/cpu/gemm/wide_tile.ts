/** Tiles of matrix products for machine code: each left element is loaded into all lanes. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { multiplyAdd, type NumberType } from "./number_type.ts";
import { lanesOf, load, setMask, store } from "./wide_type.ts";

/**
 * Layout of the left elements of a tile: adjacent in a row, adjacent in a step, or in the consecutive steps of a panel.
 */
export type LeftLayout = "rows" | "steps" | "packed";

/** Layout of the right elements of a tile: in rows of the matrix, or in the consecutive steps of a panel. */
export type RightLayout = "direct" | "packed";

/** Size of a tile, and how it reads its operands. */
export interface TileShape {
  readonly rows: number;
  readonly vectors: number;
  /** True if the last vector of a row may have fewer columns than lanes. */
  readonly masked: boolean;
  readonly left: LeftLayout;
  readonly right: RightLayout;
}

/** Rows of a full tile. */
export const WIDE_ROWS = 6;
/** Vectors in a row of a full tile. With the sums and one left element, they fill 16 registers. */
export const WIDE_VECTORS = 2;

/** Steps of a loop's body, by the layout on the left. */
const UNROLLED: Readonly<Record<LeftLayout, number>> = { rows: 4, steps: 2, packed: 4 };

/** Parameters of a tile, in order. Bytes between steps are only read where operands are not packed. */
export const TILE_PARAMETERS = [
  "steps",
  "left",
  "leftRow",
  "leftStep",
  "right",
  "rightStep",
  "result",
  "resultRow",
  "addend",
  "addendRow",
  "columns",
] as const;

/** The locals that hold the parameters of a tile. */
export type TileParameters = Readonly<Record<typeof TILE_PARAMETERS[number], Local>>;

/**
 * Adds a function that calculates a tile: the sum of the products over all steps, at least one, plus the addend unless
 * its address is 0. Its parameters are {@linkcode TILE_PARAMETERS}.
 */
export function emitTile(module: ModuleBuilder, type: NumberType, shape: TileShape): Code {
  const code = module.function({ params: TILE_PARAMETERS.map(() => "i32") });
  const p = Object.fromEntries(TILE_PARAMETERS.map((name, i) => [name, i])) as TileParameters;
  const { rows, vectors, masked } = shape, mask = masked ? code.local("v128") : undefined;
  if (mask !== undefined) setMask(code, type, mask, p.columns, (vectors - 1) * lanesOf(code, type));
  const sums = Array.from({ length: rows }, () => code.locals("v128", vectors));
  sumProducts(code, type, shape, p, sums, mask);
  finish(code, type, sums, p, mask);
  return code;
}

function sumProducts(
  code: Code,
  type: NumberType,
  { vectors, left, right }: TileShape,
  p: TileParameters,
  sums: readonly (readonly Local[])[],
  mask: Local | undefined,
): void {
  const { bytes } = type, { vectorBytes } = code, rows = sums.length, last = vectors - 1;
  const columns = code.locals("v128", vectors), spread = code.local("v128");
  const pointers = left === "rows" ? code.locals("i32", rows) : [p.left];
  if (left === "rows") {
    pointers.forEach((pointer, r) => {
      if (r === 0) code.get(p.left).set(pointer);
      else code.get(pointers[r - 1]!).get(p.leftRow).op("i32.add").set(pointer);
    });
  }
  const panelStep = WIDE_VECTORS * vectorBytes;
  /** Emits the products of step number `i` of a loop's body. */
  const step = (i: number): void => {
    const offset = right === "packed" ? i * panelStep : 0;
    columns.forEach((v, j) => {
      code.get(p.right);
      load(code, offset + j * vectorBytes, right === "direct" && j === last ? mask : undefined);
      code.set(v);
    });
    sums.forEach((row, r) => {
      if (left === "rows") code.get(pointers[r]!).memory(type.loadSplat, i * bytes);
      else code.get(p.left).memory(type.loadSplat, (left === "packed" ? i * WIDE_ROWS + r : r) * bytes);
      code.set(spread);
      row.forEach((sum, j) => multiplyAdd(code, type, spread, columns[j]!, sum));
    });
    if (left === "steps") code.advance(p.left, p.leftStep);
    if (right === "direct") code.advance(p.right, p.rightStep);
  };
  const advance = (steps: number): void => {
    if (left === "rows") { for (const pointer of pointers) code.increase(pointer, steps * bytes); }
    else if (left === "packed") code.increase(p.left, steps * WIDE_ROWS * bytes);
    if (right === "packed") code.increase(p.right, steps * panelStep);
  };
  const loop = (count: Local, steps: number): void => {
    code.repeat(count, () => {
      for (let i = 0; i < steps; i++) step(i);
      advance(steps);
    });
  };
  const unrolled = UNROLLED[left], times = code.local("i32");
  code.get(p.steps).i32(Math.log2(unrolled)).op("i32.shr_u").set(times);
  loop(times, unrolled);
  code.get(p.steps).i32(unrolled - 1).op("i32.and").set(p.steps);
  loop(p.steps, 1);
}

/** Emits the addition of the addend, if there is one, and stores of the tile. */
function finish(
  code: Code,
  type: NumberType,
  sums: readonly (readonly Local[])[],
  p: TileParameters,
  mask: Local | undefined,
): void {
  const { vectorBytes } = code, last = sums.length - 1;
  const maskOf = (row: readonly Local[], j: number): Local | undefined =>
    j === row.length - 1 ? mask : undefined;
  code.get(p.addend).if(() =>
    sums.forEach((row, r) => {
      row.forEach((sum, j) => {
        code.get(sum).get(p.addend);
        load(code, j * vectorBytes, maskOf(row, j));
        code.op(type.add).set(sum);
      });
      if (r < last) code.advance(p.addend, p.addendRow);
    })
  );
  sums.forEach((row, r) => {
    row.forEach((sum, j) => store(code, p.result, sum, j * vectorBytes, maskOf(row, j)));
    if (r < last) code.advance(p.result, p.resultRow);
  });
}
