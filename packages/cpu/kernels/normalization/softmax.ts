/** Softmax, its logarithm and their gradients over rows of float32. */
import type { SoftmaxCall, SoftmaxGradCall } from "@troodon/core";
import { lower } from "@troodon/core/kernel";
import type { Kernel } from "../../kernel.ts";
import { addressOf } from "../../view.ts";
import type { Value } from "../../lower/machine.ts";
import type { Local } from "../../targets/wasm/assembler.ts";
import type { Place, Row } from "./row.ts";
import { emitRows, type Pace, runRows, specialLength } from "./rows.ts";

/** The largest number of a row (whatever is NaN) in all lanes, and its last vector if that overlaps others. */
export function largest(row: Row, x: Local): { most: Value; last: Value } {
  const { machine: t } = row;
  const most = row.variables(t.constant(-Infinity));
  let last = most;
  if (row.hasTail) {
    last = row.tail.load(x);
    row.take("atLeast", most, row.fresh(last, t.constant(-Infinity)));
  }
  row.each((place) => row.take("atLeast", most, place.load(x)));
  return { most: row.across("atLeast", most), last };
}

/** Writes x - log(sum exp(x)): the largest element is taken off first, which is exact for what lies near it. */
export function logSoftmaxRow(row: Row, x: Local, y: Local): void {
  const { machine: t } = row;
  const { most, last } = largest(row, x);
  const sum = row.variables(t.constant(0));
  if (row.hasTail) {
    row.take("add", sum, row.fresh(lower.expNegative(t, t.emit("sub", last, most)), t.constant(0)));
  }
  row.each((place) => row.take("add", sum, lower.expNegative(t, t.emit("sub", place.load(x), most))));
  const total = lower.log(t, row.across("add", sum));
  mapRow(row, y, (place) => t.emit("sub", t.emit("sub", place.load(x), most), total));
}

/** Writes `value` of each vector; that of the last is calculated before any is stored. */
export function mapRow(row: Row, y: Local, value: (place: Place) => Value): void {
  const last = row.hasTail ? value(row.tail) : undefined;
  row.each((place) => place.store(y, value(place)));
  if (last !== undefined) row.tail.store(y, last);
}

/** Writes exp(x) / sum exp(x); what would be below 2^-126 of the largest is 0. */
function softmaxRow(row: Row, [x, y]: readonly [Local, Local]): void {
  const { machine: t } = row;
  const { most, last } = largest(row, x);
  const sum = row.variables(t.constant(0));
  let tail = sum;
  if (row.hasTail) {
    tail = lower.expNegative(t, t.emit("sub", last, most));
    row.take("add", sum, row.fresh(tail, t.constant(0)));
  }
  row.each((place) => {
    const grown = lower.expNegative(t, t.emit("sub", place.load(x), most));
    place.store(y, grown);
    row.take("add", sum, grown);
  });
  const scale = t.emit("div", t.constant(1), row.across("add", sum));
  row.each((place) => place.store(y, t.emit("mul", place.load(y), scale)));
  if (row.hasTail) row.tail.store(y, t.emit("mul", tail, scale));
}

/** The sum over a row. */
export function sumRow(row: Row, value: (place: Place) => Value): Value {
  const { machine: t } = row;
  const sum = row.variables(t.constant(0));
  if (row.hasTail) row.take("add", sum, row.fresh(value(row.tail), t.constant(0)));
  row.each((place) => row.take("add", sum, value(place)));
  return row.across("add", sum);
}

/** y (g - sum g y), or g - exp(y) sum g. */
function gradRow(row: Row, [g, y, out]: readonly [Local, Local, Local], logarithm: boolean): void {
  const { machine: t } = row;
  const total = sumRow(
    row,
    (place) => logarithm ? place.load(g) : t.emit("mul", place.load(g), place.load(y)),
  );
  mapRow(row, out, (place) => {
    const [slope, value] = [place.load(g), place.load(y)];
    return logarithm
      ? t.emit("nmadd", lower.expNegative(t, value), total, slope)
      : t.emit("mul", value, t.emit("sub", slope, total));
  });
}

/** Runs a {@linkcode SoftmaxCall} on float32. */
export const softmax: Kernel<SoftmaxCall> = (context, { kernel }, inputs, outputs) => {
  const [rows, n] = inputs[0]!.shape as [number, number];
  if (rows * n === 0) return;
  const length = specialLength(n), paces: readonly Pace[] = ["row", "row"];
  const { run } = context.instance(
    `${kernel}/${length}`,
    (module) =>
      emitRows(module, length, paces, (row, pointers) => {
        const [x, y] = pointers as [Local, Local];
        if (kernel === "softmax") softmaxRow(row, [x, y]);
        else logSoftmaxRow(row, x, y);
      }),
    { wide: true },
  );
  runRows(context, { run: run!, paces, cost: 1 }, rows, n, [inputs[0]!, outputs[0]!].map(addressOf));
};

/** Runs a {@linkcode SoftmaxGradCall} on float32. */
export const softmaxGrad: Kernel<SoftmaxGradCall> = (context, { kernel }, inputs, outputs) => {
  const [rows, n] = inputs[0]!.shape as [number, number];
  if (rows * n === 0) return;
  const length = specialLength(n), paces: readonly Pace[] = ["row", "row", "row"];
  const { run } = context.instance(
    `${kernel}/${length}`,
    (module) =>
      emitRows(module, length, paces, (row, pointers) => {
        gradRow(row, pointers as unknown as [Local, Local, Local], kernel === "logSoftmaxGrad");
      }),
    { wide: true },
  );
  const cost = kernel === "logSoftmaxGrad" ? 1 : 0.5;
  runRows(context, { run: run!, paces, cost }, rows, n, [...inputs, outputs[0]!].map(addressOf));
};
