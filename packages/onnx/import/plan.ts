/** Graphs made ready to run. */
import { ONNX_DATA_TYPES } from "../model/data_type.ts";
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxType } from "../model/types.ts";
import { Attributes } from "./attributes.ts";
import { inlineFunctions } from "./inline_functions.ts";
import type { Operator } from "./operator.ts";
import { OPERATORS } from "./ops/table.ts";

/** A node that can run. */
export interface PlannedNode {
  readonly operator: Operator;
  readonly attributes: Attributes;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly opset: number;
  /** The node, for errors: `Conv "conv1"`. */
  readonly label: string;
}

/** A graph that can run. */
export interface Plan {
  readonly nodes: readonly PlannedNode[];
  /** The names of the inputs that a call gives. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Stored tensors by the names that nodes take them by. */
  readonly stored: ReadonlyMap<string, Stored>;
}

/** A tensor of the file. */
export interface Stored {
  readonly tensor: OnnxTensor;
  /** Whether it is that of a node `Constant`, which nobody means to train. */
  readonly isNode: boolean;
}

/** A node in errors, with the name it has. */
function labelOf({ domain, opType, name, output }: OnnxNode): string {
  return `${domain ? `${domain}.` : ""}${opType} "${name || output.find((value) => value !== "") || ""}"`;
}

/** Collects the operators that are not there, with the nodes that need them. */
class Missing {
  readonly #nodes = new Map<string, string[]>();

  add(operator: string, node: string): void {
    const nodes = this.#nodes.get(operator) ?? [];
    nodes.push(node);
    this.#nodes.set(operator, nodes);
  }

  /** Throws a TypeError that names all of them, if there are any. */
  refuse(file: string): void {
    if (this.#nodes.size === 0) return;
    const parts = [...this.#nodes].map(([operator, nodes]) =>
      `${operator} (${nodes.slice(0, 5).join(", ")}${
        nodes.length > 5 ? ` and ${nodes.length - 5} more` : ""
      })`
    );
    throw new TypeError(`Cannot read ${file} as it needs operators that are not there: ${parts.join("; ")}`);
  }
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

/**
 * Makes a graph ready to run: looks its operators up, puts functions in the place of their calls, and checks that every
 * value is there when it is needed.
 *
 * @param file The name of the file, for errors.
 * @throws {TypeError} If operators are not there, all of which the error names, or values are not.
 */
export function planOf(model: OnnxModel, file: string): Plan {
  const { graph } = model, missing = new Missing(), stored = new Map<string, Stored>();
  for (const tensor of graph.initializer) stored.set(tensor.name ?? "", { tensor, isNode: false });
  if ((graph.sparseInitializer?.length ?? 0) > 0) missing.add("sparse initializers", graph.name);
  const inputs = graph.input.filter(({ name }) => !stored.has(name));
  const nodes = inlineFunctions(model, file).flatMap(({ node, opsets }): PlannedNode[] => {
    const { opType, domain = "" } = node, known = domain === "" || domain === "ai.onnx";
    const entry = known && Object.hasOwn(OPERATORS, opType) ? OPERATORS[opType] : undefined;
    const name = `"${node.name || node.output[0]}"`, shown = known ? opType : `${domain}.${opType}`;
    const operator: Operator = typeof entry === "function" ? { run: entry } : entry ?? { run: () => [] };
    const opset = opsets.get("") ?? 1, attributes = new Attributes(node), [output] = node.output;
    const constant = known && opType === "Constant" ? constantOf(attributes) : undefined;
    if (constant !== undefined && output !== undefined && !stored.has(output)) {
      stored.set(output, { tensor: constant, isNode: true });
      return [];
    }
    if (entry === undefined) missing.add(shown, name);
    else {
      const reason = operator.refuse?.(attributes, opset);
      if (reason !== undefined) missing.add(`${shown} with ${reason}`, name);
    }
    return [{ operator, attributes, inputs: node.input, outputs: node.output, opset, label: labelOf(node) }];
  });
  missing.refuse(file);
  for (const { name, type } of [...inputs, ...graph.output]) checkTensor(file, name, type);
  const plan = {
    nodes,
    inputs: inputs.map(({ name }) => name),
    outputs: graph.output.map(({ name }) => name),
    stored,
  };
  checkOrder(plan, file);
  return plan;
}

/** The tensor of a node `Constant`; undefined for kinds that there are no tensors of. */
function constantOf(attributes: Attributes): OnnxTensor | undefined {
  const { FLOAT, INT64 } = ONNX_DATA_TYPES;
  const float = attributes.float("value_float"), floats = attributes.floats("value_floats");
  const int = attributes.bigint("value_int"), ints = attributes.bigints("value_ints");
  if (float !== undefined) return { dims: [], dataType: FLOAT, floatData: Float32Array.of(float) };
  if (floats !== undefined) {
    return { dims: [floats.length], dataType: FLOAT, floatData: Float32Array.from(floats) };
  }
  if (int !== undefined) return { dims: [], dataType: INT64, int64Data: BigInt64Array.of(int) };
  if (ints !== undefined) {
    return { dims: [ints.length], dataType: INT64, int64Data: BigInt64Array.from(ints) };
  }
  return attributes.tensor("value");
}

/** Checks that each value is made once, and before it is needed. */
function checkOrder({ nodes, inputs, outputs, stored }: Plan, file: string): void {
  const made = new Set([...stored.keys(), ...inputs]);
  for (const { inputs, outputs, label } of nodes) {
    const absent = inputs.find((name) => name !== "" && !made.has(name));
    if (absent !== undefined) {
      throw new TypeError(
        `Cannot read ${file} as each value must be made before it is used: ${label} takes "${absent}"`,
      );
    }
    for (const name of outputs) {
      if (name !== "" && made.has(name)) {
        throw new TypeError(
          `Cannot read ${file} as each value must be made once: ${label} makes "${name}" again`,
        );
      }
      made.add(name);
    }
  }
  const absent = outputs.find((name) => !made.has(name));
  if (absent !== undefined) {
    throw new TypeError(
      `Cannot read ${file} as each output must be made by a node: nothing makes "${absent}"`,
    );
  }
}
