/** Code for a whole matrix product in one call: its blocks, their panels and tiles. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import type { NumberType } from "./number_type.ts";
import { type Dense, emitWidePack } from "./wide_pack.ts";
import {
  emitTile,
  type LeftLayout,
  type RightLayout,
  TILE_PARAMETERS,
  type TileParameters,
  WIDE_ROWS,
  WIDE_VECTORS,
} from "./wide_tile.ts";
import { lanesOf } from "./wide_type.ts";

/** Properties of a product that its code depends on. */
export interface ProductShape {
  /** Layouts of the operands that tiles read. */
  readonly left: LeftLayout;
  readonly right: RightLayout;
  /** Adjacent elements of operands that are packed. */
  readonly leftDense: Dense;
  readonly rightDense: Dense;
  /** Rows beyond full tiles, and columns beyond tiles of the widest vectors. */
  readonly rows: number;
  readonly columns: number;
  /** True if there are no full tiles of rows, or of columns in the widest vectors. */
  readonly few: boolean;
  readonly narrow: boolean;
}

/** Rows of a block: their panels take 180 KiB of the second-level cache. */
export const BLOCK_ROWS = 144;
/** Columns of a block: their panels take 1.25 MiB. */
export const BLOCK_COLUMNS = 1024;

/** Parameters of "product", in order: addresses, distances in bytes, extents, the steps of a block, panels. */
export const PRODUCT_PARAMETERS = [
  "left",
  "leftRow",
  "leftStep",
  "right",
  "rightStep",
  "rightColumn",
  "result",
  "resultRow",
  "addend",
  "addendRow",
  "rows",
  "columns",
  "steps",
  "stepsOfBlock",
  "leftPanels",
  "rightPanels",
] as const;

type Locals<Names extends readonly string[]> = Readonly<Record<Names[number], Local>>;

/** Parameters of the part of a product whose panels are ready. */
const BLOCK_PARAMETERS = [
  "left",
  "leftRow",
  "leftStep",
  "right",
  "rightStep",
  "result",
  "resultRow",
  "addend",
  "addendRow",
  "rows",
  "columns",
  "steps",
] as const;

function named<const Names extends readonly string[]>(names: Names): Locals<Names> {
  return Object.fromEntries(names.map((name, i) => [name, i])) as Locals<Names>;
}

/** Adds a function with int32 parameters of the given names. */
function functionOf(module: ModuleBuilder, names: readonly string[], name?: string): Code {
  return module.function({ params: names.map(() => "i32"), ...name !== undefined && { export: name } });
}

/**
 * Adds "product": the product of two matrices plus an addend, unless its address is 0. Rows of the result are dense.
 * Each element is the sum of the sums of all blocks of steps in order; the first block begins with the addend.
 */
