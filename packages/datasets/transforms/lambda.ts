import type { Generator } from "@troodon/core";
import type { Transform } from "./transform.ts";
import { checkSurplus } from "@troodon/core/kernel";

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

  /** Wraps a function. */
  constructor(transform: (input: A, generator?: Generator) => B) {
    checkSurplus(new.target.name, arguments, 1);
    this.#transform = transform;
  }

  /** What the function gives. */
  apply(input: A, generator?: Generator): B {
    return this.#transform(input, generator);
  }
}
