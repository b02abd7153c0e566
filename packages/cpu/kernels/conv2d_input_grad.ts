/** Gradient of the images that were convolved. */
import type { Conv2dInputGradCall } from "@troodon/core";
import { Correlator, type Taps } from "../conv/correlator.ts";
import { addressOf, geometry } from "../conv/geometry.ts";
import { emitImages } from "../conv/images.ts";
import { Staging } from "../conv/staging.ts";
import type { CpuView, KernelContext } from "../kernel.ts";

/** The taps along one axis that reach the positions `phase`, `phase + stride`, ... and how far from there g lies. */
interface AxisTaps {
  readonly phase: number;
  readonly count: number;
  readonly taps: readonly { readonly tap: number; readonly shift: number }[];
}

/**
 * x_i gets g_j w_k for all k with i = j stride + k dilation - padding. Positions
 * that are equal modulo the stride have the same taps: a correlation of g for
 * each phase.
 */
function axisTaps(
  extent: number,
  size: number,
  stride: number,
  padding: number,
  dilation: number,
): AxisTaps[] {
  return Array.from({ length: Math.min(stride, extent) }, (_, phase) => {
    const taps = [];
    for (let tap = 0; tap < size; tap++) {
      const shift = (phase + padding - tap * dilation) / stride;
      if (Number.isInteger(shift)) taps.push({ tap, shift });
    }
    return { phase, count: Math.ceil((extent - phase) / stride), taps };
  });
}

/** Zeros before g, and extent of g with zeros around, that the taps of all phases reach. */
function reach(phases: readonly AxisTaps[], extent: number): { before: number; total: number } {
  let before = 0, last = extent - 1;
  for (const { count, taps } of phases) {
    for (const { shift } of taps) {
      before = Math.max(before, -shift);
      last = Math.max(last, count - 1 + shift);
    }
  }
  return { before, total: before + last + 1 };
}

/** See {@linkcode Conv2dInputGradCall}. Float32 alone. */
export function conv2dInputGrad(
  context: KernelContext,
  { window, groups }: Conv2dInputGradCall,
  [g, weight]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const { samples, channels, filters, height, width, outHeight, outWidth } = geometry(
    window,
    groups,
    output!,
    g!,
  );
  const [kh, kw] = window.size, [sh, sw] = window.stride, [dh, dw] = window.dilation;
  if (samples * channels * height * width === 0) return;
  const down = axisTaps(height, kh, sh, window.padding[0], dh);
  const across = axisTaps(width, kw, sw, window.padding[2], dw);
  const rows = reach(down, outHeight), columns = reach(across, outWidth);
  const staging = new Staging(context, {
    planes: filters,
    height: outHeight,
    width: outWidth,
    top: rows.before,
    left: columns.before,
    rows: rows.total,
    columns: columns.total,
  });
  const planeBytes = 4 * height * width, strided = sh > 1 || sw > 1;
  const start = addressOf(output!), end = start + samples * groups * channels * planeBytes;
  if (strided || filters === 0) context.memory.u8.fill(0, start, end);
  const { spread } = context.instance("conv/images", emitImages);
  const part = strided ? context.scratch(planeBytes * channels) : 0;
  const correlators = (group: number) =>
    down.flatMap((y) =>
      across.flatMap((x) => {
        const taps = phaseTaps(filters, channels, window.size, y, x, staging, rows.before, columns.before);
        if (taps.image.length === 0) return [];
        const pointer = addressOf(weight!) + 4 * group * filters * channels * kh * kw;
        return [{ y, x, correlator: new Correlator(context, taps, channels, pointer, 4 * kh * kw) }];
      })
    );
  for (let group = 0; group < groups; group++) {
    const phases = correlators(group);
    for (let n = 0; n < samples; n++) {
      const image = staging.of(addressOf(g!) + 4 * (n * groups + group) * filters * outHeight * outWidth);
      const to = start + (n * groups + group) * channels * planeBytes;
      for (const { y, x, correlator } of phases) {
        correlator.run({
          image,
          imageRow: staging.rowBytes,
          output: strided ? part : to,
          channelBytes: 4 * y.count * x.count,
          outputRow: 4 * x.count,
          height: y.count,
          width: x.count,
        });
        if (!strided) continue;
        const first = to + 4 * (y.phase * width + x.phase);
        spread!(part, first, channels, y.count, x.count, planeBytes, 4 * sh * width, 4 * sw);
      }
    }
  }
}

/** The taps of one phase over all filters. */
function phaseTaps(
  filters: number,
  channels: number,
  [kh, kw]: readonly [number, number],
  y: AxisTaps,
  x: AxisTaps,
  staging: Staging,
  top: number,
  left: number,
): Taps {
  const weights: number[] = [], image: number[] = [];
  for (let o = 0; o < filters; o++) {
    for (const { tap: ky, shift: dy } of y.taps) {
      for (const { tap: kx, shift: dx } of x.taps) {
        weights.push(4 * ((o * channels * kh + ky) * kw + kx));
        image.push(o * staging.planeBytes + staging.offset(dy + top, dx + left));
      }
    }
  }
  return { weights, image };
}
