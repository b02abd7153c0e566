/** What the tests of this package share. */
import { type DType, type KernelCall, ReferenceBackend, type View } from "@troodon/core";
import {
  bytesOf,
  fromBfloat16,
  rowMajor,
  sizeOf,
  toBfloat16,
  toInt64,
  typedView,
} from "@troodon/core/kernel";
import { openDevice } from "./device/open_device.ts";
import { GpuError, WebGpuBackend, type WebGpuOptions } from "./mod.ts";
import type { WebGpuTuning } from "./tuning.ts";

/** A tensor to be: dense unless strides say otherwise. */
export interface Plan {
  readonly dtype: DType;
  /** All of its buffer, which is as large as the shape where this is missing. */
  readonly data?: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  readonly offset?: number;
}

/** A tensor of float32, of zeros without `data`. */
export const f32 = (shape: readonly number[], data?: readonly number[]): Plan => ({
  dtype: "float32",
  shape,
  ...(data && { data }),
});

/** A tensor of int32, of zeros without `data`. */
export const int32 = (shape: readonly number[], data?: readonly number[]): Plan => ({
  ...f32(shape, data),
  dtype: "int32",
});

/** A tensor of float32 noise. */
export const random = (shape: readonly number[], seed?: number): Plan =>
  f32(shape, noise(sizeOf(shape), seed));

/** A backend on any adapter; undefined, with a line that says so, where there is none. */
export async function openBackend(
  options: WebGpuOptions = {},
  tuning?: WebGpuTuning,
): Promise<WebGpuBackend | undefined> {
  const all = { allowFallback: true, ...options };
  try {
    const backend = tuning
      ? new WebGpuBackend(await openDevice(all), tuning)
      : await WebGpuBackend.create(all);
    addEventListener("unload", () => backend[Symbol.dispose]());
    return backend;
  } catch (error) {
    if (!(error instanceof GpuError)) throw error;
    console.log(`SKIP webgpu: ${error.message}`);
    return undefined;
  }
}

/** So little work at once that all kernels run in parts, and in several passes where that is what many steps lead to. */
export const LITTLE_WORK: WebGpuTuning = { work: { operations: 200_000, steps: 16 } };

/** Declares tests of kernels: each runs on a backend as it is, and on one with {@linkcode LITTLE_WORK}. */
export async function kernelTests(): Promise<
  (name: string, fn: (backend: WebGpuBackend) => Promise<void> | void) => void
> {
  const backends = [["", await openBackend()], [" (in parts)", await openBackend({}, LITTLE_WORK)]] as const;
  return (name, fn) => {
    for (const [how, backend] of backends) {
      Deno.test({ name: name + how, ignore: backend === undefined, fn: () => fn(backend!) });
    }
  };
}

/** What both backends of a test have. */
interface Runner<B extends object> {
  allocate(bytes: number): B;
  release(buffer: B): void;
  write(buffer: B, data: Uint8Array, offset?: number): void;
  launch(call: KernelCall, inputs: readonly View<B>[], outputs: readonly View<B>[]): void;
  read(buffer: B): Promise<Uint8Array>;
}

function encoded(dtype: DType, data: ArrayLike<number>): Uint8Array {
  const size = data.length * bytesOf(dtype),
    bytes = new Uint8Array(Math.ceil(size / 8) * 8).subarray(0, size);
  if (dtype === "int64") {
    // Of those beyond 2^53 the last digits differ from place to place.
    const digits = (x: number, i: number) => Math.abs(x) >= 2 ** 53 && x < 2 ** 62 ? BigInt(i % 1000) : 0n;
    new BigInt64Array(bytes.buffer).set(Array.from(data, (x, i) => toInt64(x) + digits(x, i)));
    return bytes;
  }
  const array = typedView(dtype, bytes);
  for (let i = 0; i < data.length; i++) array[i] = dtype === "bfloat16" ? toBfloat16(data[i]!) : data[i]!;
  return bytes;
}

async function runOn<B extends object>(
  backend: Runner<B>,
  call: KernelCall,
  inputs: readonly Plan[],
  outputs: readonly Plan[],
  asWords = false,
): Promise<number[][]> {
  const view = ({ dtype, shape, data, strides, offset = 0 }: Plan): View<B> => {
    const contents = data ?? new Float64Array(sizeOf(shape));
    const buffer = backend.allocate(contents.length * bytesOf(dtype));
    backend.write(buffer, encoded(dtype, contents));
    return { buffer, dtype, shape, strides: strides ?? rowMajor(shape), offset };
  };
  const [from, to] = [inputs.map(view), outputs.map(view)];
  backend.launch(call, from, to);
  const results: number[][] = [];
  for (const [i, { buffer, dtype }] of to.entries()) {
    const { shape, data } = outputs[i]!;
    const size = (data?.length ?? sizeOf(shape)) * bytesOf(dtype);
    const bytes = (await backend.read(buffer)).slice(0, size);
    // Words tell of the last digits of int64.
    const view = dtype === "int64" && asWords ? new Uint32Array(bytes.buffer) : typedView(dtype, bytes);
    const array = Array.from<number | bigint, number>(view, Number);
    results.push(dtype === "bfloat16" ? array.map(fromBfloat16) : array);
  }
  for (const { buffer } of [...from, ...to]) backend.release(buffer);
  return results;
}

/** Runs a call: all of each output's buffer, as numbers. */
export function run(
  backend: WebGpuBackend,
  call: KernelCall,
  inputs: readonly Plan[],
  outputs: readonly Plan[],
): Promise<number[][]> {
  return runOn(backend, call, inputs, outputs);
}

/** Runs a call here and on the reference backend; throws where results differ by more than `tolerance`. */
export async function compare(
  backend: WebGpuBackend,
  call: KernelCall,
  inputs: readonly Plan[],
  outputs: readonly Plan[],
  tolerance = 0,
): Promise<void> {
  const found = await runOn(backend, call, inputs, outputs, true);
  const exact = await runOn(new ReferenceBackend(), call, inputs, outputs, true);
  exact.forEach((numbers, o) =>
    numbers.forEach((y, i) => {
      const x = found[o]![i]!;
      if (Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * Math.max(Math.abs(y), 1)) return;
      throw new RangeError(`Element ${i} of output ${o} of ${call.kernel}() is ${x} and not ${y}`);
    })
  );
}

/** `n` numbers in [-1, 1) without a pattern, exact in float16. */
export function noise(n: number, seed = 1): number[] {
  return Array.from(
    { length: n },
    (_, i) => Math.round((((i + 1) * 0.6180339887498949 * seed) % 1 * 2 - 1) * 256) / 256,
  );
}

/** `n` integers in [0, limit) without a pattern. */
export function picks(n: number, limit: number, seed = 1): number[] {
  return Array.from({ length: n }, (_, i) => Math.floor(((i + 1) * 0.7548776662466927 * seed) % 1 * limit));
}

/** Throws where numbers differ by more than `tolerance`, relative to those above 1. */
export function assertNear(
  found: readonly number[],
  exact: readonly number[],
  label: string,
  tolerance = 1e-5,
): void {
  if (found.length !== exact.length) throw new RangeError(`${label} has ${found.length} elements`);
  exact.forEach((y, i) => {
    const x = found[i]!;
    if (Object.is(x, y) || Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y))) return;
    throw new RangeError(`Element ${i} of ${label} is ${x} and not ${y}`);
  });
}
