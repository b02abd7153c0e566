import { assertEquals } from "@std/assert";
import type { Window2d } from "@troodon/core";
import { rowMajor, sizeOf } from "@troodon/core/kernel";
import type { CpuView } from "../../view.ts";
import { avgPool2d } from "./avg_pool2d.ts";
import { avgPool2dGrad } from "./avg_pool2d_grad.ts";
import { maxPool2d } from "./max_pool2d.ts";
import { maxPool2dGrad } from "./max_pool2d_grad.ts";
import { Chance, cpuView, launch, valuesOf } from "../support_test.ts";

interface Case {
  readonly x: readonly [number, number, number, number];
  readonly size: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly padding?: readonly [number, number, number, number];
  readonly dilation?: readonly [number, number];
}

const CASES: readonly Case[] = [
  { x: [2, 3, 8, 8], size: [2, 2] },
  { x: [1, 2, 7, 13], size: [2, 2] },
  { x: [2, 1, 4, 24], size: [2, 2] },
  { x: [1, 2, 5, 5], size: [2, 2] },
  { x: [1, 1, 10, 9], size: [2, 2], padding: [0, 0, 0, 1] },
  { x: [2, 2, 9, 9], size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] },
  { x: [1, 3, 7, 8], size: [3, 2], stride: [1, 3], padding: [1, 2, 0, 1] },
  { x: [1, 1, 9, 9], size: [2, 3], stride: [2, 1], dilation: [3, 2] },
  { x: [1, 2, 12, 27], size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] },
  { x: [2, 1, 9, 20], size: [3, 4], stride: [1, 1], padding: [2, 0, 2, 1] },
  { x: [1, 2, 7, 33], size: [2, 3], stride: [1, 3], padding: [1, 0, 0, 2], dilation: [2, 2] },
  { x: [1, 2, 9, 11], size: [3, 3], stride: [2, 2] },
  { x: [1, 2, 9, 15], size: [3, 3], stride: [2, 2] },
  { x: [1, 1, 20, 14], size: [14, 2], stride: [1, 1], padding: [7, 7, 0, 0] },
  { x: [1, 2, 4, 140], size: [3, 3], stride: [1, 2], padding: [1, 1, 1, 1] },
  { x: [1, 2, 3, 70], size: [2, 3], stride: [1, 1] },
  { x: [2, 3, 5, 7], size: [5, 7] },
  { x: [1, 1, 2, 9], size: [2, 2], stride: [1, 1], padding: [1, 0, 0, 0], dilation: [3, 2] },
  { x: [0, 2, 4, 8], size: [2, 2] },
];

function setUp({ x: shape, size, stride = size, padding = [0, 0, 0, 0], dilation = [1, 1] }: Case) {
  const [n, c, h, w] = shape, [top, bottom, left, right] = padding;
  const oh = Math.floor((h + top + bottom - (size[0] - 1) * dilation[0] - 1) / stride[0]) + 1;
  const ow = Math.floor((w + left + right - (size[1] - 1) * dilation[1] - 1) / stride[1]) + 1;
  const window: Window2d = { size, stride, padding, dilation };
  /** The positions in x of each window, and in the plane. */
  const windows: { at: number; position: number }[][] = [];
  for (let plane = 0; plane < n * c; plane++) {
    for (let y = 0; y < oh; y++) {
      for (let z = 0; z < ow; z++) {
        const elements = [];
        for (let ky = 0; ky < size[0]; ky++) {
          for (let kx = 0; kx < size[1]; kx++) {
            const iy = y * stride[0] + ky * dilation[0] - top, ix = z * stride[1] + kx * dilation[1] - left;
            if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
            elements.push({ at: (plane * h + iy) * w + ix, position: iy * w + ix });
          }
        }
        windows.push(elements);
      }
    }
  }
  const chance = new Chance(sizeOf(shape));
  const values = (length: number, special: boolean): number[] =>
    Array.from({ length }, () => chance.value("float32", special));
  return { window, shape, outShape: [n, c, oh, ow], windows, values };
}

const viewOf = (
  data: readonly number[],
  shape: readonly number[],
  dtype: "float32" | "int32" = "float32",
): CpuView => cpuView({ dtype, data, shape, strides: rowMajor(shape), offset: 0 });

const emptyView = (shape: readonly number[], dtype: "float32" | "int32" = "float32"): CpuView =>
  viewOf(Array.from({ length: sizeOf(shape) }, () => 77), shape, dtype);

const title = (c: Case): string => Object.entries(c).map(([k, v]) => `${k} ${v}`).join(" ");

