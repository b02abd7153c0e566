/** Distances between the layers of a network on devices that go on with their own results. */
import { Tensor, tidySync } from "@troodon/core";
import { disposableStack } from "@troodon/core/kernel";
import type { Module } from "@troodon/nn";
import { largest } from "./difference.ts";
import { read } from "./lockstep.ts";

/** Relative differences of a layer on another device: the largest difference by the largest element. */
export interface LayerDrift {
  /** Path of the layer; "" for the network itself. */
  readonly layer: string;
  /** Name of its class. */
  readonly type: string;
  /** Name of the device. */
  readonly device: string;
  /** Difference of its output; null if that is no tensor. */
  readonly output: number | null;
  /** Difference of the gradient of its output; null if there is none. */
  readonly gradient: number | null;
  /** The largest difference among the gradients of its own parameters; null if it has none. */
  readonly parameters: number | null;
}

type Elements = ArrayLike<number | bigint>;

/** Output of a layer in a step. */
interface LayerRecord {
  readonly type: string;
  readonly output: readonly Elements[];
  readonly gradient: readonly Elements[];
  readonly parameters: readonly Elements[];
}

/** Outputs of the layers in a step, by their paths. */
export type StepRecord = ReadonlyMap<string, LayerRecord>;

/** Makes a step of the copy `model`, and reads what its layers made. */
export async function recordStep(model: Module, lossOf: () => Tensor): Promise<StepRecord> {
  type Reading = Elements | Promise<Elements>;
  const found = new Map<
    string,
    { type: string; output: Reading[]; gradient: Reading[]; parameters: Reading[] }
  >();
  using hooks = disposableStack();
  for (const [path, module] of model.namedModules()) {
    const layer = { type: module.constructor.name, output: [], gradient: [], parameters: [] } as {
      type: string;
      output: Reading[];
      gradient: Reading[];
      parameters: Reading[];
    };
    found.set(path, layer);
    hooks.use(module.registerForwardHook((_module, _inputs, output: unknown) => {
      if (!(output instanceof Tensor)) return;
      layer.output.push(read(output));
      if (output.requiresGrad) output.registerHook((g) => void layer.gradient.push(read(g)));
    }));
  }
  tidySync(() => lossOf().backward());
  for (const [path, { grad }] of model.namedParameters()) {
    if (grad !== null) found.get(ownerOf(path, found))!.parameters.push(read(grad));
  }
  const record = new Map<string, LayerRecord>();
  for (const [path, { type, output, gradient, parameters }] of found) {
    const [outputs, gradients, own] = await Promise.all(
      [output, gradient, parameters].map((of) => Promise.all(of)),
    );
    record.set(path, { type, output: outputs!, gradient: gradients!, parameters: own! });
  }
  return record;
}

/** The path of the module that has a parameter: the longest one that its path begins with. */
function ownerOf(path: string, modules: ReadonlyMap<string, unknown>): string {
  let owner = path;
  do owner = owner.slice(0, Math.max(owner.lastIndexOf("."), 0)); while (!modules.has(owner));
  return owner;
}

/** The differences of `other`, the record of a step on the device of that name, from `lead`. */
export function driftBetween(device: string, lead: StepRecord, other: StepRecord): LayerDrift[] {
  return Array.from(lead, ([layer, record]): LayerDrift => {
    const found = other.get(layer)!;
    return {
      ...{ layer, type: record.type, device },
      output: worstOf(record.output, found.output),
      gradient: worstOf(record.gradient, found.gradient),
      parameters: worstOf(record.parameters, found.parameters),
    };
  });
}

function worstOf(lead: readonly Elements[], other: readonly Elements[]): number | null {
  return lead.length === 0
    ? null
    : Math.max(...lead.map((elements, i) => relative(elements, other[i] ?? [])));
}

/** The largest difference by the largest element; infinite where one is NaN or infinite and the other is not. */
function relative(lead: Elements, other: Elements): number {
  let most = 0;
  for (let i = 0; i < lead.length; i++) {
    const a = Number(lead[i]), b = Number(other[i]);
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const difference = Math.abs(a - b);
    most = Math.max(most, Number.isFinite(difference) ? difference : Infinity);
  }
  return most === 0 ? 0 : most / (largest(lead) || 1);
}
