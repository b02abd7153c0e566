/** Places operands with guards around them in the memory of a context, for tests of all kernels. */
import { assert } from "@std/assert";
import type { KernelCall } from "@troodon/core";
import { bytesOf } from "@troodon/core/kernel";
import { CpuContext, type CpuContextOptions } from "./context.ts";
import type { Kernel } from "./kernel.ts";
import { KERNELS } from "./kernels/mod.ts";
import { type CpuBuffer, CpuMemory } from "./memory.ts";
import type { FamilyCase, OperandCase } from "./operand_cases_test.ts";
import { bytesOfNumbers } from "./test_support.ts";
import type { CpuView } from "./view.ts";

/** Number of elements that the memory of an operand has room for. */
export function lengthOf({ shape, strides }: OperandCase): number {
  return shape.includes(0) ? 0 : shape.reduce((last, n, axis) => last + (n - 1) * strides[axis]!, 1);
}

/** Number of guard bytes on either side of an operand, and their value. */
const [GUARD, SIGN] = [64, 0xa5] as const;

/** A context whose memory a test fills and checks. */
export class Place {
  readonly context: CpuContext;
  readonly memory: CpuMemory;
  readonly #guarded: CpuBuffer[] = [];

  /** A place for a context with these options, or of such a class. */
  constructor(
    options: CpuContextOptions = {},
    memory: CpuMemory = new CpuMemory(),
    Context: typeof CpuContext = CpuContext,
  ) {
    this.memory = memory;
    this.context = new Context(memory, options);
  }

  /** A view with the values of a case, at an address or anywhere. */
  view(operand: OperandCase, at?: number): CpuView {
    const { shape, strides, dtype } = operand, length = lengthOf(operand), bytes = length * bytesOf(dtype);
    const buffer = { pointer: at ?? this.#guard(bytes), bytes };
    const values = Array.from({ length }, (_, i) => operand.value(i));
    // Copies: a typed view needs aligned bytes, but an operand may begin anywhere.
    this.memory.u8.set(bytesOfNumbers(dtype, values), buffer.pointer);
    return { buffer, offset: 0, dtype, shape, strides };
  }

  /** Address of new bytes with guards around them. */
  #guard(bytes: number): number {
    const buffer = this.memory.allocate(bytes + 2 * GUARD), { pointer } = buffer;
    this.memory.u8.fill(SIGN, pointer, pointer + buffer.bytes);
    this.#guarded.push(buffer);
    return pointer + GUARD;
  }

  /** Releases all operands that lie anywhere; an AssertionError if something was written beside one. */
  release(): void {
    for (const buffer of this.#guarded.splice(0)) {
      const { pointer, bytes } = buffer, { u8 } = this.memory, end = pointer + bytes;
      for (const guard of [u8.subarray(pointer, pointer + GUARD), u8.subarray(end - GUARD, end)]) {
        assert(guard.every((byte) => byte === SIGN), "something was written beside an operand");
      }
      this.memory.release(buffer);
    }
  }

  /** The bytes of a view. */
  bytes({ buffer: { pointer, bytes } }: CpuView): Uint8Array {
    return this.memory.u8.slice(pointer, pointer + bytes);
  }

  /** Launches a call. */
  launch(call: KernelCall, inputs: readonly CpuView[], outputs: readonly CpuView[]): void {
    const kernel = KERNELS[call.kernel] as Kernel<KernelCall>;
    try {
      kernel(this.context, call, inputs, outputs);
    } finally {
      this.context.clear();
    }
  }

  /** Runs a case with operands anywhere, or with some where `at` says; releases them. Returns the bytes of the outputs. */
  run(
    { call, inputs, outputs }: FamilyCase,
    at: (operand: number, bytes: number) => number | undefined = () => undefined,
  ): Uint8Array[] {
    const views = [...inputs, ...outputs].map((operand, i) =>
      this.view(operand, at(i, lengthOf(operand) * bytesOf(operand.dtype)))
    );
    try {
      this.launch(call, views.slice(0, inputs.length), views.slice(inputs.length));
      return views.slice(inputs.length).map((view) => this.bytes(view));
    } finally {
      this.release();
    }
  }
}
