/** What a device can hold. */
import type { Device } from "./device.ts";
import { bytesOf, type DType } from "./dtype.ts";
import { type Shape, showShape, sizeOf } from "./shape.ts";

/**
 * Whether tensors of `dtype` can be on `device`.
 *
 * @throws {TypeError} If they cannot.
 */
export function checkDType({ name, backend: { limits: { dtypes } } }: Device, dtype: DType): void {
  if (dtypes.includes(dtype)) return;
  throw new TypeError(
    `Cannot make a tensor of ${dtype} as ${name} holds ${
      dtypes.join(", ")
    }: choose one of these or another device`,
  );
}

/**
 * The bytes of a tensor, if it can be on `device`: before memory is taken for it.
 *
 * @throws {TypeError} If its dtype cannot.
 * @throws {RangeError} If it is larger than any buffer of the device.
 */
export function bytesOn(device: Device, shape: Shape, dtype: DType): number {
  const { bufferBytes } = device.backend.limits, bytes = sizeOf(shape) * bytesOf(dtype);
  // All devices hold float32, which nearly all tensors are of: this runs for every op.
  if (dtype !== "float32") checkDType(device, dtype);
  if (bytes <= bufferBytes) return bytes;
  throw new RangeError(
    `Cannot make a tensor of shape ${
      showShape(shape)
    } as its ${bytes} bytes are more than one buffer of ${device.name} ` +
      `can have, which is ${bufferBytes}: use smaller batches, or another device`,
  );
}
