/** Gradients of the weights and the bias of a convolution. */
import type { Conv2dWeightGradCall } from "@troodon/core";
import { geometry } from "../conv/geometry.ts";
import { Staging } from "../conv/staging.ts";
import { emitUnpanel, PANEL_FILTERS, TAP_BYTES } from "../conv/weigh.ts";
import { singleTap, Weigher, windowTaps } from "../conv/weigher.ts";
import { NUMBER_TYPES } from "../gemm/number_type.ts";
import { packer } from "../gemm/panels.ts";
import { addressOf, type CpuView, type KernelContext } from "../kernel.ts";
import { zero } from "../zero.ts";

const TYPE = NUMBER_TYPES.float32;

/** See {@linkcode Conv2dWeightGradCall}. Float32 alone. */
export function conv2dWeightGrad(
  context: KernelContext,
  { window, groups }: Conv2dWeightGradCall,
  [g, x]: readonly CpuView[],
  [output, biasOutput]: readonly CpuView[],
): void {
  const shapes = geometry(window, groups, x!, g!);
  const { samples, channels, filters, height, width, outHeight, outWidth } = shapes;
  const [sh, sw] = window.stride, pixels = outHeight * outWidth;
  const staging = new Staging(context, shapes), steps = channels * window.size[0] * window.size[1];
  const weigher = new Weigher(context, windowTaps(window, staging.taps()));
  // The gradient of the bias is that of a tap on an image of ones.
  const biasWeigher = biasOutput && new Weigher(context, singleTap(steps));
  const pack = packer(context, TYPE);
  const { unpanel } = context.instance("conv/unpanel", emitUnpanel);
  const panel = context.scratch(4 * PANEL_FILTERS * pixels), one = context.scratch(16);
  const panels = Math.ceil(filters / PANEL_FILTERS), sumsBytes = TAP_BYTES * (steps + 1);
  const sums = context.scratch(sumsBytes * panels), { memory } = context;
  memory.f32.fill(1, one / 4, one / 4 + 4);
  for (let group = 0; group < groups; group++) {
    zero(context, sums, sumsBytes * panels);
    for (let n = 0; n < samples && pixels > 0; n++) {
      const image = staging.place(addressOf(x!) + 4 * (n * groups + group) * channels * height * width);
      for (let p = 0; p < panels; p++) {
        const first = p * PANEL_FILTERS, count = Math.min(PANEL_FILTERS, filters - first);
        const vectors = Math.ceil(count / TYPE.lanes);
        const from = addressOf(g!) + 4 * ((n * groups + group) * filters + first) * pixels;
        pack(panel, vectors, from, 4 * pixels, 4, count, pixels);
        const planes = { panel, vectors, sums: sums + p * sumsBytes, height: outHeight, width: outWidth };
        weigher.run({ ...planes, image, pixelBytes: 4 * sw, rowBytes: sh * staging.rowBytes });
        biasWeigher?.run({ ...planes, image: one, pixelBytes: 0, rowBytes: 0 });
      }
    }
    for (let p = 0; p < panels; p++) {
      const first = p * PANEL_FILTERS, count = Math.min(PANEL_FILTERS, filters - first);
      const from = sums + p * sumsBytes, filter = group * filters + first;
      unpanel!(from, addressOf(output!) + 4 * filter * steps, 4 * steps, count, steps);
      if (biasOutput) unpanel!(from + TAP_BYTES * steps, addressOf(biasOutput) + 4 * filter, 4, count, 1);
    }
  }
}
