/** The ops that put elements to positions that another tensor names. */
import type { ScatterCall } from "../../backend/kernel_call.ts";
import { isFloating } from "../../dtype.ts";
import type { MutatingOp } from "../../op.ts";
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { checkIndex } from "./gather.ts";
import { asIndices } from "../base/indices.ts";

/** Along which axis. */
interface AxisParams {
  readonly axis: number;
}

type Mode = ScatterCall["mode"];

function scatterOp(name: string, mode: Mode): MutatingOp<AxisParams> {
  return {
    kind: "kernel",
    name,
    mutates: true,
    infer([x, index, source], { axis }) {
      checkIndex(name, x!, index!, axis);
      const { shape } = source!;
      if (shape.length !== index!.shape.length || shape.some((n, i) => n !== index!.shape[i])) {
        throw new RangeError(
          `Cannot apply ${name}() as the source must not be smaller than the index: ` +
            `current shapes are ${showShape(shape)} and ${showShape(index!.shape)}`,
        );
      }
      return [x!];
    },
    kernel: (_inputs, _outputs, { axis }) => ({ kernel: "scatter", axis, mode }),
    // What multiplies or compares has its gradient from the composite it is part of.
    differentiable: mode === "set" || mode === "add",
    saves: () => ({ inputs: [1] }),
    vjp: ([g], saved) => {
      const { axis } = saved.params;
      return [
        mode === "add" ? () => g! : () => g!.scatter(axis, saved.input(1), 0),
        null,
        () => g!.gather(axis, saved.input(1)),
      ];
    },
  };
}

/** Elements put into their places; the last of equals stays. */
export const SCATTER: MutatingOp<AxisParams> = scatterOp("scatter", "set");
/** Elements added to what is in their places. */
export const SCATTER_ADD: MutatingOp<AxisParams> = scatterOp("scatterAdd", "add");

/** Elements combined with what is in their places, for composites that know the gradient. */
export const SCATTER_COMBINE: Readonly<Record<"add" | "mul" | "max" | "min", MutatingOp<AxisParams>>> = {
  add: SCATTER_ADD,
  mul: scatterOp("scatterReduce", "mul"),
  max: scatterOp("scatterReduce", "max"),
  min: scatterOp("scatterReduce", "min"),
};

/** The index and the source as scatter needs them: integers, and elements of one shape, over which a number is repeated. */
export function operandsOf(
  op: string,
  x: Tensor,
  index: Tensor,
  source: Tensor | number,
): [index: Tensor, source: Tensor] {
  return [asIndices(op, "index", index), sourceOf(op, x, index, source)];
}

function sourceOf(op: string, x: Tensor, index: Tensor, source: Tensor | number): Tensor {
  if (typeof source === "number") return x.newEmpty([]).fill_(source).expand(index.shape);
  checkKind(op, x, source);
  const larger = source.ndim === index.ndim && !sameShape(source.shape, index.shape);
  return (larger ? source.at(...index.shape.map((end) => ({ end }))) : source).to(x.dtype);
}

/** Refuses to put fractions into integers. */
export function checkKind(op: string, x: Tensor, source: Tensor): void {
  if (isFloating(source.dtype) && !isFloating(x.dtype)) {
    throw new TypeError(
      `Cannot apply ${op}() as ${source.dtype} does not fit into ${x.dtype}: convert it with .to("${x.dtype}")`,
    );
  }
}
