/** Translating calls to nodes. */
import type { Tensor } from "@troodon/core";
import type { Op } from "@troodon/core/kernel";
import type { GraphBuilder, Name } from "./graph/builder.ts";
import type { AxisExtent } from "./graph/dim.ts";
import { isOverwritten, type JointCall, type JointGraph, type JointValue } from "./graph/join.ts";
import { layerFor } from "./layers/table.ts";
import { COMPOSITES } from "./operators/composites.ts";
import { missing } from "./operators/families.ts";
import { kernel } from "./operators/kernels.ts";
import { changed } from "./operators/puts.ts";
import type { Context, Translation } from "./operators/translation.ts";
import { viewed } from "./operators/views.ts";
import type { Producer, Value } from "./trace/recording.ts";

/** Returns true for ops that are translated as a whole, false for those whose parts are. */
export function isWhole(op: { readonly kind: string; readonly name: string }): boolean {
  return Object.hasOwn(COMPOSITES, op.name) || op.kind === "kernel" || op.kind === "view" ||
    op.kind === "host";
}

/** Returns true for ops that must run as their composites, so that their parts are recorded. */
export function expands(op: Op): boolean {
  return !isWhole(op);
}

/** The call that a value is to be made by: of those that it came from the last, which is the outermost, that can be. */
export function chosen(value: Value): Producer | undefined {
  return value.producers.findLast(({ call: { action }, output }) => {
    switch (action.kind) {
      case "module":
        return true;
      case "put":
        return true;
      case "op": {
        const composite = isComposite(action.op.kind);
        if (!composite || action.op.kind === "host") return true;
        return Object.hasOwn(COMPOSITES, action.op.name) &&
          output < (COMPOSITES[action.op.name]!.outputs ?? Infinity);
      }
    }
  });
}

const isComposite = (kind: string): boolean => kind === "composite" || kind === "fused" || kind === "host";

/** The names of the values of a graph as it is put together. */
export class Translator {
  readonly #graph: GraphBuilder;
  readonly #names = new Map<JointValue, Name>();
  readonly #calls = new Map<JointValue, JointCall>();
  /** An axis of each extent that there is, by what it is in the runs. */
  readonly #axes = new Map<string, AxisExtent>();
  readonly #constantName: (tensor: Tensor, layer: string, name: string) => Name;

  /** Adds to `graph`; `constantName` is told of every constant that is used. */
  constructor(graph: GraphBuilder, constantName: (tensor: Tensor, layer: string, name: string) => Name) {
    this.#graph = graph;
    this.#constantName = constantName;
  }

  /** Gives a value its name. */
  name(value: JointValue, name: Name): void {
    this.#names.set(value, name);
    for (let axis = 0; axis < value.rank; axis++) {
      const key = keyOf(value, axis);
      if (!this.#axes.has(key)) this.#axes.set(key, { from: name, axis });
    }
  }

  /** Adds the nodes of all calls; returns the names of the outputs. */
  run({ calls, outputs }: JointGraph): Name[] {
    for (const call of calls) for (const value of call.outputs) if (value) this.#calls.set(value, call);
    for (const call of calls) this.#add(call);
    this.#graph.layer = "";
    return outputs.map((value) => this.#nameOf(value, ""));
  }

  #nameOf(value: JointValue, layer: string): Name {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const { held } = value.first;
    if (held === null) throw new ReferenceError("Cannot export a value before the call that it comes from");
    const name = this.#constantName(held, layer, "constant");
    this.#names.set(value, name);
    return name;
  }

  #add(call: JointCall): void {
    this.#graph.layer = call.layer;
    const context: Context = {
      call,
      inputs: call.inputs.map((value, i) =>
        isOverwritten(call.action, i) ? "" : this.#nameOf(value, call.layer)
      ),
      graph: this.#graph,
      nameOf: (value) => this.#nameOf(value, call.layer),
      extentOf: (value, axis) => value.extent(axis) ?? this.#axes.get(keyOf(value, axis)) ?? null,
      store: (tensor, name) => this.#constantName(tensor, call.layer, name),
      callOf: (value) => this.#calls.get(value),
    };
    const result = translationOf(call)(context), names = typeof result === "string" ? [result] : result;
    call.outputs.forEach((value, i) => {
      if (value !== undefined) this.name(value, names[i]!);
    });
  }
}

/** The extents along an axis in all runs, as text. */
function keyOf({ shapes }: JointValue, axis: number): string {
  return shapes.map((shape) => shape[axis]!).join();
}

function translationOf({ action, name, place }: JointCall): Translation {
  switch (action.kind) {
    case "module":
      return layerFor(action.module)!.translate;
    case "put":
      return changed;
    case "op":
      if (Object.hasOwn(COMPOSITES, name) && isComposite(action.op.kind)) return COMPOSITES[name]!.translate;
      if (action.op.kind === "view") return viewed;
      if (action.op.kind === "kernel") return kernel;
      throw missing(place, `the operation ${name}`);
  }
}
