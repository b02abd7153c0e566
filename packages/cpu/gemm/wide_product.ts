/** Plans products of two matrices as single calls of machine code. */
import type { Address, Argument } from "../plan/address.ts";
import type { Planner } from "../plan/planner.ts";
import { type Call, call } from "../threads/task.ts";
import type { Extents, Matrix } from "./matrix.ts";
import type { NumberType } from "./number_type.ts";
import { BLOCK_COLUMNS, BLOCK_ROWS, emitProduct, type ProductShape } from "./product.ts";
import type { Dense } from "./wide_pack.ts";
import { WIDE_ROWS, WIDE_VECTORS } from "./wide_tile.ts";

/** The most rows for which a right matrix with dense rows is read in place, not packed. */
const FEW_ROWS = 2 * WIDE_ROWS;
/** The most bytes of a right matrix that stays in the first-level cache without packing. */
const SMALL = 24 * 1024;
/** Rows that are a multiple of this many bytes apart compete for the same cache sets. */
const CLASHING = 2048;
/** Smallest extents for packing a left matrix whose rows clash in the cache. */
const [MANY_ROWS, MANY_COLUMNS] = [48, 128] as const;
/** Bytes after a panel that the last step may overwrite. */
const SLACK = 64;

/** The columns of a full tile in the widest vectors. */
export function wideColumns({ bytes }: NumberType): number {
  return WIDE_VECTORS * 32 / bytes;
}

/** Memory for the panels of a product. */
export interface PanelSpace {
  left?: Address;
  right?: Address;
}

function denseOf(lane: number, step: number, bytes: number): Dense {
  return lane === bytes ? "lanes" : step === bytes ? "steps" : "none";
}

/** Chooses the layouts in which tiles read the operands of a product. */
export function productShape(type: NumberType, { m, n, k }: Extents, a: Matrix, b: Matrix): ProductShape {
  const { bytes } = type, clashes = (distance: number): boolean => distance % CLASHING === 0;
  const pays = m >= MANY_ROWS && n >= MANY_COLUMNS;
  const leftDense = denseOf(a.row, a.column, bytes), rightDense = denseOf(b.column, b.row, bytes);
  const packsLeft = leftDense === "none" || pays && clashes(leftDense === "lanes" ? a.column : a.row);
  const direct = rightDense === "lanes" &&
    (m <= FEW_ROWS || k * n * bytes <= SMALL && !clashes(b.row));
  return {
    left: packsLeft ? "packed" : leftDense === "lanes" ? "steps" : "rows",
    right: direct ? "direct" : "packed",
    leftDense,
    rightDense,
    rows: m % WIDE_ROWS,
    columns: n % wideColumns(type),
    few: m < WIDE_ROWS,
    narrow: n < wideColumns(type),
  };
}

/**
 * Returns the call for c = a b, plus the addend if there is one, in blocks of `steps` steps; makes room for panels in
 * `space` if needed.
 */
export function wideProduct(
  planner: Planner,
  type: NumberType,
  extents: Extents,
  steps: number,
  space: PanelSpace,
  [a, b, c, addend]: readonly [Matrix, Matrix, Matrix, Matrix | undefined],
): Call<Argument> {
  const { m, n, k } = extents, shape = productShape(type, extents, a, b), { bytes } = type;
  const { left, right, leftDense, rightDense, rows, columns, few, narrow } = shape;
  const key = [
    type.name,
    left,
    left === "packed" ? leftDense : "",
    right,
    right === "packed" ? rightDense : "",
    few ? "few" : "",
    rows,
    narrow ? "narrow" : "",
    columns,
  ].join("/");
  const { product } = planner.instance(
    `gemm/product/${key}`,
    (module) => emitProduct(module, type, shape),
    { wide: true },
  );
  const tall = Math.ceil(Math.min(m, BLOCK_ROWS) / WIDE_ROWS) * WIDE_ROWS;
  const broad = Math.ceil(Math.min(n, BLOCK_COLUMNS) / wideColumns(type)) * wideColumns(type);
  if (left === "packed") space.left ??= planner.scratch(tall * steps * bytes + SLACK);
  if (right === "packed") space.right ??= planner.scratch(broad * steps * bytes + SLACK);
  return call(
    product!,
    a.pointer,
    a.row,
    a.column,
    b.pointer,
    b.row,
    b.column,
    c.pointer,
    c.row,
    addend?.pointer ?? 0,
    addend?.row ?? 0,
    m,
    n,
    k,
    steps,
    left === "packed" ? space.left! : 0,
    right === "packed" ? space.right! : 0,
  );
}
