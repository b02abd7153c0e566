/** The types of indices that `at` and `set` take. */
import type { Tensor } from "../../tensor.ts";
import type { Slice } from "../shape/axis_part.ts";

/** Positions of one axis, or a mask of one, as a list; nested lists name positions of several axes of the result. */
export type IndexList = readonly (number | boolean | IndexList)[];

/**
 * What one index may be:
 * a number takes one position and drops the axis;
 * a {@linkcode Slice}, or a string `"start:end:step"`, takes a range of positions;
 * `null` puts in a new axis of extent 1;
 * `"..."` stands for all axes that no other index names;
 * a tensor of integers, or a list of numbers, takes the positions it holds;
 * a tensor of bool, or a list of them, takes the positions where it is true, of as many axes as it has;
 * `true` and `false` put in a new axis of extent 1 and 0.
 */
export type Index = number | boolean | null | string | Slice | Tensor | IndexList;

/** Whether an index is a tensor. */
export function isTensor(index: unknown): index is Tensor {
  return typeof index === "object" && index !== null && "dtype" in index && "strides" in index;
}

const SLICE_TEXT = /^\s*([+-]?\d+)?\s*:\s*([+-]?\d+)?\s*(?::\s*([+-]?\d+)?\s*)?$/;

/** The slice that a string like `"1:-1"` or `"::2"` stands for. */
export function sliceOf(op: string, text: string): Slice {
  const found = SLICE_TEXT.exec(text);
  if (found === null) {
    throw new TypeError(
      `Cannot apply ${op}() as a string must be "..." or "start:end:step": current index is ${
        JSON.stringify(text)
      }`,
    );
  }
  const [start, end, step] = found.slice(1).map((part) => part === undefined ? undefined : Number(part));
  return { start, end, step };
}
