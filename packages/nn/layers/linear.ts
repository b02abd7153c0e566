/** The fully connected layer, and what all layers share. */
import { type Device, type DType, empty, linear, linearRelu, type Tensor, tidySync } from "@troodon/core";
import { checkSurplus, type OptionKeys, pickOptions, readOptions } from "@troodon/core/kernel";
import { fans, kaimingUniform_, uniform_ } from "../init.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { checkExtents } from "../check_numbers.ts";

/** Where the tensors of a layer are to live, and of which type. */
export interface LayerOptions {
  /** The chosen device by default. */
  readonly device?: Device;
  /** float32 by default. */
  readonly dtype?: DType;
}

/** The keys of {@linkcode LayerOptions}. */
export const LAYER_OPTIONS: OptionKeys<LayerOptions> = { device: true, dtype: true };

/** A new parameter with undefined contents. */
export function emptyParameter(shape: readonly number[], options: LayerOptions): Parameter {
  return tidySync(() => new Parameter(empty(shape, pickOptions(options, LAYER_OPTIONS))));
}

/** PyTorch's default: weights and biases uniform within 1 / sqrt(fanIn). */
export function resetAffine(weight: Parameter, bias: Parameter | null): void {
  kaimingUniform_(weight, { slope: Math.sqrt(5) });
  const { fanIn } = fans(weight);
  const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
  if (bias) uniform_(bias, -bound, bound);
}

/** Options of {@linkcode Linear}. */
export interface LinearOptions extends LayerOptions {
  /** Whether something is added to each output; true by default. */
  readonly bias?: boolean;
}

/** The keys of {@linkcode LinearOptions}. */
export const LINEAR_OPTIONS: OptionKeys<LinearOptions> = { bias: true, device: true, dtype: true };

/**
 * `x @ weight.t() + bias`: every output a weighted sum of all inputs.
 *
 * Input [..., inFeatures], output [..., outFeatures]. Weight [outFeatures, inFeatures]
 * and bias [outFeatures] start uniform within 1 / sqrt(inFeatures).
 *
 * @example Shapes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * assertEquals(new Linear(20, 30).forward(randn([128, 20])).shape, [128, 30]);
 * ```
 */
export class Linear extends Module {
  /** [outFeatures, inFeatures] */
  weight: Parameter;
  /** [outFeatures], or null. */
  bias: Parameter | null;

  /** A layer with weights drawn from the device's generator. */
  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { inFeatures, outFeatures });
    options = readOptions(new.target.name, options, LINEAR_OPTIONS);
    super();
    this.weight = emptyParameter([outFeatures, inFeatures], options);
    this.bias = options.bias ?? true ? emptyParameter([outFeatures], options) : null;
    resetAffine(this.weight, this.bias);
  }

  /** Number of features of the input. */
  get inFeatures(): number {
    return this.weight.shape[1]!;
  }

  /** Number of features of the output. */
  get outFeatures(): number {
    return this.weight.shape[0]!;
  }

  /**
   * Applies the layer.
   *
   * @param x [..., inFeatures]
   */
  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  /**
   * Applies the layer and relu() to that: in one kernel, where no hook and no class of its own has another `forward`.
   *
   * @param x [..., inFeatures]
   */
  forwardRelu(x: Tensor): Tensor {
    const { weight, bias } = this, plain = this.forward === Linear.prototype.forward;
    return plain && bias !== null ? linearRelu(x, weight, bias) : this.forward(x).relu();
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${
      this.bias ? "True" : "False"
    }`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.inFeatures, this.outFeatures, { bias: this.bias !== null }];
  }
}
