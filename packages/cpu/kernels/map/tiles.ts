/** Cuts an iteration space into pieces whose cache lines are used whole. */
import { sizeOfSpace, type Space } from "@troodon/core/kernel";

/** A piece of a space: its loops, and where each operand starts, in elements. */
export interface Region {
  readonly space: Space;
  readonly offsets: readonly number[];
}

/** Elements along the axis that is dense in the transposed operand: a cache line of float32. */
const LINE = 16;
/** Elements along the inner axis: that many cache lines stay in the first-level cache ... */
const ROW = 64;
/** ... but few do that lie a multiple of 1 KiB apart, because they have to share their place in it. */
const ALIASED_ROW = 16;
/** Smaller spaces lie in the cache anyway. */
const SMALL = 4096;

/**
 * The space itself, or tiles of it where an operand is strided along the inner
 * axis and dense along another one, as in a transposed copy.
 */
export function tiles(space: Space): readonly Region[] {
  const { extents, strides } = space;
  const inner = extents.length - 1;
  const whole = [{ space, offsets: strides.map(() => 0) }];
  const count = sizeOfSpace(space);
  const spread = strides.find((s) => Math.abs(s[inner]!) > LINE && s.indexOf(1) >= 0);
  const axis = spread?.indexOf(1);
  if (
    spread === undefined || axis === undefined || count < SMALL || extents[axis]! < 4 || extents[inner]! < 4
  ) return whole;
  const width = spread[inner]! % 256 === 0 ? ALIASED_ROW : ROW;
  const regions: Region[] = [];
  for (const line of cuts(extents[axis]!, LINE)) {
    for (const row of cuts(extents[inner]!, width)) {
      const others = extents.map((_, a) => a).filter((a) => a !== axis && a !== inner);
      regions.push({
        space: {
          extents: [...others.map((a) => extents[a]!), line.count, row.count, line.size, row.size],
          strides: strides.map((s) => [
            ...others.map((a) => s[a]!),
            s[axis]! * line.size,
            s[inner]! * row.size,
            s[axis]!,
            s[inner]!,
          ]),
        },
        offsets: strides.map((s) => s[axis]! * line.start + s[inner]! * row.start),
      });
    }
  }
  return regions;
}

interface Cut {
  readonly start: number;
  readonly count: number;
  readonly size: number;
}

/** `extent` as pieces of `size`, and a rest. */
function cuts(extent: number, size: number): Cut[] {
  const count = Math.floor(extent / size), rest = extent % size;
  const found: Cut[] = [];
  if (count > 0) found.push({ start: 0, count, size });
  if (rest > 0) found.push({ start: count * size, count: 1, size: rest });
  return found;
}