export function emitProduct(module: ModuleBuilder, type: NumberType, shape: ProductShape): void {
  const block = emitBlocks(module, type, shape);
  const packLeft = shape.left === "packed" ? emitWidePack(module, type, shape.leftDense) : null;
  const both = shape.rightDense === "lanes";
  const packRight = shape.right === "packed"
    ? emitWidePack(module, type, shape.rightDense, both ? WIDE_VECTORS : 1)
    : null;
  const code = functionOf(module, PRODUCT_PARAMETERS, "product"), p = named(PRODUCT_PARAMETERS);
  const { bytes } = type, lanes = lanesOf(code, type), { vectorBytes } = code;
  const [row, column, step, width, height, depth] = code.locals("i32", 6) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const [right, left, result, seed, seedRow] = code.locals("i32", 5) as [Local, Local, Local, Local, Local];
  const [packed, from, count] = code.locals("i32", 3) as [Local, Local, Local];
  // Operands that are not packed need no blocks.
  const columnsOfBlock = packRight ? () => code.i32(BLOCK_COLUMNS) : () => code.get(p.columns);
  /** Emits a loop over blocks of at most `most`: `at` is the start of a block, `size` its extent. */
  const blocks = (at: Local, size: Local, all: Local, most: () => Code, body: () => void): void => {
    code.i32(0).set(at);
    code.loop((again) => {
      code.get(all).get(at).op("i32.sub").tee(size);
      most().get(size);
      most().op("i32.lt_s", "select").set(size);
      body();
      code.get(at).get(size).op("i32.add").tee(at).get(all).op("i32.lt_s").brIf(again);
    });
  };
  /** Packs `size` lanes of a block in panels of `panelLanes`, one vector or all of a panel at a time. */
  const pack = (
    fn: Code,
    to: Local,
    stepBytes: number,
    source: Local,
    laneBytes: Local,
    sourceStep: Local,
    size: Local,
    panelLanes: number,
    vectors: number,
  ): void => {
    code.get(to).set(packed).get(source).set(from).get(size).set(count);
    code.loop((again) => {
      // The last one first: its surplus is overwritten by the first one of the next step.
      for (let v = vectors - 1; v >= 0; v--) {
        const push = (): void => {
          code.get(packed).i32(v * vectorBytes).op("i32.add").i32(stepBytes);
          code.get(from).get(laneBytes).i32(v * lanes).op("i32.mul", "i32.add").get(laneBytes).get(
            sourceStep,
          );
          code.get(count).i32(v * lanes).op("i32.sub").get(depth).call(fn);
        };
        if (v === 0) push();
        else code.get(count).i32(v * lanes).op("i32.gt_s").if(push);
      }
      code.get(packed).get(depth).i32(stepBytes).op("i32.mul", "i32.add").set(packed);
      code.get(from).get(laneBytes).i32(panelLanes).op("i32.mul", "i32.add").set(from);
      code.get(count).i32(panelLanes).op("i32.sub").tee(count).i32(0).op("i32.gt_s").brIf(again);
    });
  };
  const product = (a: Local, b: Local): Code => code.get(a).get(b).op("i32.mul");
  blocks(column, width, p.columns, columnsOfBlock, () => {
    code.get(p.addend).set(seed).get(p.addendRow).set(seedRow);
    blocks(step, depth, p.steps, () => code.get(p.stepsOfBlock), () => {
      code.get(p.right);
      product(column, p.rightColumn).op("i32.add");
      product(step, p.rightStep).op("i32.add").set(right);
      if (packRight) {
        const panelBytes = WIDE_VECTORS * vectorBytes, vectors = both ? 1 : WIDE_VECTORS;
        pack(
          packRight,
          p.rightPanels,
          panelBytes,
          right,
          p.rightColumn,
          p.rightStep,
          width,
          WIDE_VECTORS * lanes,
          vectors,
        );
        code.get(p.rightPanels).set(right);
      }
      blocks(row, height, p.rows, () => code.i32(BLOCK_ROWS), () => {
        code.get(p.left);
        product(row, p.leftRow).op("i32.add");
        product(step, p.leftStep).op("i32.add").set(left);
        if (packLeft) {
          pack(
            packLeft,
            p.leftPanels,
            WIDE_ROWS * bytes,
            left,
            p.leftRow,
            p.leftStep,
            height,
            WIDE_ROWS,
            Math.ceil(WIDE_ROWS / lanes),
          );
          code.get(p.leftPanels).set(left);
        }
        const offset = (distance: Local): void => {
          product(row, distance).get(column).i32(bytes).op("i32.mul", "i32.add");
        };
        code.get(p.result);
        offset(p.resultRow);
        code.op("i32.add").set(result);
        code.get(left).get(p.leftRow).get(p.leftStep).get(right).get(p.rightStep);
        code.get(result).get(p.resultRow);
        // An address of 0 stays 0.
        code.get(seed);
        offset(seedRow);
        code.op("i32.add").i32(0).get(seed).op("select");
        code.get(seedRow).get(height).get(width).get(depth).call(block);
      });
      code.get(p.result).set(seed).get(p.resultRow).set(seedRow);
    });
  });
}

