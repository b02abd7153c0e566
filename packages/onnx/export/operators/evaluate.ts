/** Expressions as nodes. */
import type { DType } from "@troodon/core";
import type { Body, ComputeType, Step } from "@troodon/core/kernel";
import { int } from "../graph/attributes.ts";
import type { GraphBuilder, Name } from "../graph/builder.ts";
import { onnxType } from "../graph/data_types.ts";
import type { Dim } from "../graph/dim.ts";
import { NUMBER_FUNCTIONS } from "./scalar_functions.ts";

/** A value on the way: of the compute type, or a truth value. */
interface Part {
  readonly name: Name;
  readonly truth: boolean;
}

/** Operands of an expression. */
export interface Operands {
  /** The graph to add nodes to. */
  readonly graph: GraphBuilder;
  /** The type of the calculation. */
  readonly compute: ComputeType;
  /** Names and dtypes of the inputs. */
  readonly inputs: readonly (readonly [Name, DType])[];
  /** The numbers that {@linkcode Body.program} calls scalars. */
  readonly scalar: (index: number) => Dim;
  /** The extent of the result along an axis, for expressions of positions. */
  readonly extent: (axis: number) => Dim;
  /** The number of axes of the result. */
  readonly rank: number;
}

/** Adds the nodes of an output of `body`, the first by default, whose result is of type `dtype`; returns its name. */
export function evaluate(body: Body, operands: Operands, dtype: DType, output = 0): Name {
  const { graph, compute } = operands, { steps, outputs } = body.program, parts: Part[] = [];
  for (const step of steps) parts.push(partOf(step, parts, operands));
  const { name, truth } = parts[outputs[output]!]!;
  if (truth) return dtype === "bool" ? name : graph.cast(name, "bool", dtype);
  return graph.cast(name, compute, dtype);
}

function partOf(step: Step, parts: readonly Part[], operands: Operands): Part {
  const { graph, compute } = operands, number = (name: Name): Part => ({ name, truth: false });
  switch (step.kind) {
    case "constant":
      return number(graph.scalar(step.value, compute));
    case "scalar":
      return number(graph.number(operands.scalar(step.index), compute));
    case "input": {
      const [name, dtype] = operands.inputs[step.index]!;
      return dtype === "bool" ? { name, truth: true } : number(graph.cast(name, dtype, compute));
    }
    case "coordinate":
      return number(positions(step.axis, operands));
    case "random":
      throw new RangeError("numbers are drawn");
    case "call":
      return applied(step.fn, step.args.map((arg) => parts[arg]!), operands);
  }
}

/** The numbers 0, 1, ... along an axis, and extents of 1 along those behind it. */
function positions(axis: number, { graph, compute, extent, rank }: Operands): Name {
  const count = extent(axis), behind = new Array<number>(rank - 1 - axis).fill(1);
  if (typeof count === "number") {
    return graph.list(Array.from({ length: count }, (_, i) => i), compute, [count, ...behind]);
  }
  const range = graph.node("Range", [
    graph.scalar(0, "int64"),
    graph.number(count, "int64"),
    graph.scalar(1, "int64"),
  ]);
  return graph.reshape(graph.cast(range, "int64", compute), [null, ...behind]);
}

function applied(fn: Extract<Step, { kind: "call" }>["fn"], args: readonly Part[], operands: Operands): Part {
  const { graph, compute } = operands;
  const number = ({ name, truth }: Part): Name =>
    truth ? graph.node("Cast", [name], { to: int(onnxType(compute)) }) : name;
  const truth = (name: Name): Part => ({ name, truth: true });
  const numbers = (): Name[] => args.map(number), logical = args.every((arg) => arg.truth);
  const names = args.map((arg) => arg.name);
  switch (fn) {
    case "less":
      return truth(graph.node("Less", numbers()));
    case "lessEqual":
      return truth(graph.node("LessOrEqual", numbers()));
    case "equal":
      return truth(graph.node("Equal", logical ? names : numbers()));
    case "notEqual": {
      const zero = graph.scalar(0, compute), [a, b] = args as [Part, Part];
      if (a.truth && b.name === zero) return a;
      if (b.truth && a.name === zero) return b;
      return truth(graph.node("Not", [graph.node("Equal", logical ? names : numbers())]));
    }
    case "isNan":
      if (compute === "float32" || compute === "float64") return truth(graph.node("IsNaN", numbers()));
      return truth(graph.node("Less", [number(args[0]!), number(args[0]!)]));
    case "mul":
    case "and":
    case "min":
      if (logical) return truth(graph.node("And", names));
      break;
    case "max":
    case "or":
      if (logical) return truth(graph.node("Or", names));
      break;
    case "xor":
      if (logical) return truth(graph.node("Xor", names));
      break;
    case "where": {
      const [condition, ...rest] = args as [Part, Part, Part];
      const test = condition.truth
        ? condition.name
        : graph.node("Not", [graph.node("Equal", [condition.name, graph.scalar(0, compute)])]);
      return { name: graph.node("Where", [test, ...rest.map(number)]), truth: false };
    }
  }
  const nodes = NUMBER_FUNCTIONS[fn];
  if (nodes === undefined) throw new RangeError(`there is no operator for ${fn}`);
  return { name: nodes({ graph, compute }, ...numbers()), truth: false };
}
