import {
  body,
  type Conv2dCall,
  type Conv2dInputGradCall,
  type Conv2dWeightGradCall,
  expr,
  rowMajor,
  sizeOf,
  type Window2d,
} from "@troodon/core";
import type { GpuView, KernelContext } from "../kernel.ts";
import { Operands, relaid } from "../operands.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { wordsOf } from "../wgsl/words.ts";
import { type Product, productMain, tileFor } from "./matmul_tile.ts";
import { windowKey } from "./pool2d.ts";
import { reduce } from "./reduce.ts";

/** The extents of a convolution. */
interface Sizes {
  readonly n: number;
  readonly groups: number;
  /** Channels of one group, of the image and of the output. */
  readonly c: number;
  readonly o: number;
  readonly h: number;
  readonly w: number;
  readonly oh: number;
  readonly ow: number;
  readonly kh: number;
  readonly kw: number;
}

function sizesOf(
  image: readonly number[],
  output: readonly number[],
  { size }: Window2d,
  groups: number,
): Sizes {
  const [n, c, h, w] = image as [number, number, number, number];
  const [, o, oh, ow] = output as [number, number, number, number];
  return { n, groups, c: c / groups, o: o / groups, h, w, oh, ow, kh: size[0], kw: size[1] };
}

/**
 * Launches a product of which there is one for each group. Where workgroups
 * share sums, their parts are added up by a reduction.
 */
function multiply(
  context: KernelContext,
  name: string,
  inputs: readonly GpuView[],
  output: GpuView,
  groups: number,
  extents: readonly [number, number, number],
  matrices: (text: ShaderText, split: string) => Pick<Product, "left" | "right" | "store">,
  along: readonly [boolean, boolean],
): void {
  const [m, n, k] = extents, size = sizeOf(output.shape);
  const tile = tileFor(groups, m, n, k);
  let target = output;
  if (tile.splits > 1) {
    const shape = [tile.splits, size];
    const buffer = context.scratch(4 * tile.splits * size);
    target = { buffer, dtype: "float32", shape, strides: rowMajor(shape), offset: 0 };
  }
  const operands = new Operands(inputs, [target]);
  const plan = context.plan(`${name},${tile.splits}${operands.key}`, () => {
    const text = new ShaderText(context.traits, operands);
    const main = productMain(tile, {
      kind: "f",
      batches: groups,
      m,
      n,
      k,
      setup: [],
      ...matrices(text, tile.splits > 1 ? `split * ${size}u + ` : ""),
      leftAlong: along[0],
      rightAlong: along[1],
    });
    return { shader: context.compile(text.finish(name.split("|")[0]!, main.code)), groups: main.groups };
  });
  context.dispatch(plan.shader, operands, wordsOf(operands), plan.groups);
  if (target !== output) {
    reduce(
      context,
      {
        kernel: "reduce",
        op: "sum",
        body: ITSELF,
        compute: "float32",
        scalars: [],
        shape: target.shape,
        axes: [0],
      },
      [target],
      [relaid(output, [1, size], [0, 1])],
    );
  }
}

const ITSELF = body(expr.input(0));

/** A function that gives an element of the patches of an image: 0 where they reach beyond it. */
function definePatch(
  text: ShaderText,
  load: string,
  { groups, c, h, w, oh, ow, kh, kw }: Sizes,
  { stride, padding, dilation }: Window2d,
): string {
  text.define(
    "patch_at",
    `
fn patch_at(group: u32, element: u32, pixel: u32) -> f32 {
  let kx = element % ${kw}u;
  let ky = (element / ${kw}u) % ${kh}u;
  let channel = element / ${kh * kw}u;
  let ox = pixel % ${ow}u;
  let oy = (pixel / ${ow}u) % ${oh}u;
  let image = pixel / ${oh * ow}u;
  let x = ox * ${stride[1]}u + kx * ${dilation[1]}u - ${padding[2]}u;
  let y = oy * ${stride[0]}u + ky * ${dilation[0]}u - ${padding[0]}u;
  // Above and to the left of the image positions wrap around, and are too large as well.
  if (x >= ${w}u || y >= ${h}u) { return 0f; }
  return ${load}(((image * ${groups * c}u + group * ${c}u + channel) * ${h}u + y) * ${w}u + x);
}`,
  );
  return "patch_at";
}

