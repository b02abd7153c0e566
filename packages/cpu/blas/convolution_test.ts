import { assertEquals } from "@std/assert";
import { Generator, type Window2d } from "@troodon/core";
import { rowMajor, sizeOf } from "@troodon/core/kernel";
import { CpuContext } from "../context.ts";
import type { Kernel } from "../kernel.ts";
import type { CpuView } from "../view.ts";
import { conv2d } from "../kernels/window/conv2d.ts";
import { conv2dInputGrad } from "../kernels/window/conv2d_input_grad.ts";
import { conv2dWeightGrad } from "../kernels/window/conv2d_weight_grad.ts";
import { CpuMemory } from "../memory.ts";
import { Blas } from "./blas.ts";
import { preferBlas, preferBlasInputGrad, preferBlasWeightGrad } from "./convolution.ts";
import { findBlas } from "./find.ts";

const { library } = findBlas("auto");
const ignore = library === null;
const chance = new Generator(5);
const memory = new CpuMemory(), context = new CpuContext(memory);
const crew = new CpuContext(memory, { threads: 3, grain: 0 });
if (library) context.blas = crew.blas = new Blas(library, memory);

/** A view of small whole numbers, whose sums of products are exact in any order. */
function view(shape: readonly number[]): CpuView {
  const data = Float32Array.from({ length: sizeOf(shape) }, () => chance.integer(9) - 4);
  const buffer = memory.allocate(data.byteLength);
  memory.f32.set(data, buffer.pointer / 4);
  return { buffer, dtype: "float32", shape, strides: rowMajor(shape), offset: 0 };
}

/** What a kernel writes to outputs of the given shapes. */
function outputsOf<C>(
  kernel: Kernel<C>,
  call: C,
  inputs: readonly CpuView[],
  shapes: readonly (readonly number[])[],
  own = context,
): number[][] {
  const outputs = shapes.map(view);
  kernel(own, call, inputs, outputs);
  own.clear();
  return outputs.map(({ buffer: { pointer, bytes } }) => [
    ...memory.f32.subarray(pointer / 4, (pointer + bytes) / 4),
  ]);
}

const plain: Window2d = { size: [3, 3], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] };
const cases: readonly (readonly [x: readonly number[], filters: number, groups: number, window: Window2d])[] =
  [
    [[2, 3, 9, 13], 4, 1, plain],
    [[1, 1, 3, 3], 2, 1, plain],
    [[3, 2, 8, 7], 5, 1, { ...plain, padding: [1, 1, 1, 1] }],
    [[2, 4, 11, 10], 6, 2, { ...plain, size: [2, 5], padding: [0, 1, 2, 3] }],
    [[2, 3, 12, 15], 4, 1, { ...plain, stride: [2, 3], padding: [1, 0, 2, 0] }],
    [[2, 2, 12, 15], 3, 1, { ...plain, stride: [3, 2], dilation: [2, 2], padding: [2, 2, 2, 2] }],
    [[2, 6, 7, 7], 6, 6, { ...plain, size: [1, 1], stride: [2, 2] }],
    // Enough channels for strips of columns of the window.
    [[2, 8, 9, 12], 5, 1, { ...plain, padding: [1, 1, 1, 1] }],
    [[3, 7, 12, 15], 4, 1, { ...plain, stride: [2, 3], padding: [1, 0, 2, 0] }],
    [[2, 14, 12, 15], 6, 2, { ...plain, stride: [3, 2], dilation: [2, 2], padding: [2, 2, 2, 2] }],
    [[1, 17, 6, 9], 3, 1, { ...plain, size: [1, 1] }],
    // Rows of more than 32, and several blocks of rows and of pixels.
    [[1, 6, 7, 45], 3, 1, { ...plain, padding: [3, 0, 0, 1] }],
    [[2, 64, 26, 66], 70, 1, { ...plain, padding: [1, 1, 0, 0] }],
  ];

for (const [x, filters, groups, window] of cases) {
  const words = `${x.join("x")}, ${filters} filters, ${groups} groups, ${JSON.stringify(window)}`;
  const name = `preferBlas() convolves as without: ${words}${
    ignore ? " (skipped: no native BLAS is found)" : ""
  }`;
  Deno.test({
    name,
    ignore,
    fn: () => {
      const { size, stride, dilation, padding: [top, bottom, left, right] } = window;
      const extent = (axis: 0 | 1, added: number): number =>
        Math.floor((x[2 + axis]! + added - (size[axis] - 1) * dilation[axis] - 1) / stride[axis]) + 1;
      const y = [x[0]!, filters, extent(0, top + bottom), extent(1, left + right)];
      const weight = [filters, x[1]! / groups, ...size];
      const images = view(x), weights = view(weight), bias = view([filters]), g = view(y);
      const always = () => true;
      const refuse = (): never => {
        throw new TypeError("Cannot use the other kernel here");
      };
      for (const own of [context, crew]) {
        for (const inputs of [[images, weights], [images, weights, bias]]) {
          const call = { kernel: "conv2d", window, groups } as const;
          const found = outputsOf(preferBlas(refuse, always), call, inputs, [y], own);
          assertEquals(found, outputsOf(conv2d, call, inputs, [y]));
        }
        const call = { kernel: "conv2dInputGrad", window, groups } as const;
        const found = outputsOf(preferBlasInputGrad(refuse, always), call, [g, weights], [x], own);
        assertEquals(found, outputsOf(conv2dInputGrad, call, [g, weights], [x]));
        for (const shapes of [[weight], [weight, [filters]]]) {
          const call = { kernel: "conv2dWeightGrad", window, groups } as const;
          const found = outputsOf(preferBlasWeightGrad(refuse, always), call, [g, images], shapes, own);
          assertEquals(found, outputsOf(conv2dWeightGrad, call, [g, images], shapes));
        }
      }
    },
  });
}
