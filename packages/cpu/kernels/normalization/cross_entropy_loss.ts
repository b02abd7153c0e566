/** Cross-entropy of all rows together, and its gradient: the rows' own kernels, with sums in float64. */
import type { CrossEntropyLossCall, CrossEntropyLossGradCall } from "@troodon/core";
import type { Kernel, KernelContext } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
import { call } from "../../threads/task.ts";
import { crossEntropy, crossEntropyGrad } from "./cross_entropy.ts";

/** A number of float32 for each of `rows`, which lasts until the launch ends. */
function forRows(context: KernelContext, rows: number): CpuView {
  const bytes = 4 * rows, buffer = { pointer: context.scratch(bytes), bytes };
  return { buffer, dtype: "float32", shape: [rows], strides: [1], offset: 0 };
}

/** Runs a {@linkcode CrossEntropyLossCall} on float32. */
export const crossEntropyLoss: Kernel<CrossEntropyLossCall> = (
  context,
  { ignoreIndex, reduction },
  inputs,
  outputs,
) => {
  const [loss, logs, count] = outputs, rows = inputs[0]!.shape[0]!, losses = forRows(context, rows);
  crossEntropy(context, { kernel: "crossEntropy", ignoreIndex }, inputs, [losses, logs!]);
  const { memory } = context;
  const bringTogether = (losses: number, classes: number, loss: number, count: number): number => {
    const { f32, i32 } = memory;
    let sum = 0, counted = 0;
    for (let row = 0; row < rows; row++) {
      sum += f32[losses / 4 + row]!;
      if (i32[classes / 4 + row] !== ignoreIndex) counted++;
    }
    f32[loss / 4] = reduction === "mean" ? sum / counted : sum;
    if (count > 0) f32[count / 4] = counted;
    return 0;
  };
  const at = [losses, inputs[1]!, loss!].map(addressOf);
  context.once(call(bringTogether, ...at, count ? addressOf(count) : 0));
};

/** Runs a {@linkcode CrossEntropyLossGradCall} on float32. */
export const crossEntropyLossGrad: Kernel<CrossEntropyLossGradCall> = (
  context,
  { ignoreIndex },
  [g, logs, classes, count],
  outputs,
) => {
  const rows = outputs[0]!.shape[0]!, slopes = forRows(context, rows), { memory } = context;
  const share = (g: number, count: number, slopes: number): number => {
    const { f32 } = memory, slope = f32[g / 4]! / (count > 0 ? f32[count / 4]! : 1);
    f32.fill(slope, slopes / 4, slopes / 4 + rows);
    return 0;
  };
  context.once(call(share, addressOf(g!), count ? addressOf(count) : 0, addressOf(slopes)));
  crossEntropyGrad(context, { kernel: "crossEntropyGrad", ignoreIndex }, [slopes, logs!, classes!], outputs);
};
