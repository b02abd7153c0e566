/** What the tests of this package share. */
import {
  bytesOf,
  type DType,
  fromBfloat16,
  type KernelCall,
  rowMajor,
  sizeOf,
  toBfloat16,
  typedView,
} from "@troodon/core";
import { WebGpuBackend } from "./mod.ts";
import type { GpuBuffer, GpuView } from "./kernel.ts";

/** A tensor to be: dense unless strides say otherwise. */
export interface Tensorish {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data?: ArrayLike<number>;
  readonly strides?: readonly number[];
  readonly offset?: number;
}

/** A backend on any adapter; undefined, with a line that says so, where there is none. */
export async function openBackend(): Promise<WebGpuBackend | undefined> {
  try {
    return await WebGpuBackend.create({ allowFallback: true });
  } catch (error) {
    console.log(`SKIP: ${(error as Error).message}`);
    return undefined;
  }
}

function bytesFrom(dtype: DType, data: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(data.length * bytesOf(dtype) / 8) * 8);
  const array = typedView(dtype, bytes.subarray(0, data.length * bytesOf(dtype)));
  for (let i = 0; i < data.length; i++) array[i] = dtype === "bfloat16" ? toBfloat16(data[i]!) : data[i]!;
  return bytes.subarray(0, data.length * bytesOf(dtype));
}

/** Runs a call; results as numbers, all of each output's buffer. */
export async function run(
  backend: WebGpuBackend,
  call: KernelCall,
  inputs: readonly Tensorish[],
  outputs: readonly Tensorish[],
): Promise<number[][]> {
  const buffers: GpuBuffer[] = [];
  const view = ({ dtype, shape, data, strides, offset = 0 }: Tensorish): GpuView => {
    const buffer = backend.allocate((data?.length ?? sizeOf(shape)) * bytesOf(dtype));
    buffers.push(buffer);
    if (data) backend.write(buffer, bytesFrom(dtype, data));
    return { buffer, dtype, shape, strides: strides ?? rowMajor(shape), offset };
  };
  const [from, to] = [inputs.map(view), outputs.map(view)];
  backend.launch(call, from, to);
  const results: number[][] = [];
  for (const { buffer, dtype } of to) {
    const bytes = await backend.read(buffer);
    const array = [...typedView(dtype, bytes)];
    results.push(dtype === "bfloat16" ? array.map(fromBfloat16) : array);
  }
  for (const buffer of buffers) backend.release(buffer);
  return results;
}
