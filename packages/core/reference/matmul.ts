import type { MatmulCall } from "../backend/kernel_call.ts";
import { computeType } from "../dtype.ts";
import { reader, writer } from "./access.ts";
import type { ReferenceView } from "./buffer.ts";
import { combiner } from "./combine.ts";
import { evaluatorOf } from "./compiled.ts";
import { advance, indicesOf } from "./indices.ts";

/** Matrix products; see {@linkcode MatmulCall}. */
export function matmul(
  { epilogue, scalars }: MatmulCall,
  [a, b, ...rest]: readonly ReferenceView[],
  [output]: readonly ReferenceView[],
): void {
  const { shape, dtype } = output!;
  const compute = computeType(dtype), rank = shape.length, depth = a!.shape[rank - 1]!;
  const { combine: add } = combiner("sum", compute), { combine: multiply } = combiner("prod", compute);
  const loadA = reader(a!, compute), loadB = reader(b!, compute), store = writer(output!);
  // Where the row of a, and the column of b, of each element of the output begin.
  const rows = indicesOf({ shape, strides: a!.strides.with(-1, 0), offset: a!.offset });
  const columns = indicesOf({ shape, strides: b!.strides.with(-2, 0), offset: b!.offset });
  const strideA = a!.strides[rank - 1]!, strideB = b!.strides[rank - 2]!;
  const finish = epilogue && evaluatorOf(epilogue, compute);
  const loads = rest.map((view) => reader(view, compute)), sources = rest.map(indicesOf);
  const values = new Float64Array(1 + rest.length), one = new Float64Array(1);
  const targets = indicesOf(output!), position = shape.map(() => 0);
  for (let element = 0; element < targets.length; element++) {
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      sum = add(sum, multiply(loadA(rows[element]! + k * strideA), loadB(columns[element]! + k * strideB)));
    }
    one[0] = sum;
    if (finish) {
      values[0] = sum;
      for (let i = 0; i < rest.length; i++) values[i + 1] = loads[i]!(sources[i]![element]!);
      finish(values, scalars, position, element, one);
    }
    store(targets[element]!, one[0]!);
    advance(position, shape);
  }
}
