/** Filling parameters before training, in place and without a tape. */
import { noGrad } from "@troodon/autograd";
import type { Tensor } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions, showArgument, showShape } from "@troodon/core/kernel";

export { dirac_, eye_, orthogonal_, sparse_, truncNormal_ } from "./init_matrices.ts";

type PlainNonlinearity =
  | ("tanh" | "relu" | "selu" | "linear" | "sigmoid")
  | ("conv1d" | "conv2d" | "conv3d")
  | ("convTranspose1d" | "convTranspose2d" | "convTranspose3d")
  | ("conv_transpose1d" | "conv_transpose2d" | "conv_transpose3d");

/** Nonlinearities of {@linkcode calculateGain}, also in PyTorch's spelling. */
export type Nonlinearity = PlainNonlinearity | "leakyRelu" | "leaky_relu";

/** Gains of the nonlinearities that have no parameter. */
const GAINS: Readonly<Record<PlainNonlinearity, number>> = {
  tanh: 5 / 3,
  relu: Math.SQRT2,
  selu: 3 / 4,
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  conv3d: 1,
  convTranspose1d: 1,
  convTranspose2d: 1,
  convTranspose3d: 1,
  conv_transpose1d: 1,
  conv_transpose2d: 1,
  conv_transpose3d: 1,
  sigmoid: 1,
};

/**
 * Returns PyTorch's gain of a nonlinearity: the factor for the standard deviation of weights that keeps activations
 * from shrinking.
 *
 * @param slope Slope below 0 of the leaky rectifier.
 * @throws {RangeError} If the nonlinearity is not known, or the slope is not finite.
 */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  checkCall("calculateGain", arguments, ".D");
  if (nonlinearity === "leakyRelu" || nonlinearity === "leaky_relu") {
    if (!Number.isFinite(slope)) {
      throw new RangeError(`Cannot calculate a gain as the slope must be finite: current slope is ${slope}`);
    }
    return Math.sqrt(2 / (1 + slope * slope));
  }
  if (!Object.hasOwn(GAINS, nonlinearity)) {
    const known = [...Object.keys(GAINS), "leakyRelu", "leaky_relu"].join(", ");
    throw new RangeError(
      `Cannot calculate a gain as the nonlinearity must be one of ${known}: current one is ${
        showArgument(nonlinearity)
      }`,
    );
  }
  return GAINS[nonlinearity];
}

/** Number of inputs and outputs of one unit of `weight` [out, in, ...window]. */
export function fans(weight: Tensor): { readonly fanIn: number; readonly fanOut: number } {
  checkCall("fans", arguments, "x");
  if (weight.ndim < 2) {
    throw new RangeError(
      `Cannot tell the fans of a weight as it must have two axes or more: current shape is ${
        showShape(weight.shape)
      }`,
    );
  }
  const [out, inputs, ...window] = weight.shape as [number, number, ...number[]];
  const field = window.reduce((n, k) => n * k, 1);
  return { fanIn: inputs * field, fanOut: out * field };
}

/** Uniform draws from [low, high). */
export function uniform_(t: Tensor, low = 0, high = 1): Tensor {
  checkCall("uniform_", arguments, "xDD");
  using _ = noGrad();
  return t.uniform_(low, high);
}

/** Normal draws. */
export function normal_(t: Tensor, mean = 0, std = 1): Tensor {
  checkCall("normal_", arguments, "xDD");
  using _ = noGrad();
  return t.normal_(mean, std);
}

/** One number everywhere. */
export function constant_(t: Tensor, value: number): Tensor {
  checkCall("constant_", arguments, "xd");
  using _ = noGrad();
  return t.fill_(value);
}

/** Zeros. */
export function zeros_(t: Tensor): Tensor {
  checkCall("zeros_", arguments, "x");
  return constant_(t, 0);
}

/** Ones. */
export function ones_(t: Tensor): Tensor {
  checkCall("ones_", arguments, "x");
  return constant_(t, 1);
}

/** Options of {@linkcode kaimingUniform_} and {@linkcode kaimingNormal_}. */
export interface KaimingOptions {
  /** Slope below 0 of the leaky rectifier behind the layer; 0 by default. */
  readonly slope?: number;
  /**
   * Pass that keeps its variance: "fanIn" for the forward pass (default), "fanOut" for the backward pass. PyTorch's
   * spelling is accepted.
   */
  readonly mode?: "fanIn" | "fanOut" | "fan_in" | "fan_out";
  /** "leakyRelu" by default. */
  readonly nonlinearity?: Nonlinearity;
}
const KAIMING_OPTIONS: OptionKeys<KaimingOptions> = { mode: true, nonlinearity: true, slope: true };

const MODES = { fanIn: "fanIn", fan_in: "fanIn", fanOut: "fanOut", fan_out: "fanOut" } as const;

function kaimingDeviation(
  t: Tensor,
  { slope = 0, mode = "fanIn", nonlinearity = "leakyRelu" }: KaimingOptions,
): number {
  if (!Object.hasOwn(MODES, mode)) {
    throw new RangeError(
      `Cannot initialize a weight as the mode must be "fanIn" or "fanOut": current mode is ${
        showArgument(mode)
      }`,
    );
  }
  const gain = calculateGain(nonlinearity, slope), fan = fans(t)[MODES[mode]];
  // A weight without elements has nothing to draw.
  return fan === 0 ? 0 : gain / Math.sqrt(fan);
}

/** Uniform draws with deviation gain / sqrt(fan) (He et al. 2015, arXiv:1502.01852). */
export function kaimingUniform_(t: Tensor, options: KaimingOptions = {}): Tensor {
  checkCall("kaimingUniform_", arguments, "x.");
  options = readOptions("kaimingUniform_()", options, KAIMING_OPTIONS);
  const bound = Math.sqrt(3) * kaimingDeviation(t, options);
  return uniform_(t, -bound, bound);
}

/** Normal draws with deviation gain / sqrt(fan) (He et al. 2015, arXiv:1502.01852). */
export function kaimingNormal_(t: Tensor, options: KaimingOptions = {}): Tensor {
  checkCall("kaimingNormal_", arguments, "x.");
  options = readOptions("kaimingNormal_()", options, KAIMING_OPTIONS);
  return normal_(t, 0, kaimingDeviation(t, options));
}

function xavierDeviation(t: Tensor, gain: number): number {
  if (!(gain >= 0 && gain < Infinity)) {
    throw new RangeError(
      `Cannot initialize a weight as the gain must be finite and not negative: current gain is ${gain}`,
    );
  }
  const { fanIn, fanOut } = fans(t);
  return fanIn + fanOut === 0 ? 0 : gain * Math.sqrt(2 / (fanIn + fanOut));
}

/** Uniform draws with deviation gain * sqrt(2 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
export function xavierUniform_(t: Tensor, gain = 1): Tensor {
  checkCall("xavierUniform_", arguments, "xD");
  const bound = Math.sqrt(3) * xavierDeviation(t, gain);
  return uniform_(t, -bound, bound);
}

/** Normal draws with deviation gain * sqrt(2 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
export function xavierNormal_(t: Tensor, gain = 1): Tensor {
  checkCall("xavierNormal_", arguments, "xD");
  return normal_(t, 0, xavierDeviation(t, gain));
}
