import type { Generator } from "@troodon/core";
import type { Transform } from "./transform.ts";

/**
 * A function as a transform.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Lambda } from "@troodon/datasets";
 *
 * assertEquals(new Lambda((x: number) => x + 1).apply(2), 3);
 * ```
 */
export class Lambda<A, B> implements Transform<A, B> {
  readonly #transform: (input: A, generator?: Generator) => B;
  /** Whether the function is so, as its author says. */
  readonly pointwise: boolean;

  /**
   * Wraps a function.
   *
   * @param transform The function.
   * @param options.pointwise Whether each output element depends on the input element at its place alone.
   */
  constructor(
    transform: (input: A, generator?: Generator) => B,
    options: { readonly pointwise?: boolean } = {},
  ) {
    this.#transform = transform;
    this.pointwise = options.pointwise ?? false;
  }

  /** What the function gives. */
  apply(input: A, generator?: Generator): B {
    return this.#transform(input, generator);
  }
}
