/** Indices taken apart: what a view can show, and what has to be picked. */
import { isFloating } from "../../dtype.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type AxisPart, partOf, positionOf, SELECT, SLICE } from "../shape/axis_part.ts";
import { reshape } from "../shape/reshape.ts";
import { type Index, isTensor, sliceOf } from "./index.ts";
import { listTensor } from "./lists.ts";

/** Positions that a tensor names: integers along `axis`, or a mask over as many axes from there on as it has. */
export interface Pick {
  readonly axis: number;
  readonly by: Tensor;
}

/** Indices taken apart. */
export interface Parsed {
  /** The tensor without what numbers, slices and new axes leave out: itself, or a view. */
  readonly view: Tensor;
  /** Masks and index tensors that select elements of the view, in the order of its axes. */
  readonly picks: readonly Pick[];
}

/** Masks and positions as tensors, and single positions as numbers. */
type Plain = Exclude<Index, boolean | readonly unknown[]>;

/** How many axes of the indexed tensor an index names. */
function axesOf(index: Plain): number {
  if (index === null || index === "...") return 0;
  return isTensor(index) && index.dtype === "bool" ? index.ndim : 1;
}

function checkTensor(op: string, index: Tensor): void {
  if (isFloating(index.dtype) || index.dtype === "uint8") {
    throw new TypeError(
      `Cannot apply ${op}() as a tensor must hold bool, int32 or int64 to be an index: current dtype is ` +
        `${index.dtype}, convert it with .bool() for a mask or .long() for positions`,
    );
  }
}

/** Lists as tensors, positions that the host knows as numbers. */
function plainOf(op: string, x: Tensor, index: Index): Plain {
  if (typeof index === "boolean") return listTensor(op, x, index ? [0] : []);
  if (Array.isArray(index)) return listTensor(op, x, index);
  if (isTensor(index)) {
    checkTensor(op, index);
    if (index.ndim > 0) return index;
    if (index.dtype === "bool") return listTensor(op, x, index.item() ? [0] : []);
    // A device that cannot wait here takes it as a tensor of one position.
    return index.device.canReadSync ? Number(index.item()) : index;
  }
  if (index === undefined || (typeof index === "object" && index !== null && !isSlice(index))) {
    throw new TypeError(
      `Cannot apply ${op}() as an index must be a number, a slice { start, end, step }, "start:end:step", "...", ` +
        `null, a list or a tensor: current index is ${index === undefined ? index : JSON.stringify(index)}`,
    );
  }
  return index as Plain;
}

function isSlice(index: object): boolean {
  return Object.keys(index).every((key) => key === "start" || key === "end" || key === "step");
}

/** Whether an index puts in an axis of its own, which the tensor does not have. */
function isFresh(index: Index): boolean {
  return index === null || typeof index === "boolean" ||
    (isTensor(index) && index.ndim === 0 && index.dtype === "bool");
}

/** Takes `indices` apart. What it makes is the caller's to free. */
export function parseIndices(op: string, x: Tensor, indices: readonly Index[]): Parsed {
  const plain: readonly Plain[] = indices.map((index) => plainOf(op, x, index));
  const named = plain.reduce<number>((n, index, i) => n + (isFresh(indices[i]!) ? 0 : axesOf(index)), 0);
  if (named > x.ndim) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be at most ${x.ndim} indices: current number is ${named}`,
    );
  }
  if (plain.filter((index) => index === "...").length > 1) {
    throw new RangeError(`Cannot apply ${op}() as "..." may appear once`);
  }
  const parts = new Array<AxisPart | null>(x.ndim).fill(null), fresh: number[] = [], picks: Pick[] = [];
  // Axes of the tensor and of the view that come next.
  let axis = 0, seen = 0, sliced = false;
  plain.forEach((index, i) => {
    if (isFresh(indices[i]!)) {
      if (index !== null) picks.push({ axis: seen, by: index as Tensor });
      fresh.push(seen++);
    } else if (index === "...") {
      seen += x.ndim - named;
      axis += x.ndim - named;
    } else if (isTensor(index)) {
      if (index.dtype === "bool") checkMask(op, x, axis, index);
      picks.push({ axis: seen, by: index });
      seen += axesOf(index);
      axis += axesOf(index);
    } else if (typeof index === "number") {
      parts[axis] = { start: positionOf(op, index, x.shape[axis]!, axis), step: 1, count: null };
      axis++;
    } else {
      const slice = typeof index === "string" ? sliceOf(op, index) : index!;
      parts[axis] = partOf(op, slice, x.shape[axis]!);
      sliced = true;
      axis++;
      seen++;
    }
  });
  let view = x;
  // What shows all of an axis shows nothing else.
  const all = parts.every((part, i) => part === null || (part.count === x.shape[i] && part.step === 1));
  if (!all || (picks.length === 0 && sliced)) view = x.apply(sliced ? SLICE : SELECT, { parts });
  if (fresh.length > 0) {
    view = reshape(view, fresh.reduce((shape, at) => shape.toSpliced(at, 0, 1), [...view.shape]));
  }
  return { view, picks };
}

function checkMask(op: string, x: Tensor, axis: number, mask: Tensor): void {
  const covered = x.shape.slice(axis, axis + mask.ndim);
  if (mask.shape.some((n, i) => n !== covered[i])) {
    throw new RangeError(
      `Cannot apply ${op}() as a mask must have the extents ${
        showShape(covered)
      } of the axes from ${axis} on: ` +
        `current shape of the mask is ${showShape(mask.shape)}, of the tensor ${showShape(x.shape)}`,
    );
  }
}
