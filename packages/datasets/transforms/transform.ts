/** What a transform is. */
import type { Expr, Generator } from "@troodon/core";
import type { Image } from "../image.ts";
import type { Fill } from "../imaging/common.ts";
import type { Rectangle } from "../imaging/crop.ts";

/** What is cut out of an image. */
export interface Cut extends Rectangle {
  /** What lies outside the image. */
  readonly fill: Fill;
}

/** A step of preprocessing. Whoever implements it must not change its input. */
export interface Transform<A, B> {
  /**
   * The transformed sample. Transforms that draw lots take them from `generator`, which a loader derives from its
   * seed, the pass and the index of the sample; without one, from the default generator.
   */
  apply(input: A, generator?: Generator): B;

  /**
   * Whether every output element depends on nothing but the input element at the same pixel and channel. A
   * dataset may then apply a chain to the 256 values of a byte once, and look the results up.
   */
  readonly pointwise?: boolean;

  /**
   * What a pointwise transform makes of the element `x` of a channel, in float32 arithmetic, where it can be said so: a
   * loader then has the device calculate it, if that gives the bits that `apply` gives.
   */
  expression?(x: Expr, channel: number): Expr;

  /**
   * What `apply` would cut out of `image`, where it does nothing else; null where it does. A dataset then copies
   * just that. Draws the lots that `apply` draws.
   */
  cut?(image: Image, generator?: Generator): Cut | null;
}

/** A transform of some kind. */
export type AnyTransform = Transform<never, unknown>;

/** What a transform takes. */
export type InputOf<T> = T extends Transform<infer A, infer _> ? A : never;

/** What a transform gives. */
export type OutputOf<T> = T extends Transform<infer _, infer B> ? B : never;
