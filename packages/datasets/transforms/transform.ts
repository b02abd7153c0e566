/** The interface of transforms. */
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

/** A transform of images that draws a change of geometry, which masks and boxes can follow. */
export interface MovingTransform extends Transform<Image, Image> {
  /** Draws a change of geometry for images of one size. */
  move(size: Extents, generator?: Generator): PixelMovement;
}

/** A transform of images that changes colors and leaves every pixel in its place. */
export interface ColorTransform extends Transform<Image, Image> {
  /** Always true; distinguishes this transform from those that move pixels. */
  readonly keepsPlaces: true;
}

/** A transform of some kind. */
export type AnyTransform = Transform<never, unknown>;

/** Input of a transform. */
export type InputOf<T> = T extends Transform<infer A, infer _> ? A : never;

/** Output of a transform. */
export type OutputOf<T> = T extends Transform<infer _, infer B> ? B : never;
