/** Which views of a program have places in common. */
import { bytesOf, isDense, overlapsItself, type ProgramView, rangeOf, sizeOf } from "@troodon/core/kernel";

/** Where a view lies in its slot. */
interface Extent {
  /** First byte. */
  readonly start: number;
  /** First byte behind it; `start` where the view has no elements. */
  readonly end: number;
  /** Elements from one row to the next, as the first gap between elements has it; 0 where there is no gap. */
  readonly row: number;
}

const extents = new WeakMap<ProgramView, Extent>();

/** Where a view lies, which is asked many times. */
function extentOf(view: ProgramView): Extent {
  let extent = extents.get(view);
  if (extent === undefined) {
    const [first, last] = rangeOf(view), bytes = bytesOf(view.dtype), start = first * bytes;
    extent = { start, end: sizeOf(view.shape) === 0 ? start : (last + 1) * bytes, row: rowOf(view) };
    extents.set(view, extent);
  }
  return extent;
}

/** First byte of a view, and the first byte behind it. */
export function bytesRange(view: ProgramView): { readonly start: number; readonly end: number } {
  return extentOf(view);
}

/** True if two views are the same elements, position by position. */
export function sameView(a: ProgramView, b: ProgramView): boolean {
  if (a === b) return true;
  if (a.slot !== b.slot || a.dtype !== b.dtype || a.offset !== b.offset) return false;
  if (a.shape.length !== b.shape.length) return false;
  return a.shape.every((extent, axis) =>
    extent === b.shape[axis] && (extent === 1 || a.strides[axis] === b.strides[axis])
  );
}

/** True if two views may have places in common; columns beside each other in rows of one length have none. */
export function meets(a: ProgramView, b: ProgramView): boolean {
  if (a.slot !== b.slot) return false;
  if (a === b) return sizeOf(a.shape) > 0;
  const own = extentOf(a), other = extentOf(b);
  if (own.end <= other.start || other.end <= own.start) return false;
  return !areColumnsApart(a, b, Math.max(own.row, other.row));
}

function areColumnsApart(a: ProgramView, b: ProgramView, row: number): boolean {
  if (a.dtype !== b.dtype || row === 0) return false;
  const own = columnsOf(a, row), other = columnsOf(b, row);
  return own !== null && other !== null && (own.end <= other.start || other.end <= own.start);
}

function rowOf({ shape, strides }: ProgramView): number {
  let reach = 1;
  const axes = shape.map((extent, axis) => ({ extent, stride: strides[axis]! }))
    .filter(({ extent, stride }) => extent > 1 && stride > 0).sort((x, y) => x.stride - y.stride);
  for (const { extent, stride } of axes) {
    if (stride > reach) return stride;
    reach = stride * extent;
  }
  return 0;
}

/** The part of each row of `row` elements that a view lies in; null where it goes on into the next row. */
function columnsOf(
  { shape, strides, offset }: ProgramView,
  row: number,
): { start: number; end: number } | null {
  let reach = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const stride = strides[axis]!;
    if (shape[axis] === 1 || stride % row === 0) continue;
    if (stride < 0) return null;
    reach += (shape[axis]! - 1) * stride;
  }
  const start = offset % row;
  return start + reach < row ? { start, end: start + reach + 1 } : null;
}

/** True if `outer` has elements in all places of `inner`: the same view, or one without gaps around it. */
export function covers(outer: ProgramView, inner: ProgramView): boolean {
  if (outer.slot !== inner.slot) return false;
  if (sameView(outer, inner)) return true;
  if (!isDense(outer)) return false;
  const own = bytesRange(outer), other = bytesRange(inner);
  return own.start <= other.start && other.end <= own.end;
}

/** True if what is written may also be read, or written, at another position: a kernel may not do that. */
export function clashes(outputs: readonly ProgramView[], inputs: readonly ProgramView[]): boolean {
  return outputs.some((output, i) =>
    inputs.some((input) => meets(output, input) && !(sameView(output, input) && !overlapsItself(output))) ||
    outputs.some((other, j) => j > i && meets(output, other))
  );
}
