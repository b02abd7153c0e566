import type { SortCall } from "../backend/kernel_call.ts";
import { withExactAccess, writer as positionWriter } from "./access.ts";
import type { ReferenceView } from "./buffer.ts";
import { linesOf } from "./indices.ts";

/** NaN counts as the largest. */
function compare<T extends number | bigint>(a: T, b: T): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** Sorted values and where they were; see {@linkcode SortCall}. */
export function sort(
  { axis, descending }: SortCall,
  [x]: readonly ReferenceView[],
  [values, positions]: readonly ReferenceView[],
): void {
  withExactAccess(x!, ({ arithmetic, reader, writer }) => {
    const load = reader(x!), storeValue = writer(values!), storePosition = positionWriter(positions!);
    const from = linesOf(x!, axis), toValue = linesOf(values!, axis), toPosition = linesOf(positions!, axis);
    const sign = descending ? -1 : 1;
    for (let line = 0; line < from.starts.length; line++) {
      const data = arithmetic.zeros(from.extent);
      for (let i = 0; i < from.extent; i++) data[i] = load(from.starts[line]! + i * from.stride);
      const order = Int32Array.from({ length: from.extent }, (_, i) => i).sort((a, b) =>
        sign * compare(data[a]!, data[b]!)
      );
      for (let i = 0; i < order.length; i++) {
        storeValue(toValue.starts[line]! + i * toValue.stride, data[order[i]!]!);
        storePosition(toPosition.starts[line]! + i * toPosition.stride, order[i]!);
      }
    }
  });
}
