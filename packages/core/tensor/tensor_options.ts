/** Options of functions that make tensors. */
import type { Device } from "../device.ts";
import type { DType } from "../dtype.ts";
import type { OptionKeys } from "../options.ts";
import type { Generator } from "../random/generator.ts";

/** Options of all creation functions. */
export interface TensorOptions {
  /** Device that the tensor lives on (default: the chosen device). */
  readonly device?: Device;
  /** Type of its elements; float32 unless the data say otherwise. */
  readonly dtype?: DType;
  /** Makes the tensor a leaf that accumulates its gradient (default false). */
  readonly requiresGrad?: boolean;
}

/** The keys of {@linkcode TensorOptions}. */
export const TENSOR_OPTIONS: OptionKeys<TensorOptions> = { dtype: true, device: true, requiresGrad: true };

/** Options of random creation functions. */
export interface RandomOptions extends TensorOptions {
  /** Generator of the random numbers (default: the generator of the device). */
  readonly generator?: Generator;
}

/** The keys of {@linkcode RandomOptions}. */
export const RANDOM_OPTIONS: OptionKeys<RandomOptions> = { ...TENSOR_OPTIONS, generator: true };
