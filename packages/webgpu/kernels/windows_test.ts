import type { Window2d } from "@troodon/core";
import { assertNear, f32, kernelTests, noise, type Plan, run } from "../test_support.ts";

const test = await kernelTests();

type Four = readonly [number, number, number, number];
const size = (shape: readonly number[]): number => shape.reduce((n, x) => n * x, 1);
const windowOf = (of: Partial<Window2d>): Window2d => ({
  ...{ size: [2, 2], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] },
  ...of,
});

/** Extents of what windows on planes of `h` by `w` give. */
function extents(h: number, w: number, { size, stride, padding, dilation }: Window2d): [number, number] {
  const [top, bottom, left, right] = padding;
  return [
    Math.floor((h + top + bottom - (size[0] - 1) * dilation[0] - 1) / stride[0]) + 1,
    Math.floor((w + left + right - (size[1] - 1) * dilation[1] - 1) / stride[1]) + 1,
  ];
}

/** Visits the places of a plane that each window sees: the window, the tap, and the place, or -1 for padding. */
function walk(
  [h, w]: readonly [number, number],
  window: Window2d,
  visit: (at: number, tap: number, place: number) => void,
): void {
  const { size: [kh, kw], stride, padding, dilation } = window, [oh, ow] = extents(h, w, window);
  for (let at = 0; at < oh * ow; at++) {
    for (let tap = 0; tap < kh * kw; tap++) {
      const y = Math.floor(at / ow) * stride[0] + Math.floor(tap / kw) * dilation[0] - padding[0];
      const x = (at % ow) * stride[1] + (tap % kw) * dilation[1] - padding[2];
      visit(at, tap, y < 0 || y >= h || x < 0 || x >= w ? -1 : y * w + x);
    }
  }
}

const CONVOLUTIONS: readonly { x: Four; filters: number; groups?: number; window: Window2d }[] = [
  { x: [2, 3, 6, 7], filters: 4, window: windowOf({ size: [3, 2] }) },
  { x: [2, 4, 7, 8], filters: 6, groups: 2, window: windowOf({ size: [3, 3], padding: [1, 1, 2, 0] }) },
  {
    x: [1, 2, 9, 9],
    filters: 3,
    window: windowOf({ stride: [2, 3], dilation: [3, 2], padding: [1, 0, 0, 1] }),
  },
  // By tiles, in fours, and in parts of sums.
  { x: [3, 16, 16, 16], filters: 32, window: windowOf({ size: [3, 3], padding: [1, 1, 1, 1] }) },
  { x: [2, 32, 8, 8], filters: 40, window: windowOf({ size: [1, 1] }) },
];

test("conv2d() and its gradients multiply what windows see", async (b) => {
  for (const { x: shape, filters, groups = 1, window } of CONVOLUTIONS) {
    const [n, c, h, w] = shape,
      [oh, ow] = extents(h, w, window),
      taps = size(window.size),
      depth = c / groups;
    const weights = [filters, depth, ...window.size], out = [n, filters, oh, ow];
    const x = noise(size(shape)), weight = noise(size(weights), 3), bias = noise(filters, 5);
    const g = noise(size(out), 7);
    const y = g.map((_, i) => bias[Math.floor(i / (oh * ow)) % filters]!);
    const [dx, dWeight, dBias] = [x.map(() => 0), weight.map(() => 0), bias.map(() => 0)];
    for (let s = 0; s < n * filters; s++) {
      const o = s % filters, image = Math.floor(s / filters), group = Math.floor(o / (filters / groups));
      for (let at = 0; at < oh * ow; at++) dBias[o]! += g[s * oh * ow + at]!;
      for (let d = 0; d < depth; d++) {
        const plane = (image * c + group * depth + d) * h * w;
        walk([h, w], window, (at, tap, place) => {
          if (place < 0) return;
          const [i, j, k] = [plane + place, (o * depth + d) * taps + tap, s * oh * ow + at];
          y[k]! += x[i]! * weight[j]!;
          dx[i]! += g[k]! * weight[j]!;
          dWeight[j]! += g[k]! * x[i]!;
        });
      }
    }
    const label = `of ${shape} with ${JSON.stringify(window)}`;
    const [planX, planW, planG] = [f32(shape, x), f32(weights, weight), f32(out, g)];
    const forward = { kernel: "conv2d", window, groups } as const;
    const plain = y.map((v, i) => v - bias[Math.floor(i / (oh * ow)) % filters]!);
    assertNear((await run(b, forward, [planX, planW], [f32(out)]))[0]!, plain, `conv2d ${label}`);
    const biased = await run(b, forward, [planX, planW, f32([filters], bias)], [f32(out)]);
    assertNear(biased[0]!, y, `conv2d with a bias ${label}`);
    const inputGrad = { kernel: "conv2dInputGrad", window, groups } as const;
    assertNear((await run(b, inputGrad, [planG, planW], [f32(shape)]))[0]!, dx, `gradient ${label}`);
    const weightGrad = { kernel: "conv2dWeightGrad", window, groups } as const;
    const found = await run(b, weightGrad, [planG, planX], [f32(weights), f32([filters])]);
    assertNear(found[0]!, dWeight, `gradient of the weight ${label}`, 1e-4);
    assertNear(found[1]!, dBias, `gradient of the bias ${label}`, 1e-4);
    const [alone] = await run(b, weightGrad, [planG, planX], [f32(weights)]);
    assertNear(alone!, dWeight, `gradient of the weight alone ${label}`, 1e-4);
  }
});

