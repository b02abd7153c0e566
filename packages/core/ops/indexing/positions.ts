/** Positions along several axes brought to one. */
import * as e from "../../expr/expr.ts";
import { broadcastShapes, type Shape, showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { asIndices, wrapped } from "../base/indices.ts";
import { positionsOf } from "./search.ts";
import { upload } from "../base/upload.ts";
import type { Pick } from "./parse.ts";

/** Adjacent axes that one tensor of positions picks from, counted through in row-major order. */
export interface Picked {
  readonly axis: number;
  readonly axes: number;
}

/** Shapes and axes of an advanced indexing call, without the index tensors. */
export interface PickParams {
  /** For each tensor of positions. */
  readonly picked: readonly Picked[];
}

const [X, Y] = [e.input(0), e.input(1)], [EXTENT, STRIDE] = [e.scalar(0), e.scalar(1)];
const FROM_START: e.Expr = e.where(e.less(X, 0), e.add(X, EXTENT), X);

/** `wanted` where a position is not outside of its axis, else -1: a sum with others may not hide it. */
const within = (position: e.Expr, wanted: e.Expr): e.Expr =>
  e.where(e.less(position, 0), -1, e.where(e.less(position, EXTENT), wanted, -1));
const FIRST: ElementwiseOp = elementwise({
  name: "index",
  kind: "integral",
  expr: within(FROM_START, e.mul(FROM_START, STRIDE)),
});
const NEXT: ElementwiseOp = elementwise({
  name: "index",
  kind: "integral",
  expr: e.where(e.less(Y, 0), -1, within(FROM_START, e.add(Y, e.mul(FROM_START, STRIDE)))),
});

/** The flat row-major positions of the true elements of a mask, as an int32 vector. Waits for the device. */
function positionsIn(mask: Tensor): Tensor {
  const found = Int32Array.from(positionsOf(mask));
  return upload(mask, found, [found.length], "int32");
}

/** Masks as positions, which waits for the device; and what axes they are of. */
export function pickedOf(op: string, picks: readonly Pick[]): { picked: Picked[]; indices: Tensor[] } {
  const picked: Picked[] = [], indices: Tensor[] = [];
  for (const { axis, by } of picks) {
    const mask = by.dtype === "bool";
    picked.push({ axis, axes: mask ? by.ndim : 1 });
    indices.push(mask ? positionsIn(by) : asIndices(op, "index", by));
  }
  return { picked, indices };
}

/** The axes that index tensors address, and the shape of the result. */
export interface Plan {
  /** The axes that are picked from, in order. */
  readonly from: readonly number[];
  /** The other axes. */
  readonly others: readonly number[];
  /** Whether the axes that are picked from are adjacent: what is picked then takes their place, else it comes first. */
  readonly adjacent: boolean;
  /** The shape with one axis, `line`, in place of those that are picked from. */
  readonly merged: Shape;
  readonly line: number;
  /** The shape that all index tensors broadcast to. */
  readonly around: Shape;
  /** The shape of what is picked. */
  readonly result: Shape;
}

/** The shapes on the way from a tensor of `shape` to what is picked of it. */
export function planOf(op: string, shape: Shape, picked: readonly Picked[], indices: readonly Shape[]): Plan {
  let around: Shape = [];
  try {
    for (const index of indices) around = broadcastShapes(op, around, index);
  } catch {
    throw new RangeError(
      `Cannot apply ${op}() as tensors of positions must broadcast together: current shapes are ${
        indices.map(showShape).join(", ")
      }`,
    );
  }
  const from = picked.flatMap(({ axis, axes }) => Array.from({ length: axes }, (_, i) => axis + i));
  const others = shape.map((_, i) => i).filter((i) => !from.includes(i));
  const adjacent = from.every((axis, i) => i === 0 || axis === from[i - 1]! + 1);
  const line = adjacent ? from[0]! : 0, count = sizeOf(from.map((axis) => shape[axis]!));
  const rest = others.map((axis) => shape[axis]!);
  return {
    from,
    others,
    adjacent,
    line,
    merged: rest.toSpliced(line, 0, count),
    around,
    result: rest.toSpliced(line, 0, ...around),
  };
}

/** One vector of positions along the merged axis, in row-major order of what all of them broadcast to. */
export function linePositions(
  op: string,
  shape: Shape,
  picked: readonly Picked[],
  indices: readonly Tensor[],
  { around }: Plan,
): Tensor {
  const extents = picked.map(({ axis, axes }) => sizeOf(shape.slice(axis, axis + axes)));
  if (indices.length === 1) return wrapped(op, indices[0]!, extents[0]!).reshape([-1]);
  let line: Tensor | null = null;
  indices.forEach((index, i) => {
    const scalars = [extents[i]!, sizeOf(extents.slice(i + 1))], whole = asIndices(op, "index", index);
    line = line === null ? whole.apply(FIRST, { scalars }) : whole.apply(NEXT, { scalars }, line);
  });
  return line!.expand(around).reshape([-1]);
}

/** A view of `x` with the axes that are picked from as one, or a copy where strides allow no view. */
export function mergedView(x: Tensor, { from, others, adjacent, merged }: Plan): Tensor {
  const moved = adjacent ? x : x.permute([...from, ...others]);
  return from.length === 1 && adjacent ? moved : moved.reshape(merged);
}
