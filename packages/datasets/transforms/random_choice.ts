/** Transforms that are applied by chance, one of several, or in random order. */
import { defaultGenerator, type Generator } from "@troodon/core";
import { checkTransforms } from "./compose.ts";
import type { Transform } from "./transform.ts";
import { checkSurplus } from "@troodon/core/kernel";

/**
 * Checks a probability.
 *
 * @throws {RangeError} If `p` is not in [0, 1].
 */
export function checkProbability(p: number): number {
  if (p >= 0 && p <= 1) return p;
  throw new RangeError(`Cannot make a transform as its probability must be in [0, 1]: current p is ${p}`);
}

/** A uniform number in [low, high). */
export function uniform(generator: Generator, [low, high]: readonly [number, number]): number {
  return low + (high - low) * generator.random();
}

/**
 * Applies all of some transforms with probability `p`, or none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Lambda, RandomApply } from "@troodon/datasets";
 *
 * const never = new RandomApply([new Lambda((x: number) => -x)], 0);
 * assertEquals(never.apply(3), 3);
 * ```
 */
export class RandomApply<A> implements Transform<A, A> {
  readonly #transforms: readonly Transform<A, A>[];
  readonly #p: number;

  /**
   * Takes the transforms.
   *
   * @throws {RangeError} If `p` is not in [0, 1].
   */
  constructor(transforms: readonly Transform<A, A>[], p = 0.5) {
    checkSurplus(new.target.name, arguments, 2);
    checkTransforms(new.target.name, transforms);
    this.#transforms = transforms;
    this.#p = checkProbability(p);
  }

  /** The sample, transformed or not. */
  apply(input: A, generator: Generator = defaultGenerator()): A {
    if (generator.random() >= this.#p) return input;
    return this.#transforms.reduce((value, transform) => transform.apply(value, generator), input);
  }
}

/** Applies one of some transforms, each as likely as its weight says. */
export class RandomChoice<A, B> implements Transform<A, B> {
  readonly #transforms: readonly Transform<A, B>[];
  readonly #weights: readonly number[];

  /**
   * Takes the transforms, and weights that need not add up to 1 (default: equal ones).
   *
   * @throws {RangeError} If there are no transforms, or not as many weights, or these are not positive in sum.
   */
  constructor(transforms: readonly Transform<A, B>[], weights?: readonly number[]) {
    checkSurplus(new.target.name, arguments, 2);
    checkTransforms(new.target.name, transforms);
    const given = weights ?? transforms.map(() => 1);
    const sum = given.reduce((a, b) => a + b, 0);
    if (given.length !== transforms.length || !(sum > 0) || given.some((w) => w < 0)) {
      throw new RangeError(
        `Cannot choose among ${transforms.length} transforms as there must be as many nonnegative weights: ` +
          `current weights are [${given.join(", ")}]`,
      );
    }
    this.#transforms = transforms;
    this.#weights = given.map((w) => w / sum);
  }

  /** Returns the result of the chosen transform. */
  apply(input: A, generator: Generator = defaultGenerator()): B {
    let left = generator.random();
    const chosen = this.#weights.findIndex((w) => (left -= w) < 0);
    // Rounding may leave a rest of nothing.
    return (this.#transforms.at(chosen)!).apply(input, generator);
  }
}

/** Applies all of some transforms in random order. */
export class RandomOrder<A> implements Transform<A, A> {
  readonly #transforms: readonly Transform<A, A>[];

  /** Takes the transforms. */
  constructor(transforms: readonly Transform<A, A>[]) {
    checkSurplus(new.target.name, arguments, 1);
    checkTransforms(new.target.name, transforms);
    this.#transforms = transforms;
  }

  /** The sample after the last of them. */
  apply(input: A, generator: Generator = defaultGenerator()): A {
    let value = input;
    for (const i of generator.permutation(this.#transforms.length)) {
      value = this.#transforms[i]!.apply(value, generator);
    }
    return value;
  }
}
