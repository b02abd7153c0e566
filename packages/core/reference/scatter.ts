import { indexError } from "../backend/index_error.ts";
import type { ScatterCall } from "../backend/kernel_call.ts";
import { computeType } from "../dtype.ts";
import { rowMajor } from "../shape.ts";
import { reader as indexReader, withAccess } from "./access.ts";
import type { ReferenceView } from "./buffer.ts";
import { combiner } from "./combine.ts";
import { indicesOf } from "./indices.ts";

const COMBINED = { add: "sum", mul: "prod", max: "max", min: "min" } as const;

/** Elements put or combined along an axis; see {@linkcode ScatterCall}. */
export function scatter(
  { axis, mode }: ScatterCall,
  [index, source]: readonly ReferenceView[],
  [output]: readonly ReferenceView[],
): void {
  withAccess(computeType(output!.dtype), ({ arithmetic, reader, writer }) => {
    const load = reader(source!), pick = indexReader(index!), get = reader(output!), store = writer(output!);
    const { combine } = combiner(mode === "set" ? "sum" : COMBINED[mode], arithmetic);
    const results = indicesOf(output!);
    // Many elements may be combined with one: it is rounded once, at the end.
    const values = arithmetic.zeros(results.length);
    for (let i = 0; i < results.length; i++) values[i] = get(results[i]!);
    const { shape } = source!, strides = rowMajor(output!.shape);
    const extent = output!.shape[axis] ?? 1, stride = strides[axis] ?? 0;
    // Where each position would be written to if its index were 0.
    const targets = indicesOf({ shape, strides: strides.map((s, i) => i === axis ? 0 : s), offset: 0 });
    const picks = indicesOf(index!), sources = indicesOf(source!);
    for (let i = 0; i < targets.length; i++) {
      const at = pick(picks[i]!);
      if (at < 0 || at >= extent) throw indexError("scatter", at, extent);
      const target = targets[i]! + at * stride, value = load(sources[i]!);
      values[target] = mode === "set" ? value : combine(values[target]!, value);
    }
    for (let i = 0; i < results.length; i++) store(results[i]!, values[i]!);
  });
}
