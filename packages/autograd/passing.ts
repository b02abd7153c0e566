/** The node that a backward pass is at. */
import type { GradNode } from "@troodon/core";
import { checkCall } from "@troodon/core/kernel";

let passing: GradNode | null = null;

/** The node whose gradient is being calculated, for those who hear of calls; null where no backward pass runs. */
export function currentGradNode(): GradNode | null {
  checkCall("currentGradNode", arguments, "");
  return passing;
}

/** Notes that a backward pass is at `node`; returns the node that another one was at, to be noted afterwards. */
export function passNode(node: GradNode | null): GradNode | null {
  const before = passing;
  passing = node;
  return before;
}
