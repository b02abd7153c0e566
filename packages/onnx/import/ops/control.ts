/** Nodes that run graphs: branches and loops. */
import { type Device, stack, tensor } from "@troodon/core";
import type { Plan, PlannedNode } from "../plan.ts";
import { HOST_ELEMENTS, numbersOf, Value } from "../value.ts";

/** Operands of a node of control flow. */
export interface Control {
  readonly node: PlannedNode;
  readonly inputs: readonly (Value | undefined)[];
  /** Runs a graph with these inputs. */
  readonly run: (graph: Plan, inputs: readonly (Value | undefined)[]) => readonly Value[];
  readonly host: Device;
  readonly target: Device;
}

/** Runs a node of control flow: its outputs, in order. */
type Controller = (control: Control) => readonly (Value | undefined)[];

function refuse({ label }: PlannedNode, reason: string): never {
  throw new RangeError(`Cannot run ${label} as ${reason}`);
}

function graphOf(node: PlannedNode, name: string): Plan {
  return node.graphs.get(name) ?? refuse(node, `it needs the graph ${name}`);
}

/** The only element of a value; undefined if there is no value. */
function numberOf(node: PlannedNode, value: Value | undefined, what: string): number | undefined {
  return value === undefined ? undefined : numbersOf(value, (reason) => refuse(node, `${what} ${reason}`))[0];
}

const branch: Controller = ({ node, inputs, run }) => {
  const chosen = numberOf(node, inputs[0], "the condition") ?? refuse(node, "it needs a condition");
  return run(graphOf(node, chosen !== 0 ? "then_branch" : "else_branch"), []);
};

/** Values of all rounds of a loop as one, along a new axis. */
function stacked({ node, host, target }: Control, values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (first === undefined) refuse(node, "a loop without rounds has no values to stack");
  const device = values.every(({ isKnown }) => isKnown) ? host : target;
  const all = stack(values.map((value) => value.on(device)), axis < 0 ? axis + first.tensor.ndim + 1 : axis);
  const isKnown = device === host && host !== target && all.numel() <= HOST_ELEMENTS;
  return new Value(device === host && !isKnown ? all.to(target) : all, isKnown, first.narrow);
}

const loop: Controller = (control) => {
  const { node, inputs, run, host } = control, body = graphOf(node, "body");
  const rounds = numberOf(node, inputs[0], "the number of rounds") ?? Infinity;
  let goesOn = (numberOf(node, inputs[1], "the condition") ?? 1) !== 0;
  let states: readonly (Value | undefined)[] = inputs.slice(2);
  const scans: Value[][] = Array.from({ length: body.outputs.length - 1 - states.length }, () => []);
  for (let round = 0; round < rounds && goesOn; round++) {
    const number = new Value(tensor(round, { dtype: "int64", device: host }), true);
    const condition = new Value(tensor(true, { device: host }), true);
    const [next, ...rest] = run(body, [number, condition, ...states]);
    goesOn = numberOf(node, next, "the condition") !== 0;
    states = rest.slice(0, states.length);
    scans.forEach((scan, i) => scan.push(rest[states.length + i]!));
  }
  return [...states, ...scans.map((scan) => stacked(control, scan, 0))];
};

const scan: Controller = (control) => {
  const { node, inputs, run } = control, { attributes } = node, body = graphOf(node, "body");
  const count = attributes.int("num_scan_inputs", 0), given = inputs.slice(inputs.length - count);
  let states: readonly (Value | undefined)[] = inputs.slice(0, inputs.length - count);
  const axes = attributes.ints("scan_input_axes"), turned = attributes.ints("scan_input_directions");
  const axisOf = (i: number): number => axes?.[i] ?? 0;
  const rounds = given[0]?.tensor.shape.at(axisOf(0)) ?? refuse(node, "it needs something to scan");
  const outputs: Value[][] = Array.from({ length: body.outputs.length - states.length }, () => []);
  for (let round = 0; round < rounds; round++) {
    const parts = given.map((value, i) => {
      const { tensor, isKnown, narrow } = value ?? refuse(node, `input ${states.length + i} must be there`);
      return new Value(
        tensor.select(axisOf(i), turned?.[i] === 1 ? rounds - 1 - round : round),
        isKnown,
        narrow,
      );
    });
    const results = run(body, [...states, ...parts]);
    states = results.slice(0, states.length);
    outputs.forEach((output, i) => output.push(results[states.length + i]!));
  }
  const outputAxes = attributes.ints("scan_output_axes"),
    reversed = attributes.ints("scan_output_directions");
  const joined = outputs.map((output, i) =>
    stacked(control, reversed?.[i] === 1 ? output.toReversed() : output, outputAxes?.[i] ?? 0)
  );
  return [...states, ...joined];
};

/** Returns the reason why a node cannot run; undefined if it can. */
export function refuseControl(opType: string, opset: number): string | undefined {
  return opType === "Scan" && opset < 9 ? "operator sets before 9" : undefined;
}

/** Nodes that run graphs, by the names of their operators. */
export const CONTROL: Readonly<Record<string, Controller>> = { If: branch, Loop: loop, Scan: scan };
