/** Packs panels of matrices for tiles of any vector width. */
import type { Code, Local, ModuleBuilder } from "../targets/wasm/assembler.ts";
import type { NumberType } from "./number_type.ts";
import { lanesOf } from "./wide_type.ts";

/** Adjacent elements of a matrix: the lanes of a panel's step, the steps of a lane, or neither. */
export type Dense = "lanes" | "steps" | "none";

/**
 * Adds a function that copies lanes of a matrix to a panel: a vector of them for each step. Lanes beyond the last one
 * are arbitrary, and steps are written in ascending order: if they are less than a vector apart, each overwrites the
 * surplus of the one before.
 *
 * Parameters: panel, bytes between its steps, first element, bytes between lanes, bytes between steps, lanes (at least
 * 1; more than a vector holds are ignored), steps (at least 1).
 */
export function emitWidePack(module: ModuleBuilder, type: NumberType, dense: Dense, vectors = 1): Code {
  const code = module.function({ params: Array.from({ length: 7 }, () => "i32") });
  const [to, toStep, from, , stepBytes, , steps] = [0, 1, 2, 3, 4, 5, 6] as const;
  if (dense === "lanes") {
    return code.repeat(steps, () => {
      for (let v = 0; v < vectors; v++) {
        const offset = v * code.vectorBytes;
        code.get(to).get(from).memory("v128.load", offset, 2).memory("v128.store", offset, 2);
      }
      code.advance(from, stepBytes).advance(to, toStep);
    });
  }
  const rows = laneAddresses(code, lanesOf(code, type));
  if (dense === "steps") emitTurned(code, type, rows);
  else {
    code.repeat(steps, () => {
      copyStep(code, type, rows);
      for (const row of rows) code.advance(row, stepBytes);
      code.advance(to, toStep);
    });
  }
  return code;
}

/** Sets locals to the addresses of lanes; lanes beyond the last one repeat it. */
function laneAddresses(code: Code, count: number): Local[] {
  const [from, laneBytes, lanes] = [2, 3, 5] as const, rows = code.locals("i32", count);
  rows.forEach((row, lane) => {
    if (lane === 0) return void code.get(from).set(row);
    code.get(rows[lane - 1]!).get(laneBytes).i32(0).i32(lane).get(lanes).op("i32.lt_s", "select");
    code.op("i32.add").set(row);
  });
  return rows;
}

/** Copies one element of every lane to the panel. */
function copyStep(code: Code, type: NumberType, rows: readonly Local[]): void {
  rows.forEach((row, lane) => code.get(0).get(row).memory(type.load).memory(type.store, lane * type.bytes));
}

/** Copies lanes whose steps lie side by side by transposing squares; the last square overlaps the one before. */
function emitTurned(code: Code, type: NumberType, rows: readonly Local[]): void {
  const [to, toStep, steps] = [0, 1, 6] as const, side = 16 / type.bytes, back = code.local("i32");
  code.get(steps).i32(side).op("i32.lt_s").if(() => {
    code.repeat(steps, () => {
      copyStep(code, type, rows);
      for (const row of rows) code.increase(row, type.bytes);
      code.advance(to, toStep);
    }).op("return");
  });
  code.loop((again) => {
    transposeSquare(code, type, rows);
    for (const row of rows) code.increase(row, 16);
    code.increase(steps, -side).get(steps).i32(side).op("i32.ge_s").brIf(again);
    code.get(steps).if(() => {
      code.get(steps).i32(side).op("i32.sub").set(back);
      code.get(to).get(back).get(toStep).op("i32.mul", "i32.add").set(to);
      code.get(back).i32(Math.log2(type.bytes)).op("i32.shl").set(back);
      for (const row of rows) code.advance(row, back);
      code.i32(side).set(steps).br(again);
    });
  });
}

/** Writes the steps that 16 bytes of a row hold, and moves the panel's address past them. */
function transposeSquare(code: Code, type: NumberType, rows: readonly Local[]): void {
  const [to, toStep] = [0, 1] as const, side = 16 / type.bytes, v = code.locals("v128", side);
  v.forEach((vector, i) => {
    // The lanes of the upper half come from other rows, so that no element crosses halves afterward.
    if (code.vectorBytes === 32) {
      code.get(rows[i]!).memory("half.load", 0, 2).get(rows[i + side]!).memory("half.load", 0, 2);
      code.op("half.join").set(vector);
    } else code.get(rows[i]!).memory("v128.load", 0, 2).set(vector);
  });
  const put = (a: Local, b: Local, half: 0 | 1): void => {
    code.get(to).get(a).get(b).shuffle64(half, half + 2).memory("v128.store", 0, 2).advance(to, toStep);
  };
  const [a, b, c, d] = v;
  if (side === 2) {
    for (const half of [0, 1] as const) put(a!, b!, half);
    return;
  }
  const w = code.locals("v128", 4);
  for (const [i, first, second] of [[0, a!, b!], [2, c!, d!]] as const) {
    for (const high of [0, 1]) {
      const lane = 2 * high;
      code.get(first).get(second).shuffle32(lane, lane + 4, lane + 1, lane + 5).set(w[i + high]!);
    }
  }
  for (const high of [0, 1]) for (const half of [0, 1] as const) put(w[high]!, w[2 + high]!, half);
}
