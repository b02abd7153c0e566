/** Models by name. */
import { Cnn, LeNet, Mlp, type ModelOptions, type Module } from "@troodon/troodon";

/** Names of the models; `cnn-bn` is `cnn` with batch-norm. */
export type ModelName = "mlp" | "lenet" | "cnn" | "cnn-bn";

const MAKERS: Readonly<Record<ModelName, (options: ModelOptions) => Module>> = {
  mlp: (options) => new Mlp(options),
  lenet: (options) => new LeNet(options),
  cnn: (options) => new Cnn(options),
  "cnn-bn": (options) => new Cnn({ ...options, batchNorm: true }),
};

/** Names of the models. */
export const MODEL_NAMES: readonly ModelName[] = Object.keys(MAKERS) as ModelName[];

/**
 * A model with weights drawn from the default device's generator.
 *
 * @throws {RangeError} If it cannot take images of that size.
 */
export function createModel(name: ModelName, options: ModelOptions = {}): Module {
  return MAKERS[name](options);
}
