/** Nested arrays as one row of elements. */
import type { Shape } from "./shape.ts";
import type { NestedArray } from "./tensor/readback.ts";

/** Shape, elements and element types of nested arrays that a tensor is made from. */
type Nested = NestedArray<number | boolean | bigint>;

/** The elements of nested arrays. */
export interface Flattened {
  /** The length of the arrays on each level of nesting. */
  readonly shape: readonly number[];
  /** In row-major order; 1 and 0 for booleans. */
  readonly flat: readonly (number | bigint)[];
  /** The element types that occur: of "number", "boolean" and "bigint". */
  readonly kinds: ReadonlySet<string>;
}

/** Takes nested arrays apart; an error unless they are equally long on each level. */
export function flattened(data: Nested): Flattened {
  const shape: number[] = [];
  for (let level: Nested = data; Array.isArray(level); level = level[0]!) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const flat: (number | bigint)[] = [], kinds = new Set<string>();
  collect(data, shape, 0, flat, kinds);
  return { shape, flat, kinds };
}

function collect(
  data: Nested,
  shape: Shape,
  axis: number,
  into: (number | bigint)[],
  kinds: Set<string>,
): void {
  if (axis === shape.length) {
    const kind = typeof data;
    if (kind !== "number" && kind !== "boolean" && kind !== "bigint") {
      throw new TypeError(
        `Cannot make a tensor as elements must be numbers or booleans: current element is ${kind}`,
      );
    }
    kinds.add(kind);
    into.push(kind === "bigint" ? data as bigint : Number(data));
    return;
  }
  if (!Array.isArray(data) || data.length !== shape[axis]) {
    throw new RangeError(
      `Cannot make a tensor as arrays must be equally long at each depth: depth ${axis} has ${
        shape[axis]
      } and ` +
        (Array.isArray(data) ? String(data.length) : "a number"),
    );
  }
  for (const item of data) collect(item, shape, axis + 1, into, kinds);
}
