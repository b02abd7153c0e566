/** Conversion of the coefficients of JPEG components to samples. */
import type { Frame } from "./frame.ts";
import { inverseTransform } from "./idct.ts";
import { type JpegKernels, jpegKernels } from "./simd/kernels.ts";
import type { Component } from "./scan.ts";
import { type Known, smoothBlocks } from "./smoothing.ts";
import type { Plane } from "./upsample.ts";

/** Decoding state of a component, from coefficients to samples. */
export interface Decoding {
  readonly component: Component;
  /** Quantization table at the time of the first scan of the component; null before that. */
  table: Uint16Array | null;
  /** Samples; allocated when the first rows are decoded. */
  samples: Uint8ClampedArray | null;
}

function samplesOf(decoding: Decoding): Uint8ClampedArray {
  const { columns, rows } = decoding.component;
  return decoding.samples ??= new Uint8ClampedArray(64 * columns * rows);
}

/** Returns the samples decoded so far. */
export function planeOf(decoding: Decoding): Plane {
  const { columns, width, height } = decoding.component;
  return { data: samplesOf(decoding), stride: 8 * columns, width, height };
}

/** Transforms the blocks in memory, which begin at row `first`, and clears them for the next rows. */
export function transformKept(decoding: Decoding, first: number): void {
  const { columns, rows, kept, coefficients } = decoding.component;
  const samples = samplesOf(decoding), stride = 8 * columns;
  const count = Math.min(kept, rows - first), kernels = jpegKernels();
  if (kernels !== null) transformRows(kernels, decoding, samples, { first, count });
  else {for (let row = 0; row < count; row++) {
      for (let column = 0; column < columns; column++) {
        const to = (first + row) * 8 * stride + 8 * column;
        inverseTransform(coefficients, 64 * (row * columns + column), decoding.table!, samples, to, stride);
      }
    }}
  if (kept < rows) coefficients.fill(0);
}

/** Transforms rows of blocks with WebAssembly. */
function transformRows(
  kernels: JpegKernels,
  { component: { columns, coefficients }, table }: Decoding,
  samples: Uint8ClampedArray,
  { first, count }: { readonly first: number; readonly count: number },
): void {
  const stride = 8 * columns, out = 128 + 128 * columns, memory = kernels.reserve(out + 8 * stride);
  const bytes = bytesOf(coefficients);
  memory.set(bytesOf(table!), 0);
  for (let row = 0; row < count; row++) {
    memory.set(bytes.subarray(128 * row * columns, 128 * (row + 1) * columns), 128);
    kernels.run.inverseTransform(128, 0, out, stride, columns);
    samples.set(memory.subarray(out, out + 8 * stride), 8 * (first + row) * stride);
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int16Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Transforms all blocks of a component of a file with several scans; samples without a scan are 128. */
export function transformAll(
  decoding: Decoding,
  frame: Frame,
  knownAt: ((group: number) => Known) | null,
): void {
  if (decoding.table === null) {
    samplesOf(decoding).fill(128);
    return;
  }
  if (knownAt === null) return transformKept(decoding, 0);
  const { component, table } = decoding;
  const samples = samplesOf(decoding), stride = 8 * component.columns, block = new Int16Array(64);
  const copy = smoothBlocks(component, table, knownAt, frame.rows);
  for (let row = 0; row < Math.ceil(component.height / 8); row++) {
    for (let column = 0; column < Math.ceil(component.width / 8); column++) {
      copy(row, column, block);
      inverseTransform(block, 0, table, samples, 8 * (row * stride + column), stride);
    }
  }
}
