import { type Device, randint, type Shape, type Tensor } from "@troodon/core";
import { extents, type KernelCase, launching, noise } from "./case.ts";

/** Indices of rows, each repeated along the row. */
function rowsOf([rows, width]: readonly [number, number], most: number): (device: Device) => Tensor {
  return (device) => randint(0, most, [rows, 1], { device, dtype: "int32" }).expand([rows, width]);
}

function picks(title: string, x: Shape, axis: number, shape: Shape): KernelCase {
  return launching(`${title} ${extents(shape)} of ${extents(x)}`, { kernel: "gather", axis }, (device) => [
    [...noise(x)(device), randint(0, x[axis]!, shape, { device, dtype: "int32" })],
    noise(shape)(device),
  ]);
}

/** Rows of a table. */
export function rows(title: string, [table, width]: readonly [number, number], count: number): KernelCase {
  const index = rowsOf([count, width], table);
  const name = `${title} ${extents([count, width])} of ${extents([table, width])}`;
  return launching(name, { kernel: "gather", axis: 0 }, (device) => [
    [...noise([table, width])(device), index(device)],
    noise([count, width])(device),
  ]);
}

/** Rows that are written to, or added to, those of a table. */
export function scattered(
  mode: "set" | "add",
  [table, width]: readonly [number, number],
  count: number,
): KernelCase {
  const index = rowsOf([count, width], table);
  const name = `${mode} rows ${extents([count, width])} in ${extents([table, width])}`;
  return launching(name, { kernel: "scatter", axis: 0, mode }, (device) => [
    [index(device), ...noise([count, width])(device)],
    noise([table, width])(device),
  ]);
}

function scatteredElements(mode: "set" | "add", count: number): KernelCase {
  return launching(
    `${mode} elements ${count} in ${count}`,
    { kernel: "scatter", axis: 0, mode },
    (device) => [
      [randint(0, count, [count], { device, dtype: "int32" }), ...noise([count])(device)],
      noise([count])(device),
    ],
  );
}

/** Batches of images, embeddings, one logit of each row, and elements without any order. */
export const GATHER_CASES: readonly KernelCase[] = [
  picks("logits", [64, 10], 1, [64, 1]),
  rows("embeddings", [1000, 64], 512),
  rows("embeddings", [10_000, 128], 8192),
  rows("images", [60_000, 784], 64),
  picks("elements", [2 ** 20], 0, [2 ** 20]),
];

/** Gradients of embeddings, and elements without any order. */
export const SCATTER_CASES: readonly KernelCase[] = [
  ...(["add", "set"] as const).flatMap((mode) => [
    scattered(mode, [1000, 64], 512),
    scattered(mode, [10_000, 128], 8192),
    scatteredElements(mode, 2 ** 20),
  ]),
];
