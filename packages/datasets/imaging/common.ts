/** What the functions on images share. */
import type { Channels, Image } from "../image.ts";

/** How pixels between those that there are get their value: the nearest one, or a weighted mean of 4 or 16 around. */
export type Interpolation = "nearest" | "bilinear" | "bicubic";

/** The value of all channels, or of each, where an image says nothing. */
export type Fill = number | readonly number[];

/** Channels that carry color: all but alpha. */
export function colorChannels(channels: Channels): 1 | 3 {
  return channels < 3 ? 1 : 3;
}

/**
 * One value per channel.
 *
 * @throws {RangeError} If `fill` has another number of values.
 */
export function fillOf(name: string, fill: Fill, { channels }: Image): readonly number[] {
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

/** Where position `i` of a line of `n` pixels finds its pixel, beyond the ends too; -1 if there is none. */
export type Border = "constant" | "edge" | "reflect" | "symmetric";

/** See {@linkcode Border}: `reflect` does not repeat the outermost pixel, `symmetric` does. */
export function borderIndex(i: number, n: number, border: Border): number {
  if (i >= 0 && i < n) return i;
  if (border === "constant") return -1;
  if (border === "edge") return i < 0 ? 0 : n - 1;
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
