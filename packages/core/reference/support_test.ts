/** What the tests of kernels share. */
import { bytesOf, type DType } from "../dtype.ts";
import { rowMajor, type Shape, sizeOf } from "../shape.ts";
import type { Layout } from "../layout.ts";
import { reader, writer } from "./access.ts";
import type { ReferenceView } from "./buffer.ts";
import { indicesOf } from "./indices.ts";
import { ReferenceBackend } from "./reference_backend.ts";

export const backend: ReferenceBackend = new ReferenceBackend();

/** A view of a new buffer that holds `data`. */
export function viewOf(
  dtype: DType,
  data: readonly number[],
  shape: Shape = [data.length],
  { strides = rowMajor(shape), offset = 0 }: Partial<Layout> = {},
): ReferenceView {
  const buffer = backend.allocate(data.length * bytesOf(dtype));
  const view = { buffer, dtype, shape, strides, offset };
  const store = writer(view);
  data.forEach((value, i) => store(i, value));
  return view;
}

/** A view of a new buffer to be written. */
export function emptyView(dtype: DType, shape: Shape): ReferenceView {
  return viewOf(dtype, new Array<number>(sizeOf(shape)).fill(99), shape);
}

/** All elements of a view, in row-major order. */
export function valuesOf(view: ReferenceView): number[] {
  return Array.from(indicesOf(view), reader(view));
}
