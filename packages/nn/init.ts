/** Filling parameters before training, in place and without a tape. */
import { noGrad } from "@troodon/autograd";
import type { Tensor } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions, showShape } from "@troodon/core/kernel";

export { dirac_, eye_, orthogonal_, sparse_, truncNormal_ } from "./init_matrices.ts";

/** Nonlinearities that {@linkcode calculateGain} knows. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leakyRelu"
  | "selu";

/** The factor by which weights are widened to make up for what a nonlinearity takes, as PyTorch has it. */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  checkCall("calculateGain", arguments, ".D");
  switch (nonlinearity) {
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.SQRT2;
    case "leakyRelu":
      return Math.sqrt(2 / (1 + slope * slope));
    case "selu":
      return 3 / 4;
    case "linear":
    case "conv1d":
    case "conv2d":
    case "conv3d":
    case "sigmoid":
      return 1;
  }
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
  /** Which pass keeps its variance; "fanIn", the forward pass, by default. */
  readonly mode?: "fanIn" | "fanOut";
  /** "leakyRelu" by default. */
  readonly nonlinearity?: Nonlinearity;
}
const KAIMING_OPTIONS: OptionKeys<KaimingOptions> = { mode: true, nonlinearity: true, slope: true };

function kaimingDeviation(
  t: Tensor,
  { slope = 0, mode = "fanIn", nonlinearity = "leakyRelu" }: KaimingOptions,
): number {
  return calculateGain(nonlinearity, slope) / Math.sqrt(fans(t)[mode]);
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

/** Uniform draws with deviation gain * sqrt(2 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
export function xavierUniform_(t: Tensor, gain = 1): Tensor {
  checkCall("xavierUniform_", arguments, "xD");
  const { fanIn, fanOut } = fans(t);
  const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
  return uniform_(t, -bound, bound);
}

/** Normal draws with deviation gain * sqrt(2 / (fanIn + fanOut)) (Glorot and Bengio 2010). */
export function xavierNormal_(t: Tensor, gain = 1): Tensor {
  checkCall("xavierNormal_", arguments, "xD");
  const { fanIn, fanOut } = fans(t);
  return normal_(t, 0, gain * Math.sqrt(2 / (fanIn + fanOut)));
}
