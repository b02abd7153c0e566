/** Options of functions that make tensors. */
import type { Device } from "../device.ts";
import type { DType } from "../dtype.ts";
import type { OptionKeys } from "../options.ts";
import type { Generator } from "../random/generator.ts";

/** Options of all creation functions. */
export interface TensorOptions {
  /** Where it is to live; the chosen device by default. */
  readonly device?: Device;
  /** Type of its elements; float32 unless the data say otherwise. */
  readonly dtype?: DType;
  /** Whether it is a leaf that gradients are left in. */
  readonly requiresGrad?: boolean;
}

/** The keys of {@linkcode TensorOptions}. */
export const TENSOR_OPTIONS: OptionKeys<TensorOptions> = { dtype: true, device: true, requiresGrad: true };

/** Options of random creation functions. */
export interface RandomOptions extends TensorOptions {
  /** Where the numbers come from; the device's generator by default. */
  readonly generator?: Generator;
}

/** The keys of {@linkcode RandomOptions}. */
export const RANDOM_OPTIONS: OptionKeys<RandomOptions> = { ...TENSOR_OPTIONS, generator: true };