for (const sample of CASES) {
  Deno.test(`maxPool2d() finds the first largest element or NaN: ${title(sample)}`, () => {
    const { window, shape, outShape, windows, values } = setUp(sample);
    const some = values(sizeOf(shape), true);
    for (const x of [some, some.map((v, i) => i % 7 === 0 ? v : -Infinity)]) {
      const best = windows.map((elements) =>
        elements.reduce((a, b) => Number.isNaN(x[a.at]!) || x[a.at]! >= x[b.at]! ? a : b)
      );
      const outputs = [emptyView(outShape), emptyView(outShape, "int32")];
      launch(maxPool2d, { kernel: "maxPool2d", window }, [viewOf(x, shape)], outputs);
      assertEquals(valuesOf(outputs[0]!), best.map(({ at }) => x[at]!));
      assertEquals(valuesOf(outputs[1]!), best.map(({ position }) => position));
      const alone = emptyView(outShape);
      launch(maxPool2d, { kernel: "maxPool2d", window }, [viewOf(x, shape)], [alone]);
      assertEquals(valuesOf(alone), best.map(({ at }) => x[at]!));
    }
  });

  Deno.test(`maxPool2d() finds the first largest element above 0 or NaN: ${title(sample)}`, () => {
    const { window, shape, outShape, windows, values } = setUp(sample);
    const some = values(sizeOf(shape), true);
    for (const x of [some, some.map((v, i) => i % 5 === 0 ? v : i % 2 === 0 ? -0 : -1)]) {
      const best = windows.map((elements) =>
        elements.reduce<{ value: number; position: number }>(
          (a, { at, position }) =>
            Number.isNaN(a.value) || a.value >= x[at]! ? a : { value: x[at]!, position },
          { value: 0, position: -1 },
        )
      );
      const outputs = [emptyView(outShape), emptyView(outShape, "int32")];
      launch(maxPool2d, { kernel: "maxPool2d", window, relu: true }, [viewOf(x, shape)], outputs);
      assertEquals(valuesOf(outputs[0]!), best.map(({ value }) => value));
      assertEquals(valuesOf(outputs[1]!), best.map(({ position }) => position));
      const alone = emptyView(outShape);
      launch(maxPool2d, { kernel: "maxPool2d", window, relu: true }, [viewOf(x, shape)], [alone]);
      assertEquals(valuesOf(alone), best.map(({ value }) => value));
    }
  });

  Deno.test(`maxPool2dGrad() adds up at positions: ${title(sample)}`, () => {
    const { window, shape, outShape, windows, values } = setUp(sample);
    const g = values(sizeOf(outShape), false), expected = new Array<number>(sizeOf(shape)).fill(0);
    if (g.length > 2) g[1] = -0;
    const chosen = windows.map((elements, i) => i % 5 === 3 ? null : elements[i % elements.length]!);
    chosen.forEach((one, i) => one && (expected[one.at] = expected[one.at]! + g[i]!));
    const positions = viewOf(chosen.map((one) => one?.position ?? -1), outShape, "int32");
    const output = emptyView(shape);
    launch(maxPool2dGrad, { kernel: "maxPool2dGrad", window }, [viewOf(g, outShape), positions], [output]);
    assertEquals(valuesOf(output), expected);
  });

  for (const countIncludePad of [true, false]) {
    const called = `${title(sample)} ${countIncludePad ? "with" : "without"} padding`;
    const shareOf = (window: Window2d, elements: readonly unknown[]): number =>
      countIncludePad ? window.size[0] * window.size[1] : elements.length;

    Deno.test(`avgPool2d() takes means: ${called}`, () => {
      const { window, shape, outShape, windows, values } = setUp(sample);
      const x = values(sizeOf(shape), false), means = emptyView(outShape);
      const expected = windows.map((elements) =>
        Math.fround(elements.reduce((sum, { at }) => sum + x[at]!, 0) / shareOf(window, elements))
      );
      launch(avgPool2d, { kernel: "avgPool2d", window, countIncludePad }, [viewOf(x, shape)], [means]);
      assertEquals(valuesOf(means), expected);
    });

    Deno.test(`avgPool2dGrad() is the adjoint: ${called}`, () => {
      const { window, shape, outShape, windows, values } = setUp(sample);
      const g = values(sizeOf(outShape), false), output = emptyView(shape);
      const expected = new Array<number>(sizeOf(shape)).fill(0);
      windows.forEach((elements, i) => {
        const share = Math.fround(g[i]! / shareOf(window, elements));
        for (const { at } of elements) expected[at] = Math.fround(expected[at]! + share);
      });
      launch(avgPool2dGrad, { kernel: "avgPool2dGrad", window, countIncludePad }, [viewOf(g, outShape)], [
        output,
      ]);
      assertEquals(valuesOf(output), expected);
    });
  }
}
