/** What undoes a view: its elements put back, and something else around them. */
import type { CompositeOp } from "../../op.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

interface EmbedParams {
  /** The shape to put them back into. */
  readonly shape: Shape;
  /** Which elements of it `x` holds: a view op without repetition. */
  readonly look: (into: Tensor) => Tensor;
  /** What the other elements are. */
  readonly value: number;
}

const EMBED: CompositeOp<EmbedParams> = {
  kind: "composite",
  name: "embed",
  gradName: "constantPadNd",
  infer: ([x], { shape }) => [{ shape, dtype: x!.dtype }],
  composite: ([x], { shape, look, value }) => {
    const output = x!.newEmpty(shape).fill_(value);
    look(output).copy_(x!);
    return output;
  },
  vjp: ([g], { params }) => [() => params.look(g!)],
};

/**
 * A tensor of `shape` whose view `look` shows `x`, and which is `value` (0)
 * elsewhere. The gradient of every view that shows some elements once; its own
 * gradient is that view.
 */
export function embed(x: Tensor, shape: Shape, look: (into: Tensor) => Tensor, value = 0): Tensor {
  return x.apply(EMBED, { shape, look, value });
}
