import type { Generator } from "@troodon/core";
import type { AnyTransform, InputOf, OutputOf, Transform } from "./transform.ts";
import { checkSurplus, showArgument } from "@troodon/core/kernel";

/** The first type of a list. */
export type First<T> = T extends readonly [infer A, ...infer _] ? A : never;
/** The last type of a list. */
export type Last<T> = T extends readonly [...infer _, infer Z] ? Z : never;

/**
 * Transforms one after the other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Compose, Image, Normalize, ToTensor } from "@troodon/datasets";
 *
 * const transform = new Compose([new ToTensor(), new Normalize([0.5], [0.5])]);
 * assertEquals([...transform.apply(new Image(2, 1, 1, new Uint8Array([0, 255]))).data], [-1, 1]);
 * ```
 */
export class Compose<T extends readonly [AnyTransform, ...AnyTransform[]]>
  implements Transform<InputOf<First<T>>, OutputOf<Last<T>>> {
  /** The steps, first to last. */
  readonly transforms: T;

  /** Takes the steps, each of which must take what the one before it gives. */
  constructor(transforms: readonly [...T]) {
    checkSurplus(new.target.name, arguments, 1);
    checkTransforms(new.target.name, transforms);
    this.transforms = transforms as readonly unknown[] as T;
  }

  /** The sample after the last step. */
  apply(input: InputOf<First<T>>, generator?: Generator): OutputOf<Last<T>> {
    let value: unknown = input;
    for (const transform of this.transforms) {
      value = (transform as Transform<unknown, unknown>).apply(value, generator);
    }
    return value as OutputOf<Last<T>>;
  }
}

/**
 * Checks a list of transforms.
 *
 * @throws {TypeError} If it is not a list, or an item is not a transform.
 */
export function checkTransforms(name: string, transforms: readonly unknown[]): void {
  const isList = Array.isArray(transforms),
    wrong = isList ? transforms.findIndex((t) => !isTransform(t)) : -1;
  if (isList && wrong < 0) return;
  throw new TypeError(
    `Cannot make ${name} as it takes a list of transforms: current ${
      isList
        ? `item ${wrong} is ${showArgument(transforms[wrong])}`
        : `one is ${showArgument(transforms)}, write new ${name}([a, b])`
    }`,
  );
}

/** Returns true for objects with a method `apply`; functions, including classes, only inherit one. */
const isTransform = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "apply" in value && typeof value.apply === "function";
