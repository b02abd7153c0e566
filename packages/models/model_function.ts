/** Functions that make networks by name. */
import type { Module } from "@troodon/nn";
import { loadWeights, type WeightsOptions } from "./weights/load_weights.ts";
import type { RenameWeights } from "./weights/rename_weights.ts";

/** A function that makes a network, and has torchvision's name of it. */
export interface ModelFunction<M extends Module, O extends object> {
  /**
   * The network with weights from a file of PyTorch or safetensors.
   *
   * @throws {RangeError} If the file is not of this network: its names and shapes are said.
   * @throws {TypeError} If the file is damaged or has another digest than it must have.
   */
  (options: O & WeightsOptions): Promise<M>;
  /** The network with weights drawn from the generator of the device. */
  (options?: O): M;
  /** The name in torchvision, as `"vgg11_bn"`. */
  readonly modelName: string;
}

/** Options of weights, and all others. */
function apart<O extends object>(options: O & Partial<WeightsOptions>): [O, WeightsOptions | null] {
  const { weights, sha256, limit, cache, onProgress, ...others } = options;
  return [
    others as O,
    weights === undefined ? null : {
      weights,
      ...(sha256 !== undefined && { sha256 }),
      ...(limit !== undefined && { limit }),
      ...(cache !== undefined && { cache }),
      ...(onProgress !== undefined && { onProgress }),
    },
  ];
}

/**
 * The function of a network.
 *
 * @param modelName The name in torchvision.
 * @param make Makes the network.
 * @param rename Says how a name in a file of an older version is written now.
 */
export function modelFunction<M extends Module, O extends object>(
  modelName: string,
  make: (options: O) => M,
  rename: RenameWeights = (name) => name,
): ModelFunction<M, O> {
  function model(options: O & WeightsOptions): Promise<M>;
  function model(options?: O): M;
  function model(options: O & Partial<WeightsOptions> = {} as O): M | Promise<M> {
    // A value that is no options is for the class to refuse.
    if (typeof options !== "object" || options === null) return make(options);
    const [own, weights] = apart(options), made = make(own);
    return weights === null ? made : loadWeights(made, weights, rename);
  }
  return Object.assign(model, { modelName });
}
