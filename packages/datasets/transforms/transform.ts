/** What a transform is. */
import type { Generator } from "@troodon/core";
import type { Image } from "../image.ts";
import type { Extents, PixelMovement } from "../imaging/movement.ts";

/** A step of preprocessing. Whoever implements it must not change its input. */
export interface Transform<A, B> {
  /**
   * The transformed sample. Transforms that draw lots take them from `generator`, which a loader derives from its
   * seed, the pass and the index of the sample; without one, from the default generator.
   */
  apply(input: A, generator?: Generator): B;
}

/** A transform of images that chooses a change of geometry first, which masks and boxes can follow. */
export interface MovingTransform extends Transform<Image, Image> {
  /** Chooses a change for images of a size. */
  move(size: Extents, generator?: Generator): PixelMovement;
}

/** A transform of images that changes colors and leaves every pixel in its place. */
export interface ColorTransform extends Transform<Image, Image> {
  /** Tells this transform from those that move pixels. */
  readonly keepsPlaces: true;
}

/** A transform of some kind. */
export type AnyTransform = Transform<never, unknown>;

/** What a transform takes. */
export type InputOf<T> = T extends Transform<infer A, infer _> ? A : never;

/** What a transform gives. */
export type OutputOf<T> = T extends Transform<infer _, infer B> ? B : never;
