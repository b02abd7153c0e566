/** Which tensors have elements in the same places. */
import { isContiguous, type Layout } from "./layout.ts";
import { sizeOf } from "./shape.ts";

/** More elements than that are not looked at one by one. */
const LISTED = 2 ** 20;

/** The axes with more than one element, those with the smallest steps first. */
function axesOf({ shape, strides }: Pick<Layout, "shape" | "strides">): { extent: number; step: number }[] {
  const axes: { extent: number; step: number }[] = [];
  for (let i = 0; i < shape.length; i++) {
    if (shape[i] !== 1) axes.push({ extent: shape[i]!, step: Math.abs(strides[i]!) });
  }
  return axes.sort((a, b) => a.step - b.step);
}

/** Whether several elements of a layout lie in one place, as those of an expanded tensor do. */
export function overlapsItself(layout: Layout): boolean {
  if (isContiguous(layout) || sizeOf(layout.shape) === 0) return false;
  let reach = 0, nested = true;
  for (const { extent, step } of axesOf(layout)) {
    if (step === 0) return true;
    // Steps larger than all that lies before lead to places of their own.
    nested &&= step > reach;
    reach += (extent - 1) * step;
  }
  if (nested || sizeOf(layout.shape) > LISTED) return false;
  const places = placesOf(layout);
  return new Set(places).size < places.length;
}

/** The storage positions of the elements of a layout, in row-major order. */
export function placesOf({ shape, strides, offset }: Layout): number[] {
  let places = [offset];
  for (let axis = 0; axis < shape.length; axis++) {
    const next: number[] = [], step = strides[axis]!;
    for (const place of places) for (let i = 0; i < shape[axis]!; i++) next.push(place + i * step);
    places = next;
  }
  return places;
}

/** The first place that a layout has elements in, and the last. */
export function rangeOf({ shape, strides, offset }: Layout): readonly [first: number, last: number] {
  let first = offset, last = offset;
  for (let i = 0; i < shape.length; i++) {
    const reach = (shape[i]! - 1) * strides[i]!;
    if (reach < 0) first += reach;
    else last += reach;
  }
  return [first, last];
}

/** Whether the elements of a layout fill a range, each place once, in whatever order. */
export function isDense(layout: Pick<Layout, "shape" | "strides">): boolean {
  let expected = 1;
  if (layout.strides.some((s, i) => s < 0 && layout.shape[i]! > 1)) return false;
  for (const { extent, step } of axesOf(layout)) {
    if (step !== expected) return false;
    expected *= extent;
  }
  return true;
}

/** Whether two layouts are the same places in the same order, whatever axes of extent 1 they have. */
function sameLayout(a: Layout, b: Layout): boolean {
  if (a.offset !== b.offset) return false;
  let i = 0, j = 0;
  for (;;) {
    while (a.shape[i] === 1) i++;
    while (b.shape[j] === 1) j++;
    if (a.shape[i] !== b.shape[j] || a.strides[i] !== b.strides[j]) return false;
    if (i >= a.shape.length) return true;
    i++;
    j++;
  }
}

/**
 * How two layouts of one memory meet: in no place, in all places and the same order, in some places or another order, or
 * nobody knows, as where there are gaps between elements.
 */
export function overlapOf(a: Layout, b: Layout): "none" | "same" | "partial" | "unknown" {
  if (sizeOf(a.shape) === 0 || sizeOf(b.shape) === 0) return "none";
  if (sameLayout(a, b)) return "same";
  const [firstOfA, lastOfA] = rangeOf(a), [firstOfB, lastOfB] = rangeOf(b);
  if (lastOfA < firstOfB || lastOfB < firstOfA) return "none";
  return isDense(a) && isDense(b) ? "partial" : "unknown";
}
