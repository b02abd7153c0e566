/** The graph of a network: its calls, and which module each of them belongs to. */
import { enableGrad } from "@troodon/autograd";
import { type GradNode, isFloating, type Tensor, tidySync } from "@troodon/core";
import { type AnyModule, Module } from "@troodon/nn";
import { disposableStack, showArgument } from "@troodon/core/kernel";
import { tensorsIn } from "./tensors_in.ts";

/** A node of the graph of a network. */
export interface TracedNode {
  /** Its name, which no other node has: `Linear[fc1]/addmm` in the module `fc1`. */
  readonly name: string;
  /** The kind of node. */
  readonly kind: "input" | "parameter" | "call" | "output";
  /** The name of the op, or of the input or parameter. */
  readonly op: string;
  /** The path of the module that it belongs to, as `namedModules()` has it; "" for the network itself. */
  readonly layer: string;
  /** Number of the call of that module, of all calls of modules in the order in which they end; -1 outside of them. */
  readonly call: number;
  /** The shape of its first result. */
  readonly shape: readonly number[];
  /** Names of the nodes that it reads. */
  readonly inputs: readonly string[];
}

/** A call of a module. */
interface Claim {
  readonly path: string;
  readonly call: number;
}

/** A tensor of a call, with the graph node that it came from. */
interface Traced {
  readonly node: GradNode;
  readonly shape: readonly number[];
}

/**
 * The nodes of the graph that a call of `model` with `inputs` makes, each after those that it reads. The model is called
 * once in the mode for use; its mode is restored, and what the call made is freed. What no gradient flows through
 * (comparisons, inputs of integers) is not in the graph.
 *
 * @throws {TypeError} If the model is no module, or its call gives no tensor that a gradient flows through.
 */
export function traceGraph(model: AnyModule, inputs: readonly Tensor[]): TracedNode[] {
  if (!(model instanceof Module)) {
    throw new TypeError(
      `Cannot draw the graph of a model as it must be a module: current one is ${showArgument(model)}`,
    );
  }
  const modes = [...model.modules()].map((module) => [module, module.training] as const);
  try {
    model.eval();
    return tidySync(() => enableGrad(() => traced(model, inputs)));
  } finally {
    for (const [module, training] of modes) module.training = training;
  }
}

function traced(model: AnyModule, inputs: readonly Tensor[]): TracedNode[] {
  const given = inputs.map((x) => isFloating(x.dtype) ? x.detach().requiresGrad_() : x);
  const layers = new Map<GradNode, Claim>();
  let calls = 0;
  using hooks = disposableStack();
  for (const [path, module] of model.namedModules()) {
    hooks.use(
      module.registerForwardHook((_, read, made) =>
        claim(layers, { path, call: calls++ }, tracedIn(read), tracedIn(made))
      ),
    );
  }
  const made = tracedIn((model as unknown as Module)(...given));
  if (made.length === 0) {
    throw new TypeError("Cannot draw the graph of a model as its call must give a tensor with a gradient");
  }
  return new GraphNames(model, given, layers).nodes(made);
}

/** The tensors with a node in a value: a tensor, or lists and records of such values. */
const tracedIn = (value: unknown): Traced[] =>
  tensorsIn(value).flatMap(({ node, shape }) => node === null ? [] : [{ node, shape }]);

/** Gives the calls between inputs and outputs of a module, which no module within it has, to the module at `path`. */
function claim(
  layers: Map<GradNode, Claim>,
  { path, call }: Claim,
  inputs: readonly Traced[],
  outputs: readonly Traced[],
): void {
  const seen = new Set(inputs.map(({ node }) => node)), open = outputs.map(({ node }) => node);
  const within = path === "" ? "" : `${path}.`;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const layer = layers.get(node);
    // On through modules within, as what they were given may have come from calls of this one.
    if (node.isLeaf || seen.has(node) || !(layer === undefined || layer.path.startsWith(within))) continue;
    seen.add(node);
    if (layer === undefined) layers.set(node, { path, call });
    for (const [next] of node.nextFunctions) if (next !== null) open.push(next);
  }
}

