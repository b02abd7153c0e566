/** Networks by torchvision's names. */
import type { Module } from "@troodon/nn";
import { nearest } from "@troodon/core/kernel";
import type { ClassifierOptions } from "./classifier_options.ts";
import type { ModelFunction } from "./model_function.ts";
import * as vision from "./vision/mod.ts";
import type { WeightsOptions } from "./weights/load_weights.ts";

type AnyModelFunction = ModelFunction<Module, ClassifierOptions>;

function functions(): ReadonlyMap<string, AnyModelFunction> {
  const found = new Map<string, AnyModelFunction>();
  for (const value of Object.values(vision)) if ("modelName" in value) found.set(value.modelName, value);
  return found;
}

/** The names of all networks in order, as `getModel()` takes them. */
export function listModels(): readonly string[] {
  return [...functions().keys()].sort();
}

/**
 * The network of this name with weights from a file, as `await getModel("resnet18", { weights: "resnet18.pth" })`.
 *
 * @throws {RangeError} If there is none of this name, or the file is of another network.
 */
export function getModel(name: string, options: ClassifierOptions & WeightsOptions): Promise<Module>;
/**
 * The network of this name with weights drawn from the generator of the device, as torchvision's `get_model`.
 *
 * @throws {RangeError} If there is none of this name.
 */
export function getModel(name: string, options?: ClassifierOptions): Module;
export function getModel(
  name: string,
  options: ClassifierOptions & Partial<WeightsOptions> = {},
): Module | Promise<Module> {
  const all = functions(), found = all.get(name);
  if (found !== undefined) return found(options);
  const near = nearest(name, [...all.keys()]);
  throw new RangeError(
    `Cannot make "${name}" as there is no network of this name: ${
      near === undefined ? `the names are ${listModels().join(", ")}` : `did you mean ${near}?`
    }`,
  );
}
