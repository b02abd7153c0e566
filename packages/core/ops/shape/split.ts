/** Tensors cut where one says. */
import { tidySync } from "../../scope.ts";
import { normalizeAxis, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { asIndices } from "../base/indices.ts";
import { slice } from "./slice.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** A number of parts, or the positions to cut before, as a list or a tensor, whose values are waited for. */
export type Sections = number | readonly number[] | Tensor;

/** The number of parts, or the positions. */
function plain(op: string, sections: Sections): number | readonly number[] {
  if (typeof sections !== "object" || !("dtype" in sections)) return sections;
  if (sections.ndim > 1) {
    throw new RangeError(
      `Cannot apply ${op}() as positions must be a vector: current shape is ${showShape(sections.shape)}`,
    );
  }
  const found = Array.from(tidySync(() => asIndices(op, "positions", sections).dataSync()), Number);
  return sections.ndim === 0 ? found[0]! : found;
}

function cut(op: string, x: Tensor, sections: Sections, axis: number): Tensor[] {
  const where = plain(op, sections), extent = x.shape[axis]!;
  const valid = typeof where === "number"
    ? Number.isInteger(where) && where > 0
    : where.every(Number.isInteger);
  if (!valid) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be an integer number of sections from 1, or a list of positions: ` +
        `current sections are ${typeof where === "number" ? where : showShape(where)}`,
    );
  }
  const ends: (number | undefined)[] = typeof where === "number"
    // The first ones are larger by one where it does not divide.
    ? Array.from({ length: where }, (_, i) => {
      const parts = i + 1;
      return Math.floor(extent / where) * parts + Math.min(parts, extent % where);
    })
    : [...where, undefined];
  return ends.map((end, i) => slice(x, axis, ends[i - 1] ?? 0, end));
}

/**
 * `x` in `sections` parts along `dim` whose extents differ by at most one, or cut before the positions in a list: views.
 *
 * @example Into three, and before 1 and 4
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { arange, Device, ReferenceBackend, tensorSplit } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = arange(0, 7, 1, { device });
 * assertEquals(tensorSplit(x, 3).map((t) => t.tolist()), [[0, 1, 2], [3, 4], [5, 6]]);
 * assertEquals(tensorSplit(x, [1, 4]).map((t) => t.tolist()), [[0], [1, 2, 3], [4, 5, 6]]);
 * ```
 */
export function tensorSplit(x: Tensor, sections: Sections, dim = 0): Tensor[] {
  checkCall("tensorSplit", arguments, "xr.");
  checkRank("tensorSplit", x, 1);
  return cut("tensorSplit", x, sections, normalizeAxis("tensorSplit", dim, x.ndim));
}

function checkRank(op: string, x: Tensor, least: number): void {
  if (x.ndim < least) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be at least ${least} axes: current shape is ${showShape(x.shape)}`,
    );
  }
}

/** Parts along an axis, of one extent if a number of them is given. */
function evenly(op: string, x: Tensor, sections: Sections, axis: number, least: number): Tensor[] {
  checkRank(op, x, least);
  const where = plain(op, sections), extent = x.shape[axis]!;
  if (typeof where === "number" && extent % where !== 0) {
    throw new RangeError(
      `Cannot apply ${op}() as the number of sections must divide the extent ${extent} of axis ${axis}: ` +
        `current number is ${where}`,
    );
  }
  return cut(op, x, where, axis);
}

/** `x` cut along its second axis, a vector along its only one, as {@linkcode tensorSplit} does it: into parts of one extent. */
export function hsplit(x: Tensor, sections: Sections): Tensor[] {
  checkCall("hsplit", arguments, "xr");
  return evenly("hsplit", x, sections, x.ndim < 2 ? 0 : 1, 1);
}

/** `x` cut along its first axis, as {@linkcode tensorSplit} does it: into parts of one extent. */
export function vsplit(x: Tensor, sections: Sections): Tensor[] {
  checkCall("vsplit", arguments, "xr");
  return evenly("vsplit", x, sections, 0, 2);
}

/** `x` cut along its third axis, as {@linkcode tensorSplit} does it: into parts of one extent. */
export function dsplit(x: Tensor, sections: Sections): Tensor[] {
  checkCall("dsplit", arguments, "x.");
  return evenly("dsplit", x, sections, 2, 3);
}
