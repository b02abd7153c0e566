/** Convolution of images. */
import type { Conv2dCall } from "@troodon/core";
import { Correlator } from "../conv/correlator.ts";
import { addressOf, geometry } from "../conv/geometry.ts";
import { Staging } from "../conv/staging.ts";
import type { CpuView, KernelContext } from "../kernel.ts";

/** See {@linkcode Conv2dCall}. Float32 alone. */
export function conv2d(
  context: KernelContext,
  { window, groups }: Conv2dCall,
  [x, weight, bias]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const g = geometry(window, groups, x!, output!);
  const { samples, channels, filters, height, width, outHeight, outWidth } = g;
  if (samples * filters * outHeight * outWidth === 0) return;
  const [kh, kw] = window.size, [sh, sw] = window.stride, [dh, dw] = window.dilation;
  const staging = new Staging(context, {
    planes: channels,
    height,
    width,
    top: window.padding[0],
    left: window.padding[2],
    rows: (outHeight - 1) * sh + (kh - 1) * dh + 1,
    columns: (outWidth - 1) * sw + (kw - 1) * dw + 1,
    phases: sw,
  });
  const steps = channels * kh * kw, weights: number[] = [], image: number[] = [];
  for (let c = 0; c < channels; c++) {
    for (let ky = 0; ky < kh; ky++) {
      for (let kx = 0; kx < kw; kx++) {
        weights.push(4 * weights.length);
        image.push(c * staging.planeBytes + staging.offset(ky * dh, kx * dw));
      }
    }
  }
  const channelBytes = 4 * outHeight * outWidth;
  for (let group = 0; group < groups; group++) {
    const first = group * filters, { f32 } = context.memory;
    const biases = bias && f32.slice(addressOf(bias) / 4 + first, addressOf(bias) / 4 + first + filters);
    const correlator = new Correlator(
      context,
      { weights, image },
      filters,
      addressOf(weight!) + 4 * first * steps,
      4 * steps,
      biases,
    );
    for (let n = 0; n < samples; n++) {
      correlator.run({
        image: staging.of(addressOf(x!) + 4 * (n * groups + group) * channels * height * width),
        imageRow: sh * staging.rowBytes,
        output: addressOf(output!) + (n * groups + group) * filters * channelBytes,
        channelBytes,
        outputRow: 4 * outWidth,
        height: outHeight,
        width: outWidth,
      });
    }
  }
}
