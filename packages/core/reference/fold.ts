import type { FoldCall } from "../backend/kernel_call.ts";
import { computeType } from "../dtype.ts";
import { rowMajor } from "../shape.ts";
import { withAccess } from "./access.ts";
import type { ReferenceView } from "./buffer.ts";
import { combiner } from "./combine.ts";
import { indicesOf } from "./indices.ts";

/** Sliding windows added up where they overlap; see {@linkcode FoldCall}. */
export function fold(
  { axis, step, dilation }: FoldCall,
  [x]: readonly ReferenceView[],
  [output]: readonly ReferenceView[],
): void {
  withAccess(computeType(output!.dtype), ({ arithmetic, reader, writer }) => {
    const load = reader(x!), store = writer(output!), { combine } = combiner("sum", arithmetic);
    const results = indicesOf(output!), sums = arithmetic.zeros(results.length);
    // A window's element is an element of the output: the windows are a view of it with these strides.
    const strides = rowMajor(output!.shape), stride = strides[axis]!;
    const targets = indicesOf({
      shape: x!.shape,
      strides: [...strides.with(axis, step * stride), dilation * stride],
      offset: 0,
    });
    const sources = indicesOf(x!);
    for (let i = 0; i < sources.length; i++) {
      sums[targets[i]!] = combine(sums[targets[i]!]!, load(sources[i]!));
    }
    for (let i = 0; i < results.length; i++) store(results[i]!, sums[i]!);
  });
}
