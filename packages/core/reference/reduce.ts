import type { ReduceCall } from "../backend/kernel_call.ts";
import { rowMajor, sizeOf } from "../shape.ts";
import { withAccess } from "./access.ts";
import type { ReferenceView } from "./buffer.ts";
import { combiner } from "./combine.ts";
import { evaluatorOf } from "./compiled.ts";
import { advance, indicesOf } from "./indices.ts";

/** An expression brought together over axes; see {@linkcode ReduceCall}. */
export function reduce(
  { op, body, post, compute, scalars, shape, axes }: ReduceCall,
  inputs: readonly ReferenceView[],
  [output]: readonly ReferenceView[],
): void {
  withAccess(compute, ({ arithmetic, reader, writer }) => {
    const evaluate = evaluatorOf(body, arithmetic), finish = post && evaluatorOf(post, arithmetic);
    const { identity, combine } = combiner(op, arithmetic);
    const loads = inputs.map(reader), sources = inputs.map(indicesOf);
    const store = writer(output!), targets = indicesOf(output!);
    const results = arithmetic.filled(targets.length, identity);
    const strides = rowMajor(output!.shape).map((s, axis) => axes.includes(axis) ? 0 : s);
    const places = indicesOf({ shape, strides, offset: 0 });
    const values = arithmetic.zeros(inputs.length), one = arithmetic.zeros(1);
    let position = shape.map(() => 0);
    for (let element = 0; element < sizeOf(shape); element++) {
      for (let i = 0; i < loads.length; i++) values[i] = loads[i]!(sources[i]![element]!);
      evaluate(values, scalars, position, element, one);
      results[places[element]!] = combine(results[places[element]!]!, one[0]!);
      advance(position, shape);
    }
    position = shape.map(() => 0);
    for (let element = 0; element < targets.length; element++) {
      const result = results[element]!;
      one[0] = result;
      if (finish) finish([result], scalars, position, element, one);
      store(targets[element]!, one[0]!);
      advance(position, output!.shape);
    }
  });
}
