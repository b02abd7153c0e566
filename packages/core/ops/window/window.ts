/** Sliding windows over the last two axes: their geometry, and their view. */
import { showArgument } from "../../call_forms.ts";
import { tidySync } from "../../scope.ts";
import type { Window2d } from "../../backend/kernel_call.ts";
import {} from "../../shape.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/** One number for both axes, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

/** Both numbers of a pair. */
export function pairOf(op: string, name: string, value: Pair, least: number): readonly [number, number] {
  const pair = typeof value === "number" ? [value, value] as const : value;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((n) => Number.isInteger(n) && n >= least)) {
    throw new RangeError(
      `Cannot apply ${op}() as ${name} must be a whole number from ${least}, or two of them: ` +
        `current ${name} is ${showArgument(value)}`,
    );
  }
  return pair;
}

/** What a dilated window covers. */
const spanOf = (size: number, dilation: number): number => (size - 1) * dilation + 1;

/** How many windows there are along each of the two axes. */
export function windowCounts(
  op: string,
  { size, stride, padding, dilation }: Window2d,
  [height, width]: readonly [number, number],
): [number, number] {
  const count = (axis: 0 | 1, extent: number) =>
    Math.floor((extent - spanOf(size[axis], dilation[axis])) / stride[axis]) + 1;
  const padded = [height + padding[0] + padding[1], width + padding[2] + padding[3]] as const;
  const counts: [number, number] = [count(0, padded[0]), count(1, padded[1])];
  if (counts[0] < 1 || counts[1] < 1) {
    const spans = [spanOf(size[0], dilation[0]), spanOf(size[1], dilation[1])];
    throw new RangeError(
      `Cannot apply ${op}() as the padded input must be at least as large as the window: ` +
        `current sizes are ${showShape(padded)} and ${showShape(spans)}`,
    );
  }
  return counts;
}

/** The padding after an axis that makes room for the last window that begins within the input or the padding before. */
export function ceilPadding(
  extent: number,
  size: number,
  stride: number,
  padding: number,
  dilation: number,
): number {
  const span = spanOf(size, dilation);
  const room = extent + 2 * padding - span;
  let last = Math.ceil(room / stride);
  if (last * stride >= extent + padding) last--;
  return Math.max(padding, last * stride + span - extent - padding);
}

/** Padding that keeps the extents at stride 1; the odd one of it goes behind. */
export function samePadding(
  size: readonly [number, number],
  dilation: readonly [number, number],
): [number, number, number, number] {
  const [vertical, horizontal] = [spanOf(size[0], dilation[0]) - 1, spanOf(size[1], dilation[1]) - 1];
  const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
  return [top, vertical - top, left, horizontal - left];
}

/** The windows of x [n, c, h, w], padded with `fill`, as a view [n, c, h', w', kh, kw]. */
export function windowsOf(x: Tensor, { size, stride, padding, dilation }: Window2d, fill = 0): Tensor {
  const [top, bottom, left, right] = padding;
  return tidySync(() => {
    const padded = padding.some((p) => p > 0)
      ? x.pad([left, right, top, bottom], { value: fill })
      : x.alias();
    const rows = padded.unfold(2, size[0], stride[0], { dilation: dilation[0] });
    return rows.unfold(3, size[1], stride[1], { dilation: dilation[1] });
  });
}

/** The adjoint of {@linkcode windowsOf}: windows added up where they overlap, the padding cut off. */
export function addWindows(
  windows: Tensor,
  { stride, padding, dilation }: Window2d,
  [height, width]: readonly [number, number],
): Tensor {
  const [top, bottom, left, right] = padding;
  return tidySync(() => {
    // The rows of a window lie before the columns of the image, so that both steps add runs of neighbors.
    const columns = windows.permute([0, 1, 4, 2, 3, 5]);
    const rows = columns.fold(4, width + left + right, stride[1], { dilation: dilation[1] });
    const padded = rows.permute([0, 1, 3, 4, 2]).fold(2, height + top + bottom, stride[0], {
      dilation: dilation[0],
    });
    return padded.narrow(2, top, height).narrow(3, left, width);
  });
}
