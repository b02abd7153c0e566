import type { ReduceCall } from "../backend/kernel_call.ts";
import { rowMajor, sizeOf } from "../shape.ts";
import { reader, writer } from "./access.ts";
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
  const evaluate = evaluatorOf(body, compute), finish = post && evaluatorOf(post, compute);
  const { identity, combine } = combiner(op, compute);
  const loads = inputs.map((view) => reader(view, compute)), sources = inputs.map(indicesOf);
  const store = writer(output!), targets = indicesOf(output!);
  const results = new Float64Array(targets.length).fill(identity);
  const strides = rowMajor(output!.shape).map((s, axis) => axes.includes(axis) ? 0 : s);
  const places = indicesOf({ shape, strides, offset: 0 });
  const values = new Float64Array(inputs.length), one = new Float64Array(1);
  let position = shape.map(() => 0);
  for (let element = 0; element < sizeOf(shape); element++) {
    for (let i = 0; i < loads.length; i++) values[i] = loads[i]!(sources[i]![element]!);
    evaluate(values, scalars, position, element, one);
    results[places[element]!] = combine(results[places[element]!]!, one[0]!);
    advance(position, shape);
  }
  position = shape.map(() => 0);
  for (let element = 0; element < targets.length; element++) {
    one[0] = results[element]!;
    if (finish) finish([one[0]], scalars, position, element, one);
    store(targets[element]!, one[0]!);
    advance(position, output!.shape);
  }
}