/** Names for the nodes of a graph. */
class GraphNames {
  readonly #prefixes = new Map<string, string>();
  readonly #leaves = new Map<GradNode, Omit<TracedNode, "name" | "inputs" | "call">>();
  readonly #layers: ReadonlyMap<GradNode, Claim>;
  readonly #names = new Map<GradNode, string>();
  readonly #used = new Map<string, number>();
  readonly #nodes: TracedNode[] = [];

  constructor(model: AnyModule, inputs: readonly Tensor[], layers: ReadonlyMap<GradNode, Claim>) {
    this.#layers = layers;
    for (const [path, module] of model.namedModules()) {
      const at = path.lastIndexOf("."), above = path === "" ? undefined : path.slice(0, Math.max(at, 0));
      const own = path === "" ? module.constructor.name : `${module.constructor.name}[${path.slice(at + 1)}]`;
      this.#prefixes.set(path, `${above === undefined ? "" : this.#prefixOf(above)}${own}/`);
    }
    for (const [path, tensor] of model.namedParameters()) {
      if (tensor.node === null) continue;
      const at = path.lastIndexOf("."), layer = path.slice(0, Math.max(at, 0)), op = path.slice(at + 1);
      this.#leaves.set(tensor.node, { kind: "parameter", op, layer, shape: tensor.shape });
    }
    for (const [i, tensor] of inputs.entries()) {
      const op = inputs.length === 1 ? "input" : `input_${i}`;
      if (tensor.node !== null) {
        this.#leaves.set(tensor.node, { kind: "input", op, layer: "", shape: tensor.shape });
      }
    }
  }

  /** The nodes that `outputs` come from, each after those that it reads, and one for each output. */
  nodes(outputs: readonly Traced[]): TracedNode[] {
    for (const { node } of outputs) this.#visit(node);
    for (const [i, { node, shape }] of outputs.entries()) {
      const op = outputs.length === 1 ? "output" : `output_${i}`;
      this.#nodes.push({
        name: op,
        kind: "output",
        op,
        layer: "",
        call: -1,
        shape,
        inputs: [this.#names.get(node)!],
      });
    }
    return this.#nodes;
  }

  /** Adds a node behind all that it reads; not by recursion, as graphs lie deeper than the stack. */
  #visit(root: GradNode): void {
    const open = [root];
    for (let node = open.at(-1); node !== undefined; node = open.at(-1)) {
      const next = node.nextFunctions.flatMap(([read]) =>
        read !== null && !this.#names.has(read) ? [read] : []
      );
      if (next.length > 0 && !this.#names.has(node)) open.push(...next.reverse());
      else {
        open.pop();
        if (!this.#names.has(node)) this.#add(node);
      }
    }
  }

  #add(node: GradNode): void {
    const { kind, op, layer, shape } = this.#leaves.get(node) ?? {
      kind: "call" as const,
      op: opOf(node),
      layer: this.#layers.get(node)?.path ?? "",
      shape: node.outputs[0]?.shape ?? [],
    };
    const name = this.#unused(kind === "input" ? op : `${this.#prefixOf(layer)}${op}`);
    this.#names.set(node, name);
    const inputs = node.nextFunctions.flatMap(([read]) => read === null ? [] : [this.#names.get(read)!]);
    this.#nodes.push({ name, kind, op, layer, call: this.#layers.get(node)?.call ?? -1, shape, inputs });
  }

  /** The prefix of a module's nodes: of the nearest one above where its path names a list in a field, as `blocks.0`. */
  #prefixOf(path: string): string {
    const known = this.#prefixes.get(path);
    return known ?? this.#prefixOf(path.slice(0, Math.max(path.lastIndexOf("."), 0)));
  }

  #unused(name: string): string {
    const count = this.#used.get(name) ?? 0;
    this.#used.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  }
}

/** `addmm` for a node named `AddmmBackward0`. */
function opOf({ name, isLeaf }: GradNode): string {
  const op = name.replace(/Backward\d*$/, "");
  return isLeaf ? "constant" : `${op.slice(0, 1).toLowerCase()}${op.slice(1)}`;
}
