/** The views of a call as a shader binds them. */
import { bytesOf, type DType, sizeOf, type View } from "@troodon/core";
import type { GpuBuffer } from "./device/pool.ts";

/** A view into a buffer of this backend. */
export type GpuView = View<GpuBuffer>;

/** The elements of `view` in another shape. */
export function relaid(
  { buffer, dtype, offset }: GpuView,
  shape: readonly number[],
  strides: readonly number[],
): GpuView {
  return { buffer, dtype, shape, strides, offset };
}

/** A view, and where its buffer is bound. */
export interface Operand {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  /** Binding of its buffer; views of one buffer share it. */
  readonly slot: number;
  /** Whether what follows the view in its buffer, up to 16 bytes, belongs to nobody. */
  readonly last: boolean;
}

/**
 * Inputs, then outputs. A buffer is bound once, however many views look at it:
 * a shader may not read and write one buffer through two bindings.
 */
export class Operands {
  readonly buffers: GpuBuffer[] = [];
  /** Whether each buffer is written. */
  readonly written: boolean[] = [];
  readonly views: readonly Operand[];
  readonly inputs: number;
  /** Text that is equal where a shader for these operands is: types, layouts, bindings. */
  readonly key: string;

  /** Binds the buffers of `inputs` and `outputs`. */
  constructor(inputs: readonly GpuView[], outputs: readonly GpuView[]) {
    const views: Operand[] = [];
    let key = "";
    const place = (view: GpuView, output: boolean): void => {
      const { buffer, dtype, shape, strides, offset } = view;
      let slot = this.buffers.indexOf(buffer);
      if (slot < 0) {
        slot = this.buffers.push(buffer) - 1;
        this.written.push(output);
      } else if (output) {
        this.written[slot] = true;
      }
      const last = output && (offset + sizeOf(shape)) * bytesOf(dtype) === buffer.bytes;
      views.push({ dtype, shape, strides, offset, slot, last });
      // Offsets are given when the shader runs, but for 0, which needs no sum.
      key += `|${dtype}${shape}/${strides}${offset === 0 ? "" : offset % 4 === 0 ? "+" : "~"}${slot}${
        last ? "." : ""
      }`;
    };
    for (const view of inputs) place(view, false);
    for (const view of outputs) place(view, true);
    this.views = views;
    this.inputs = inputs.length;
    this.key = `${key}|${inputs.length}`;
  }

  /** One more buffer that is written, and its binding. */
  append(buffer: GpuBuffer): number {
    this.written.push(true);
    return this.buffers.push(buffer) - 1;
  }
}
