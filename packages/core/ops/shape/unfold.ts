/** Sliding windows along an axis, and their adjoint. */
import type { KernelOp, ViewOp } from "../../op.ts";
import { normalizeAxis, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface WindowParams {
  readonly axis: number;
  /** Elements in a window. */
  readonly size: number;
  /** From one window to the next. */
  readonly step: number;
  /** From one element of a window to the next. */
  readonly dilation: number;
}

const countIn = (extent: number, { size, step, dilation }: WindowParams): number =>
  Math.floor((extent - dilation * (size - 1) - 1) / step) + 1;

/** The windows at `axis`, their elements along a new last axis. */
const UNFOLD: ViewOp<WindowParams> = {
  kind: "view",
  name: "unfold",
  infer: ([x], params) => {
    const { axis, size } = params;
    return [{ shape: [...x!.shape.with(axis, countIn(x!.shape[axis]!, params)), size], dtype: x!.dtype }];
  },
  view: (x, params) => {
    const { axis, size, step, dilation } = params, stride = x.strides[axis]!;
    return {
      shape: [...x.shape.with(axis, countIn(x.shape[axis]!, params)), size],
      strides: [...x.strides.with(axis, stride * step), stride * dilation],
      offset: x.offset,
    };
  },
  vjp: ([g], saved) => [() => {
    const { params } = saved;
    return g!.apply(FOLD, { ...params, length: saved.spec(0).shape[params.axis]! });
  }],
};

const FOLD: KernelOp<WindowParams & { readonly length: number }> = {
  kind: "kernel",
  name: "fold",
  infer: ([x], { axis, length }) => [{ shape: x!.shape.slice(0, -1).with(axis, length), dtype: x!.dtype }],
  kernel: (_inputs, _outputs, { axis, step, dilation }) => ({ kernel: "fold", axis, step, dilation }),
  // The axis may have had room for more windows.
  vjp: ([g], saved) => {
    const { params } = saved;
    return [() => g!.apply(UNFOLD, params).narrow(params.axis, 0, saved.spec(0).shape[params.axis]!)];
  },
};

/** Options of {@linkcode slidingWindow} and {@linkcode overlapAdd}. */
export interface WindowOptions {
  /** From one element of a window to the next; 1 by default. */
  readonly dilation?: number;
}
const WINDOW_OPTIONS: OptionKeys<WindowOptions> = { dilation: true };

/**
 * A view of `x` through a window of `size` elements that moves along `dim` by
 * `step`: the windows at `dim`, their elements along a new last axis. The method
 * is `x.unfold(dim, size, step)`, as `torch.Tensor.unfold`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, slidingWindow, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2, 3, 4], { device });
 * assertEquals(slidingWindow(x, 0, 2, 1).tolist(), [[1, 2], [2, 3], [3, 4]]);
 * ```
 */
export function slidingWindow(
  x: Tensor,
  dim: number,
  size: number,
  step: number,
  options?: WindowOptions,
): Tensor {
  checkCall("slidingWindow", arguments, "xddd.");
  const { dilation = 1 } = readOptions("slidingWindow()", options, WINDOW_OPTIONS);
  const axis = normalizeAxis("unfold", dim, x.ndim), extent = x.shape[axis] ?? 1;
  checkCounts("unfold", { size, step, dilation });
  if (dilation * (size - 1) + 1 > extent) {
    throw new RangeError(
      `Cannot apply unfold() as a window must fit into ${extent} positions: current size is ${size}, dilation ${dilation}`,
    );
  }
  // One window of the one element, without an axis of windows, as in PyTorch.
  return x.ndim === 0 ? x.reshape([1]) : x.apply(UNFOLD, { axis, size, step, dilation });
}

/**
 * The adjoint of {@linkcode slidingWindow}: windows at `dim`, their elements
 * along the last axis, added up where they overlap on an axis of extent `length`.
 * The method is `x.fold(dim, length, step)`.
 */
export function overlapAdd(
  x: Tensor,
  dim: number,
  length: number,
  step: number,
  options?: WindowOptions,
): Tensor {
  checkCall("overlapAdd", arguments, "xddd.");
  const { dilation = 1 } = readOptions("overlapAdd()", options, WINDOW_OPTIONS);
  const axis = normalizeAxis("fold", dim, x.ndim - 1), size = x.shape.at(-1) ?? 0;
  checkCounts("fold", { size, step, dilation });
  const reach = (x.shape[axis]! - 1) * step + (size - 1) * dilation + 1;
  if (x.ndim < 2 || !Number.isInteger(length) || reach > length) {
    throw new RangeError(
      `Cannot apply fold() as there must be windows and their elements, which reach to ${reach}: ` +
        `current shape is ${showShape(x.shape)}, length ${length}`,
    );
  }
  return x.apply(FOLD, { axis, size, step, dilation, length });
}

function checkCounts(op: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, n] of Object.entries(counts)) {
    if (!Number.isInteger(n) || n < 1) {
      throw new RangeError(
        `Cannot apply ${op}() as ${name} must be an integer from 1: current ${name} is ${n}`,
      );
    }
  }
}
