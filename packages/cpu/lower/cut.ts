/** Iteration spaces in the order of memory, and in parts. */
import type { Space } from "@troodon/core/kernel";
import { pieces } from "../threads/task.ts";

/** Parts along the axis of vectors are a multiple of this, so that no vector is wasted. */
const VECTORS = 32;

/** Axes of a space ordered by how far apart their elements lie, in the first operand that can tell. */
export function byDistance({ extents, strides }: Space): number[] {
  const order = extents.map((_, axis) => axis);
  return order.sort((a, b) => {
    for (const s of strides) {
      const [x, y] = [Math.abs(s[a]!), Math.abs(s[b]!)];
      if (x !== y && x !== 0 && y !== 0) return y - x;
    }
    return a - b;
  });
}

/** A part of a space, and where each operand starts in it, in elements. */
export interface Part {
  readonly space: Space;
  readonly offsets: readonly number[];
}

/** Cuts a space into about `count` parts, along the outermost of its first `axes` axes that is long enough, or the longest. */
export function cut(space: Space, axes: number, count: number): Part[] {
  const extents = space.extents.slice(0, axes);
  const long = extents.findIndex((extent) => extent >= count);
  const axis = long >= 0 ? long : extents.indexOf(Math.max(...extents));
  return pieces(extents[axis]!, count, axis === axes - 1 ? VECTORS : 1).map(({ start, size }) => ({
    space: { extents: space.extents.with(axis, size), strides: space.strides },
    offsets: space.strides.map((s) => start * s[axis]!),
  }));
}

/** A space with at least one axis. */
export function atLeastOne(space: Space): Space {
  return space.extents.length > 0 ? space : { extents: [1], strides: space.strides.map(() => [0]) };
}
