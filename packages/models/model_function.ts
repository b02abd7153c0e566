/** Functions that create models by name. */
import type { Module } from "@troodon/nn";
import { loadWeights, type WeightsOptions } from "./weights/load_weights.ts";
import type { RenameWeights } from "./weights/rename_weights.ts";

/** Function that creates a model and carries its torchvision name. */
export interface ModelFunction<M extends Module, O extends object> {
  /**
   * Creates the model with weights from a PyTorch or safetensors file.
   *
   * @throws {RangeError} If the file does not match the model; the message states names and shapes.
   * @throws {TypeError} If the file is damaged or its digest is wrong.
   */
  (options: O & WeightsOptions): Promise<M>;
  /** Creates the model with weights drawn from the generator of the device. */
  (options?: O): M;
  /** Name in torchvision, such as `"vgg11_bn"`. */
  readonly modelName: string;
}

/** Separates the options of weights from all others. */
function apart<O extends object>(options: O & Partial<WeightsOptions>): [O, WeightsOptions | null] {
  const { weights, sha256, limit, cache, onProgress, onOtherHead, ...others } = options;
  return [
    others as O,
    weights === undefined ? null : {
      weights,
      ...(sha256 !== undefined && { sha256 }),
      ...(limit !== undefined && { limit }),
      ...(cache !== undefined && { cache }),
      ...(onProgress !== undefined && { onProgress }),
      ...(onOtherHead !== undefined && { onOtherHead }),
    },
  ];
}

/**
 * Creates the function of a model.
 *
 * @param modelName Name in torchvision.
 * @param make Creates the model.
 * @param rename Maps a name in a file of an older version to the current one.
 */
export function modelFunction<M extends Module, O extends object>(
  modelName: string,
  make: (options: O) => M,
  rename: RenameWeights = (name) => name,
): ModelFunction<M, O> {
  function model(options: O & WeightsOptions): Promise<M>;
  function model(options?: O): M;
  function model(options: O & Partial<WeightsOptions> = {} as O): M | Promise<M> {
    // The class rejects values that are not options.
    if (typeof options !== "object" || options === null) return make(options);
    const [own, weights] = apart(options), made = make(own);
    return weights === null ? made : loadWeights(made, weights, rename);
  }
  return Object.assign(model, { modelName });
}
