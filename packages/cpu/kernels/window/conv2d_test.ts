import { assertEquals } from "@std/assert";
import type { Window2d } from "@troodon/core";
import { rowMajor, sizeOf } from "@troodon/core/kernel";
import { conv2d } from "./conv2d.ts";
import { conv2dInputGrad } from "./conv2d_input_grad.ts";
import { conv2dWeightGrad } from "./conv2d_weight_grad.ts";
import type { CpuView } from "../../view.ts";
import { cpuView, launch, valuesOf } from "../support_test.ts";

interface Case {
  readonly x: readonly [number, number, number, number];
  readonly filters: number;
  readonly size: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly padding?: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
  readonly groups?: number;
}

const CASES: readonly Case[] = [
  { x: [2, 1, 7, 7], filters: 1, size: [3, 3] },
  { x: [2, 1, 12, 12], filters: 6, size: [5, 5] },
  { x: [1, 6, 14, 14], filters: 16, size: [5, 5] },
  { x: [3, 2, 5, 9], filters: 5, size: [2, 3] },
  { x: [1, 3, 9, 21], filters: 9, size: [3, 4], padding: [1, 1, 1, 2] },
  { x: [1, 3, 6, 8], filters: 4, size: [3, 3], padding: [1, 1, 1, 1] },
  { x: [2, 3, 11, 13], filters: 7, size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] },
  { x: [2, 3, 11, 33], filters: 7, size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] },
  { x: [1, 2, 8, 34], filters: 3, size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] },
  { x: [1, 3, 6, 34], filters: 2, size: [2, 4], stride: [1, 2], padding: [0, 0, 2, 0] },
  { x: [2, 3, 11, 13], filters: 7, size: [1, 1], stride: [2, 3] },
  { x: [1, 4, 10, 10], filters: 8, size: [3, 3], dilation: [2, 3], padding: [2, 2, 3, 3] },
  { x: [1, 4, 10, 23], filters: 8, size: [3, 6], dilation: [2, 2], stride: [2, 3], padding: [0, 1, 2, 3] },
  { x: [2, 4, 6, 6], filters: 8, size: [1, 1] },
  { x: [2, 6, 7, 7], filters: 6, size: [3, 3], groups: 6, padding: [1, 1, 1, 1] },
  { x: [2, 6, 8, 7], filters: 4, size: [3, 2], groups: 2, stride: [1, 2] },
  { x: [1, 2, 9, 30], filters: 3, size: [1, 7], padding: [0, 0, 3, 3] },
  { x: [1, 2, 9, 30], filters: 10, size: [2, 11], stride: [4, 4], padding: [0, 0, 5, 3] },
  { x: [1, 2, 3, 3], filters: 3, size: [3, 3] },
  // One and two columns beside tiles, of rows that are no multiple of four.
  { x: [2, 2, 8, 12], filters: 6, size: [2, 4] },
  { x: [1, 2, 15, 21], filters: 9, size: [3, 2], stride: [2, 2] },
  { x: [1, 2, 4, 19], filters: 3, size: [1, 2] },
  { x: [2, 300, 3, 4], filters: 70, size: [2, 3] },
  { x: [0, 2, 3, 3], filters: 3, size: [2, 2] },
  { x: [2, 0, 3, 3], filters: 3, size: [2, 2] },
  // Windows that fit nowhere.
  { x: [2, 2, 2, 7], filters: 5, size: [3, 3] },
  { x: [3, 4, 6, 2], filters: 4, size: [2, 3], groups: 2 },
];

