/** Activations in the place of what they are applied to. */
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

/** {@linkcode celu} in the place of `x`. */
export function celu_(x: Tensor, options: EluOptions = {}): Tensor {
  return inPlaceOf(x, (given) => celu(given, options));
}

/** {@linkcode elu} in the place of `x`. */
export function elu_(x: Tensor, options: EluOptions = {}): Tensor {
  return inPlaceOf(x, (given) => elu(given, options));
}

/** {@linkcode hardtanh} in the place of `x`. */
export function hardtanh_(x: Tensor, options: HardtanhOptions = {}): Tensor {
  return inPlaceOf(x, (given) => hardtanh(given, options));
}

/** {@linkcode leakyRelu} in the place of `x`. */
export function leakyRelu_(x: Tensor, options: LeakyReluOptions = {}): Tensor {
  return inPlaceOf(x, (given) => leakyRelu(given, options));
}

/** {@linkcode rrelu} in the place of `x`. */
export function rrelu_(x: Tensor, options: RreluOptions = {}): Tensor {
  return inPlaceOf(x, (given) => rrelu(given, options));
}

/** {@linkcode selu} in the place of `x`. */
export function selu_(x: Tensor): Tensor {
  return inPlaceOf(x, selu);
}

/** {@linkcode threshold} in the place of `x`. */
export function threshold_(x: Tensor, limit: number, value: number): Tensor {
  return inPlaceOf(x, (given) => threshold(given, limit, value));
}
