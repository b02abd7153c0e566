/** Running of graphs. */
import { type Device, Tensor } from "@troodon/core";
import { reword } from "@troodon/core/kernel";
import type { Attributes } from "./attributes.ts";
import { Call } from "./call.ts";
import { narrowType, wrapped } from "./narrow.ts";
import type { Operator } from "./operator.ts";
import { CONTROL } from "./ops/control.ts";
import { CONTROLLING, type Plan, type PlannedNode } from "./plan.ts";
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

/** Calls `run`; errors of ops in it get the node that they come from. */
function naming<T>(label: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError) || error.message.includes(label)) {
      throw error;
    }
    throw error.message.startsWith("Cannot ") ? reword(error, `${error.message}, in ${label}`) : error;
  }
}

/** Runs a node: its outputs, in order. */
function runNode(
  { operator, attributes, outputs, opset, label }: PlannedNode,
  inputs: readonly (Value | undefined)[],
  { target, host }: Devices,
): (Value | undefined)[] {
  const known = operator.shapes || inputs.every((value) => value === undefined || value.isKnown);
  const wanted = outputs.map((name) => name !== "");
  const call = new Call(label, attributes, opset, inputs, wanted, known ? host : target, target);
  const results = naming(label, () => operator.run(call)), type = narrowOf(operator, attributes, inputs);
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

/** Runs the graph of a node of control flow, with the values around it. */
function runControl(
  node: PlannedNode,
  inputs: readonly (Value | undefined)[],
  around: ReadonlyMap<string, Value>,
  devices: Devices,
): readonly (Value | undefined)[] {
  const run = (graph: Plan, given: readonly (Value | undefined)[]): Value[] => {
    const values = new Map(around);
    graph.inputs.forEach((name, i) => {
      const value = given[i];
      if (value !== undefined) values.set(name, value);
    });
    return runGraph(graph, values, devices);
  };
  return CONTROL[node.opType]!({ node, inputs, run, ...devices });
}

/** Runs a graph: its outputs in order. */
function runGraph(plan: Plan, values: Map<string, Value>, devices: Devices): Value[] {
  for (const node of plan.nodes) {
    const inputs = node.inputs.map((name) => name === "" ? undefined : values.get(name));
    const results = node.operator === CONTROLLING
      ? runControl(node, inputs, values, devices)
      : runNode(node, inputs, devices);
    node.outputs.forEach((name, i) => {
      const value = results[i];
      if (name !== "" && value !== undefined) values.set(name, value);
    });
  }
  return plan.outputs.map((name) => {
    const value = values.get(name);
    if (value !== undefined) return value;
    throw new RangeError(`Cannot run the graph as the output "${name}" must be made: its node leaves it out`);
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
  return runGraph(plan, values, devices).map((value) => value.on(devices.target));
}
