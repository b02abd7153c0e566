/** Inputs whose gradients are asked for by somebody who does not own the graph before them. */
import type { RecordedRule, Tape, Tensor } from "@troodon/core";
import { AccumulateGrad } from "./leaf_node.ts";
import { CallNode } from "./node.ts";

const ALIAS: RecordedRule<null> = {
  kind: "recorded",
  name: "alias",
  vjp: ([g]) => [() => g!],
};

/**
 * A second handle on `x` with a node of its own, so that its gradient is that of
 * what is made from this handle, whatever else `x` is used for. With `linked`,
 * its history goes on to that of `x`.
 */
export function ownHandle(x: Tensor, tape: Tape, linked: boolean): Tensor {
  const own = x.detach();
  if (linked && x.node !== null) {
    new CallNode(tape, { op: ALIAS as RecordedRule, params: null, inputs: [x], outputs: [own] }, own.scope);
  } else own.node = new AccumulateGrad(tape, own);
  return own;
}

/** `result` of a function that was differentiated or mapped, which must not await: calls after that are not seen. */
export function settled<T>(name: string, result: T): T {
  if (!(result instanceof Promise)) return result;
  throw new TypeError(
    `Cannot compute ${name}() as the function must be synchronous: current result is a promise`,
  );
}