/** Weights by patches; see {@linkcode Conv2dCall}. */
export function conv2d(
  context: KernelContext,
  { window, groups }: Conv2dCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const output = outputs[0]!;
  if (sizeOf(output.shape) === 0) return;
  const s = sizesOf(inputs[0]!.shape, output.shape, window, groups), pixels = s.oh * s.ow;
  const depth = s.c * s.kh * s.kw, biased = inputs.length === 3;
  // Parts of a sum cannot each add the bias.
  const whole = tileFor(groups, s.o, s.n * pixels, depth).splits === 1;
  multiply(
    context,
    `conv2d|${windowKey(window)},${groups}`,
    inputs,
    output,
    groups,
    [s.o, s.n * pixels, depth],
    (text, split) => {
      const patch = definePatch(text, text.load(0, "f"), s, window), weight = text.load(1, "f");
      const bias = biased ? text.load(2, "f") : "";
      const added = !biased
        ? "value"
        : whole
        ? `value + ${bias}(channel)`
        : `value + select(0f, ${bias}(channel), split == 0u)`;
      return {
        left: (row, k) => `${weight}((batch * ${s.o}u + ${row}) * ${depth}u + ${k})`,
        right: (k, column) => `${patch}(batch, ${k}, ${column})`,
        store: `let channel = batch * ${s.o}u + row; ` +
          `let image = column / ${pixels}u; ` +
          `${text.store(inputs.length, "f")}(${split}(image * ${s.o * groups}u + channel) * ${pixels}u + ` +
          `column % ${pixels}u, ${added});`,
      };
    },
    [true, false],
  );
}

/** Weights, turned over, by gradients spread over the image; see {@linkcode Conv2dInputGradCall}. */
export function conv2dInputGrad(
  context: KernelContext,
  { window, groups }: Conv2dInputGradCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const output = outputs[0]!;
  if (sizeOf(output.shape) === 0) return;
  const s = sizesOf(output.shape, inputs[0]!.shape, window, groups), pixels = s.h * s.w;
  const { stride, padding, dilation } = window, taps = s.kh * s.kw;
  multiply(
    context,
    `conv2dInputGrad|${windowKey(window)},${groups}`,
    inputs,
    output,
    groups,
    [s.c, s.n * pixels, s.o * taps],
    (text, split) => {
      const weight = text.load(1, "f");
      text.define(
        "spread",
        `
fn spread(group: u32, element: u32, pixel: u32) -> f32 {
  let kx = element % ${s.kw}u;
  let ky = (element / ${s.kw}u) % ${s.kh}u;
  let channel = element / ${taps}u;
  let x = i32(pixel % ${s.w}u + ${padding[2]}u) - i32(kx * ${dilation[1]}u);
  let y = i32((pixel / ${s.w}u) % ${s.h}u + ${padding[0]}u) - i32(ky * ${dilation[0]}u);
  let image = pixel / ${pixels}u;
  if (x < 0 || y < 0 || x % ${stride[1]} != 0 || y % ${stride[0]} != 0) { return 0f; }
  let ox = u32(x / ${stride[1]});
  let oy = u32(y / ${stride[0]});
  if (ox >= ${s.ow}u || oy >= ${s.oh}u) { return 0f; }
  return ${text.load(0, "f")}(((image * ${
          groups * s.o
        }u + group * ${s.o}u + channel) * ${s.oh}u + oy) * ${s.ow}u + ox);
}`,
      );
      return {
        // Element k is tap t of output channel o: the weight [o, row, t].
        left: (row, k) =>
          `${weight}(((batch * ${s.o}u + ${k} / ${taps}u) * ${s.c}u + ${row}) * ${taps}u + ${k} % ${taps}u)`,
        right: (k, column) => `spread(batch, ${k}, ${column})`,
        store:
          `${text.store(2, "f")}(${split}((column / ${pixels}u) * ${
            s.c * groups
          }u + batch * ${s.c}u + row) * ` +
          `${pixels}u + column % ${pixels}u, value);`,
      };
    },
    [true, false],
  );
}

/** Gradients by patches, over all images; see {@linkcode Conv2dWeightGradCall}. */
export function conv2dWeightGrad(
  context: KernelContext,
  { window, groups }: Conv2dWeightGradCall,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const [g, x] = inputs as [GpuView, GpuView], [weight, bias] = outputs as [GpuView, GpuView | undefined];
  const s = sizesOf(x.shape, g.shape, window, groups), pixels = s.oh * s.ow, taps = s.c * s.kh * s.kw;
  if (sizeOf(weight.shape) > 0) {
    multiply(
      context,
      `conv2dWeightGrad|${windowKey(window)},${groups}`,
      inputs,
      weight,
      groups,
      [s.o, taps, s.n * pixels],
      (text, split) => {
        const patch = definePatch(text, text.load(1, "f"), s, window), load = text.load(0, "f");
        return {
          left: (row, k) =>
            `${load}(((${k} / ${pixels}u) * ${s.o * groups}u + batch * ${s.o}u + ${row}) * ${pixels}u + ` +
            `${k} % ${pixels}u)`,
          right: (k, column) => `${patch}(batch, ${column}, ${k})`,
          store: `${text.store(2, "f")}(${split}(batch * ${s.o}u + row) * ${taps}u + column, value);`,
        };
      },
      [true, true],
    );
  }
  if (!bias || sizeOf(bias.shape) === 0) return;
  const channels = s.o * groups;
  reduce(
    context,
    {
      kernel: "reduce",
      op: "sum",
      body: ITSELF,
      compute: "float32",
      scalars: [],
      shape: [s.n, channels, pixels],
      axes: [0, 2],
    },
    [relaid(g, [s.n, channels, pixels], [channels * pixels, pixels, 1])],
    [relaid(bias, [1, channels, 1], [0, 1, 0])],
  );
}
