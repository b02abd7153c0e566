/** Compares the memory regions of views. */
import { bytesOf, isDense, overlapsItself, type ProgramView, rangeOf, sizeOf } from "@troodon/core/kernel";

/** Memory region of a view in its slot. */
interface Extent {
  /** First byte. */
  readonly start: number;
  /** End of the region, exclusive; equals `start` if the view has no elements. */
  readonly end: number;
  /** Distance between rows in elements, from the first gap between elements; 0 without gaps. */
  readonly row: number;
}

const extents = new WeakMap<ProgramView, Extent>();

/** Memory region of a view, cached. */
function extentOf(view: ProgramView): Extent {
  let extent = extents.get(view);
  if (extent === undefined) {
    const [first, last] = rangeOf(view), bytes = bytesOf(view.dtype), start = first * bytes;
    extent = { start, end: sizeOf(view.shape) === 0 ? start : (last + 1) * bytes, row: rowOf(view) };
    extents.set(view, extent);
  }
  return extent;
}

/** Byte range of a view, with exclusive end. */
export function bytesRange(view: ProgramView): { readonly start: number; readonly end: number } {
  return extentOf(view);
}

/** Returns true if two views have the same elements at the same positions. */
export function sameView(a: ProgramView, b: ProgramView): boolean {
  if (a === b) return true;
  if (a.slot !== b.slot || a.dtype !== b.dtype || a.offset !== b.offset) return false;
  if (a.shape.length !== b.shape.length) return false;
  return a.shape.every((extent, axis) =>
    extent === b.shape[axis] && (extent === 1 || a.strides[axis] === b.strides[axis])
  );
}

/** Returns true if two views may overlap; adjacent columns in rows of equal length do not. */
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

/** Column range of a view in rows of `row` elements; null if it continues in the next row. */
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

/** Returns true if `outer` contains all elements of `inner`: an equal view, or one without gaps. */
export function covers(outer: ProgramView, inner: ProgramView): boolean {
  if (outer.slot !== inner.slot) return false;
  if (sameView(outer, inner)) return true;
  if (!isDense(outer)) return false;
  const own = bytesRange(outer), other = bytesRange(inner);
  return own.start <= other.start && other.end <= own.end;
}

/** Returns true if an output may overlap an input or output at another position, which kernels do not support. */
export function clashes(outputs: readonly ProgramView[], inputs: readonly ProgramView[]): boolean {
  return outputs.some((output, i) =>
    inputs.some((input) => meets(output, input) && !(sameView(output, input) && !overlapsItself(output))) ||
    outputs.some((other, j) => j > i && meets(output, other))
  );
}
