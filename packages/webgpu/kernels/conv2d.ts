import type { Conv2dCall, Conv2dInputGradCall } from "@troodon/core";
import { relaid, rowMajor, sizeOf } from "@troodon/core/kernel";
import type { Draft, Planned, Planner, PlanView } from "../kernel.ts";
import { definePatch, definePatches, groupedProduct, inRows, isPointwise, sizesOf } from "./conv_product.ts";
import { ITSELF, reduce } from "./reduce.ts";
import { type Tile, tileFor } from "./matmul_tile.ts";

/** A product stored to `to`; where workgroups share sums, this is memory for their parts, which are added up. */
function inParts(
  planner: Planner,
  tile: Tile,
  output: PlanView,
  product: (to: PlanView) => Draft[],
): Draft[] {
  if (tile.splits === 1) return product(output);
  const size = sizeOf(output.shape), shape = [tile.splits, size];
  const buffer = planner.scratch(4 * tile.splits * size);
  const parts = { buffer, dtype: "float32" as const, shape, strides: rowMajor(shape), offset: 0 };
  const call = { kernel: "reduce", op: "sum", compute: "float32", shape, axes: [0] } as const;
  return [
    ...product(parts),
    ...reduce(planner, { ...call, body: ITSELF }, [parts], [relaid(output, [1, size], [0, 1])]),
  ];
}

/** Weights by patches; see {@linkcode Conv2dCall}. */
export function conv2d(
  planner: Planner,
  { window, groups }: Planned<Conv2dCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const output = outputs[0]!, size = sizeOf(output.shape);
  if (size === 0) return [];
  const s = sizesOf(inputs[0]!.shape, output.shape, window, groups), pixels = s.oh * s.ow;
  const depth = s.c * s.kh * s.kw, biased = inputs.length === 3;
  const extents = [s.o, s.n * pixels, depth] as const, tile = tileFor(groups, ...extents);
  return inParts(
    planner,
    tile,
    output,
    (to) =>
      groupedProduct(planner, "conv2d", inputs, [to], groups, extents, tile, (loads) => {
        const { text } = loads, fours = tile.columns >= 4;
        const weights = loads.four(1, depth % 4 === 0), weight = weights ?? loads.one(1);
        const wide = loads.four(0, isPointwise(s, window) && pixels % 4 === 0);
        const patch = wide ? "" : definePatch(text, loads.one(0), s, window);
        const patches = !wide && fours && inRows(s, window)
          ? definePatches(text, loads.one(0), s, window)
          : undefined;
        const bias = biased ? `${loads.one(2)}(channel)` : "";
        // Parts of a sum cannot each add the bias.
        const added = !biased
          ? "value"
          : tile.splits === 1
          ? `value + ${bias}`
          : `value + select(0f, ${bias}, split == 0u)`;
        const at = (row: string, k: string) => `(batch * ${s.o}u + ${row}) * ${depth}u + ${k}`;
        const pixel = (k: string, column: string) =>
          `((${column} / ${pixels}u) * ${
            s.c * groups
          }u + batch * ${s.c}u + ${k}) * ${pixels}u + ${column} % ${pixels}u`;
        return {
          left: (row, k) => `${weight}(${at(row, k)})`,
          ...(weights && { leftQuad: (row, k) => `${weights}((${at(row, k)}) / 4u)` }),
          right: (k, column) => `${patch}(batch, ${k}, ${column})`,
          ...(patches && { rightQuad: (k, column) => `${patches}(batch, ${k}, ${column})` }),
          ...(wide && { rightQuad: (k, column) => `${wide}((${pixel(k, column)}) / 4u)` }),
          leftAlong: true,
          rightAlong: false,
          store: `let channel = batch * ${s.o}u + row; ` +
            `let image = column / ${pixels}u; ` +
            `${text.store(inputs.length, "f")}(${tile.splits > 1 ? `split * ${text.size(size)} + ` : ""}` +
            `(image * ${s.o * groups}u + channel) * ${pixels}u + column % ${pixels}u, ${added});`,
        };
      }),
  );
}

/** Weights, turned over, by gradients spread over the image; see {@linkcode Conv2dInputGradCall}. */
export function conv2dInputGrad(
  planner: Planner,
  { window, groups }: Planned<Conv2dInputGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const output = outputs[0]!, size = sizeOf(output.shape);
  if (size === 0) return [];
  const s = sizesOf(output.shape, inputs[0]!.shape, window, groups), pixels = s.h * s.w;
  const { stride, padding, dilation } = window, taps = s.kh * s.kw;
  const extents = [s.c, s.n * pixels, s.o * taps] as const, tile = tileFor(groups, ...extents);
  return inParts(
    planner,
    tile,
    output,
    (to) =>
      groupedProduct(planner, "conv2dInputGrad", inputs, [to], groups, extents, tile, (loads) => {
        const { text } = loads, load = loads.one(0), single = stride[0] === 1 && stride[1] === 1;
        const place = `
  let kx = element % ${s.kw}u;
  let ky = (element / ${s.kw}u) % ${s.kh}u;
  let channel = element / ${taps}u;
  let x = i32(pixel % ${s.w}u + ${padding[2]}u) - i32(kx * ${dilation[1]}u);
  let y = i32((pixel / ${s.w}u) % ${s.h}u + ${padding[0]}u) - i32(ky * ${dilation[0]}u);
  let image = pixel / ${pixels}u;
  let plane = (image * ${groups * s.o}u + group * ${s.o}u + channel) * ${s.oh}u;`;
        text.define(
          "spread",
          `
fn spread(group: u32, element: u32, pixel: u32) -> f32 {${place}
  if (x < 0 || y < 0 || x % ${stride[1]} != 0 || y % ${stride[0]} != 0) { return 0f; }
  let ox = u32(x / ${stride[1]});
  let oy = u32(y / ${stride[0]});
  if (ox >= ${s.ow}u || oy >= ${s.oh}u) { return 0f; }
  return ${load}((plane + oy) * ${s.ow}u + ox);
}`,
        );
        const fours = single && s.w % 4 === 0;
        if (fours) {
          text.define(
            "spreads",
            `
fn spreads(group: u32, element: u32, pixel: u32) -> vec4f {${place}
  var found = vec4f(0f);
  if (y < 0 || y >= ${s.oh}) { return found; }
  let start = i32((plane + u32(y)) * ${s.ow}u) + x;
${
              ["x", "y", "z", "w"].map((lane, i) =>
                `  if (x >= -${i} && x < ${s.ow - i}) { found.${lane} = ${load}(u32(start + ${i})); }`
              ).join("\n")
            }
  return found;
}`,
          );
        }
        const weight = loads.one(1);
        return {
          // Element k is tap t of output channel o: the weight [o, row, t].
          left: (row, k) =>
            `${weight}(((batch * ${s.o}u + ${k} / ${taps}u) * ${s.c}u + ${row}) * ${taps}u + ${k} % ${taps}u)`,
          right: (k, column) => `spread(batch, ${k}, ${column})`,
          ...(fours && { rightQuad: (k, column) => `spreads(batch, ${k}, ${column})` }),
          leftAlong: true,
          rightAlong: false,
          store: `${text.store(2, "f")}(${tile.splits > 1 ? `split * ${text.size(size)} + ` : ""}` +
            `((column / ${pixels}u) * ${s.c * groups}u + batch * ${s.c}u + row) * ${pixels}u + ` +
            `column % ${pixels}u, value);`,
        };
      }),
  );
}
