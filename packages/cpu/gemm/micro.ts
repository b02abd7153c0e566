/** The innermost loop of all products: one tile of the result, kept in registers. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import { multiplyAdd, type NumberType } from "./number_type.ts";
import { panelVectors } from "./tiles.ts";

/**
 * A function of its own: inlined into the loops around it, it would lose V8's
 * good register allocation. Each step loads the panels of A and B with as few
 * instructions as possible, since Deno checks the bounds of every access, and
 * spreads the elements of A by shuffles. Not unrolled, for the same reason.
 *
 * Parameters: steps (at least 1), panel of A, panel of B, bytes between its
 * steps, tile of C, bytes between rows of C, tile to add to the product (0 for
 * none), bytes between its rows.
 */
export function emitMicro(module: ModuleBuilder, type: NumberType, rows: number, vectors: number): Code {
  const code = module.function({ params: Array.from({ length: 8 }, () => "i32") });
  const [steps, a, b, stepBytes, c, rowBytes, addend, addendBytes] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const sums = sumProducts(code, type, rows, vectors, { steps, a, b, stepBytes });
  finishTile(code, type, sums, c, rowBytes, addend, addendBytes);
  return code.keepApart();
}

/** The loop over the steps; gives the locals that hold the tile. */
export function sumProducts(
  code: Code,
  type: NumberType,
  rows: number,
  vectors: number,
  { steps, a, b, stepBytes }: Readonly<Record<"steps" | "a" | "b" | "stepBytes", Local>>,
): Local[][] {
  const sums = Array.from({ length: rows }, () => code.locals("v128", vectors));
  const right = code.locals("v128", vectors), left = code.local("v128"), spread = code.local("v128");
  code.loop((again) => {
    right.forEach((v, i) => code.get(b).memory("v128.load", 16 * i, 2).set(v));
    outerProduct(code, type, a, right, sums, left, spread);
    code.increase(a, 16 * panelVectors(type, rows)).advance(b, stepBytes);
    code.get(steps).i32(1).op("i32.sub").tee(steps).brIf(again);
  });
  return sums;
}

/** Adds to `sums` the products of a column of A, at address `a`, and the vectors of `right`. */
export function outerProduct(
  code: Code,
  type: NumberType,
  a: Local,
  right: readonly Local[],
  sums: readonly (readonly Local[])[],
  left: Local,
  spread: Local,
): void {
  const { lanes } = type;
  sums.forEach((row, r) => {
    const lane = r % lanes;
    if (lane === 0) code.get(a).memory("v128.load", 16 * (r / lanes), 2).set(left);
    code.get(left).get(left);
    if (lanes === 4) code.shuffle32(lane, lane, lane, lane);
    else code.shuffle64(lane, lane);
    code.set(spread);
    right.forEach((v, i) => multiplyAdd(code, type, spread, v, row[i]!));
  });
}

/** Adds the addend, if there is one, and stores the tile. */
export function finishTile(
  code: Code,
  type: NumberType,
  sums: readonly (readonly Local[])[],
  c: Local,
  rowBytes: Local,
  addend: Local,
  addendBytes: Local,
): void {
  const last = sums.length - 1;
  code.get(addend).if(() =>
    sums.forEach((row, r) => {
      row.forEach((sum, i) => code.get(sum).get(addend).memory("v128.load", 16 * i, 2).op(type.add).set(sum));
      if (r < last) code.advance(addend, addendBytes);
    })
  );
  sums.forEach((row, r) => {
    row.forEach((sum, i) => code.get(c).get(sum).memory("v128.store", 16 * i, 2));
    if (r < last) code.advance(c, rowBytes);
  });
}
