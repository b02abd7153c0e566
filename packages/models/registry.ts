/** Registry of models by torchvision name. */
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

/** Names of all models in order, as accepted by `getModel()`. */
export function listModels(): readonly string[] {
  return [...functions().keys()].sort();
}

/**
 * Creates the model of a name with weights from a file:
 * `await getModel("resnet18", { weights: "resnet18.pth" })`.
 *
 * @throws {RangeError} If there is no model of this name, or the file does not match it.
 */
export function getModel(name: string, options: ClassifierOptions & WeightsOptions): Promise<Module>;
/**
 * Creates the model of a name with weights drawn from the generator of the device, like torchvision's
 * `get_model`.
 *
 * @throws {RangeError} If there is no model of this name.
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
      near === null ? `the names are ${listModels().join(", ")}` : `did you mean ${near}?`
    }`,
  );
}
