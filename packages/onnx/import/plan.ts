/** Graphs made ready to run. */
import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxType } from "../model/types.ts";
import { Attributes } from "./attributes.ts";
import { constantOf } from "./constant_node.ts";
import { domainOf, inlineFunctions, opsetsOf, type ScopedNode } from "./inline_functions.ts";
import { Missing } from "./missing.ts";
import type { Operator } from "./operator.ts";
import { CONTROL, refuseControl } from "./ops/control.ts";
import { OPERATORS } from "./ops/table.ts";
import { checkOrder } from "./plan_order.ts";
import { isolated } from "./rename.ts";

/** A node that can run. */
export interface PlannedNode {
  /** The name of the operator. */
  readonly opType: string;
  readonly operator: Operator;
  readonly attributes: Attributes;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly opset: number;
  /** The node, for errors: `Conv "conv1"`. */
  readonly label: string;
  /** The graphs that the node runs, by the names of their attributes. */
  readonly graphs: ReadonlyMap<string, Plan>;
}

/** A graph that can run. */
export interface Plan {
  readonly nodes: readonly PlannedNode[];
  /** The names of the inputs that a call gives. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A tensor of the file. */
export interface Stored {
  readonly tensor: OnnxTensor;
  /** True for the value of a node `Constant`, which nobody means to train. */
  readonly isNode: boolean;
}

/** A graph that can run, with the stored tensors by the names that nodes take them by. */
export interface PlannedModel {
  readonly plan: Plan;
  readonly stored: ReadonlyMap<string, Stored>;
}

/** Stands for the operators of nodes that run graphs, which `runPlan()` knows. */
export const CONTROLLING: Operator = { run: () => [] };

/** A node in errors, with the name it has. */
function labelOf({ domain, opType, name, output }: OnnxNode): string {
  return `${domain ? `${domain}.` : ""}${opType} "${name || output.find((value) => value !== "") || ""}"`;
}

/** Refuses inputs and outputs that are no tensors: lists, dictionaries, optional values. */
function checkTensor(file: string, name: string, type: OnnxType | undefined): void {
  const { tensorType: _, denotation: __, ...others } = type ?? {};
  const [other] = Object.keys(others);
  if (other === undefined) return;
  throw new TypeError(
    `Cannot read ${file} as inputs and outputs must be tensors: "${name}" is of a ${
      other.replace("Type", "")
    } type`,
  );
}

/** Makes the graphs of one model ready to run. */
class Planner {
  readonly missing = new Missing();
  readonly stored = new Map<string, Stored>();

  constructor(readonly functions: readonly OnnxFunction[], readonly file: string) {}

  plan(graph: OnnxGraph, opsets: ReadonlyMap<string, number>): Plan {
    for (const tensor of graph.initializer) this.stored.set(tensor.name ?? "", { tensor, isNode: false });
    if ((graph.sparseInitializer?.length ?? 0) > 0) this.missing.add("sparse initializers", graph.name);
    const inputs = graph.input.filter(({ name }) => !this.stored.has(name));
    for (const { name, type } of [...inputs, ...graph.output]) checkTensor(this.file, name, type);
    const scoped = inlineFunctions(graph.node, this.functions, opsets, this.file);
    return {
      nodes: scoped.flatMap((node) => this.#node(node)),
      inputs: inputs.map(({ name }) => name),
      outputs: graph.output.map(({ name }) => name),
    };
  }

  /** The node; none for a constant, which is stored. */
  #node({ node, opsets }: ScopedNode): readonly PlannedNode[] {
    const { opType, output: [output] } = node, isKnown = domainOf(node.domain) === "";
    const attributes = new Attributes(node), opset = opsets.get("") ?? 1, label = labelOf(node);
    const constant = isKnown && opType === "Constant" ? constantOf(attributes) : undefined;
    if (constant !== undefined && output !== undefined && !this.stored.has(output)) {
      this.stored.set(output, { tensor: constant, isNode: true });
      return [];
    }
    const operator = (isKnown ? this.#find(opType) : undefined) ?? CONTROLLING,
      isControl = isKnown && Object.hasOwn(CONTROL, opType);
    const name = `"${node.name || node.output[0]}"`, shown = isKnown ? opType : `${node.domain}.${opType}`;
    const reason = isControl ? refuseControl(opType, opset) : operator.refuse?.(attributes, opset);
    if (operator === CONTROLLING && !isControl) this.missing.add(shown, name);
    else if (reason !== undefined) this.missing.add(`${shown} with ${reason}`, name);
    const graphs = new Map<string, Plan>();
    for (const [attribute, graph] of isControl ? attributes.graphs() : []) {
      graphs.set(attribute, this.plan(isolated(graph, `${label}.${attribute}/`), opsets));
    }
    return [{ opType, operator, attributes, inputs: node.input, outputs: node.output, opset, label, graphs }];
  }

  #find(opType: string): Operator | undefined {
    const entry = Object.hasOwn(OPERATORS, opType) ? OPERATORS[opType] : undefined;
    return typeof entry === "function" ? { run: entry } : entry;
  }
}

/** All nodes of a graph, and of those within them. */
export function* allNodes({ nodes }: Plan): Generator<PlannedNode> {
  for (const node of nodes) {
    yield node;
    for (const graph of node.graphs.values()) yield* allNodes(graph);
  }
}

/**
 * Makes a graph ready to run: looks its operators up, puts functions in the place of their calls, and checks that every
 * value is there when it is needed.
 *
 * @param file The name of the file, for errors.
 * @throws {TypeError} If operators are not there, all of which the error names, or values are not.
 */
export function planOf({ graph, functions = [], opsetImport }: OnnxModel, file: string): PlannedModel {
  const planner = new Planner(functions, file), plan = planner.plan(graph, opsetsOf(opsetImport));
  planner.missing.refuse(file);
  checkOrder(plan, new Set([...planner.stored.keys(), ...plan.inputs]), file);
  return { plan, stored: planner.stored };
}
