/** Running of graphs. */
import { type Device, Tensor } from "@troodon/core";
import type { Attributes } from "./attributes.ts";
import { Call } from "./call.ts";
import { narrowType, wrapped } from "./narrow.ts";
import type { Operator } from "./operator.ts";
import type { Plan, PlannedNode } from "./plan.ts";
import { dtypeOf } from "./stored_tensor.ts";
import { HOST_ELEMENTS, Value } from "./value.ts";

/** The devices of a run. */
export interface Devices {
  /** The device of the parameters. */
  readonly target: Device;
  /** A device of the host's memory, for values that are known. */
  readonly host: Device;
}

/** The type of results that are integers of few bits: the one of the inputs that has such a type. */
function narrowOf(
  { gives }: Operator,
  attributes: Attributes,
  inputs: readonly (Value | undefined)[],
): number | undefined {
  return gives === undefined
    ? inputs.find((value) => value?.narrow !== undefined)?.narrow
    : narrowType(gives(attributes));
}

/** Runs a node: its outputs, in order. */
export function runNode(
  { operator, attributes, outputs, opset, label }: PlannedNode,
  inputs: readonly (Value | undefined)[],
  { target, host }: Devices,
): (Value | undefined)[] {
  const known = operator.shapes || inputs.every((value) => value === undefined || value.isKnown);
  const wanted = outputs.map((name) => name !== "");
  const call = new Call(label, attributes, opset, inputs, wanted, known ? host : target, target);
  const results = operator.run(call), type = narrowOf(operator, attributes, inputs);
  return (results instanceof Tensor ? [results] : results).map((result) => {
    if (result === undefined) return undefined;
    const narrow = type !== undefined && dtypeOf(type) === result.dtype ? type : undefined;
    const tensor = narrow !== undefined && operator.wraps ? wrapped(result, narrow) : result;
    if (tensor.device !== host || host === target) return new Value(tensor, false, narrow);
    return tensor.numel() <= HOST_ELEMENTS
      ? new Value(tensor, true, narrow)
      : new Value(tensor.to(target), false, narrow);
  });
}

/**
 * Runs a graph.
 *
 * @param plan The graph.
 * @param values Inputs and stored tensors by name.
 * @returns The outputs in order.
 */
export function runPlan(plan: Plan, values: Map<string, Value>, devices: Devices): Tensor[] {
  for (const node of plan.nodes) {
    const inputs = node.inputs.map((name) => name === "" ? undefined : values.get(name));
    const results = runNode(node, inputs, devices);
    node.outputs.forEach((name, i) => {
      const value = results[i];
      if (name !== "" && value !== undefined) values.set(name, value);
    });
  }
  return plan.outputs.map((name) => {
    const value = values.get(name);
    if (value !== undefined) return value.on(devices.target);
    throw new RangeError(`Cannot run the graph as the output "${name}" must be made: its node leaves it out`);
  });
}
