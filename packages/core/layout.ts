/** Strided windows onto a buffer. */
import { rowMajor, type Shape } from "./shape.ts";

/** Where a tensor's elements lie: at `offset + sum(position * stride)`, counted in elements. */
export interface Layout {
  /** Extents, outermost axis first. */
  readonly shape: Shape;
  /** Steps between neighbors along each axis. */
  readonly strides: readonly number[];
  /** Place of the first element. */
  readonly offset: number;
}

/** The row-major layout of a new tensor, whose first element is at `offset`. */
export function contiguousLayout(shape: Shape, offset = 0): Layout {
  return { shape, strides: rowMajor(shape), offset };
}

/** Whether elements follow one another in row-major order, wherever the first one lies. */
export function isContiguous({ shape, strides }: Pick<Layout, "shape" | "strides">): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const extent = shape[i]!;
    if (extent === 0) return true;
    if (extent !== 1 && strides[i] !== expected) return false;
    expected *= extent;
  }
  return true;
}

/** Strides that repeat `layout` over `shape`, to which it must broadcast. */
export function expandStrides(layout: Pick<Layout, "shape" | "strides">, shape: Shape): readonly number[] {
  const own = layout.shape, lead = shape.length - own.length;
  if (lead === 0) {
    let same = true;
    for (let i = 0; i < shape.length && same; i++) same = own[i] === shape[i];
    if (same) return layout.strides;
  }
  const strides = new Array<number>(shape.length);
  for (let i = 0; i < shape.length; i++) {
    strides[i] = i < lead || (own[i - lead] === 1 && shape[i] !== 1) ? 0 : layout.strides[i - lead]!;
  }
  return strides;
}
