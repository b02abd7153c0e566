import type { MatmulCall } from "../backend/kernel_call.ts";
import { computeType } from "../dtype.ts";
import { withAccess } from "./access.ts";
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
  withAccess(computeType(output!.dtype), ({ arithmetic, reader, writer }) => {
    const { shape } = output!, rank = shape.length, depth = a!.shape[rank - 1]!;
    const { combine: add } = combiner("sum", arithmetic),
      { combine: multiply } = combiner("prod", arithmetic);
    const loadA = reader(a!), loadB = reader(b!), store = writer(output!);
    // Where the row of a, and the column of b, of each element of the output begin.
    const rows = indicesOf({ shape, strides: a!.strides.with(-1, 0), offset: a!.offset });
    const columns = indicesOf({ shape, strides: b!.strides.with(-2, 0), offset: b!.offset });
    const strideA = a!.strides[rank - 1]!, strideB = b!.strides[rank - 2]!;
    const finish = epilogue && evaluatorOf(epilogue, arithmetic);
    const loads = rest.map(reader), sources = rest.map(indicesOf);
    const values = arithmetic.zeros(1 + rest.length), one = arithmetic.zeros(1);
    const targets = indicesOf(output!), position = shape.map(() => 0);
    for (let element = 0; element < targets.length; element++) {
      let sum = arithmetic.of(0);
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
  });
}
