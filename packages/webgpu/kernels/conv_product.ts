/** What convolutions are made of: products of matrices, one of which is patches of images. */
import type { Window2d } from "@troodon/core";
import type { Draft, Planner, PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import type { ShaderText } from "../wgsl/shader.ts";
import { isShared, type Product, type Tile } from "./matmul_tile.ts";
import { roundsFor } from "./product_rounds.ts";

/** The extents of a convolution. */
export interface Sizes {
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

/** The extents of a convolution by the shapes of its image and its output. */
export function sizesOf(
  image: readonly number[],
  output: readonly number[],
  { size }: Window2d,
  groups: number,
): Sizes {
  const [n, c, h, w] = image as [number, number, number, number];
  const [, o, oh, ow] = output as [number, number, number, number];
  return { n, groups, c: c / groups, o: o / groups, h, w, oh, ow, kh: size[0], kw: size[1] };
}

/** A shader in the making: what it has to load. */
export interface Loads {
  readonly text: ShaderText;
  /** The function that loads an element of operand `t`. */
  one(t: number): string;
  /** The one that loads four, where they begin at multiples of 4 and `wanted` holds; operand `t` has no others then. */
  four(t: number, wanted: boolean): string | undefined;
}

/** A product of which there is one for each group. */
export function groupedProduct(
  planner: Planner,
  name: string,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
  groups: number,
  [m, n, k]: readonly [number, number, number],
  tile: Tile,
  matrices: (loads: Loads) => Omit<Product, "kind" | "size" | "batches" | "m" | "n" | "k" | "setup">,
): Draft[] {
  const extents = { batches: groups, m, n, k }, operands = new Operands(inputs, outputs);
  const { text, round, finish } = roundsFor(planner, operands, tile, extents, "f");
  const loads: Loads = {
    text,
    one: (t) => text.load(t, "f"),
    four: (t, wanted) => wanted && isShared(tile) ? text.loadQuad(t) : undefined,
  };
  return finish(name, {
    kind: "f",
    size: (n) => text.size(n),
    ...extents,
    setup: [],
    ...(round && { round }),
    ...matrices(loads),
  });
}

/** Where an element of a patch lies: statements that give `y` and `start`, the index of its row, `x` of pixel 0. */
function place({ groups, c, h, w, oh, ow, kh, kw }: Sizes, { stride, padding, dilation }: Window2d): string {
  return `
  let kx = element % ${kw}u;
  let ky = (element / ${kw}u) % ${kh}u;
  let channel = element / ${kh * kw}u;
  let ox = pixel % ${ow}u;
  let oy = (pixel / ${ow}u) % ${oh}u;
  let image = pixel / ${oh * ow}u;
  let x = ox * ${stride[1]}u + kx * ${dilation[1]}u - ${padding[2]}u;
  let y = oy * ${stride[0]}u + ky * ${dilation[0]}u - ${padding[0]}u;
  let start = ((image * ${groups * c}u + group * ${c}u + channel) * ${h}u + y) * ${w}u;`;
}

/** A function that gives an element of the patches of an image: 0 where they reach beyond it. */
export function definePatch(text: ShaderText, load: string, s: Sizes, window: Window2d): string {
  text.define(
    "patch_at",
    `
fn patch_at(group: u32, element: u32, pixel: u32) -> f32 {${place(s, window)}
  // Above and to the left of the image positions wrap around, and are too large as well.
  if (x >= ${s.w}u || y >= ${s.h}u) { return 0f; }
  return ${load}(start + x);
}`,
  );
  return "patch_at";
}

/** The same for four pixels side by side, which have to lie in one row: see {@linkcode inRows}. */
export function definePatches(text: ShaderText, load: string, s: Sizes, window: Window2d): string {
  text.define(
    "patches_at",
    `
fn patches_at(group: u32, element: u32, pixel: u32) -> vec4f {${place(s, window)}
  var found = vec4f(0f);
  if (y >= ${s.h}u) { return found; }
${
      ["x", "y", "z", "w"].map((lane, i) =>
        `  if (x + ${i}u < ${s.w}u) { found.${lane} = ${load}(start + x + ${i}u); }`
      ).join("\n")
    }
  return found;
}`,
  );
  return "patches_at";
}

/** Whether four pixels of the output that begin at a multiple of 4 see pixels of the image that are neighbors. */
export function inRows({ ow }: Sizes, { stride }: Window2d): boolean {
  return stride[1] === 1 && ow % 4 === 0;
}

/** Whether the patches are the image as it stands. */
export function isPointwise({ kh, kw }: Sizes, { stride, padding }: Window2d): boolean {
  return kh === 1 && kw === 1 && [...stride].every((s) => s === 1) && padding.every((p) => p === 0);
}
