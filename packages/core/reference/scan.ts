import type { ScanCall } from "../backend/kernel_call.ts";
import { computeType } from "../dtype.ts";
import { withAccess } from "./access.ts";
import type { ReferenceView } from "./buffer.ts";
import { combiner } from "./combine.ts";
import { linesOf } from "./indices.ts";

/** Running results along an axis; see {@linkcode ScanCall}. */
export function scan(
  { op, axis, reverse }: ScanCall,
  [x]: readonly ReferenceView[],
  [output]: readonly ReferenceView[],
): void {
  withAccess(computeType(output!.dtype), ({ arithmetic, reader, writer }) => {
    const load = reader(x!), store = writer(output!);
    const { identity, combine } = combiner(op, arithmetic);
    const from = linesOf(x!, axis), to = linesOf(output!, axis);
    for (let line = 0; line < from.starts.length; line++) {
      let result = identity;
      for (let step = 0; step < from.extent; step++) {
        const i = reverse ? from.extent - 1 - step : step;
        result = combine(result, load(from.starts[line]! + i * from.stride));
        store(to.starts[line]! + i * to.stride, result);
      }
    }
  });
}
