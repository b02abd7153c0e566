/** WebAssembly kernels of JPEG decoding, compiled when the first file is decoded. */
import { blend, spread, toRgb } from "./colors.ts";
import { compileKernels, type Kernels } from "../../../simd/kernels.ts";
import { inverseTransform } from "./inverse_transform.ts";

/** Functions on addresses in `memory`; all parameters are numbers. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly inverseTransform: (
    coefficients: number,
    table: number,
    to: number,
    stride: number,
    count: number,
  ) => void;
  readonly blend: (own: number, other: number, to: number, count: number, a: number, b: number) => void;
  readonly spread: (
    row: number,
    to: number,
    count: number,
    before: number,
    behind: number,
    shift: number,
  ) => void;
  readonly toRgb: (luma: number, blue: number, red: number, to: number, count: number) => void;
}

/** The functions and their memory. */
export type JpegKernels = Kernels<Exports>;

let kernels: JpegKernels | null | undefined;

/** Returns the kernels of this thread; null where the engine has no WebAssembly with vectors, or forbids it. */
export function jpegKernels(): JpegKernels | null {
  if (kernels === undefined) {
    kernels = compileKernels<Exports>(() => ({
      inverseTransform: inverseTransform(),
      blend: blend(),
      spread: spread(),
      toRgb: toRgb(),
    }));
  }
  return kernels;
}
