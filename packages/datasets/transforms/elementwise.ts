import type { Body, Expr } from "@troodon/core";
import { body, checkSurplus, expr } from "@troodon/core/kernel";
import { evaluateEach } from "../evaluate_each.ts";
import type { HostArray } from "../host_array.ts";
import { NdArray } from "../nd_array.ts";
import { Pixels } from "../pixels.ts";
import type { Transform } from "./transform.ts";

/** The expression of element `x` of a channel. */
export type ElementExpression = (x: Expr, channel: number) => Expr;

/**
 * An expression as a transform of a `float32` array `[channels, height, width]`, calculated in float32 and rounded after
 * each step. {@linkcode Pixels} stay bytes: the expression is added to theirs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { expr } from "@troodon/core/kernel";
 * import { Compose, Elementwise, Image, ToTensor } from "@troodon/datasets";
 *
 * const negative = new Compose([new ToTensor(), new Elementwise((x) => expr.sub(1, x))]);
 * assertEquals([...negative.apply(new Image(2, 1, 1, new Uint8Array([0, 255]))).data], [1, 0]);
 * ```
 */
export class Elementwise implements Transform<HostArray<Float32Array>, HostArray<Float32Array>> {
  readonly #expression: ElementExpression;
  /** The bodies of pixels after this step, by those before it. */
  readonly #after = new WeakMap<readonly Body[], readonly Body[]>();
  /** The body of each channel of other arrays. */
  readonly #bodies: Body[] = [];

  /** Takes the expression: of the element alone, without run-time scalars, positions and random numbers. */
  constructor(expression: ElementExpression) {
    checkSurplus(new.target.name, arguments, 1);
    this.#expression = expression;
  }

  /**
   * Evaluates the expression for each element.
   *
   * @throws {TypeError} If it depends on more than the element.
   */
  apply(input: HostArray<Float32Array>): HostArray<Float32Array> {
    if (input instanceof Pixels) return input.with(this.#bodiesAfter(input.bodies));
    const { data, shape } = input, [channels = 1] = shape;
    const out = new Float32Array(data.length), size = out.length / channels;
    for (let channel = 0; channel < channels; channel++) {
      const own = this.#bodies[channel] ??= this.#bodyOf(expr.input(0), channel);
      evaluateEach(own, data, out, channel * size, (channel + 1) * size);
    }
    return new NdArray(out, shape);
  }

  #bodiesAfter(before: readonly Body[]): readonly Body[] {
    let after = this.#after.get(before);
    if (after === undefined) {
      after = before.map(({ outputs: [x] }, channel) => this.#bodyOf(x!, channel));
      this.#after.set(before, after);
    }
    return after;
  }

  #bodyOf(x: Expr, channel: number): Body {
    const made = body(this.#expression(x, channel));
    if (made.inputs <= 1 && made.scalars === 0 && !made.usesCoordinate && !made.usesRandom) return made;
    throw new TypeError(
      "Cannot apply an Elementwise transform as its expression must depend on the element alone: " +
        `current expression is ${made.key}`,
    );
  }
}
