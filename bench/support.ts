/** What benches share. */
import { rowMajor, sizeOf, type View } from "@troodon/core";
import type { CpuBackend, CpuBuffer } from "@troodon/cpu";

/** A new contiguous view of float32, with numbers in it. */
export function viewOf(backend: CpuBackend, shape: readonly number[]): View<CpuBuffer> {
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 7919) % 1000) / 1000 - 0.5);
  const buffer = backend.allocate(data.byteLength);
  backend.write(buffer, new Uint8Array(data.buffer));
  return { buffer, dtype: "float32", shape, strides: rowMajor(shape), offset: 0 };
}

/** The same elements with the last two axes swapped. */
export function transposed(view: View<CpuBuffer>): View<CpuBuffer> {
  const swap = (list: readonly number[]): number[] => [...list.slice(0, -2), list.at(-1)!, list.at(-2)!];
  return { ...view, shape: swap(view.shape), strides: swap(view.strides) };
}
