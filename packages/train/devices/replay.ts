/** Calls of ops made again on another device. */
import { type Device, type Tensor, tensor } from "@troodon/core";
import type { KernelOp, MutatingOp, Op, OpCall } from "@troodon/core/kernel";

/** The extent of memory that a view reads: one more than the number of its last element. */
function extentOf({ shape, strides }: Tensor): number {
  return shape.reduce((end, size, i) => end + (size - 1) * strides[i]!, 1);
}

/** A copy of `x` on `device` that lies in memory as `x` does: transposed, with gaps or repeated. */
function copyTo(x: Tensor, device: Device): Tensor {
  const t = x.detach();
  if (t.isContiguous() || t.numel() === 0 || t.strides.some((stride) => stride < 0)) return t.to(device);
  return t.asStrided([extentOf(t)], [1], t.offset).to(device).asStrided(t.shape, t.strides);
}

/**
 * Makes a call on `device` with copies of its inputs as they are now, and returns the outputs. A call in place finds what
 * its output holds now.
 */
export function replay({ op, params, inputs, outputs, inPlace }: OpCall, device: Device): readonly Tensor[] {
  const copies = new Map<Tensor, Tensor>();
  const copied = (x: Tensor): Tensor => {
    const copy = copies.get(x) ?? copyTo(x, device);
    copies.set(x, copy);
    return copy;
  };
  const given = inputs.map(copied);
  if (inPlace) return [copied(outputs[0]!).applyInto(op as KernelOp | MutatingOp, params, ...given)];
  const [first, ...rest] = given;
  if (first !== undefined) return first.applyAll(op as Op, params, ...rest);
  return [tensor(0, { device }).applyFresh(op as Op, params)];
}
