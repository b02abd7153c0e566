/** The bytes of a tensor's elements, as they lie in memory. */
import type { ByteRange } from "../backend/contract.ts";
import { bytesOf } from "../dtype.ts";
import { sizeOf } from "../shape.ts";
import type { OperandTensor } from "./apply.ts";

/** A copy of the bytes of `x` in row-major order, when all work before is done. */
export async function readBytes(x: OperandTensor): Promise<Uint8Array> {
  if (x.isContiguous()) return await x.device.read(x.storage, rangeOf(x));
  // Owned by nobody: the scope in force may end while this waits.
  const packed = x.packedCopy(null);
  try {
    return await x.device.read(packed.storage, rangeOf(packed));
  } finally {
    packed.dispose();
  }
}

/** A copy of the bytes of `x` in row-major order at once; a TypeError on devices that cannot wait. */
export function readBytesSync(x: OperandTensor): Uint8Array {
  if (x.isContiguous()) return x.device.readSync(x.storage, rangeOf(x));
  const packed = x.packedCopy(null);
  try {
    return x.device.readSync(packed.storage, rangeOf(packed));
  } finally {
    packed.dispose();
  }
}

function rangeOf({ offset, shape, dtype }: OperandTensor): ByteRange {
  const start = offset * bytesOf(dtype);
  return { start, end: start + sizeOf(shape) * bytesOf(dtype) };
}
