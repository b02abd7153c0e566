/** Layer normalization over rows of float32, and its gradient. */
import type { LayerNormCall, LayerNormGradCall } from "@troodon/core";
import { body, expr, relaid } from "@troodon/core/kernel";
import type { Kernel } from "../../kernel.ts";
import { addressOf, type CpuView } from "../../view.ts";
import type { Value } from "../../lower/machine.ts";
import { call, pieces, type Task } from "../../threads/task.ts";
import type { Local } from "../../targets/wasm/assembler.ts";
import { reduce } from "../reduction/reduce.ts";
import type { Place, Row } from "./row.ts";
import { emitRows, type Pace, runRows, specialLength } from "./rows.ts";
import { mapRow, sumRow } from "./softmax.ts";
import { temporary } from "../map/stage.ts";
import { filler } from "../../zero.ts";

/** A float32 in scratch memory, in all lanes, as code loads it. */
function perLength(row: Row, n: Local): Value {
  row.code.get(n).op("f32.convert_i32_u", "f32x4.splat");
  return row.keep();
}

function storeFirst(row: Row, pointer: Local, value: Value): void {
  row.code.get(pointer);
  row.push(value).laneMemory("v128.store32_lane", 0);
}

/** Runs a {@linkcode LayerNormCall} on float32. */
export const layerNorm: Kernel<LayerNormCall> = (context, { eps }, inputs, outputs) => {
  const [rows, n] = inputs[0]!.shape as [number, number];
  if (rows === 0) return;
  const length = specialLength(n);
  const extra = inputs.length - 1;
  const paces: Pace[] = [
    "row",
    "row",
    "element",
    "element",
    "still",
    ...new Array<Pace>(extra).fill("still"),
  ];
  const { run } = context.instance(
    `layerNorm/${length}/${extra}`,
    (module) =>
      emitRows(module, length, paces, (row, pointers) => {
        const [x, y, mean, invStd, epsilon, weight, bias] = pointers as [
          Local,
          Local,
          Local,
          Local,
          Local,
          Local?,
          Local?,
        ];
        const { machine: t } = row;
        const count = perLength(row, 1);
        const middle = t.emit("div", sumRow(row, (place) => place.load(x)), count);
        const squares = sumRow(row, (place) => {
          const d = t.emit("sub", place.load(x), middle);
          return t.emit("mul", d, d);
        });
        const spread = t.emit("add", t.emit("div", squares, count), row.splat(epsilon));
        const scale = t.emit("div", t.constant(1), t.emit("sqrt", spread));
        mapRow(row, y, (place) => {
          const unit = t.emit("mul", t.emit("sub", place.load(x), middle), scale);
          const scaled = weight === undefined ? unit : t.emit("mul", unit, place.load(weight));
          return bias === undefined ? scaled : t.emit("add", scaled, place.load(bias));
        });
        storeFirst(row, mean, middle);
        storeFirst(row, invStd, scale);
      }),
    { wide: true },
  );
  const epsilon = context.constant("f32", eps);
  const [x, ...rest] = inputs.map(addressOf), pointers = [x!, ...outputs.map(addressOf), epsilon, ...rest];
  runRows(context, { run: run!, paces, cost: 0.5 }, rows, n, pointers);
};

const FIRST = body(expr.input(0));

/** Rows whose shares of the gradients of weight and bias are added up in float32. */
const BLOCK = 256;
/** Nanoseconds for each element. */
const COST = 0.5;

/** Runs a {@linkcode LayerNormGradCall} on float32: rows are read once, by blocks that have sums of their own. */
export const layerNormGrad: Kernel<LayerNormGradCall> = (context, _, inputs, outputs) => {
  const [g, x, mean, invStd, weight] = inputs as [CpuView, CpuView, CpuView, CpuView, CpuView?];
  const [rows, n] = g.shape as [number, number];
  const [dx, ...sums] = outputs as [CpuView, CpuView, CpuView];
  const length = specialLength(n), blocks = Math.max(1, Math.ceil(rows / BLOCK));
  const { run } = context.instance(
    `layerNormGrad/${length}/${weight !== undefined}`,
    (module) =>
      emitRows(module, length, PACES, (row, pointers) => emitGrad(row, pointers, weight !== undefined)),
    { wide: true },
  );
  const parts = sums.map((view) => blocks === 1 ? view : temporary(context, [blocks, n], "float32"));
  const fill = filler(context), nanoseconds = rows * n * COST;
  const [dWeights, dBiases] = parts.map(addressOf) as [number, number];
  const pointers = [g, x, mean, invStd, dx].map(addressOf), factor = addressOf(weight ?? g);
  const tasks = pieces(blocks, context.parts(nanoseconds)).map((piece): Task =>
    Array.from({ length: piece.size }, (_, i) => {
      const block = piece.start + i, first = block * BLOCK, size = Math.min(BLOCK, rows - first);
      const starts = pointers.map((p, t) => p + 4 * first * (PACES[t] === "row" ? n : 1));
      const own = [dWeights, dBiases].map((p) => p + 4 * block * n);
      return [...own.map((p) => call(fill, p, 4 * n)), call(run!, size, n, ...starts, factor, ...own)];
    }).flat()
  );
  context.run(tasks, nanoseconds);
  if (blocks === 1) return;
  const shape = [blocks, n];
  const reduction = {
    kernel: "reduce",
    op: "sum",
    body: FIRST,
    compute: "float32",
    scalars: [],
    shape,
    axes: [0],
  } as const;
  parts.forEach((part, i) => reduce(context, reduction, [part], [relaid(sums[i]!, [1, n], [n, 1])]));
};

/** How g, x, mean, invStd, the gradient of x, weight, and the gradients of weight and bias move from row to row. */
const PACES: readonly Pace[] = ["row", "row", "element", "element", "row", "still", "still", "still"];

function emitGrad(row: Row, pointers: readonly Local[], weighted: boolean): void {
  const [g, x, mean, invStd, out, factor, dWeight, dBias] = pointers as [
    ...[Local, Local, Local, Local],
    ...[Local, Local, Local, Local],
  ];
  const { machine: t } = row;
  const [middle, scale, count] = [row.splat(mean), row.splat(invStd), perLength(row, 1)];
  const unit = (place: Place): Value => t.emit("mul", t.emit("sub", place.load(x), middle), scale);
  const weigh = (place: Place, slope: Value): Value =>
    weighted ? t.emit("mul", slope, place.load(factor)) : slope;
  const [total, product] = [row.variables(t.constant(0)), row.variables(t.constant(0))];
  /** Takes in the elements at a place; `own` leaves those that no other place has. */
  const take = (place: Place, own: (value: Value) => Value): void => {
    const slope = own(place.load(g)), at = unit(place), pulled = weigh(place, slope);
    row.take("add", total, pulled);
    row.take("add", product, t.emit("mul", pulled, at));
    place.store(dWeight, t.emit("madd", slope, at, place.load(dWeight)));
    place.store(dBias, t.emit("add", place.load(dBias), slope));
  };
  row.each((place) => take(place, (value) => value));
  if (row.hasTail) row.scope(() => take(row.tail, (value) => row.fresh(value, t.constant(0))));
  const a = t.emit("div", row.across("add", total), count);
  const b = t.emit("div", row.across("add", product), count);
  // (g - mean g - x mean(g x)) / std, of normalized x.
  mapRow(row, out, (place) => {
    const centered = t.emit("sub", weigh(place, place.load(g)), a);
    return t.emit("mul", t.emit("nmadd", unit(place), b, centered), scale);
  });
}
