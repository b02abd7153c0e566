/** New tensors of random numbers. */
import { shapeThen, type SizesThen } from "../call_forms.ts";
import { fromTypedArray } from "../creation.ts";
import { defaultDevice } from "../default_device.ts";
import { INDEX_DTYPE } from "../dtype.ts";
import { type OptionKeys, pickOptions, readOptions } from "../options.ts";
import { checkFloating, NORMAL_DRAW, UNIFORM, uniformScalars } from "../ops/base/uniform.ts";
import { checkProbabilities } from "../ops/random/check_probabilities.ts";
import { tidySync } from "../scope.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkCall } from "../tensor/check_call.ts";
import { drawn } from "../tensor/filled.ts";
import { RANDOM_OPTIONS, type RandomOptions, TENSOR_OPTIONS } from "../tensor/tensor_options.ts";

/**
 * Draws uniform numbers from [0, 1), the same on every device, with 24 random bits in float32 and 53 in float64. Half
 * precisions round the float32 numbers, to the largest element below 1 at most.
 */
export function rand(shape: Shape, options?: RandomOptions): Tensor;
/** Uniform draws from [0, 1) in a shape given size by size: `rand(2, 3)`; options may follow. */
export function rand(...sizes: SizesThen<RandomOptions>): Tensor;
export function rand(...given: readonly unknown[]): Tensor {
  const [shape, asked] = shapeThen<RandomOptions>("rand", given);
  return uniformOf("rand", shape, readOptions("rand()", asked, RANDOM_OPTIONS));
}

function uniformOf(name: string, shape: Shape, { dtype = "float32", ...options }: RandomOptions): Tensor {
  checkFloating(name, dtype);
  return drawn(name, UNIFORM, shape, uniformScalars(0, 1, dtype), { ...options, dtype });
}

/** Draws from the normal distribution of mean 0 and standard deviation 1. Devices differ in the last bits. */
export function randn(shape: Shape, options?: RandomOptions): Tensor;
/** Draws from the normal distribution in a shape given size by size: `randn(2, 3)`; options may follow. */
export function randn(...sizes: SizesThen<RandomOptions>): Tensor;
export function randn(...given: readonly unknown[]): Tensor {
  const [shape, asked] = shapeThen<RandomOptions>("randn", given);
  return normalOf("randn", shape, readOptions("randn()", asked, RANDOM_OPTIONS));
}

function normalOf(name: string, shape: Shape, { dtype = "float32", ...options }: RandomOptions): Tensor {
  checkFloating(name, dtype);
  return drawn(name, NORMAL_DRAW, shape, [0, 1], { ...options, dtype });
}

/** Uniform draws of the shape, dtype and device of `x`. */
export function randLike(x: Tensor, options: RandomOptions = {}): Tensor {
  checkCall("randLike", arguments, "x.");
  options = readOptions("randLike()", options, RANDOM_OPTIONS);
  return uniformOf("randLike", x.shape, { device: x.device, dtype: x.dtype, ...options });
}

/** Normal draws of the shape, dtype and device of `x`. */
export function randnLike(x: Tensor, options: RandomOptions = {}): Tensor {
  checkCall("randnLike", arguments, "x.");
  options = readOptions("randnLike()", options, RANDOM_OPTIONS);
  return normalOf("randnLike", x.shape, { device: x.device, dtype: x.dtype, ...options });
}

/** The numbers from 0 to n - 1 in random order, int64. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  checkCall("randperm", arguments, "d.");
  options = readOptions("randperm()", options, RANDOM_OPTIONS);
  const { device = defaultDevice(), generator = device.generator, dtype = INDEX_DTYPE } = options;
  return fromTypedArray(generator.permutation(n), [n], {
    ...pickOptions(options, TENSOR_OPTIONS),
    device,
    dtype,
  });
}

const BERNOULLI_OPTIONS: OptionKeys<Pick<RandomOptions, "generator">> = { generator: true };

/**
 * Draws 1 with the probability that `p` holds for each element, else 0, in the dtype of `p`.
 *
 * @throws {RangeError} If a probability is not between 0 and 1: immediately, or when a result is read.
 */
export function bernoulli(p: Tensor, options: Pick<RandomOptions, "generator"> = {}): Tensor {
  checkCall("bernoulli", arguments, "x.");
  options = readOptions("bernoulli()", options, BERNOULLI_OPTIONS);
  checkFloating("bernoulli", p.dtype);
  checkProbabilities(p);
  return tidySync(() => rand(p.shape, { device: p.device, ...options }).lt(p).to(p.dtype));
}
