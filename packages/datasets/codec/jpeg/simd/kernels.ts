/** WebAssembly kernels of JPEG decoding, compiled when the first file is decoded. */
import { blend, spread, toRgb } from "./colors.ts";
import { moduleOf } from "./emitter.ts";
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

/** Kernels with a memory of their own, whose contents last until {@linkcode JpegKernels.reserve} is called again. */
export class JpegKernels {
  /** The functions. */
  readonly run: Exports;
  #bytes: Uint8Array<ArrayBuffer>;

  /** Takes the functions of a module. */
  constructor(run: Exports) {
    this.run = run;
    this.#bytes = new Uint8Array(run.memory.buffer as ArrayBuffer);
  }

  /** Returns the memory, which has at least `size` bytes. */
  reserve(size: number): Uint8Array<ArrayBuffer> {
    const { memory } = this.run;
    if (size > this.#bytes.length) {
      memory.grow(Math.ceil((size - this.#bytes.length) / 65536));
      this.#bytes = new Uint8Array(memory.buffer as ArrayBuffer);
    }
    return this.#bytes;
  }
}

let kernels: JpegKernels | null | undefined;

/** Returns the kernels of this thread; null where the engine has no WebAssembly with vectors, or forbids it. */
export function jpegKernels(): JpegKernels | null {
  if (kernels === undefined) kernels = compiled();
  return kernels;
}

function compiled(): JpegKernels | null {
  try {
    const bytes = moduleOf({
      inverseTransform: inverseTransform(),
      blend: blend(),
      spread: spread(),
      toRgb: toRgb(),
    });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    return new JpegKernels(exports as unknown as Exports);
  } catch {
    return null;
  }
}
