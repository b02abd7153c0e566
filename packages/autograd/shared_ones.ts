/** The gradient that walks begin with. */
import { type Device, type DType, Tensor } from "@troodon/core";
import { bytesOf, Storage } from "@troodon/core/kernel";

/** A tensor of 1, and its version as long as nobody has changed it. */
interface One {
  readonly tensor: Tensor;
  readonly version: number;
}

const ones = new WeakMap<Device, Map<DType, One>>();

/**
 * A tensor of one element, 1, of the shape of `root`: on memory that the device keeps for it, so that no kernel has to
 * fill new memory for every walk. It may be a gradient of others, but should be changed by nobody: if it was, the next
 * one is on other memory.
 */
export function sharedOnes({ device, dtype, shape }: Tensor): Tensor {
  let byDtype = ones.get(device);
  if (byDtype === undefined) ones.set(device, byDtype = new Map());
  let one = byDtype.get(dtype);
  if (one === undefined || one.tensor.version.count !== one.version) {
    byDtype.set(dtype, one = newOne(device, dtype));
  }
  const { tensor: { storage, version } } = one;
  const layout = { shape, strides: shape.map(() => 1), offset: 0 };
  return new Tensor(device, storage.retain(), layout, dtype, version);
}

/** `g`, or a copy of it where it is on the memory that walks share: for users, who may keep gradients and change them. */
export function unshared(g: Tensor): Tensor {
  return ones.get(g.device)?.get(g.dtype)?.tensor.version === g.version ? g.clone() : g;
}

/** In memory of the backend that is no tensor's, and so does not count as in use. */
function newOne(device: Device, dtype: DType): One {
  const { backend } = device, bytes = bytesOf(dtype), buffer = backend.allocate(bytes);
  const storage = new Storage(device, bytes, { buffer, start: 0, end: () => backend.release(buffer) });
  const tensor = new Tensor(device, storage, { shape: [], strides: [], offset: 0 }, dtype, null, null).fill_(
    1,
  );
  return { tensor, version: tensor.version.count };
}
