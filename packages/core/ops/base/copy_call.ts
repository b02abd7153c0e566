/** The kernel call that copies a tensor. */
import type { MapCall } from "../../backend/kernel_call.ts";
import { computeType } from "../../dtype.ts";
import { type Body, body } from "../../expr/body.ts";
import { input } from "../../expr/expr.ts";
import type { TensorSpec } from "../../op.ts";

/** The body of a copy. */
export const IDENTITY: Body = body(input(0));

/** A call that copies the elements of a tensor of this shape and dtype. */
export function copyCall({ shape, dtype }: TensorSpec): MapCall {
  return { kernel: "map", body: IDENTITY, compute: computeType(dtype), scalars: [], shape };
}
