/** Types and checks that functions on images share. */
import { showArgument } from "@troodon/core/kernel";
import type { Channels, Image } from "../image.ts";

/** Interpolation between pixels: the nearest pixel, or a weighted mean of the 4 or 16 pixels around a position. */
export type Interpolation = "nearest" | "bilinear" | "bicubic";

/** The filters of {@linkcode resize}: an {@linkcode Interpolation}, or one of Pillow's other filters. */
export type ResizeFilter = Interpolation | "box" | "hamming" | "lanczos";

/** All values of {@linkcode Interpolation}. */
export const INTERPOLATIONS: readonly Interpolation[] = ["nearest", "bilinear", "bicubic"];

/** All values of {@linkcode ResizeFilter}. */
export const FILTER_NAMES: readonly ResizeFilter[] = [
  "nearest",
  "bilinear",
  "bicubic",
  "box",
  "hamming",
  "lanczos",
];

/**
 * Checks an option that is one of several strings.
 *
 * @throws {TypeError} If the value is not among `choices`.
 */
export function checkChoice(name: string, option: string, value: unknown, choices: readonly string[]): void {
  if (choices.some((choice) => choice === value)) return;
  throw new TypeError(
    `Cannot apply ${name} as ${option} must be one of ${choices.join(", ")}: current ${option} is ${
      showArgument(value)
    }`,
  );
}

/**
 * Checks numbers, or lists of `count` numbers.
 *
 * @throws {RangeError} If a value is not a finite number, or a list has another length.
 */
export function checkFinite(
  name: string,
  values: Readonly<Record<string, number | readonly number[]>>,
  count = 1,
): void {
  for (const [key, value] of Object.entries(values)) {
    const all = [value].flat();
    if (all.length === count && all.every(Number.isFinite)) continue;
    const wanted = count === 1 ? "a finite number" : `${count} finite numbers`;
    throw new RangeError(`Cannot apply ${name} as ${key} must be ${wanted}: current ${key} is ${value}`);
  }
}

/** The value of all channels, or of each, where an image says nothing. */
export type Fill = number | readonly number[];

/** Channels that carry color: all but alpha. */
export function colorChannels(channels: Channels): 1 | 3 {
  return channels < 3 ? 1 : 3;
}

/**
 * Checks a fill.
 *
 * @throws {RangeError} If a value is not in [0, 255].
 */
export function checkFill(name: string, fill: Fill): void {
  if ([fill].flat().every((v) => v >= 0 && v <= 255)) return;
  throw new RangeError(`Cannot apply ${name} as fill must be in [0, 255]: current fill is ${fill}`);
}

/**
 * One value per channel.
 *
 * @throws {RangeError} If `fill` has another number of values, or one is not in [0, 255].
 */
export function fillOf(name: string, fill: Fill, { channels }: Image): readonly number[] {
  checkFill(`${name}()`, fill);
  if (typeof fill === "number") return Array(channels).fill(fill);
  if (fill.length === channels) return fill;
  throw new RangeError(
    `Cannot apply ${name}() as fill must have one value for each of ${channels} channels: current fill is [${
      fill.join(", ")
    }]`,
  );
}

/** The nearest whole number, the even one of two, as Python and PyTorch round. */
export function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/** The byte nearest to `x`. */
export function toByte(x: number): number {
  return x <= 0 ? 0 : x >= 255 ? 255 : roundHalfEven(x);
}

/**
 * Padding beyond the borders of an image: a constant, the outermost pixel (`"edge"` in torchvision, `"replicate"` in
 * PyTorch), or the mirrored image without (`"reflect"`) or with (`"symmetric"`) its outermost pixel.
 */
export type Border = "constant" | "edge" | "replicate" | "reflect" | "symmetric";

/** All values of {@linkcode Border}. */
export const BORDERS: readonly Border[] = ["constant", "edge", "replicate", "reflect", "symmetric"];

/** Returns the pixel that position `i` of a padded line of `n` pixels shows; -1 for the constant. */
export function borderIndex(i: number, n: number, border: Border): number {
  if (i >= 0 && i < n) return i;
  if (border === "constant") return -1;
  if (border === "edge" || border === "replicate") return i < 0 ? 0 : n - 1;
  const period = border === "reflect" ? Math.max(1, 2 * n - 2) : 2 * n;
  const at = ((i % period) + period) % period;
  if (at < n) return at;
  return border === "reflect" ? period - at : period - 1 - at;
}

/** Bytes from which on the engine's own copying is worth its call. */
const LONG = 128;

/** Copies `count` bytes of `from` that begin at `start` to `to`, from `at` on. */
export function copyBytes(from: Uint8Array, start: number, count: number, to: Uint8Array, at: number): void {
  if (count >= LONG) to.set(from.subarray(start, start + count), at);
  else for (let i = 0; i < count; i++) to[at + i] = from[start + i]!;
}
