/** Graphs of ONNX as modules. */
import { defaultDevice, Device, ReferenceBackend, Tensor } from "@troodon/core";
import { showOperand } from "@troodon/core/kernel";
import { type AnyModule, type Copier, Module, Parameter } from "@troodon/nn";
import type { OnnxModel } from "../model/types.ts";
import { narrowType } from "./narrow.ts";
import { type Plan, planOf } from "./plan.ts";
import { runPlan } from "./run_plan.ts";
import { rolesOf } from "./stored_roles.ts";
import { tensorOf } from "./stored_tensor.ts";
import { Value } from "./value.ts";

/** Several outputs of a graph under their names, in its order. */
export type OnnxOutputs = Readonly<Record<string, Tensor>>;

/** Inputs of a graph: in its order, or one record of them under their names. */
export type OnnxInputs = (Tensor | Readonly<Record<string, Tensor>>)[];

/** Prefix of the fields that hold stored tensors, whose names may be those of methods. */
const FIELD = "onnx ";

/** A graph that can run, with what it consists of. */
export interface OnnxParts {
  /** The name of the file, for errors. */
  readonly file: string;
  /** The nodes in order. */
  readonly plan: Plan;
  /** A device of the host's memory, for values that are known there. */
  readonly host: Device;
  /** Small constants by name. */
  readonly constants: ReadonlyMap<string, Value>;
  /** The types of inputs and buffers that are integers in a wider dtype. */
  readonly types: ReadonlyMap<string, number>;
}

/**
 * A network read from a file of ONNX; see {@linkcode loadOnnx}. The state dict has its stored tensors under the names of
 * the file: those of floating types are parameters, which can be trained further, but for the statistics of batch
 * normalization and large tables, which are buffers. Small constants belong to the graph.
 */
export class OnnxModule<Output = Tensor> extends Module<OnnxInputs, Output> {
  readonly #parts: OnnxParts;

  /** Made by {@linkcode loadOnnx}. */
  constructor(parts: OnnxParts) {
    super();
    this.#parts = parts;
  }

  /** The names of the inputs, in the order of {@linkcode OnnxModule.forward}. */
  get inputNames(): readonly string[] {
    return this.#parts.plan.inputs;
  }

  /** The names of the outputs. */
  get outputNames(): readonly string[] {
    return this.#parts.plan.outputs;
  }

  /**
   * Runs the graph.
   *
   * @param inputs The inputs in the order of the graph, or a record of them under their names.
   * @returns The output; a record of them under their names if there are several.
   * @throws {RangeError} If a node cannot run with inputs of these shapes.
   */
  override forward(...inputs: OnnxInputs): Output {
    const { plan, constants, types, host } = this.#parts, values = new Map(constants);
    const given = this.#named(inputs), state = [...this.#stored()];
    const target = state[0]?.[1].device ?? given[0]?.[1].device ?? defaultDevice();
    for (const [name, tensor] of [...state, ...given]) {
      values.set(name, new Value(tensor, false, types.get(name)));
    }
    const outputs = runPlan(plan, values, { target, host });
    return (outputs.length === 1
      ? outputs[0]
      : Object.fromEntries(outputs.map((tensor, i) => [plan.outputs[i], tensor]))) as Output;
  }

  /** The inputs by name. */
  #named(inputs: OnnxInputs): (readonly [name: string, tensor: Tensor])[] {
    const { plan: { inputs: names } } = this.#parts, [first] = inputs;
    const byName = inputs.length === 1 && typeof first === "object" && !(first instanceof Tensor) &&
      first !== null;
    const given = byName
      ? Object.entries(first)
      : inputs.map((tensor, i) => [names[i] ?? `${i}`, tensor] as const);
    const fits = given.length === names.length &&
      given.every(([name, tensor]) => names.includes(name) && tensor instanceof Tensor);
    if (fits) return given as [string, Tensor][];
    throw new TypeError(
      `Cannot run the graph as its inputs are ${names.length} tensors, in this order or as a record by name, ${
        names.map((name) => `"${name}"`).join(", ")
      }: current ones are ${inputs.map(showOperand).join(" and ") || "none"}`,
    );
  }

  /** Parameters and buffers by name. */
  *#stored(): Generator<[name: string, tensor: Tensor]> {
    for (const [field, value] of Object.entries(this)) {
      if (value instanceof Tensor && field.startsWith(FIELD)) yield [this.bufferName(field), value];
    }
  }

  /** Parameters by the names of the file. */
  protected override *members(): Generator<[name: string, value: Parameter | AnyModule]> {
    for (const [name, value] of this.#stored()) if (value instanceof Parameter) yield [name, value];
  }

  /** The name of the file for the buffer in a field. */
  protected override bufferName(field: string): string {
    return field.slice(FIELD.length);
  }

  /** The names of inputs and outputs, as they are printed. */
  override extraRepr(): string {
    const { plan: { nodes, inputs, outputs } } = this.#parts;
    return `${nodes.length} nodes, (${inputs.join(", ")}) -> (${outputs.join(", ")})`;
  }

  /**
   * Is not there: the graph belongs to its file.
   *
   * @throws {TypeError} Always.
   */
  override describe(): readonly unknown[] {
    throw new TypeError(
      `Cannot save the graph of ${this.#parts.file} as a module as it belongs to its file: save net.stateDict(), ` +
        "and load it into a module of that file",
    );
  }

  /** A module of the same graph without tensors. */
  protected override emptyCopy(_copy: Copier): this {
    return new OnnxModule(this.#parts) as this;
  }
}

/** The types of the inputs and stored tensors of a graph that are integers in a wider dtype, by name. */
function narrowTypes({ graph }: OnnxModel): ReadonlyMap<string, number> {
  const types = new Map<string, number>(),
    add = (name: string, type: number | undefined): void => {
      const narrow = narrowType(type);
      if (narrow !== undefined) types.set(name, narrow);
    };
  for (const { name, dataType } of graph.initializer) add(name ?? "", dataType);
  for (const { name, type } of graph.input) add(name, type?.tensorType?.elemType);
  return types;
}

/**
 * Makes a module of a model whose tensors are all in memory.
 *
 * @param file The name of the file, for errors.
 * @throws {TypeError} If it needs operators that are not there, all of which the error names.
 */
export function moduleOf(model: OnnxModel, file: string, device: Device = defaultDevice()): OnnxModule {
  const planned = planOf(model, file), { plan, stored } = planned, host = new Device(new ReferenceBackend());
  const constants = new Map<string, Value>(),
    types = narrowTypes(model),
    roles = rolesOf(planned, file);
  const module = new OnnxModule({ file, plan, host, constants, types });
  try {
    for (const [name, { tensor }] of stored) {
      const role = roles.get(name), what = `"${name}" of ${file}`, field = FIELD + name;
      if (role === "constant") {
        constants.set(
          name,
          new Value(tensorOf(tensor, host, what).adopt(), true, narrowType(tensor.dataType), true),
        );
        continue;
      }
      const made = tensorOf(tensor, device, what), value = role === "parameter" ? new Parameter(made) : made;
      Object.defineProperty(module, field, { value, writable: true, enumerable: true, configurable: true });
      if (role === "parameter") made.dispose();
      else module.registerBuffer(field);
    }
  } catch (error) {
    module.dispose();
    for (const { tensor } of constants.values()) tensor.dispose();
    throw error;
  }
  return module;
}
