import { indexError } from "../backend/index_error.ts";
import type { GatherCall } from "../backend/kernel_call.ts";
import { refusalError } from "../backend/refusal.ts";
import { reader as indexReader, withExactAccess } from "./access.ts";
import type { ReferenceView } from "./buffer.ts";
import { indicesOf } from "./indices.ts";

/** Elements picked along an axis; see {@linkcode GatherCall}. */
export function gather(
  { axis, refusal }: GatherCall,
  [x, index]: readonly ReferenceView[],
  [output]: readonly ReferenceView[],
): void {
  withExactAccess(x!, ({ reader, writer }) => {
    const load = reader(x!), pick = indexReader(index!), store = writer(output!);
    const { shape } = output!;
    const extent = x!.shape[axis] ?? 1, stride = x!.strides[axis] ?? 0;
    // Where each position would be read from if its index were 0.
    const sources = indicesOf({
      shape,
      strides: x!.strides.map((s, i) => i === axis ? 0 : s),
      offset: x!.offset,
    });
    const picks = indicesOf(index!), targets = indicesOf(output!);
    for (let i = 0; i < targets.length; i++) {
      const at = pick(picks[i]!);
      if (at < 0 || at >= extent) {
        throw refusal === undefined ? indexError("gather", at, extent) : refusalError(refusal);
      }
      store(targets[i]!, load(sources[i]! + at * stride));
    }
  });
}
