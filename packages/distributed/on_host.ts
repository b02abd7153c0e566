/** Gives native libraries and other threads access to the elements of tensors. */
import { noGrad } from "@troodon/autograd";
import { type Tensor, tensor, tidySync } from "@troodon/core";
import { bytesOf, decodedNumbers, encoded, isHalf } from "@troodon/core/kernel";

/** Dtypes that processes add, multiply and compare; others are converted. */
export type ReducedType = "float32" | "float64" | "int32" | "int64" | "uint8";

/** Bytes of a tensor's elements in row-major order, in memory of the process. */
export interface HostElements {
  /** The bytes: those of the tensor itself, or a copy. */
  readonly bytes: Uint8Array;
  /** Stores the bytes in the tensor if they are a copy, and counts the change. Call it after writing. */
  write(): void;
  /** Ends the use of the bytes. Call it once, even if nothing was written. */
  end(): void;
}

/** Brings the elements of a tensor to the memory of the process, without a copy if they are there already. */
export async function onHost(x: Tensor): Promise<HostElements> {
  const { device, storage } = x;
  if (x.isContiguous()) {
    const start = x.offset * bytesOf(x.dtype), range = { start, end: start + x.numel() * bytesOf(x.dtype) };
    const bytes = device.hostBytes(storage, range);
    if (bytes !== null) {
      // The memory stays even if the tensor is disposed of while others work on it.
      storage.retain();
      return { bytes, write: () => void x.version.count++, end: () => storage.release() };
    }
    return copied(x, await device.read(storage, range));
  }
  const packed = x.detach().clone().contiguous().adopt();
  try {
    return copied(x, (await onHost(packed)).bytes.slice());
  } finally {
    packed.dispose();
  }
}

function copied(x: Tensor, bytes: Uint8Array): HostElements {
  return { bytes, write: () => overwrite(x, bytes), end: () => {} };
}

/** Replaces the elements of `x` by those in `bytes`. */
export function overwrite(x: Tensor, bytes: Uint8Array): void {
  noGrad(() =>
    tidySync(() => {
      const { dtype, shape, device } = x;
      const values = dtype === "int64"
        ? new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8)
        : decodedNumbers(bytes, dtype);
      x.copy_(tensor(values, { dtype, device }).reshape([...shape]));
    })
  );
}

/** Elements of 16 bits as float32, and back with one rounding; other elements as they are. */
export function asReduced(bytes: Uint8Array, x: Tensor): { bytes: Uint8Array; back(): void } {
  const { dtype } = x;
  if (!isHalf(dtype)) return { bytes, back: () => {} };
  const numbers = Float32Array.from(decodedNumbers(bytes, dtype));
  return {
    bytes: new Uint8Array(numbers.buffer),
    back: () => bytes.set(encoded("write", numbers, dtype)),
  };
}

/** Runs `f` on detached tensors that stay valid if the caller disposes of its own. */
export async function keeping(
  tensors: readonly Tensor[],
  f: (...handles: Tensor[]) => Promise<void>,
): Promise<void> {
  const handles = tensors.map((x) => x.detach().adopt());
  try {
    await f(...handles);
  } finally {
    for (const handle of handles) handle.dispose();
  }
}

/** Returns the dtype that elements of `x` are reduced in. */
export function reducedType({ dtype }: Pick<Tensor, "dtype">): ReducedType {
  if (isHalf(dtype)) return "float32";
  return dtype === "bool" ? "uint8" : dtype as ReducedType;
}

/** Divides sums in `x` by the number of processes, which makes them means. */
export function divide(x: Tensor, size: number): void {
  if (size > 1) noGrad(() => tidySync(() => void x.div_(size)));
}