const POOLS: readonly { x: Four; window: Window2d }[] = [
  { x: [2, 3, 6, 8], window: windowOf({ stride: [2, 2] }) },
  { x: [1, 2, 7, 9], window: windowOf({ size: [3, 2], padding: [1, 1, 0, 1] }) },
  {
    x: [2, 1, 9, 8],
    window: windowOf({ size: [2, 3], stride: [2, 1], dilation: [3, 2], padding: [0, 1, 1, 1] }),
  },
];

test("maxPool2d() finds the first largest number, above 0 with relu, and adds gradients there", async (b) => {
  for (const { x: shape, window } of POOLS) {
    const [n, c, h, w] = shape, [oh, ow] = extents(h, w, window), out = [n, c, oh, ow], planes = n * c;
    // With equals, all below 0 at the beginning, and NaN.
    const x = noise(size(shape)).map((v, i) =>
      i === size(shape) - 3 ? NaN : i < w * 4 ? -1 : Math.round(v * 4) / 4
    );
    for (const relu of [undefined, false, true]) {
      const values: number[] = [], places: number[] = [], dx = x.map(() => 0), g = noise(size(out), 3);
      for (let plane = 0; plane < planes; plane++) {
        const best = Array.from({ length: oh * ow }, () => relu ? 0 : -Infinity);
        const where = best.map(() => -1);
        walk([h, w], window, (at, _, place) => {
          const value = x[plane * h * w + place]!;
          if (place < 0 || Number.isNaN(best[at]!) || !(value > best[at]! || Number.isNaN(value))) return;
          [best[at], where[at]] = [value, place];
        });
        values.push(...best);
        places.push(...where);
        where.forEach((place, at) => place >= 0 && (dx[plane * h * w + place]! += g[plane * oh * ow + at]!));
      }
      const label = `of ${shape} with ${JSON.stringify(window)}, relu ${relu}`;
      const call = { kernel: "maxPool2d", window, ...(relu !== undefined && { relu }) } as const;
      const positions: Plan = { dtype: "int32", shape: out };
      const found = await run(b, call, [f32(shape, x)], [f32(out), positions]);
      assertNear(found[0]!, values, `maxPool2d ${label}`);
      assertNear(found[1]!, places, `positions ${label}`);
      const [alone] = await run(b, call, [f32(shape, x)], [f32(out)]);
      assertNear(alone!, values, `maxPool2d alone ${label}`);
      const inputs = [f32(out, g), { ...positions, data: places }];
      const [gradient] = await run(b, { kernel: "maxPool2dGrad", window }, inputs, [f32(shape)]);
      assertNear(gradient!, dx, `gradient ${label}`);
    }
  }
});

test("avgPool2d() takes means with padding or without, and shares gradients out", async (b) => {
  for (const { x: shape, window } of POOLS) {
    const [n, c, h, w] = shape, [oh, ow] = extents(h, w, window), out = [n, c, oh, ow];
    const x = noise(size(shape)), g = noise(size(out), 3);
    for (const countIncludePad of [false, true]) {
      const counts = new Array<number>(oh * ow).fill(0), y = g.map(() => 0), dx = x.map(() => 0);
      walk([h, w], window, (at, _, place) => counts[at]! += Number(countIncludePad || place >= 0));
      for (let plane = 0; plane < n * c; plane++) {
        walk([h, w], window, (at, _, place) => {
          if (place < 0) return;
          const [i, k] = [plane * h * w + place, plane * oh * ow + at];
          y[k]! += x[i]! / counts[at]!;
          dx[i]! += g[k]! / counts[at]!;
        });
      }
      const label = `of ${shape} with ${JSON.stringify(window)}, padding ${countIncludePad}`;
      const call = { kernel: "avgPool2d", window, countIncludePad } as const;
      assertNear((await run(b, call, [f32(shape, x)], [f32(out)]))[0]!, y, `avgPool2d ${label}`);
      const gradient = { kernel: "avgPool2dGrad", window, countIncludePad } as const;
      assertNear((await run(b, gradient, [f32(out, g)], [f32(shape)]))[0]!, dx, `gradient ${label}`);
    }
  }
});
