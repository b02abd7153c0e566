import type { Conv2dWeightGradCall } from "@troodon/core";
import { rowMajor } from "@troodon/core/kernel";
import type { Draft, Planned, Planner, PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { teamFor, teamGroups, teamMain, teamSteps } from "../wgsl/team.ts";
import { definePatch, groupedProduct, sizesOf } from "./conv_product.ts";
import { type Tile, tileFor } from "./matmul_tile.ts";

/**
 * Gradients by patches, over all images; see {@linkcode Conv2dWeightGradCall}.
 * Patches have a last element that is 1: by it the gradients add up to that of
 * the bias.
 */
export function conv2dWeightGrad(
  planner: Planner,
  { window, groups }: Planned<Conv2dWeightGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [g, x] = inputs as [PlanView, PlanView];
  const s = sizesOf(x.shape, g.shape, window, groups), pixels = s.oh * s.ow, taps = s.c * s.kh * s.kw;
  const columns = outputs.length > 1 ? taps + 1 : taps, rows = s.o * groups, size = rows * columns;
  if (size === 0) return [];
  const extents = [s.o, columns, s.n * pixels] as const, tile = tileFor(groups, ...extents);
  let to = outputs;
  if (tile.splits > 1) {
    const shape = [tile.splits, rows, columns], buffer = planner.scratch(4 * tile.splits * size);
    to = [{ buffer, dtype: "float32", shape, strides: rowMajor(shape), offset: 0 }];
  }
  const product = groupedProduct(planner, "conv2dWeightGrad", inputs, to, groups, extents, tile, (loads) => {
    const { text } = loads, slopes = loads.four(0, pixels % 4 === 0), slope = slopes ?? loads.one(0);
    const patch = definePatch(text, loads.one(1), s, window);
    const at = (row: string, k: string) =>
      `((${k} / ${pixels}u) * ${rows}u + batch * ${s.o}u + ${row}) * ${pixels}u + ${k} % ${pixels}u`;
    const element = (k: string, column: string) => `${patch}(batch, ${column}, ${k})`;
    return {
      left: (row, k) => `${slope}(${at(row, k)})`,
      ...(slopes && { leftQuad: (row, k) => `${slopes}((${at(row, k)}) / 4u)` }),
      right: columns === taps
        ? element
        : (k, column) => `select(${element(k, column)}, 1f, ${column} == ${taps}u)`,
      leftAlong: true,
      rightAlong: true,
      store: tile.splits > 1
        ? `${text.store(2, "f")}(split * ${
          text.size(size)
        } + (batch * ${s.o}u + row) * ${columns}u + column, value);`
        : stores(text, 2, outputs, taps, `batch * ${s.o}u + row`, "column", "value").join(" "),
    };
  });
  return tile.splits > 1 ? [...product, addUp(planner, tile, to[0]!, outputs, taps)] : product;
}

/** Statements that store `value` to the weight or the bias, which are operands `t` and the next. */
function stores(
  text: ShaderText,
  t: number,
  outputs: readonly PlanView[],
  taps: number,
  row: string,
  column: string,
  value: string,
): string[] {
  const weight = `${text.store(t, "f")}((${row}) * ${taps}u + ${column}, ${value});`;
  if (outputs.length === 1) return [weight];
  return [
    `if (${column} < ${taps}u) { ${weight} } else { ${text.store(t + 1, "f")}(${row}, ${value}); }`,
  ];
}

/** Brings the parts [splits, rows, columns] together. */
function addUp(
  { traits, limits }: Planner,
  { splits }: Tile,
  parts: PlanView,
  outputs: readonly PlanView[],
  taps: number,
): Draft {
  const [, rows, columns] = parts.shape as [number, number, number], lines = rows * columns;
  const operands = new Operands([parts], outputs);
  const text = new ShaderText(traits, operands), team = teamFor(limits, lines, splits, false, false);
  const main = teamMain(text, team, {
    lines,
    length: splits,
    setup: [],
    rounds: [{
      states: [{ type: "f32", identity: "0f" }],
      step: [`a0 += ${text.load(0, "f")}(k * ${text.size(lines)} + row);`],
      merge: ["a0 += b0;"],
    }],
    done: [
      `let place = row / ${columns}u;`,
      `let column = row % ${columns}u;`,
      ...stores(text, 1, outputs, taps, "place", "column", "a0"),
    ],
  });
  return text.finish("reduce", main, teamGroups(team, lines), { steps: teamSteps(team, splits) });
}
