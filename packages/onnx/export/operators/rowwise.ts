/** Ops on the rows of a matrix that were made for them out of tensors with more axes. */
import { int } from "../graph/attributes.ts";
import type { Name } from "../graph/builder.ts";
import { type Context, sameShapes } from "./translation.ts";

/** The operator of each op that maps the last axis of [rows, n], by its name. */
export const ROWWISE: Readonly<Record<string, string>> = { softmax: "Softmax", logSoftmax: "LogSoftmax" };

/**
 * Translates a reshape that undoes one before an op on rows as that op on the last axis; null for other reshapes.
 */
export function rowwise({ call, graph, callOf, nameOf }: Context): Name | null {
  const map = callOf(call.inputs[0]!), to = map && callOf(map.inputs[0]!);
  if (map?.action.kind !== "op" || !Object.hasOwn(ROWWISE, map.name) || to?.action.kind !== "op") return null;
  const [x] = to.inputs, last = call.output.rank - 1;
  if (to.name !== "reshape" || x === undefined || !sameShapes(x, call.output) || last < 0) return null;
  const whole = map.inputs[0]!.shapes.every((shape, run) => shape.at(-1) === x.shapes[run]!.at(-1));
  return whole ? graph.node(ROWWISE[map.name]!, [nameOf(x)], { axis: int(last) }) : null;
}
