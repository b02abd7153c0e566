import type { ArgReduceCall } from "../backend/kernel_call.ts";
import { withExactAccess, writer } from "./access.ts";
import type { ReferenceView } from "./buffer.ts";
import { indicesOf, linesOf } from "./indices.ts";

/** Positions of the first largest or smallest elements; see {@linkcode ArgReduceCall}. */
export function argreduce(
  { op, axis }: ArgReduceCall,
  [x]: readonly ReferenceView[],
  [output]: readonly ReferenceView[],
): void {
  withExactAccess(x!, ({ reader }) => {
    const load = reader(x!), store = writer(output!), targets = indicesOf(output!);
    const { starts, stride, extent } = linesOf(x!, axis);
    const beats = op === "max" ? <T>(a: T, b: T) => a > b : <T>(a: T, b: T) => a < b;
    for (let line = 0; line < starts.length; line++) {
      let best = load(starts[line]!), position = 0;
      for (let i = 1; i < extent && !Number.isNaN(best); i++) {
        const value = load(starts[line]! + i * stride);
        if (beats(value, best) || Number.isNaN(value)) {
          best = value;
          position = i;
        }
      }
      store(targets[line]!, position);
    }
  });
}
