/** The op by which an in-place write to a view enters the history of its base, as PyTorch's `CopySlices`. */
import { currentFlow } from "../../flow.ts";
import { isContiguous } from "../../layout.ts";
import type { CompositeOp } from "../../op.ts";
import type { RecordedRule } from "../../tape.ts";
import type { Tensor } from "../../tensor.ts";
import { type LookParams, sliceOf, withSlice } from "./as_strided.ts";
import { isSoleOwner } from "../base/sole_owner.ts";

/** A tensor with 0 in place of what a view shows: its own adjoint. */
const WITHOUT_SLICE: CompositeOp<LookParams> = {
  kind: "composite",
  name: "withoutSlice",
  infer: ([x]) => [x!],
  composite: ([x], params) => withSlice(x!, params, (slice) => void slice.zero_()),
  vjp: ([g], { params }) => [() => g!.apply(WITHOUT_SLICE, params)],
};

/**
 * The new value of a base of the layout `from`, from its old one and the new value of its view by the layout `to`. Two
 * inputs, both of which a tape knows of without having their values.
 */
export const COPY_SLICES: RecordedRule<LookParams> = {
  kind: "recorded",
  name: "copySlices",
  gradName: "CopySlices",
  vjp([given], saved) {
    const { params } = saved;
    const g = given!;
    // A loop that fills a base of N elements bit by bit would take N steps for each bit.
    const within = isContiguous(params.from) && isSoleOwner(g) && !currentFlow().recording;
    const slice = sliceOf(g, params), kept = within && saved.needs(1) ? slice.clone() : slice;
    return [
      () => within ? cleared(g, slice) : g.apply(WITHOUT_SLICE, params),
      () => kept,
    ];
  },
};

function cleared(g: Tensor, slice: Tensor): Tensor {
  slice.zero_();
  return g;
}
