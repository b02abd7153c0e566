/** New tensors of uniform integers. */
import { showArgument } from "../call_forms.ts";
import { type DType, INDEX_DTYPE, isFloating } from "../dtype.ts";
import { type BoundedType, elementBounds } from "../elements/encode.ts";
import { readOptions } from "../options.ts";
import { floatTraits } from "../ops/base/float_traits.ts";
import { INTEGERS, LONG_INTEGERS } from "../ops/random/integers.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkCall } from "../tensor/check_call.ts";
import { drawn } from "../tensor/filled.ts";
import { RANDOM_OPTIONS, type RandomOptions } from "../tensor/tensor_options.ts";

type Whole = number | bigint;

/**
 * Draws uniform integers from [low, high); int64 unless given otherwise. Bounds beyond 2^53 are bigints.
 *
 * @throws {RangeError} If a bound is not whole, `high` does not exceed `low`, or the dtype does not hold all results.
 *
 * @example Every int64
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randint, ReferenceBackend } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(randint(-(2n ** 63n), 2n ** 63n, [3], { device }).dtype, "int64");
 * ```
 */
export function randint(
  low: number | bigint,
  high: number | bigint,
  shape: Shape,
  options?: RandomOptions,
): Tensor;
/** Draws uniform integers from [0, high); int64 unless given otherwise. */
export function randint(high: number | bigint, shape: Shape, options?: RandomOptions): Tensor;
export function randint(...given: readonly unknown[]): Tensor {
  const [low, high, shape, asked] = drawArguments(Array.isArray(given[1]) ? [0, ...given] : given);
  return integersOf("randint", low, high, shape, readOptions("randint()", asked, RANDOM_OPTIONS));
}

function integersOf(
  name: string,
  low: Whole,
  high: Whole,
  shape: Shape,
  { dtype = INDEX_DTYPE, ...options }: RandomOptions,
): Tensor {
  const { start, count } = checkBounds(name, low, high, dtype);
  const lower = BigInt.asUintN(32, start), bound = [Number(start - lower), Number(lower)];
  const given = { ...options, dtype };
  if (count <= 2n ** 32n) return drawn(name, INTEGERS, shape, [...bound, Number(count)], given);
  const digits = [Number(count >> 32n), Number(BigInt.asUintN(32, count))];
  return drawn(name, LONG_INTEGERS, shape, [...bound, ...digits], given);
}

/** Returns the first integer of [low, high) and their number, if `dtype` holds all of them. */
function checkBounds(
  name: string,
  low: Whole,
  high: Whole,
  dtype: DType,
): { start: bigint; count: bigint } {
  const isExact = (bound: Whole): boolean => typeof bound === "bigint" || Number.isSafeInteger(bound);
  if (!isExact(low) || !isExact(high) || low >= high) {
    throw new RangeError(
      `Cannot apply ${name}() as the bounds must be whole numbers, bigints beyond 2^53, and high must exceed low: ` +
        `current bounds are ${low} and ${high}`,
    );
  }
  const [start, end] = [BigInt(low), BigInt(high)], [least, greatest] = wholeElements(dtype);
  if (start < least || end - 1n > greatest) {
    throw new RangeError(
      `Cannot apply ${name}() as ${dtype} holds whole numbers from ${least} to ${greatest}: ` +
        `current bounds are ${low} and ${high}`,
    );
  }
  return { start, count: end - start };
}

/** Returns the smallest and the largest integer of the range that `dtype` holds without gaps. */
function wholeElements(dtype: DType): readonly [least: bigint, greatest: bigint] {
  if (dtype === "bool") return [0n, 1n];
  if (!isFloating(dtype)) return elementBounds(dtype as BoundedType);
  const greatest = BigInt(1 / floatTraits(dtype).unit);
  return [-greatest, greatest];
}

function drawArguments(given: readonly unknown[]): [Whole, Whole, Shape, RandomOptions?] {
  const [low, high, shape] = given;
  const isNumber = (bound: unknown): boolean => typeof bound === "number" || typeof bound === "bigint";
  if (!isNumber(low) || !isNumber(high) || !Array.isArray(shape)) {
    throw new TypeError(
      "Cannot apply randint() as there must be one or two numbers, then a list of sizes, as in randint(10, [2, 3]): " +
        `current arguments are ${given.map((one) => showArgument(one)).join(", ")}`,
    );
  }
  return given as [Whole, Whole, Shape, RandomOptions?];
}

/**
 * Returns integers drawn uniformly from [low, high), with the shape, dtype and device of `x`; see
 * {@linkcode randint}. With one number, `low` is 0: `randintLike(x, high)`.
 */
export function randintLike(x: Tensor, high: number | bigint, options?: RandomOptions): Tensor;
/** Returns integers drawn uniformly from [low, high), with the shape, dtype and device of `x`. */
export function randintLike(
  x: Tensor,
  low: number | bigint,
  high: number | bigint,
  options?: RandomOptions,
): Tensor;
export function randintLike(
  x: Tensor,
  low: Whole,
  high?: Whole | RandomOptions,
  options?: RandomOptions,
): Tensor {
  const one = typeof high !== "number" && typeof high !== "bigint";
  checkCall("randintLike", arguments, one ? "x.." : "x...");
  const given = readOptions("randintLike()", one ? high : options, RANDOM_OPTIONS);
  const like = { device: x.device, dtype: x.dtype, ...given };
  return integersOf("randintLike", one ? 0 : low, one ? low : high, x.shape, like);
}
