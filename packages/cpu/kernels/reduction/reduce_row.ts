/** Reductions along rows: a vector holds neighbors that belong to one result. */
import type { Local } from "../../targets/wasm/assembler.ts";
import { Accumulator, TURNS } from "./accumulator.ts";
import type { Reduction } from "./reduction.ts";

/** Number of 16-byte vectors that are processed at once, for any width of vectors; fixes the order of additions. */
const UNROLL = 4;

/** One result: the vectors of a row, then their lanes. */
export function emitRow(r: Reduction, from: readonly Local[], inners: readonly number[]): void {
  const { op, outer, inner } = r.spec;
  const { lanes } = r.machine;
  const part = lanes * 16 / r.code.vectorBytes;
  const accumulator = new Accumulator(r.code, r.machine, op, UNROLL * part / lanes);
  accumulator.clear();
  r.nest.all(inners, from, (row) => {
    const pointers = r.nest.copy(row);
    r.leaves.pointers = pointers;
    const left = r.nest.extent(outer + inner - 1);
    r.machine.scope(() =>
      r.lowering.scope(() => {
        r.lowering.emit(1);
        r.inTurns(left, TURNS * UNROLL * part, accumulator, (rest) => {
          for (const width of [UNROLL * part, part, 1]) {
            r.while(rest, width, () => {
              for (let skip = 0, slot = 0; skip < width; skip += lanes, slot++) {
                r.element(Math.min(width, lanes), skip, (value) => {
                  if (width === part) value = accumulator.firstHalf(value);
                  accumulator.add(slot, width > 1 ? value : accumulator.firstLane(value));
                });
              }
              r.move(pointers, width);
            });
          }
          accumulator.settle();
        });
      })
    );
  });
  r.leaves.pointers = from;
  r.finishTotal(accumulator);
}
