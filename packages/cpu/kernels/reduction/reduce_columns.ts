/** Reductions down columns: a vector holds several results. */
import { pushRamp } from "../../lower/halves.ts";
import { canMask } from "../../lower/leaves.ts";
import type { Local } from "../../targets/wasm/assembler.ts";
import { Accumulator, TURNS } from "./accumulator.ts";
import type { Reduction } from "./reduction.ts";

/** Bytes of the vectors that are processed at once: two cache lines. */
const WIDE = 128;
/** Rows that are walked side by side: more of them, of several inputs, are too many streams for prefetching. */
const BLOCK = 8;

/**
 * Returns the bytes of temporary memory that {@linkcode emitBlocks} needs for some columns, with vectors of any width.
 */
export function blockedBytes(columns: number): number {
  // Two vectors for each vector of columns, and for each single column after them.
  return Math.max(...[16, 32].map((bytes) => 2 * bytes * (Math.ceil(8 * columns / bytes) + bytes / 4)));
}

/** Several results at once, each in its lane. */
export function emitColumns(r: Reduction, from: readonly Local[], inners: readonly number[]): void {
  const { op, outer, inner, compute, operands, inputs, wide } = r.spec;
  const { lanes } = r.machine;
  const start = r.nest.copy(from);
  const columns = r.nest.extent(outer - 1);
  const masked = !wide && canMask(r.code, compute, operands.slice(0, inputs + 1));
  const some = WIDE / r.code.vectorBytes * lanes;
  for (const width of masked ? [some, lanes] : [some, lanes, 1]) {
    const vectors = Math.max(1, width / lanes);
    const accumulator = new Accumulator(r.code, r.machine, op, vectors);
    r.while(columns, width, () => {
      reduceColumns(accumulator, width);
      r.move(start, width);
    });
  }
  if (masked) {
    const { code } = r;
    code.get(columns).i32(0).op("i32.gt_s").if(() => {
      const mask = code.local("v128");
      pushRamp(code, lanes).get(columns).op("i32x4.splat", "i32x4.lt_s").set(mask);
      r.leaves.mask = mask;
      reduceColumns(new Accumulator(code, r.machine, op, 1), lanes);
      r.leaves.mask = undefined;
    });
  }

  function reduceColumns(accumulator: Accumulator, width: number): void {
    accumulator.clear();
    r.nest.all(inners, start, (column) => {
      const pointers = r.nest.copy(column);
      r.leaves.pointers = pointers;
      const left = r.nest.extent(outer + inner - 1);
      r.inTurns(left, TURNS, accumulator, (rest) => {
        takeRows(r, rest, pointers, width, accumulator);
        accumulator.settleEach();
      });
    });
    r.leaves.pointers = start;
    for (let slot = 0; slot < Math.max(1, width / lanes); slot++) {
      r.finishColumn(accumulator, slot, Math.min(width, lanes), slot * lanes);
    }
  }
}

/** The same for some rows at a time: rows that lie far apart are read a page after another. */
export function emitBlocks(r: Reduction, from: readonly Local[], inners: readonly number[]): void {
  const { op, outer, inner } = r.spec;
  const code = r.code;
  const { lanes } = r.machine;
  const slot = code.local("i32"), room = 2 * code.vectorBytes;
  const single = new Accumulator(code, r.machine, op, 1);
  const overSlots = (widths: readonly number[], pointers: Local[], body: (width: number) => void): void => {
    const columns = r.nest.extent(outer - 1);
    code.get(1).set(slot);
    for (const width of widths) {
      r.while(columns, width, () => {
        body(width);
        r.move(pointers, width);
        code.increase(slot, room * Math.max(1, width / lanes));
      });
    }
  };
  overSlots([lanes, 1], [], () => {
    single.clear();
    single.spill(0, slot, 0);
  });
  r.nest.all(inners, from, (row) => {
    const base = r.nest.copy(row);
    const left = r.nest.extent(outer + inner - 1), rows = code.local("i32"), rest = code.local("i32");
    code.block((exit) =>
      code.loop((again) => {
        code.get(left).op("i32.eqz").brIf(exit);
        code.get(left).i32(BLOCK).get(left).i32(BLOCK).op("i32.lt_u", "select").set(rows);
        code.get(left).get(rows).op("i32.sub").set(left);
        const start = r.nest.copy(base);
        overSlots([WIDE / code.vectorBytes * lanes, lanes, 1], start, (width) => {
          const vectors = Math.max(1, width / lanes);
          const accumulator = new Accumulator(code, r.machine, op, vectors);
          for (let v = 0; v < vectors; v++) accumulator.fill(v, slot, room * v);
          const pointers = r.nest.copy(start);
          r.leaves.pointers = pointers;
          code.get(rows).set(rest);
          takeRows(r, rest, pointers, width, accumulator);
          accumulator.settleEach();
          for (let v = 0; v < vectors; v++) accumulator.spill(v, slot, room * v);
        });
        code.get(rows).set(rest);
        code.repeat(rest, () => r.nest.step(outer + inner - 1, base));
        code.br(again);
      })
    );
  });
  const start = r.nest.copy(from);
  r.leaves.pointers = start;
  overSlots([lanes, 1], start, (width) => {
    single.fill(0, slot, 0);
    r.finishColumn(single, 0, width, 0);
  });
}

/** Takes in `rest` rows of columns. */
function takeRows(
  r: Reduction,
  rest: Local,
  pointers: readonly Local[],
  width: number,
  accumulator: Accumulator,
): void {
  const { outer, inner } = r.spec;
  const { lanes } = r.machine;
  r.while(rest, 1, () => {
    r.machine.scope(() =>
      r.lowering.scope(() => {
        r.lowering.emit(1);
        for (let skip = 0; skip < width; skip += lanes) {
          r.element(Math.min(width, lanes), skip, (value) => accumulator.add(skip / lanes, value));
        }
      })
    );
    r.nest.step(outer + inner - 1, pointers);
  });
}
