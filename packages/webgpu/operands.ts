/** The views of a dispatch as its shader binds them, before memory is known. */
import type { DType, View } from "@troodon/core";
import { bytesOf, sizeOf } from "@troodon/core/kernel";
import type { GpuBuffer } from "./device/pool.ts";

/** A view into a buffer of this backend. */
export type GpuView = View<GpuBuffer>;

/** Memory that a plan knows by a number instead of a buffer, from the first element of one of its operands on. */
export interface Region {
  /** The buffer: see `STATUS_SLOT` in `plan/plan.ts`. */
  readonly slot: number;
  /** The operand of the call whose offset its views have; -1 for views that begin with their buffer. */
  readonly operand: number;
  /** Bytes up to the end of the buffer; -1 where other things follow the operand. */
  readonly bytes: number;
}

/**
 * A view of a plan. Its `offset` stands for all that are as well aligned: 0 for the start of the buffer, 4 for
 * any other multiple of 4, 1 for the rest. Shaders read the real one when they run.
 */
export type PlanView = View<Region>;

/** The offset of a {@linkcode PlanView} that stands for the offset of a view. */
export function alignmentOf(offset: number): 0 | 1 | 4 {
  return offset === 0 ? 0 : offset % 4 === 0 ? 4 : 1;
}

/** A view, and where its buffer is bound. */
export interface Operand {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** As of a {@linkcode PlanView}. */
  readonly offset: number;
  /** As of a {@linkcode Region}. */
  readonly operand: number;
  /** Binding of its buffer; views of one buffer share it. */
  readonly binding: number;
  /** Whether what follows the view in its buffer, up to 16 bytes, belongs to nobody. */
  readonly last: boolean;
}

/**
 * Inputs, then outputs of one dispatch. A buffer is bound once, however many views look at it:
 * a shader may not read and write one buffer through two bindings.
 */
export class Operands {
  /** The slot of each binding. */
  readonly slots: number[] = [];
  /** Whether the buffer of each binding is written. */
  readonly written: boolean[] = [];
  readonly views: readonly Operand[];
  readonly inputs: number;

  /** Binds the buffers of `inputs` and `outputs`. */
  constructor(inputs: readonly PlanView[], outputs: readonly PlanView[]) {
    this.inputs = inputs.length;
    this.views = [
      ...inputs.map((view) => this.#place(view, false)),
      ...outputs.map((view) => this.#place(view, true)),
    ];
  }

  /** One more buffer that is written, and its binding. */
  append({ slot }: Region): number {
    this.written.push(true);
    return this.slots.push(slot) - 1;
  }

  #place({ buffer, dtype, shape, strides, offset }: PlanView, output: boolean): Operand {
    let binding = this.slots.indexOf(buffer.slot);
    if (binding < 0) {
      binding = this.slots.push(buffer.slot) - 1;
      this.written.push(output);
    } else if (output) {
      this.written[binding] = true;
    }
    const last = output && sizeOf(shape) * bytesOf(dtype) === buffer.bytes;
    return { dtype, shape, strides, offset, operand: buffer.operand, binding, last };
  }
}
