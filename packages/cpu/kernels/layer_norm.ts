/** Layer normalisation over rows of float32, and its gradient. */
import { body, expr as e, type LayerNormCall, type LayerNormGradCall } from "@troodon/core";
import { type CpuView, type Kernel, seenAs } from "../kernel.ts";
import type { Value } from "../lower/machine.ts";
import type { Local } from "../wasm/assembler.ts";
import { reduce } from "./reduce.ts";
import { emitRows, type Pace, type Place, type Row, runRows, specialLength } from "./row.ts";
import { addressOf, mapRow, sumRow } from "./softmax.ts";

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
  );
  const epsilon = context.scratch(4);
  context.memory.f32[epsilon / 4] = eps;
  const [x, ...rest] = inputs.map(addressOf), pointers = [x!, ...outputs.map(addressOf), epsilon, ...rest];
  runRows(context, { run: run!, paces, cost: 0.5 }, rows, n, pointers);
};

const [x0, x1, x2, x3] = [e.input(0), e.input(1), e.input(2), e.input(3)];
/** g times the normalised x: inputs g, x, mean, invStd. */
const WEIGHTED = body(e.mul(x0, e.mul(e.sub(x1, x2), x3)));
const FIRST = body(x0);

/** Runs a {@linkcode LayerNormGradCall} on float32. */
export const layerNormGrad: Kernel<LayerNormGradCall> = (context, _, inputs, outputs) => {
  const [g, x, mean, invStd, weight] = inputs as [CpuView, CpuView, CpuView, CpuView, CpuView?];
  const [dx, dWeight, dBias] = outputs as [CpuView, CpuView?, CpuView?];
  const shape = g.shape as [number, number];
  const [rows, n] = shape;
  const length = specialLength(n);
  const paces: Pace[] = ["row", "row", "element", "element", "row", "still"];
  const { run } = context.instance(
    `layerNormGrad/${length}/${weight !== undefined}`,
    (module) =>
      emitRows(module, length, paces, (row, pointers) => {
        const [g, x, mean, invStd, out, factor] = pointers as [Local, Local, Local, Local, Local, Local];
        const { machine: t } = row;
        const [middle, scale, count] = [row.splat(mean), row.splat(invStd), perLength(row, 1)];
        const slope = (place: Place): Value =>
          weight === undefined ? place.load(g) : t.emit("mul", place.load(g), place.load(factor));
        const unit = (place: Place): Value => t.emit("mul", t.emit("sub", place.load(x), middle), scale);
        const a = t.emit("div", sumRow(row, slope), count);
        const b = t.emit("div", sumRow(row, (place) => t.emit("mul", slope(place), unit(place))), count);
        // (g - mean g - x mean(g x)) / std, of normalised x.
        mapRow(row, out, (place) => {
          const centred = t.emit("sub", slope(place), a);
          return t.emit("mul", t.emit("nmadd", unit(place), b, centred), scale);
        });
      }),
  );
  if (rows * n > 0) {
    const pointers = [g, x, mean, invStd, dx, weight ?? g].map(addressOf);
    runRows(context, { run: run!, paces, cost: 0.8 }, rows, n, pointers);
  }
  const perRow = (view: CpuView): CpuView => seenAs(view, shape, [1, 0]);
  const call = { kernel: "reduce", op: "sum", compute: "float32", scalars: [], shape, axes: [0] } as const;
  const asRow = (view: CpuView): CpuView => seenAs(view, [1, n], [n, 1]);
  if (dWeight) {
    reduce(context, { ...call, body: WEIGHTED }, [g, x, perRow(mean), perRow(invStd)], [asRow(dWeight)]);
  }
  if (dBias) reduce(context, { ...call, body: FIRST }, [g], [asRow(dBias)]);
};
