/** Activations in the place of what they are applied to. */
import { type OptionKeys, readOptions } from "../../options.ts";
import type { Tensor } from "../../tensor.ts";
import {
  celu,
  elu,
  type EluOptions,
  hardtanh,
  type HardtanhOptions,
  leakyRelu,
  type LeakyReluOptions,
  rrelu,
  type RreluOptions,
  selu,
  threshold,
} from "./activation.ts";
import { inPlaceOf } from "../base/in_place_of.ts";
import { checkCall } from "../../tensor/check_call.ts";

const ELU_OPTIONS: OptionKeys<EluOptions> = { alpha: true };

/** {@linkcode celu} in the place of `x`. */
export function celu_(x: Tensor, options: EluOptions = {}): Tensor {
  checkCall("celu_", arguments, "x.");
  options = readOptions("celu_()", options, ELU_OPTIONS);
  return inPlaceOf(x, (given) => celu(given, options));
}

/** {@linkcode elu} in the place of `x`. */
export function elu_(x: Tensor, options: EluOptions = {}): Tensor {
  checkCall("elu_", arguments, "x.");
  options = readOptions("elu_()", options, ELU_OPTIONS);
  return inPlaceOf(x, (given) => elu(given, options));
}

const HARDTANH_OPTIONS: OptionKeys<HardtanhOptions> = { minVal: true, maxVal: true };

/** {@linkcode hardtanh} in the place of `x`. */
export function hardtanh_(x: Tensor, options: HardtanhOptions = {}): Tensor {
  checkCall("hardtanh_", arguments, "x.");
  options = readOptions("hardtanh_()", options, HARDTANH_OPTIONS);
  return inPlaceOf(x, (given) => hardtanh(given, options));
}

const LEAKY_RELU_OPTIONS: OptionKeys<LeakyReluOptions> = { negativeSlope: true };

/** {@linkcode leakyRelu} in the place of `x`. */
export function leakyRelu_(x: Tensor, options: LeakyReluOptions = {}): Tensor {
  checkCall("leakyRelu_", arguments, "x.");
  options = readOptions("leakyRelu_()", options, LEAKY_RELU_OPTIONS);
  return inPlaceOf(x, (given) => leakyRelu(given, options));
}

const RRELU_OPTIONS: OptionKeys<RreluOptions> = { lower: true, upper: true, training: true };

/** {@linkcode rrelu} in the place of `x`. */
export function rrelu_(x: Tensor, options: RreluOptions = {}): Tensor {
  checkCall("rrelu_", arguments, "x.");
  options = readOptions("rrelu_()", options, RRELU_OPTIONS);
  return inPlaceOf(x, (given) => rrelu(given, options));
}

/** {@linkcode selu} in the place of `x`. */
export function selu_(x: Tensor): Tensor {
  checkCall("selu_", arguments, "x");
  return inPlaceOf(x, selu);
}

/** {@linkcode threshold} in the place of `x`. */
export function threshold_(x: Tensor, limit: number, value: number): Tensor {
  checkCall("threshold_", arguments, "xdd");
  return inPlaceOf(x, (given) => threshold(given, limit, value));
}
