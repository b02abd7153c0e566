/** Channels turned into resolution, and back. */
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { apart } from "../base/apart.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

function refuse(op: string, wanted: string, x: Tensor, factor: number): never {
  throw new RangeError(
    `Cannot apply ${op}() as the shape must be ${wanted}: current shape is ${
      showShape(x.shape)
    }, factor is ${factor}`,
  );
}

/** `[..., c * r * r, h, w]` to `[..., c, h * r, w * r]` (Shi et al. 2016, arXiv:1609.05158). */
export function pixelShuffle(x: Tensor, upscaleFactor: number): Tensor {
  checkCall("pixelShuffle", arguments, "xd");
  const r = upscaleFactor, [c, h, w] = x.shape.slice(-3), lead = x.shape.slice(0, -3), at = lead.length;
  if (x.ndim < 3 || !Number.isInteger(r) || r < 1 || c! % (r * r) !== 0) {
    refuse("pixelShuffle", "[..., c * r * r, h, w]", x, r);
  }
  return called("pixelShuffle", [x], () => {
    const parts = x.reshape([...lead, c! / (r * r), r, r, h!, w!]);
    const order = [...lead.keys(), at, at + 3, at + 1, at + 4, at + 2];
    return apart(parts.permute(order).reshape([...lead, c! / (r * r), h! * r, w! * r]), x);
  });
}

/** `[..., c, h * r, w * r]` to `[..., c * r * r, h, w]`, undoing {@linkcode pixelShuffle}. */
export function pixelUnshuffle(x: Tensor, downscaleFactor: number): Tensor {
  checkCall("pixelUnshuffle", arguments, "xd");
  const r = downscaleFactor, [c, h, w] = x.shape.slice(-3), lead = x.shape.slice(0, -3), at = lead.length;
  if (x.ndim < 3 || !Number.isInteger(r) || r < 1 || h! % r !== 0 || w! % r !== 0) {
    refuse("pixelUnshuffle", "[..., c, h * r, w * r]", x, r);
  }
  return called("pixelUnshuffle", [x], () => {
    const parts = x.reshape([...lead, c!, h! / r, r, w! / r, r]);
    const order = [...lead.keys(), at, at + 2, at + 4, at + 1, at + 3];
    return apart(parts.permute(order).reshape([...lead, c! * r * r, h! / r, w! / r]), x);
  });
}

/** Channels of all groups in turn: `[n, c, ...]` to the same shape (Zhang et al. 2017, arXiv:1707.01083). */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  checkCall("channelShuffle", arguments, "xd");
  const [n, c, ...rest] = x.shape;
  if (x.ndim < 3 || !Number.isInteger(groups) || groups < 1 || c! % groups !== 0) {
    refuse(
      "channelShuffle",
      "[n, c, ...] with three axes or more, and c a multiple of the groups",
      x,
      groups,
    );
  }
  return called(
    "channelShuffle",
    [x],
    () => apart(x.reshape([n!, groups, c! / groups, ...rest]).transpose(1, 2).reshape(x.shape), x),
  );
}