/** Everything that one case needs, with sums of loops over all that meets. */
function setUp(
  { x: shape, filters, size, stride = [1, 1], padding = [0, 0, 0, 0], dilation = [1, 1], groups = 1 }: Case,
) {
  const [n, c, h, w] = shape, [kh, kw] = size, [top, bottom, left, right] = padding;
  const extent = (length: number, axis: 0 | 1, pad: number): number =>
    Math.floor((length + pad - (size[axis] - 1) * dilation[axis] - 1) / stride[axis]) + 1;
  const oh = extent(h, 0, top + bottom), ow = extent(w, 1, left + right), depth = c / groups;
  const window: Window2d = { size, stride, padding, dilation };
  const outShape = [n, filters, oh, ow] as const, weightShape = [filters, depth, kh, kw] as const;
  /** Small whole numbers, so that all sums are exact. */
  const numbers = (length: number, factor: number): number[] =>
    Array.from({ length }, (_, i) => ((i * factor + 3) % 17) - 8);
  const x = numbers(n * c * h * w, 5), weight = numbers(filters * depth * kh * kw, 7);
  const bias = numbers(filters, 3), g = numbers(n * filters * oh * ow, 11);
  const meet = (visit: (x: number, weight: number, output: number, filter: number) => void): void => {
    for (let s = 0; s < n; s++) {
      for (let o = 0; o < filters; o++) {
        const group = Math.floor(o / (filters / groups));
        for (let y = 0; y < oh; y++) {
          for (let z = 0; z < ow; z++) {
            for (let d = 0; d < depth; d++) {
              for (let ky = 0; ky < kh; ky++) {
                for (let kx = 0; kx < kw; kx++) {
                  const iy = y * stride[0] + ky * dilation[0] - top,
                    ix = z * stride[1] + kx * dilation[1] - left;
                  if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
                  visit(
                    ((s * c + group * depth + d) * h + iy) * w + ix,
                    ((o * depth + d) * kh + ky) * kw + kx,
                    ((s * filters + o) * oh + y) * ow + z,
                    o,
                  );
                }
              }
            }
          }
        }
      }
    }
  };
  return { window, groups, shape, outShape, weightShape, x, weight, bias, g, meet };
}

const viewOf = (data: readonly number[], shape: readonly number[]): CpuView =>
  cpuView({ dtype: "float32", data, shape, strides: rowMajor(shape), offset: 0 });

const emptyView = (shape: readonly number[]): CpuView =>
  viewOf(Array.from({ length: sizeOf(shape) }, () => NaN), shape);

const title = (c: Case): string => Object.entries(c).map(([k, v]) => `${k} ${v}`).join(" ");

for (const sample of CASES) {
  Deno.test(`conv2d() convolves: ${title(sample)}`, () => {
    const { window, groups, shape, outShape, weightShape, x, weight, bias, meet, g } = setUp(sample);
    for (const biased of [false, true]) {
      const [, filters, oh, ow] = outShape;
      const expected = g.map((_, i) => biased ? bias[Math.floor(i / (oh * ow)) % filters]! : 0);
      meet((i, j, k) => expected[k]! += x[i]! * weight[j]!);
      const inputs = [viewOf(x, shape), viewOf(weight, weightShape)];
      if (biased) inputs.push(viewOf(bias, [filters]));
      const output = emptyView(outShape);
      launch(conv2d, { kernel: "conv2d", window, groups }, inputs, [output]);
      assertEquals(valuesOf(output), expected);
    }
  });

  Deno.test(`conv2dInputGrad() is the adjoint: ${title(sample)}`, () => {
    const { window, groups, shape, outShape, weightShape, x, weight, meet, g } = setUp(sample);
    const expected = x.map(() => 0);
    meet((i, j, k) => expected[i]! += g[k]! * weight[j]!);
    const inputs = [viewOf(g, outShape), viewOf(weight, weightShape)];
    const output = emptyView(shape);
    launch(conv2dInputGrad, { kernel: "conv2dInputGrad", window, groups }, inputs, [output]);
    assertEquals(valuesOf(output), expected);
  });

  Deno.test(`conv2dWeightGrad() is the adjoint: ${title(sample)}`, () => {
    const { window, groups, shape, outShape, weightShape, x, weight, bias, meet, g } = setUp(sample);
    const expected = weight.map(() => 0), [, filters, oh, ow] = outShape;
    meet((i, j, k) => expected[j]! += g[k]! * x[i]!);
    const expectedBias = bias.map(() => 0);
    g.forEach((value, i) => expectedBias[Math.floor(i / (oh * ow)) % filters]! += value);
    const inputs = [viewOf(g, outShape), viewOf(x, shape)];
    const outputs = [emptyView(weightShape), emptyView([filters])];
    launch(conv2dWeightGrad, { kernel: "conv2dWeightGrad", window, groups }, inputs, outputs);
    assertEquals(valuesOf(outputs[0]!), expected);
    assertEquals(valuesOf(outputs[1]!), expectedBias);
  });
}