/** Adds the loops over the tiles of a block; parameters are {@linkcode BLOCK_PARAMETERS}. */
function emitBlocks(module: ModuleBuilder, type: NumberType, shape: ProductShape): Code {
  const { left: layout, right, rows: lastRows } = shape;
  const { vectorBytes } = module, lanes = vectorBytes / type.bytes, panelLanes = WIDE_VECTORS * lanes;
  const lastColumns = shape.columns % panelLanes;
  const tile = (rows: number, vectors: number, masked: boolean): Code | null =>
    rows === 0 ? null : emitTile(module, type, { rows, vectors, masked, left: layout, right });
  const strip = (vectors: number, masked: boolean) =>
    [tile(shape.few ? 0 : WIDE_ROWS, vectors, masked), tile(lastRows, vectors, masked)] as const;
  // Columns left over by tiles of the widest vectors may fill tiles of narrower ones.
  const whole = shape.narrow && vectorBytes === 32 ? null : strip(WIDE_VECTORS, false);
  const edge = lastColumns === 0 ? null : strip(lastColumns <= lanes ? 1 : WIDE_VECTORS, true);
  const code = functionOf(module, BLOCK_PARAMETERS), p = named(BLOCK_PARAMETERS);
  const at: TileParameters = {
    ...p,
    left: code.local("i32"),
    result: code.local("i32"),
    addend: code.local("i32"),
  };
  const left = code.local("i32"), jump = code.local("i32");
  /** Emits all tiles of a strip of columns. */
  const down = ([full, last]: readonly [Code | null, Code | null]): void => {
    const run = (fn: Code): void => {
      for (const name of TILE_PARAMETERS) code.get(at[name]);
      code.call(fn);
    };
    code.get(p.left).set(at.left).get(p.result).set(at.result).get(p.addend).set(at.addend);
    code.get(p.rows).set(left);
    if (full) {
      code.block((exit) =>
        code.loop((again) => {
          code.get(left).i32(WIDE_ROWS).op("i32.lt_s").brIf(exit);
          run(full);
          code.advance(at.left, jump);
          code.get(at.result).get(p.resultRow).i32(WIDE_ROWS).op("i32.mul", "i32.add").set(at.result);
          code.get(at.addend).get(p.addendRow).i32(WIDE_ROWS).op("i32.mul", "i32.add");
          code.i32(0).get(at.addend).op("select").set(at.addend);
          code.get(left).i32(WIDE_ROWS).op("i32.sub").tee(left).brIf(again);
        })
      );
    }
    if (last) code.get(left).if(() => run(last));
  };
  // Bytes from a tile to the next.
  if (layout === "rows") code.get(p.leftRow).i32(WIDE_ROWS).op("i32.mul");
  else if (layout === "steps") code.i32(WIDE_ROWS * type.bytes);
  else code.get(p.steps).i32(WIDE_ROWS * type.bytes).op("i32.mul");
  code.set(jump);
  if (whole) {
    code.block((exit) =>
      code.loop((again) => {
        code.get(p.columns).i32(panelLanes).op("i32.lt_s").brIf(exit);
        down(whole);
        const panelBytes = WIDE_VECTORS * vectorBytes;
        if (right === "packed") {
          code.get(p.right).get(p.steps).i32(panelBytes).op("i32.mul", "i32.add").set(p.right);
        } else code.increase(p.right, panelBytes);
        code.increase(p.result, panelBytes);
        code.get(p.addend).i32(panelBytes).op("i32.add").i32(0).get(p.addend).op("select").set(p.addend);
        code.get(p.columns).i32(panelLanes).op("i32.sub").tee(p.columns).brIf(again);
      })
    );
  }
  if (edge) code.get(p.columns).if(() => down(edge));
  return code;
}
