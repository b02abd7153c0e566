/** Cross-entropy of all rows together, and its gradient: the rows' own kernels, with sums in float64. */
import type { CrossEntropyLossCall, CrossEntropyLossGradCall } from "@troodon/core";
import type { Kernel, KernelContext } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
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
  const { f32, i32 } = context.memory;
  const [each, classes] = [losses, inputs[1]!].map((view) => addressOf(view) / 4) as [number, number];
  let sum = 0, counted = 0;
  for (let row = 0; row < rows; row++) {
    sum += f32[each + row]!;
    if (i32[classes + row] !== ignoreIndex) counted++;
  }
  f32[addressOf(loss!) / 4] = reduction === "mean" ? sum / counted : sum;
  if (count) f32[addressOf(count) / 4] = counted;
};

/** Runs a {@linkcode CrossEntropyLossGradCall} on float32. */
export const crossEntropyLossGrad: Kernel<CrossEntropyLossGradCall> = (
  context,
  { ignoreIndex },
  [g, logs, classes, count],
  outputs,
) => {
  const rows = outputs[0]!.shape[0]!, slopes = forRows(context, rows), { f32 } = context.memory;
  const slope = f32[addressOf(g!) / 4]! / (count ? f32[addressOf(count) / 4]! : 1);
  f32.fill(slope, addressOf(slopes) / 4, addressOf(slopes) / 4 + rows);
  crossEntropyGrad(context, { kernel: "crossEntropyGrad", ignoreIndex }, [slopes, logs!, classes!], outputs);
};
