import { type Body, body, expr, Generator } from "@troodon/core";
import type { PixelMeaning } from "../deferred_pixels.ts";
import { type Channels, Image } from "../image.ts";
import { NdArray } from "../nd_array.ts";
import { Compose } from "../transforms/compose.ts";
import type { AnyTransform, Transform } from "../transforms/transform.ts";

/** A transform of images in two parts. */
export interface TableTransform extends PixelMeaning {
  /** What is done to the image, which stays one of as many channels; null if nothing is. */
  readonly before: Transform<Image, Image> | null;
}

/**
 * `transform` as changes of an image like `sample`, and a table for all the pointwise steps after them; null if it is
 * no such chain.
 */
export function tableTransform(transform: Transform<Image, unknown>, sample: Image): TableTransform | null {
  const steps = stepsOf(transform);
  const start = steps.findLastIndex(({ pointwise }) => pointwise !== true) + 1;
  if (start === steps.length) return null;
  const before = start > 0 ? chain(steps.slice(0, start)) : null;
  // A generator of its own, so that looking draws no lots from those of others.
  const image = before ? before.apply(sample, new Generator()) : sample;
  if (!(image instanceof Image) || image.channels !== sample.channels) return null;
  const tail = steps.slice(start);
  const table = pixelTable(chain(tail), image.channels);
  const bodies = bodiesOf(tail, image.channels);
  return table && { before: before as Transform<Image, Image> | null, table, bodies };
}

/** What pointwise steps do to an element of each channel; null if one of them does not say. */
function bodiesOf(steps: readonly AnyTransform[], channels: Channels): readonly Body[] | null {
  if (!steps.every((step) => step.expression)) return null;
  return Array.from(
    { length: channels },
    (_, c) => body(steps.reduce((x, step) => step.expression!(x, c), expr.input(0))),
  );
}

function stepsOf(transform: AnyTransform): readonly AnyTransform[] {
  return transform instanceof Compose ? transform.transforms.flatMap(stepsOf) : [transform];
}

function chain(steps: readonly AnyTransform[]): Transform<Image, unknown> {
  // One step alone may say more of itself than a chain can.
  if (steps.length === 1) return steps[0] as Transform<Image, unknown>;
  return new Compose(steps as [Transform<Image, unknown>, ...AnyTransform[]]);
}

/**
 * What a pointwise transform makes of each byte of each channel, `[channels, 256]`, by running it once on an
 * image of all bytes; null if it is not pointwise or does not give `float32`, channels first.
 */
export function pixelTable(transform: Transform<Image, unknown>, channels: Channels): Float32Array | null {
  if (transform.pointwise !== true) return null;
  const data = Uint8Array.from({ length: 256 * channels }, (_, i) => Math.floor(i / channels));
  const result = transform.apply(new Image(16, 16, channels, data));
  if (!(result instanceof NdArray) || !(result.data instanceof Float32Array)) return null;
  return result.shape.join() === `${channels},16,16` ? result.data : null;
}
