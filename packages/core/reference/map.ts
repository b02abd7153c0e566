import type { MapCall } from "../backend/kernel_call.ts";
import { sizeOf } from "../shape.ts";
import { withAccess } from "./access.ts";
import type { ReferenceView } from "./buffer.ts";
import { evaluatorOf } from "./compiled.ts";
import { advance, indicesOf } from "./indices.ts";

/** An expression at every position; see {@linkcode MapCall}. */
export function map(
  { body, compute, scalars, shape, random }: MapCall,
  inputs: readonly ReferenceView[],
  outputs: readonly ReferenceView[],
): void {
  withAccess(compute, ({ arithmetic, reader, writer }) => {
    const evaluate = evaluatorOf(body, arithmetic);
    const loads = inputs.map(reader), sources = inputs.map(indicesOf);
    const stores = outputs.map(writer), targets = outputs.map(indicesOf);
    const values = arithmetic.zeros(inputs.length), results = arithmetic.zeros(outputs.length);
    const position = shape.map(() => 0);
    for (let element = 0; element < sizeOf(shape); element++) {
      for (let i = 0; i < loads.length; i++) values[i] = loads[i]!(sources[i]![element]!);
      evaluate(values, scalars, position, element, results, random);
      for (let o = 0; o < stores.length; o++) stores[o]!(targets[o]![element]!, results[o]!);
      advance(position, shape);
    }
  });
}
