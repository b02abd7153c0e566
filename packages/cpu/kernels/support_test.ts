/** Runs a kernel and the reference backend's on the same bytes. */
import { assert, assertEquals } from "@std/assert";
import {
  type DType,
  Generator,
  isFloating,
  type KernelCall,
  type Layout,
  ReferenceBackend,
} from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import { CpuContext } from "../context.ts";
import type { Kernel } from "../kernel.ts";
import type { CpuView } from "../view.ts";
import { CpuMemory } from "../memory.ts";
import { bytesOfNumbers, valuesOfBytes } from "../test_support.ts";

export const context: CpuContext = new CpuContext(new CpuMemory());
const reference = new ReferenceBackend();

/** Contexts of 1, 2 and 3 threads that split all they can. */
export const crews: readonly CpuContext[] = [1, 2, 3].map((threads) =>
  new CpuContext(context.memory, { threads, grain: 0 })
);

/** Elements in memory, and a view of them. */
export interface Case extends Layout {
  readonly dtype: DType;
  readonly data: readonly number[];
}

/** What a random view may be; `bound` asks for integers from 0 to below it. */
export interface ViewOptions {
  readonly repeats?: boolean;
  readonly special?: boolean;
  readonly bound?: number;
}

/** Chance, the same on every run. */
export class Chance {
  readonly #generator: Generator;

  constructor(seed: number) {
    this.#generator = new Generator(seed);
  }

  /** An integer in [low, high]. */
  integer(low: number, high: number): number {
    return low + this.#generator.integer(high - low + 1);
  }

  /** One of a list. */
  pick<T>(list: readonly T[]): T {
    return list[this.integer(0, list.length - 1)]!;
  }

  /** Values that suit `dtype`, many of them equal, some special. */
  value(dtype: DType, special = true): number {
    if (dtype === "bool") return this.integer(0, 1);
    if (dtype === "uint8") return this.integer(0, 9);
    if (dtype === "int64" && this.integer(0, 3) === 0) {
      return this.pick([
        2 ** 31,
        -(2 ** 31) - 1,
        2 ** 32 + 5,
        2 ** 53,
        -(2 ** 60),
        2 ** 61,
        2 ** 63,
        -(2 ** 63),
      ]);
    }
    if (!isFloating(dtype)) return this.integer(-9, 9);
    if (special && this.integer(0, 19) === 0) return this.pick([NaN, Infinity, -Infinity, -0, 0]);
    return this.integer(-20, 20) / 8;
  }

  /** A layout of `shape` with axes in any order, gaps and reversals, and repeats if `repeats`. */
  layout(shape: readonly number[], repeats: boolean): Layout & { readonly length: number } {
    if (this.integer(0, 2) === 0) {
      const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
      return { shape, strides, offset: 3, length: sizeOf(shape) + 3 };
    }
    const order = shape.map((_, axis) => axis).sort(() => this.integer(-1, 1));
    const strides = shape.map(() => 0);
    let length = 1, offset = this.integer(0, 2);
    for (const axis of order) {
      if (repeats && this.integer(0, 4) === 0) continue;
      const stride = length * this.pick([1, 1, 2]);
      const last = Math.max(0, shape[axis]! - 1) * stride;
      length += last;
      if (this.integer(0, 3) === 0) {
        strides[axis] = -stride;
        offset += last;
      } else strides[axis] = stride;
    }
    return { shape, strides, offset, length: length + 2 };
  }

  /** A view of random values. */
  view(
    dtype: DType,
    shape: readonly number[],
    { repeats = true, special = true, bound = 0 }: ViewOptions = {},
  ): Case {
    const { length, ...layout } = this.layout(shape, repeats);
    const data = Array.from(
      { length },
      () => bound > 0 ? this.integer(0, bound - 1) : this.value(dtype, special),
    );
    return { ...layout, dtype, data };
  }
}

const toBytes = ({ dtype, data }: Case): Uint8Array => bytesOfNumbers(dtype, data);

/** A view in the memory of the CPU backend. */
export function cpuView(view: Case): CpuView {
  const bytes = toBytes(view), buffer = context.memory.allocate(bytes.length);
  context.memory.u8.set(bytes, buffer.pointer);
  return { ...view, buffer };
}

/** All elements in the buffer of a view, whether it looks at them or not. */
export function valuesOf({ buffer, dtype }: CpuView): number[] {
  return exactValuesOf({ buffer, dtype }).map(Number);
}

/** The same, those of int64 as bigints. */
function exactValuesOf({ buffer, dtype }: Pick<CpuView, "buffer" | "dtype">): (number | bigint)[] {
  return valuesOfBytes(dtype, context.memory.u8.slice(buffer.pointer, buffer.pointer + buffer.bytes));
}

/** Runs a kernel, then frees what it used. */
export function launch<C>(
  kernel: Kernel<C>,
  call: C,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
  within: CpuContext = context,
): void {
  try {
    kernel(within, call, inputs, outputs);
  } finally {
    within.clear();
  }
}

/** The bytes of the outputs of a call, one crew after the other; each begins with `outputs` as they are. */
function byCrews<C>(
  kernel: Kernel<C>,
  call: C,
  inputs: readonly CpuView[],
  outputs: readonly Case[],
): Uint8Array[] {
  return crews.map((crew) => {
    const views = outputs.map(cpuView);
    launch(kernel, call, inputs, views, crew);
    const bytes = views.flatMap(({ buffer: { pointer, bytes } }) => [
      ...context.memory.u8.subarray(pointer, pointer + bytes),
    ]);
    for (const { buffer } of views) context.memory.release(buffer);
    return new Uint8Array(bytes);
  });
}

/**
 * Asserts that all bytes of all outputs are what the reference backend makes of
 * them, within `tolerance`, and the same for any number of threads.
 */
export function assertAsReference<C extends KernelCall>(
  kernel: Kernel<C>,
  call: C,
  inputs: readonly Case[],
  outputs: readonly Case[],
  tolerance = 0,
): void {
  const [cpuInputs, cpuOutputs] = [inputs.map(cpuView), outputs.map(cpuView)];
  launch(kernel, call, cpuInputs, cpuOutputs);
  const [first, ...others] = byCrews(kernel, call, cpuInputs, outputs);
  for (const other of others) assertEquals(other, first);
  const refer = (view: Case) => {
    const bytes = toBytes(view), buffer = reference.allocate(bytes.length);
    reference.write(buffer, bytes);
    return { ...view, buffer };
  };
  const expected = outputs.map(refer);
  reference.launch(call, inputs.map(refer), expected);
  outputs.forEach((output, o) => {
    const found = exactValuesOf(cpuOutputs[o]!);
    const bytes = reference.readSync(expected[o]!.buffer, { start: 0, end: cpuOutputs[o]!.buffer.bytes });
    valuesOfBytes(output.dtype, bytes).forEach((value, i) => {
      const close = Object.is(found[i], value) ||
        (tolerance > 0 && typeof value === "number" &&
          Math.abs(Number(found[i]) - value) <= tolerance * Math.max(1, Math.abs(value)));
      if (!close) {
        const all = JSON.stringify({ call, inputs, output });
        assert(close, `output ${o}, element ${i} is ${found[i]}, not ${value}: ${all}`);
      }
    });
  });
  for (const { buffer } of [...cpuInputs, ...cpuOutputs]) context.memory.release(buffer);
}
