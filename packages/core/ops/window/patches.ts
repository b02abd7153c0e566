/** Image patches as columns, and columns as image patches. */
import type { Window2d } from "../../backend/kernel_call.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { apart } from "../base/apart.ts";
import { accumulated } from "../base/accumulated.ts";
import { addWindows, type Pair, pairOf, windowCounts, windowsOf } from "./window.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode unfold}. */
export interface UnfoldOptions {
  /** Height and width of a patch. */
  readonly kernelSize: Pair;
  /** From one patch to the next; 1 by default. */
  readonly stride?: Pair;
  /** Zeros around the image; 0 by default. */
  readonly padding?: Pair;
  /** From one pixel of a patch to the next; 1 by default. */
  readonly dilation?: Pair;
}
const UNFOLD_OPTIONS: OptionKeys<UnfoldOptions> = {
  kernelSize: true,
  dilation: true,
  padding: true,
  stride: true,
};

/** Options of {@linkcode fold}. */
export interface FoldOptions extends UnfoldOptions {
  /** Height and width of the image. */
  readonly outputSize: Pair;
}
const FOLD_OPTIONS: OptionKeys<FoldOptions> = {
  outputSize: true,
  kernelSize: true,
  dilation: true,
  padding: true,
  stride: true,
};

function windowOf(
  op: string,
  { kernelSize, stride = 1, padding = 0, dilation = 1 }: UnfoldOptions,
): Window2d {
  const [vertical, horizontal] = pairOf(op, "padding", padding, 0);
  return {
    size: pairOf(op, "kernelSize", kernelSize, 1),
    stride: pairOf(op, "stride", stride, 1),
    padding: [vertical, vertical, horizontal, horizontal],
    dilation: pairOf(op, "dilation", dilation, 1),
  };
}

const isPair = (value: object | number): value is Pair => typeof value === "number" || Array.isArray(value);

/**
 * Patches of the images `x` [n, c, h, w] as columns [n, c * kh * kw, patches], or without n:
 * `torch.nn.functional.unfold`, also known as im2col.
 *
 * @param kernelSize Height and width of a patch; or all options, with `kernelSize` among them.
 *
 * @example Columns of 2 by 2 patches
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arange, Device, ReferenceBackend, unfold } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = arange(0, 6, 1, { device }).reshape([1, 1, 2, 3]);
 * assertEquals(unfold(x, 2).tolist(), [[[0, 1], [1, 2], [3, 4], [4, 5]]]);
 * ```
 */
export function unfold(
  x: Tensor,
  kernelSize: Pair | UnfoldOptions,
  rest?: Omit<UnfoldOptions, "kernelSize">,
): Tensor {
  checkCall("unfold", arguments, "x..");
  const given = isPair(kernelSize)
    ? { ...readOptions("unfold()", rest, UNFOLD_OPTIONS), kernelSize }
    : kernelSize;
  const options = readOptions("unfold()", given, UNFOLD_OPTIONS);
  if (x.ndim === 3) return called("unfold", [x], () => unfold(x.unsqueeze(0), options).squeeze(0));
  if (x.ndim !== 4) {
    throw new RangeError(
      `Cannot apply unfold() as x must be [n, c, h, w] or [c, h, w]: current shape is ${showShape(x.shape)}`,
    );
  }
  const window = windowOf("unfold", options), [n, c, h, w] = x.shape as [number, number, number, number];
  const [rows, columns] = windowCounts("unfold", window, [h, w]);
  return called("unfold", [x], () => {
    const windows = windowsOf(x, window), patches = windows.permute([0, 1, 4, 5, 2, 3]);
    return apart(patches.reshape([n, c * window.size[0] * window.size[1], rows * columns]), x);
  });
}

/**
 * The adjoint of {@linkcode unfold}: columns [n, c * kh * kw, patches] added up
 * where the patches overlap, to [n, c, h, w], or without n. `torch.nn.functional.fold`, also known as col2im.
 *
 * @param outputSize Height and width of the image.
 * @param kernelSize Height and width of a patch.
 *
 * @example Patches that overlap in their corners
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, fold, ones, ReferenceBackend } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = ones([1, 4, 4], { device });
 * assertEquals(fold(x, [3, 3], 2).tolist(), [[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]]);
 * ```
 */
export function fold(
  x: Tensor,
  outputSize: Pair,
  kernelSize: Pair,
  options?: Omit<UnfoldOptions, "kernelSize">,
): Tensor;
/** {@linkcode fold} with all options by name. */
export function fold(x: Tensor, options: FoldOptions): Tensor;
export function fold(
  x: Tensor,
  outputSize: Pair | FoldOptions,
  kernelSize: Pair = 1,
  rest?: Omit<UnfoldOptions, "kernelSize">,
): Tensor {
  checkCall("fold", arguments, "x...");
  const given = isPair(outputSize)
    ? { ...readOptions("fold()", rest, FOLD_OPTIONS), outputSize, kernelSize }
    : outputSize ?? {};
  const options = readOptions("fold()", given, FOLD_OPTIONS);
  if (x.ndim === 2) return called("fold", [x], () => fold(x.unsqueeze(0), options).squeeze(0));
  const window = windowOf("fold", options), [kh, kw] = window.size;
  const image = pairOf("fold", "outputSize", options.outputSize, 1);
  const [rows, columns] = windowCounts("fold", window, image);
  const [n, depth, patches] = x.shape as [number, number, number];
  if (x.ndim !== 3 || depth % (kh * kw) !== 0 || patches !== rows * columns) {
    throw new RangeError(
      `Cannot apply fold() as x must be [n, c * ${kh * kw}, ${rows * columns}]: current shape is ${
        showShape(x.shape)
      }`,
    );
  }
  return accumulated([x], (x) => {
    const windows = x.reshape([n, depth / (kh * kw), kh, kw, rows, columns]).permute([0, 1, 4, 5, 2, 3]);
    return addWindows(windows, window, image);
  }, "fold");
}
